//! Where each name is listed, and that no two lines contradict each other.

use super::{ChecksumFileError, Entry};

/// The places of the entries, by name and algorithm, one for each. One name has at most one digest of each algorithm; saying
/// the same twice is no conflict.
pub(super) fn by_name(entries: &[Entry]) -> Result<Vec<u32>, ChecksumFileError> {
    let entry = |place: &u32| &entries[*place as usize];
    let key = |place: &u32| (entry(place).name.as_str(), entry(place).digest.algorithm());
    let count = u32::try_from(entries.len()).expect("there are at most MAX_LINES entries");
    let mut places: Vec<u32> = (0..count).collect();
    // A stable sort: of each name and algorithm, the first line comes first.
    places.sort_by(|one, other| key(one).cmp(&key(other)));
    let mut conflict = None;
    for group in places.chunk_by(|one, other| key(one) == key(other)) {
        let other = group.iter().find(|place| entry(place).digest != entry(&group[0]).digest);
        if let Some(other) =
            other.filter(|other| conflict.is_none_or(|(_, known): (u32, u32)| **other < known))
        {
            conflict = Some((group[0], *other));
        }
    }
    if let Some((first, second)) = conflict.map(|pair| (entry(&pair.0), entry(&pair.1))) {
        return Err(ChecksumFileError::Conflict {
            name: first.name.clone(),
            algorithm: first.digest.algorithm().clone(),
            first: first.line,
            second: second.line,
        });
    }
    places.dedup_by(|one, other| key(one) == key(other));
    Ok(places)
}
