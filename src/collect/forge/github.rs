//! GitHub: github.com, TENANT.ghe.com and Enterprise Server (REST API, version 2022-11-28, "Releases", "Release assets" and
//! "Attestations").

use super::{
    Answer, Api, ApiError, Digest, Fields, Listed, Listing, Release, Remote, Seen, Stage, Untrusted,
    api_host, segment,
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
        Err(error) => return api.absent_if_shown(error, &base),
    };
    let fields = Fields::of(&url, &value)?;
    if fields.text("tag_name")? != tag {
        return Err(fields.wrong("tag_name", "the tag that was asked for"));
    }
    let mut assets = fields.list("assets")?.to_vec();
    if assets.len() >= IN_RELEASE {
        assets = api.list(&format!("{base}/releases/{}/assets?per_page=100", fields.number("id")?))?;
    }
    let (mut listed, mut files) = (Vec::new(), Vec::new());
    for asset in &assets {
        let asset = Fields::of(&url, asset)?;
        let (name, size) = (asset.text("name")?, asset.number("size")?);
        // A token opens private releases by the API alone; without one the API's rate limit is left alone.
        let address = if api.token.is_some() { "url" } else { "browser_download_url" };
        files.push(Remote { name: name.to_owned(), url: asset.text(address)?.to_owned(), size: Some(size) });
        listed.push(Listed {
            name: Untrusted::new(name),
            size: Some(size),
            digest: asset.value["digest"].as_str().and_then(Digest::from_prefixed),
            updated_at: asset.time("updated_at")?,
        });
    }
    let stage = match (fields.flag("draft")?, fields.flag("prerelease")?) {
        (true, _) => Stage::Draft,
        (false, true) => Stage::PreRelease,
        (false, false) => Stage::Full,
    };
    let listing = Listing {
        origin: url.clone(),
        stage,
        is_immutable: fields.value["immutable"].as_bool(),
        published_at: fields.time("published_at")?,
        commit: None,
        files: listed,
        generated: vec!["Source code (zip)".to_owned(), "Source code (tar.gz)".to_owned()],
    };
    Ok(Some(Release { listing, files }))
}

/// The attestations about a digest: `{"attestations": [{"bundle", …}]}`.
pub(super) fn attestations(api: &Api, sha256: &str) -> Seen<Answer> {
    let url = format!("{}/attestations/sha256:{sha256}?per_page=100", base(api));
    let (value, answer) = match api.get(&url) {
        Ok(found) => found,
        // The release was shown, so the repository is: there are none.
        Err(ApiError::Transport(error)) if error.is_not_found() => {
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
