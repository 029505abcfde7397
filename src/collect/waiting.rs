//! Waiting for what appears minutes after a release does: attestations, and files that are still on their way.
//!
//! The rules that must not be broken: the wait has an end that no server moves, and what was waited for in vain is
//! undetermined and never a pass. The forge is asked again with growing pauses; what was fetched already and is unchanged
//! is not fetched again.

use super::{
    Seen, attested,
    download::{self, Earlier},
    folder::{FramePlan, Limits},
    forge::{self, Release, Remote},
};
use crate::{
    evidence::{Listed, Listing, Published, Unread},
    release::ArtifactName,
    text::{Untrusted, count},
};
use std::{collections::BTreeMap, sync::Arc, time::Duration};

/// The longest that may be waited.
pub const LONGEST: Duration = Duration::from_secs(60 * 60);
/// The first pause; each further one is twice as long.
const FIRST_PAUSE: Duration = Duration::from_secs(5);
/// The longest pause.
const LONGEST_PAUSE: Duration = Duration::from_secs(60);
/// Most rounds, whatever the clock says.
const MAX_ROUNDS: u32 = 200;

/// Which published files lack something that may appear later.
pub type Lacking = Arc<dyn Fn(&Published) -> Vec<ArtifactName> + Send + Sync>;

/// How long is waited, and for what.
#[derive(Clone)]
pub struct Patience {
    at_most: Duration,
    lacking: Lacking,
}

impl Patience {
    /// Waits while `lacking` names a file, for `at_most`, which is cut to [`LONGEST`].
    pub fn new(at_most: Duration, lacking: Lacking) -> Self {
        Self { at_most: at_most.min(LONGEST), lacking }
    }

    /// The published files that lack something which may appear later.
    pub fn lacking(&self, published: &Published) -> Vec<ArtifactName> {
        (self.lacking)(published)
    }
}

/// A release as the forge shows it at one moment, with its files.
struct Shown {
    release: Release,
    /// With what the forge keeps of attestations.
    published: Published,
}

/// The release on a forge, and its files.
pub(super) fn on_forge(
    api: &forge::Api,
    tag: &str,
    frames: FramePlan<'_>,
) -> (Option<Seen<Listing>>, Seen<Published>) {
    let first = match api.release(tag) {
        Seen::Present(release) => Shown::of(api, release, None, frames),
        Seen::Absent { looked_at } => return lost(Seen::Absent { looked_at }),
        Seen::Unavailable { reason } => return lost(Seen::Unavailable { reason }),
    };
    let shown = match api.patience() {
        Some(patience) => match patience.wait(api, tag, first, frames) {
            Ok(shown) => shown,
            Err(looked_at) => return lost(Seen::Absent { looked_at }),
        },
        None => first,
    };
    (Some(Seen::Present(shown.release.listing)), Seen::Present(shown.published))
}

fn lost(why: Seen<Published>) -> (Option<Seen<Listing>>, Seen<Published>) {
    let listing = match &why {
        Seen::Absent { looked_at } => Seen::Absent { looked_at: looked_at.clone() },
        Seen::Unavailable { reason } => Seen::unavailable(reason),
        Seen::Present(_) => Seen::unavailable("the forge showed no release"),
    };
    (Some(listing), why)
}

impl Shown {
    fn of(api: &forge::Api, release: Release, earlier: Option<&Self>, frames: FramePlan<'_>) -> Self {
        let same = earlier.map(|earlier| earlier.same_in(&release)).unwrap_or_default();
        let mut published = download::fetch(&release.files, &same, api.door(), Limits::default(), frames);
        if let Some(earlier) = earlier {
            attested::keep(&earlier.published, &mut published);
        }
        attested::add(api, &mut published);
        Self { release, published }
    }

    /// The files of `release` that are here already: those about which the forge says the very same as before.
    fn same_in(&self, release: &Release) -> Earlier {
        let (before, now) = (said(&self.release), said(release));
        let is_same = |name: &str| before.get(name).is_some_and(|said| now.get(name) == Some(said));
        let files = self.published.files.iter();
        files.filter(|(name, _)| is_same(name.as_str())).map(|(n, f)| (n.clone(), f.clone())).collect()
    }
}

/// What a forge says of each file, and where it is, by name.
fn said(release: &Release) -> BTreeMap<&str, (Option<&Remote>, Option<&Listed>)> {
    let mut said: BTreeMap<&str, (Option<&Remote>, Option<&Listed>)> = BTreeMap::new();
    for file in &release.files {
        said.entry(&file.name).or_default().0 = Some(file);
    }
    for listed in &release.listing.files {
        said.entry(listed.name.raw()).or_default().1 = Some(listed);
    }
    said
}

impl Patience {
    /// Asks again until nothing is lacking or the time is over; the places that were looked at where the release went.
    fn wait(
        &self,
        api: &forge::Api,
        tag: &str,
        mut shown: Shown,
        frames: FramePlan<'_>,
    ) -> Result<Shown, Vec<String>> {
        let door = api.door();
        let began = door.transport.elapsed();
        let end = began + self.at_most;
        if self.is_lacking(&shown.published) {
            door.progress.waits(self.lacking(&shown.published).len(), self.at_most);
        }
        let (mut pause, mut trouble, mut asked) = (FIRST_PAUSE, None, 1);
        while self.is_lacking(&shown.published) && asked <= MAX_ROUNDS {
            let left = end.saturating_sub(door.transport.elapsed());
            // The last pause ends when the wait does; the others are random, so that many do not come at once.
            let least = if pause < left { pause / 2 } else { left };
            if left.is_zero() || !door.transport.rest(least, pause.min(left)) {
                break;
            }
            pause = (pause * 2).min(LONGEST_PAUSE);
            asked += 1;
            door.transport.hurry(Some(end));
            let release = api.release(tag);
            trouble = match release {
                Seen::Present(release) => {
                    shown = Shown::of(api, release, Some(&shown), frames);
                    None
                }
                Seen::Absent { looked_at } => {
                    door.transport.hurry(None);
                    return Err(looked_at);
                }
                Seen::Unavailable { reason } => Some(reason),
            };
            door.transport.hurry(None);
        }
        self.in_vain(&mut shown.published, asked, trouble.as_deref());
        Ok(shown)
    }

    fn is_lacking(&self, published: &Published) -> bool {
        published.files.is_empty() || !self.lacking(published).is_empty()
    }

    /// What is still not there is not known to be absent: it may come a minute later.
    fn in_vain(&self, published: &mut Published, asked: u32, trouble: Option<&str>) {
        let times = count(asked as usize, "time", "times");
        let waited = in_words(self.at_most);
        for name in self.lacking(published) {
            let beside = Untrusted::new(attested::beside(&name));
            let known = published.unread.iter().find(|unread| unread.name == beside);
            let last = trouble.or_else(|| known.map(|unread| unread.why.as_str()));
            let last = last.map_or_else(String::new, |last| format!(" (the last time: {last})"));
            let why = format!(
                "no attestation or signature of {name} appeared while it was waited for, up to {waited}, asking {times}{last}; look \
                 whether the release workflow has ended, then run this again, or wait longer with --wait"
            );
            published.unread.retain(|unread| unread.name != beside);
            published.unread.push(Unread { name: beside, why });
        }
        published.unread.sort();
    }
}

/// A duration as people write it.
fn in_words(duration: Duration) -> String {
    match duration.as_secs() {
        seconds if seconds > 0 && seconds % 60 == 0 => format!("{} min", seconds / 60),
        seconds => format!("{seconds} s"),
    }
}
