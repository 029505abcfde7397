//! Why a policy cannot be used, in words that say what to write instead.

use super::{BUILT_IN, file::Overrides};
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
    #[error("{path}, line {line}: {source}")]
    Key {
        /// The file.
        path: String,
        /// The line.
        line: usize,
        /// Why not.
        source: TrustError,
    },
    /// It names a key file that cannot be read.
    #[error("{path}, line {line}: key file {file} cannot be read")]
    KeyFile {
        /// The file.
        path: String,
        /// The line.
        line: usize,
        /// The key file.
        file: Untrusted,
        /// Why not.
        source: std::io::Error,
    },
    /// There is no built-in policy of this name.
    #[error("no policy is called {name}{}", built_in(name))]
    Unknown {
        /// What was asked for.
        name: Untrusted,
    },
}

impl PolicyError {
    /// The same about an override: what the parser says, it says of the text as it is written.
    pub(super) fn of_override(self, text: &str, component: &str) -> Self {
        match self {
            Self::Syntax { path, message } => {
                let written = toml::from_str::<Overrides>(text).err();
                Self::Syntax { path, message: written.as_ref().map_or(message, with_nearest) }
            }
            Self::Meaning { path, line, message } => {
                let message = format!("component \"{}\": {message}", text::clean(component));
                Self::Meaning { path, line, message }
            }
            other => other,
        }
    }
}

/// The built-in policy that is meant, and all of them.
fn built_in(name: &Untrusted) -> String {
    let near = text::nearest(name.raw(), BUILT_IN.iter().map(|(known, _)| *known));
    let names = BUILT_IN.iter().map(|(name, _)| *name).collect::<Vec<_>>().join(", ");
    let near = near.map_or_else(|| "; there".to_owned(), |near| format!("; did you mean {near}? There"));
    format!("{near} are {names}, and every file with a path")
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
    let all = all.strip_suffix(message).map_or_else(|| all.to_owned(), |at| at.to_owned() + &plain(message));
    nearest.map_or_else(|| all.clone(), |near| format!("{all}; did you mean `{near}`?"))
}

/// What was expected, in the words of a policy and not in those of the program.
fn plain(message: &str) -> String {
    let Some((found, expected)) = message.rsplit_once(", expected ") else { return message.to_owned() };
    let expected = match expected {
        "i8" | "i16" | "i32" | "i64" | "isize" | "u8" | "u16" | "u32" | "u64" | "usize" => "a whole number",
        "a sequence" => "a list",
        "a map" => "a table",
        structure if structure.starts_with("struct ") => "a table",
        other => other,
    };
    let found = match found {
        "invalid type: sequence" => "invalid type: list",
        "invalid type: map" => "invalid type: table",
        other => other,
    };
    format!("{found}, expected {expected}")
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
