//! GitLab: gitlab.com and self-managed (REST API v4, "Releases" and "Release links").

use super::{Api, ApiError, Fields, Listed, Listing, Release, Remote, Stage, Untrusted, segment};
use crate::release::{ArtifactName, ObjectId};

/// The release of a tag.
pub(super) fn release(api: &Api, tag: &str) -> Result<Option<Release>, ApiError> {
    let project =
        format!("https://{}/api/v4/projects/{}", api.repository.host(), segment(api.repository.path()));
    let url = format!("{project}/releases/{}", segment(tag));
    let (value, _) = match api.get(&url) {
        Ok(found) => found,
        Err(error) => return api.absent_if_shown(error, &project),
    };
    let fields = Fields::of(&url, &value)?;
    if fields.text("tag_name")? != tag {
        return Err(fields.wrong("tag_name", "the tag that was asked for"));
    }
    let assets = Fields::of(&url, &value["assets"])?;
    let (mut listed, mut files) = (Vec::new(), Vec::new());
    for link in assets.list("links")? {
        let link = Fields::of(&url, link)?;
        // A container image and a page for operators are no files of the release.
        if matches!(link.value["link_type"].as_str(), Some("image" | "runbook")) {
            continue;
        }
        let address = link.value["direct_asset_url"].as_str().or_else(|| link.value["url"].as_str());
        let address = address.ok_or_else(|| link.wrong("url", "a text"))?;
        let name = file_name(link.text("name")?, link.value["url"].as_str().unwrap_or(address));
        files.push(Remote { name: name.clone(), url: address.to_owned(), size: None });
        listed.push(Listed { name: Untrusted::new(name), size: None, digest: None, updated_at: None });
    }
    let generated = match assets.value["sources"].as_array() {
        Some(sources) => sources.iter().filter_map(|source| source["format"].as_str()).map(source).collect(),
        None => Vec::new(),
    };
    let is_upcoming = value["upcoming_release"].as_bool().unwrap_or(false);
    let commit = value["commit"]["id"].as_str().and_then(ObjectId::parse);
    let listing = Listing {
        origin: url.clone(),
        stage: if is_upcoming { Stage::Draft } else { Stage::Published },
        is_immutable: None,
        published_at: fields.time("released_at")?,
        commit,
        also: Vec::new(),
        files: listed,
        generated,
    };
    Ok(Some(Release { listing, files }))
}

fn source(format: &str) -> String {
    format!("Source code ({})", crate::text::clean(format))
}

/// The name that a link's file is saved under: the end of its address, unless its title is a file's name and that is none.
fn file_name(title: &str, url: &str) -> String {
    let path = url.split(['?', '#']).next().unwrap_or(url);
    let last = path.rsplit('/').next().unwrap_or_default();
    let is_file =
        |name: &str| name.contains('.') && !name.contains([' ', '%']) && ArtifactName::parse(name).is_some();
    if is_file(last) || !is_file(title) { last.to_owned() } else { title.to_owned() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_link_is_called_as_its_file_is() {
        for (title, url, name) in [
            ("widget.tar.gz", "https://x/packages/generic/w/1/widget.tar.gz", "widget.tar.gz"),
            ("Linux binary", "https://x/packages/generic/w/1/widget.tar.gz?a=b.c", "widget.tar.gz"),
            ("widget.tar.gz", "https://x/-/package_files/12/download", "widget.tar.gz"),
            ("SHA256SUMS", "https://x/generic/w/1/SHA256SUMS", "SHA256SUMS"),
            ("../../etc/passwd", "https://x/a/b.c", "b.c"),
            ("../../etc/passwd", "https://x/download", "download"),
        ] {
            assert_eq!(file_name(title, url), name);
        }
    }
}
