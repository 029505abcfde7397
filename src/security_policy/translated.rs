//! "Only the newest version is supported" in other languages than English.
//!
//! The rule that must not be broken: a sentence with a number, or with a word that is not known, is left unread.

use super::lexicon::sentences::BRANCHES;
use super::lexicon::translated::{
    ABOUT_UNSPACED, BRANCH_WORDS, GETTING, KNOWN_UNSPACED, ONLY_LATEST, ONLY_LATEST_UNSPACED, OnlyLatest,
};
use super::selector::{Selector, Unit};
use super::words::is_platform;

/// The newest release, where a sentence says that it alone is supported.
pub(super) fn only_latest(text: &str) -> Option<Selector> {
    let lower = without_branch(&text.to_lowercase());
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
    let written: Vec<&str> = text.split_whitespace().map(bare).filter(|word| !word.is_empty()).collect();
    let is_name = |word: &str| written.iter().any(|name| name.to_lowercase() == word && is_capital(name));
    let said = says_unspaced(&lower) || ONLY_LATEST.iter().any(|language| language.says(&words, is_name));
    said.then(|| Selector::latest(Unit::Release, 1, None))
}

/// The branch that a sentence names, where each other word is known: "Updates werden für den main-Branch bereitgestellt".
pub(super) fn branch(text: &str) -> Option<Selector> {
    let lower = text.to_lowercase();
    let is_between = |c: char| c.is_whitespace() || matches!(c, ',' | '.' | '*' | '`' | '!' | '-');
    let words: Vec<&str> = lower.split(is_between).filter(|word| !word.is_empty()).collect();
    let at = words.iter().position(|word| BRANCHES.contains(word))?;
    let is_word = |at: usize| words.get(at).is_some_and(|word| BRANCH_WORDS.contains(word));
    let called = [at.checked_sub(1), Some(at + 1)].into_iter().flatten().find(|at| is_word(*at))?;
    let others = (0..words.len()).filter(|other| *other != at && *other != called);
    let rest: Vec<&str> = others.map(|at| words[at]).collect();
    if !rest.iter().any(|word| GETTING.contains(word)) {
        return None;
    }
    let is_said = |language: &OnlyLatest| {
        // "Only" elsewhere may be about what it gets.
        if rest.iter().skip(1).any(|word| language.only.contains(word)) {
            return false;
        }
        let about = rest.iter().any(|word| language.about.iter().any(|stem| word.starts_with(stem)));
        let lists = [language.only, language.between, language.known];
        about && rest.iter().all(|word| lists.iter().any(|list| list.contains(word)))
    };
    let name = Some(words[at]).filter(|name| *name != "default").map(str::to_owned);
    ONLY_LATEST.iter().any(is_said).then(|| Selector::branch(name))
}

/// The sentence without the branch on which the newest version is made: "(branche `main`)".
fn without_branch(lower: &str) -> String {
    let aside = lower.split_once('(').and_then(|(head, rest)| Some((head, rest.split_once(')')?)));
    let Some((head, (aside, tail))) = aside else { return lower.to_owned() };
    let mut words = aside.split(' ').map(|word| word.trim_matches('`'));
    let is_branch = match (words.next(), words.next(), words.next()) {
        (Some(a), Some(b), None) => {
            BRANCH_WORDS.contains(&a) && BRANCHES.contains(&b)
                || BRANCHES.contains(&a) && BRANCH_WORDS.contains(&b)
        }
        _ => false,
    };
    if is_branch { format!("{}{tail}", head.trim_end()) } else { lower.to_owned() }
}

fn bare(word: &str) -> &str {
    word.trim_matches(|c: char| !c.is_alphanumeric())
}

fn is_capital(word: &str) -> bool {
    word.starts_with(char::is_uppercase)
}

/// Whether a sentence without spaces is made of known parts alone.
fn says_unspaced(lower: &str) -> bool {
    let only = ONLY_LATEST_UNSPACED.iter().find(|only| lower.contains(**only));
    let Some(only) = only.filter(|_| ABOUT_UNSPACED.iter().any(|part| lower.contains(part))) else {
        return false;
    };
    let mut rest = lower.replacen(only, " ", 1);
    for part in ABOUT_UNSPACED.iter().chain(KNOWN_UNSPACED) {
        rest = rest.replace(part, " ");
    }
    !rest.contains(char::is_alphanumeric)
}

/// Whether a sentence speaks of support in one of these languages.
pub(super) fn is_about_support(text: &str) -> bool {
    let lower = text.to_lowercase();
    let stems = || ONLY_LATEST.iter().flat_map(|language| language.about);
    ABOUT_UNSPACED.iter().any(|part| lower.contains(part))
        || lower.split(|c: char| !c.is_alphanumeric()).any(|word| stems().any(|stem| word.starts_with(stem)))
}

impl OnlyLatest {
    /// `is_name` tells a word that is written as a name.
    fn says(&self, words: &[&str], is_name: impl Fn(&str) -> bool) -> bool {
        let about = words.iter().any(|word| self.about.iter().any(|stem| word.starts_with(stem)));
        let lists = [self.only, self.between, self.latest, self.nouns, self.known, self.of];
        let is_known = |at: usize| {
            let names = words[..at].iter().rev().take_while(|word| is_name(word)).count();
            let of_it = at.checked_sub(names + 1).is_some_and(|before| self.of.contains(&words[before]));
            let is_in = |phrase: &&&str| words.join(" ").contains(**phrase);
            let is_behind = self
                .behind
                .iter()
                .filter(is_in)
                .any(|phrase| phrase.split(' ').any(|word| word == words[at]));
            lists.iter().any(|list| list.contains(&words[at]))
                || is_behind
                || of_it && names < 3 && is_name(words[at])
        };
        about
            && words.iter().filter(|word| self.only.contains(word)).count() <= 1
            && (0..words.len()).all(is_known)
            && (0..words.len()).any(|at| self.only.contains(&words[at]) && self.names(&words[at + 1..]))
    }

    /// Whether the words after "only" are the newest version.
    fn names(&self, words: &[&str]) -> bool {
        let mut rest = words.iter().skip_while(|word| self.between.contains(word));
        rest.next().is_some_and(|word| self.latest.contains(word))
            && rest.next().is_some_and(|word| self.nouns.contains(word))
            || self.names_behind(words)
    }

    /// "la versión más reciente": the noun first.
    fn names_behind(&self, words: &[&str]) -> bool {
        let mut rest = words.iter().skip_while(|word| self.between.contains(word));
        let is_noun = rest.next().is_some_and(|word| self.nouns.contains(word));
        let said = rest.copied().collect::<Vec<_>>().join(" ");
        let follows = |phrase: &&str| {
            said.strip_prefix(phrase).is_some_and(|rest| rest.is_empty() || rest.starts_with(' '))
        };
        is_noun && self.behind.iter().any(follows)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_branch_that_gets_updates_is_read_in_other_languages() {
        for text in [
            "Sicherheitsupdates werden für den `main`-Branch bereitgestellt.",
            "Nur der Branch main wird aktiv gepflegt.",
        ] {
            assert!(branch(text).is_some(), "{text}");
        }
        for text in [
            "Sicherheitsupdates werden nicht für den `main`-Branch bereitgestellt.",
            "Sicherheitsupdates werden für den `legacy`-Branch bereitgestellt.",
            "Sicherheitsupdates werden für `main` und 2.x bereitgestellt.",
            "Security updates go to the main branch.",
            "Der main-Branch erhält nur Sicherheitsupdates.",
            "Patches für den main-Branch.",
        ] {
            assert_eq!(branch(text), None, "{text}");
        }
    }

    #[test]
    fn the_newest_version_alone_is_read_in_other_languages() {
        for text in [
            "Sicherheitsupdates gibt es nur für die jeweils neueste Version.",
            "Seule la dernière version de Widget reçoit des correctifs.",
            "Seule la dernière release de Widget Works reçoit des correctifs.",
            "Riceve patch di sicurezza solo l'ultima versione pubblicata sul branch principale.",
            "現在、このプロジェクトの最新バージョンのみがサポートされています。",
            "Solo la última versión recibe parches de seguridad.",
            "Apenas a última versão é suportada.",
            "Solo l'ultima versione riceve aggiornamenti di sicurezza.",
            "Поддерживается только последняя версия.",
            "最新バージョンのみをサポートしています。",
            "仅支持最新版本。",
            "仅最新版本受支持。",
            "최신 버전만 보안 업데이트를 받습니다.",
            "Apenas a última versão recebe correções de segurança.",
            "Solo l'ultima versione riceve aggiornamenti di sicurezza.",
            "Yalnızca en son sürüm desteklenmektedir.",
            "Apenas a versão mais recente é suportada.",
            "Solo la versión más reciente recibe parches de seguridad.",
            "Seule la dernière version publiée (branche `main`) reçoit des correctifs.",
            "只有最新版本会收到安全更新。",
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
            "Nur die neueste Version ist von der Sicherheitslücke betroffen.",
            "Niemand unterstützt nur die neueste Version.",
            "Künftig wird nur die neueste Version unterstützt.",
            "Seule la dernière version était supportée.",
            "Solo la última versión recibía parches.",
            "Solo l'ultima versione era supportata.",
            "Apenas a última versão era suportada.",
            "Только последняя версия содержит уязвимость, обновление готовится.",
            "仅最新版本停止支持。",
            "Apenas a versão mais antiga é suportada.",
            "Solo la versión más reciente recibe solo parches.",
            "Seule la dernière version est plus supportée.",
            "Apenas a versão mais recente do ramo main é suportada.",
            "Seule la dernière version publiée (branche `legacy`) reçoit des correctifs.",
            "只有最新版本不会收到安全更新。",
            "仅支持最新版本的浏览器。",
            "最新バージョンのみサポート対象外です。",
            "最新バージョンのみサポートを終了しました。",
            "최신 버전만 지원 종료되었습니다.",
            "Yalnızca son sürüm destekleniyordu.",
        ] {
            assert_eq!(only_latest(text), None, "{text}");
        }
    }
}
