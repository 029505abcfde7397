//! What a shell makes of a variable that is not set: an argument of nothing.

use clap::error::{ContextKind, ContextValue, Error, ErrorKind};

/// The same complaint about a command line; of an argument that is empty, in words that say where that comes from.
pub fn explained(error: Error) -> Error {
    match empty(&error) {
        Some(what) => Error::raw(
            ErrorKind::InvalidValue,
            format!("{what} is empty; is the variable set that it should come from?\n"),
        ),
        None => error,
    }
}

/// The argument that is empty: `--repo`, or `the tag`. One whose values are few is better answered with those.
fn empty(error: &Error) -> Option<String> {
    let text = |kind| match error.get(kind) {
        Some(ContextValue::String(text)) => Some(text.as_str()),
        _ => None,
    };
    let is_value = matches!(error.kind(), ErrorKind::InvalidValue | ErrorKind::ValueValidation);
    let few =
        matches!(error.get(ContextKind::ValidValue), Some(ContextValue::Strings(few)) if !few.is_empty());
    text(ContextKind::InvalidValue).filter(|value| is_value && !few && value.is_empty())?;
    let argument = text(ContextKind::InvalidArg)?;
    let name = argument.split(' ').next().filter(|name| name.starts_with("--"));
    Some(name.map_or_else(|| format!("the {}", plain(argument)), str::to_owned))
}

/// `tag` for `<TAG>`, `name or file` for `[NAME|FILE]`.
fn plain(argument: &str) -> String {
    let name = argument.trim_end_matches("...").trim_matches(['<', '>', '[', ']']);
    name.to_lowercase().replace('|', " or ").replace('_', " ")
}
