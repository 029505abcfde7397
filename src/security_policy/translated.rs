//! "Only the newest version is supported" in other languages than English.
//!
//! The rule that must not be broken: a sentence with a number, a condition, a denial or another subject is left unread.

use super::lexicon::sentences::BRANCHES;
use super::lexicon::translated::{
    ABOUT_UNSPACED, LIMITS_UNSPACED, ONLY_LATEST, ONLY_LATEST_UNSPACED, OnlyLatest,
};
use super::selector::{Selector, Unit};
use super::words::is_platform;

/// The newest release, where a sentence says that it alone is supported.
pub(super) fn only_latest(text: &str) -> Option<Selector> {
    let lower = text.to_lowercase();
    if lower.contains(|c: char| c.is_ascii_digit()) {
        return None;
    }
    let words: Vec<&str> = lower
        .split(|c: char| {
            c.is_whitespace() || matches!(c, ',' | '.' | ':' | ';' | '(' | ')' | '*' | '`' | '!')
        })
        .collect();
    let words: Vec<&str> = words.into_iter().filter(|word| !word.is_empty()).collect();
    if words.iter().any(|word| is_platform(word) || BRANCHES.contains(word)) {
        return None;
    }
    let any = |list: &[&str]| list.iter().any(|part| lower.contains(part));
    let unspaced = any(ONLY_LATEST_UNSPACED) && any(ABOUT_UNSPACED) && !any(LIMITS_UNSPACED);
    let said = unspaced || ONLY_LATEST.iter().any(|language| language.says(&words));
    said.then(|| Selector::latest(Unit::Release, 1, None))
}

/// Whether a sentence speaks of support in one of these languages.
pub(super) fn is_about_support(text: &str) -> bool {
    let lower = text.to_lowercase();
    let stems = || ONLY_LATEST.iter().flat_map(|language| language.about);
    ABOUT_UNSPACED.iter().any(|part| lower.contains(part))
        || lower.split(|c: char| !c.is_alphanumeric()).any(|word| stems().any(|stem| word.starts_with(stem)))
}

impl OnlyLatest {
    fn says(&self, words: &[&str]) -> bool {
        let about = words.iter().any(|word| self.about.iter().any(|stem| word.starts_with(stem)));
        let limited = words.iter().any(|word| self.limits.contains(word));
        about
            && !limited
            && (0..words.len()).any(|at| self.only.contains(&words[at]) && self.names(&words[at + 1..]))
    }

    /// Whether the words after "only" are the newest version.
    fn names(&self, words: &[&str]) -> bool {
        let mut rest = words.iter().skip_while(|word| self.between.contains(word));
        rest.next().is_some_and(|word| self.latest.contains(word))
            && rest.next().is_some_and(|word| self.nouns.contains(word))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_newest_version_alone_is_read_in_other_languages() {
        for text in [
            "Sicherheitsupdates gibt es nur für die jeweils neueste Version.",
            "Seule la dernière version de Widget reçoit des correctifs.",
            "Solo la última versión recibe parches de seguridad.",
            "Apenas a última versão é suportada.",
            "Solo l'ultima versione riceve aggiornamenti di sicurezza.",
            "Поддерживается только последняя версия.",
            "最新バージョンのみをサポートしています。",
            "仅支持最新版本。",
            "Solo l'ultima versione riceve aggiornamenti di sicurezza.",
            "Yalnızca en son sürüm desteklenmektedir.",
        ] {
            assert!(only_latest(text).is_some(), "{text}");
        }
        for text in [
            "Nicht nur die neueste Version wird unterstützt.",
            "Es wird nur die neueste Version jeder Reihe unterstützt.",
            "Nur die neueste Version von PHP wird unterstützt.",
            "Melden Sie nur die neueste Version.",
            "Seule la dernière version de chaque branche est maintenue.",
            "Solo la última versión main recibe parches.",
            "Solo l'ultima versione di ogni ramo riceve aggiornamenti.",
            "Non solo l'ultima versione è supportata.",
            "最新バージョンのみではサポートされません。",
            "如果仅最新版本受支持。",
            "Только последняя версия 2.x поддерживается.",
            "Solo l'ultima versione di ogni ramo è supportata.",
            "Non solo l'ultima versione è supportata.",
            "Yalnızca en son sürüm desteklenmez.",
            "Yalnızca en son Python sürümü desteklenir.",
        ] {
            assert_eq!(only_latest(text), None, "{text}");
        }
    }
}
