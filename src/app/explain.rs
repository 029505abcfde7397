//! `relcheck explain`: what the rules mean.

use super::{Failure, output};
use crate::{
    checks::{self, Meta},
    outcome::Rule,
    text,
};
use std::fmt::Write;

/// Explains a rule or a check, or lists all of them.
pub fn explain(what: Option<&str>) -> Result<u8, Failure> {
    let text = match what {
        None => checks::ALL.iter().map(check).collect::<Vec<_>>().join("\n"),
        Some(what) => {
            match (checks::all_rules().find(|r| r.id == what), checks::ALL.iter().find(|c| c.id == what)) {
                (Some(found), _) => rule(found),
                (None, Some(found)) => check(found),
                (None, None) => reserved(what).ok_or_else(|| unknown(what))?,
            }
        }
    };
    output::print(text.as_bytes())?;
    Ok(0)
}

/// What is said about a rule that nothing in this version leads to.
fn reserved(id: &str) -> Option<String> {
    let (id, why) = checks::RESERVED.iter().find(|(reserved, _)| *reserved == id)?;
    Some(format!(
        "{id}\n\n  holds when   this is not looked at by this version: {why}\n  a failure    none can occur\n  what to do   \
         do not rely on it; a policy that names it is refused\n"
    ))
}

fn check(meta: &Meta) -> String {
    let mut text = format!("{}: {}\n", meta.id, meta.summary);
    for rule in meta.rules {
        writeln!(text, "  {:<38} {}", rule.id, rule.summary).expect("writing to a string does not fail");
    }
    text
}

fn rule(rule: &Rule) -> String {
    let Rule { id, level, summary, example, fix } = rule;
    let level = level.word();
    // What asks for nothing to be done did not fail.
    let is_failure = !rule.sums_up() && !fix.starts_with("nothing to do");
    let label = if is_failure { "a failure " } else { "an example" };
    format!(
        "{id}\n\n  holds when   {summary}\n  {label}   {example}\n  what to do   {fix}\n  by default   {level}\n"
    )
}

fn unknown(what: &str) -> Failure {
    let known = checks::all_rules().map(|rule| rule.id).chain(checks::ALL.iter().map(|check| check.id));
    let failure = Failure::start(format!("there is no rule or check called {}", text::clean(what)));
    match text::nearest(what, known) {
        Some(near) => failure.help(format!("did you mean {near}?")),
        None => failure.help("`relcheck explain` lists them all"),
    }
}
