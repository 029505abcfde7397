//! GitHub: github.com, TENANT.ghe.com and Enterprise Server (REST API, version 2022-11-28, "Releases", "Release assets" and
//! "Attestations").

use super::{
    Answer, Api, ApiError, Fields, Listed, Listing, Release, Remote, Seen, Stage, Untrusted, Value, api_host,
    commit, segment,
};
use crate::release::ghe_tenant;

/// How many files a release may list itself; with more, its list of files is read page by page.
const IN_RELEASE: usize = 30;

/// Where the API of a host begins.
fn base(api: &Api) -> String {
    let host = api.repository.host();
    let answers = api_host(api.kind, host);
    match host == "github.com" || ghe_tenant(host).is_some() {
        true => format!("https://{answers}/repos/{}", api.repository.path()),
        false => format!("https://{answers}/api/v3/repos/{}", api.repository.path()),
    }
}

/// The release of a tag.
pub(super) fn release(api: &Api, tag: &str) -> Result<Option<Release>, ApiError> {
    let base = base(api);
    let url = format!("{base}/releases/tags/{}", segment(tag));
    let (value, _) = match api.get(&url) {
        Ok(found) => found,
        Err(error) => {
            return match draft(api, &base, tag, &error)? {
                Some(release) => Ok(Some(release)),
                None => api.absent_if_shown(error, &base),
            };
        }
    };
    read(api, &base, &url, &value, tag).map(Some)
}

/// A release of the tag that is not published: only those who may change releases are shown it, in the list of all of them,
/// the newest first. What it does not begin with is taken for absent, which is no pass.
fn draft(api: &Api, base: &str, tag: &str, error: &ApiError) -> Result<Option<Release>, ApiError> {
    if api.token.is_none() || !error.is_not_found(base) {
        return Ok(None);
    }
    let url = format!("{base}/releases?per_page=100");
    let (value, _) = match api.get(&url) {
        Ok(found) => found,
        Err(error) if error.is_not_found(&url) => return Ok(None),
        Err(other) => return Err(other),
    };
    let all = value.as_array().ok_or_else(|| ApiError::unreadable(&url, "it is not a list"))?;
    let mut of_tag = all.iter().filter(|release| release["tag_name"].as_str() == Some(tag));
    let Some(first) = of_tag.next() else { return Ok(None) };
    let mut release = read(api, base, &url, first, tag)?;
    release.listing.also = of_tag
        .map(|other| Ok(format!("{base}/releases/{}", Fields::of(&url, other)?.number("id")?)))
        .collect::<Result<_, ApiError>>()?;
    Ok(Some(release))
}

/// What a release says, as it is written down.
fn read(api: &Api, base: &str, url: &str, value: &Value, tag: &str) -> Result<Release, ApiError> {
    let fields = Fields::of(url, value)?;
    if fields.text("tag_name")? != tag {
        return Err(fields.wrong("tag_name", "the tag that was asked for"));
    }
    let mut assets = fields.list("assets")?.to_vec();
    if assets.len() >= IN_RELEASE {
        assets = api.list(&format!("{base}/releases/{}/assets?per_page=100", fields.number("id")?))?;
    }
    let (mut listed, mut files) = (Vec::new(), Vec::new());
    for asset in &assets {
        let asset = Fields::of(url, asset)?;
        let (name, size) = (asset.text("name")?, asset.number("size")?);
        // A token opens private releases by the API alone; without one the API's rate limit is left alone.
        let address = if api.token.is_some() { "url" } else { "browser_download_url" };
        files.push(Remote { name: name.to_owned(), url: asset.text(address)?.to_owned(), size: Some(size) });
        listed.push(Listed {
            name: Untrusted::new(name),
            size: Some(size),
            digest: asset.digest("digest")?,
            updated_at: asset.time("updated_at")?,
        });
    }
    let stage = match (fields.flag("draft")?, fields.flag("prerelease")?) {
        (true, _) => Stage::Draft,
        (false, true) => Stage::PreRelease,
        (false, false) => Stage::Full,
    };
    let listing = Listing {
        origin: url.to_owned(),
        stage,
        is_immutable: fields.optional_flag("immutable")?,
        published_at: fields.time("published_at")?,
        commit: commit(&fields),
        also: Vec::new(),
        files: listed,
        generated: vec!["Source code (zip)".to_owned(), "Source code (tar.gz)".to_owned()],
    };
    Ok(Release { listing, files })
}

/// The attestations about a digest: `{"attestations": [{"bundle", …}]}`.
pub(super) fn attestations(api: &Api, sha256: &str) -> Seen<Answer> {
    let url = format!("{}/attestations/sha256:{sha256}?per_page=100", base(api));
    let (value, answer) = match api.get(&url) {
        Ok(found) => found,
        // The release was shown, so the repository is: there are none.
        Err(error) if error.is_not_found(&url) => {
            return Seen::Absent { looked_at: vec![super::shown(&url)] };
        }
        Err(error) => return Seen::Unavailable { reason: error.reason() },
    };
    match value["attestations"].as_array().map(Vec::as_slice) {
        Some([]) => Seen::Absent { looked_at: vec![super::shown(&url)] },
        Some(all) if answer.next.is_some() => Seen::unavailable(format!(
            "{} lists more than {} attestations of one file, which is over the limit",
            super::shown(&url),
            all.len()
        )),
        Some(all) if all.iter().all(|one| one["bundle"].is_object()) => Seen::Present(answer),
        _ => Seen::unavailable(format!("the answer of {} is no list of attestations", super::shown(&url))),
    }
}
