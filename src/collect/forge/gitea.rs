//! Gitea and Forgejo (REST API v1, "repository": releases and their attachments).

use super::{Api, ApiError, Fields, Listed, Listing, Release, Remote, Stage, Untrusted, commit, segment};

/// The release of a tag.
pub(super) fn release(api: &Api, tag: &str) -> Result<Option<Release>, ApiError> {
    let base = format!("https://{}/api/v1/repos/{}", api.repository.host(), api.repository.path());
    let url = format!("{base}/releases/tags/{}", segment(tag));
    let (value, _) = match api.get(&url) {
        Ok(found) => found,
        Err(error) => return api.absent_if_shown(error, &base),
    };
    let fields = Fields::of(&url, &value)?;
    if fields.text("tag_name")? != tag {
        return Err(fields.wrong("tag_name", "the tag that was asked for"));
    }
    let (mut listed, mut files) = (Vec::new(), Vec::new());
    for asset in fields.list("assets")? {
        let asset = Fields::of(&url, asset)?;
        let (name, size) = (asset.text("name")?, asset.number("size")?);
        let address = asset.text("browser_download_url")?.to_owned();
        files.push(Remote { name: name.to_owned(), url: address, size: Some(size) });
        listed.push(Listed {
            name: Untrusted::new(name),
            size: Some(size),
            digest: None,
            updated_at: asset.time("created_at")?,
        });
    }
    let stage = match (fields.flag("draft")?, fields.flag("prerelease")?) {
        (true, _) => Stage::Draft,
        (false, true) => Stage::PreRelease,
        (false, false) => Stage::Full,
    };
    let generated = match fields.value["hide_archive_links"].as_bool() {
        Some(true) => Vec::new(),
        _ => vec!["Source code (zip)".to_owned(), "Source code (tar.gz)".to_owned()],
    };
    let listing = Listing {
        origin: url.clone(),
        stage,
        is_immutable: None,
        published_at: fields.time("published_at")?,
        commit: commit(&fields),
        also: Vec::new(),
        files: listed,
        generated,
    };
    Ok(Some(Release { listing, files }))
}
