//! Of which component of a repository a file is.

use super::spelling::words;
use std::collections::HashMap;

/// The names of the components that have tags, without what separates their words: that of the whole path and that of its
/// last part. With each, whether it may be another one than the judged tag's.
#[derive(Default)]
pub(super) struct Components {
    names: HashMap<String, bool>,
    longest: usize,
}

impl Components {
    pub(super) fn add(&mut self, component: &str, is_another: bool) {
        let last = component.rsplit('/').next().unwrap_or_default();
        for name in [component, last].map(|name| words(name).concat()) {
            if name.len() > 1 {
                self.longest = self.longest.max(name.len());
                self.names.entry(name).and_modify(|it| *it |= is_another).or_insert(is_another);
            }
        }
    }

    /// Whether the longest component whose name a file's holds, in words of their own, is another one.
    pub(super) fn is_another(&self, name: &str) -> bool {
        let words = words(name);
        let mut longest = (0, false);
        for from in 0..words.len() {
            let mut held = String::new();
            for word in &words[from..] {
                held.push_str(word);
                if held.len() > self.longest {
                    break;
                }
                if let Some(is_another) = self.names.get(&held) {
                    longest = longest.max((held.len(), *is_another));
                }
            }
        }
        longest.1
    }
}
