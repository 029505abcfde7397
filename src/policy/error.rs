//! Why a policy cannot be used, in words that say what to write instead.

use super::BUILT_IN;
use crate::{
    checks,
    text::{self, Untrusted},
    trust::TrustError,
};

/// A policy that cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum PolicyError {
    /// It is not TOML, or says something no check understands; the message has line, column and snippet.
    #[error("{path} is not a policy:\n{message}")]
    Syntax {
        /// The file.
        path: String,
        /// What, where, and what was expected.
        message: String,
    },
    /// It says something that no policy can mean.
    #[error("{path}, line {line}: {message}")]
    Meaning {
        /// The file.
        path: String,
        /// The line.
        line: usize,
        /// What is wrong, and what to write.
        message: String,
    },
    /// It names a key that cannot be used.
    #[error("{path}: {source}")]
    Key {
        /// The file.
        path: String,
        /// Why not.
        source: TrustError,
    },
    /// It names a key file that cannot be read.
    #[error("{path}: key file {file} cannot be read")]
    KeyFile {
        /// The file.
        path: String,
        /// The key file.
        file: Untrusted,
        /// Why not.
        source: std::io::Error,
    },
    /// There is no built-in policy of this name.
    #[error(
        "no policy is called {name}{}; there are {}, and every file with a path",
        nearest_built_in(name),
        built_in_names()
    )]
    Unknown {
        /// What was asked for.
        name: Untrusted,
    },
}

impl PolicyError {
    /// What is wrong, without where.
    pub(super) fn message(&self) -> String {
        match self {
            Self::Syntax { message, .. } | Self::Meaning { message, .. } => message.clone(),
            other => other.to_string(),
        }
    }
}

fn nearest_built_in(name: &Untrusted) -> String {
    let near = text::nearest(name.raw(), BUILT_IN.iter().map(|(known, _)| *known));
    near.map_or_else(String::new, |near| format!("; did you mean {near}?"))
}

fn built_in_names() -> String {
    BUILT_IN.iter().map(|(name, _)| *name).collect::<Vec<_>>().join(", ")
}

/// What the parser says, and the key or value that a misspelt one is nearest to.
pub(super) fn with_nearest(error: &toml::de::Error) -> String {
    let message = error.message();
    let mut words = message.split('`').skip(1).step_by(2);
    let nearest = message
        .starts_with("unknown ")
        .then(|| words.next())
        .flatten()
        .and_then(|found| text::nearest(found, words));
    let all = error.to_string();
    let all = all.trim_end();
    nearest.map_or_else(|| all.to_owned(), |near| format!("{all}; did you mean `{near}`?"))
}

/// A check or rule that does not exist, or that no version looks at yet.
pub(super) fn unknown_key<'a>(what: &str, found: &str, known: impl IntoIterator<Item = &'a str>) -> String {
    if let Some((id, why)) = checks::RESERVED.iter().find(|(id, _)| *id == found) {
        return format!("{what}: {id} is not looked at by this version: {why}");
    }
    let known: Vec<&str> = known.into_iter().collect();
    let hint = text::nearest(found, known.iter().copied()).map_or_else(
        || "`relcheck explain` lists them".to_owned(),
        |near| format!("did you mean \"{near}\"?"),
    );
    format!("{what}: there is no check or rule called \"{}\"; {hint}", text::clean(found))
}
