//! Which packages an index surely does not know.

/// Some bits of each key that an index has: of most packages that it does not know, they say so without a search.
#[derive(Clone)]
pub(super) struct Known(Vec<u64>);

impl Known {
    /// Enough for tens of thousands of packages; of an index that knows more, they say less.
    const BITS: usize = 1 << 16;

    pub(super) fn of(keys: impl Iterator<Item = u64>) -> Self {
        let mut words = vec![0; Self::BITS / 64];
        for at in keys.map(Self::place) {
            words[at / 64] |= 1 << (at % 64);
        }
        Self(words)
    }

    pub(super) fn may_hold(&self, key: u64) -> bool {
        let at = Self::place(key);
        self.0[at / 64] >> (at % 64) & 1 == 1
    }

    /// The lowest bits, which are of the hash.
    fn place(key: u64) -> usize {
        key as usize % Self::BITS
    }
}

#[cfg(test)]
mod tests {
    use super::Known;

    #[test]
    fn a_key_that_is_there_is_never_denied() {
        let keys: Vec<u64> = (0..5000).map(|n| 0x9e37_79b9_7f4a_7c15_u64.wrapping_mul(n + 1)).collect();
        let known = Known::of(keys.iter().copied());
        assert!(keys.iter().all(|key| known.may_hold(*key)));
        let none = Known::of(std::iter::empty());
        assert!(!keys.iter().any(|key| none.may_hold(*key)));
    }
}
