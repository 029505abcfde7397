//! Commands in the policy that verify a release, run in effect: nothing is started; what the command would look at is
//! looked up among what was proved of the release.
//!
//! The rule that must not be broken: a command holds only where every word of it was understood. An option, a
//! placeholder or a tool that is not known makes it undetermined.

mod arguments;
mod files;
mod regexp;
mod tools;

use super::{Context, release::FILES_FIX};
use crate::{
    evidence::Seen,
    facts::{Facts, Files, project::shell},
    outcome::Finding,
    security_policy::claims::Claim,
    text::clean,
};
use arguments::fill;

/// What comes of a command.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Effect {
    /// It would say that all is well; why.
    Holds(String),
    /// It would fail; what differs.
    Fails(String),
    /// Nobody can say; what could not be determined.
    Unknown(String),
}

/// What is judged, with what is known of the release.
struct Release<'a> {
    facts: &'a Facts,
    files: &'a Files,
}

/// What a fence with commands is worth: it holds where each command does.
pub(super) fn judge(context: &Context<'_>, claim: &Claim) -> Finding {
    let facts = context.facts;
    let files = match &facts.files {
        Seen::Present(files) => files,
        Seen::Absent { .. } => {
            return context.refuted(claim, format!("{} has no files that it could verify", facts.tag));
        }
        Seen::Unavailable { reason } => {
            let message = format!("the files of {} were not looked at: {}", facts.tag, clean(reason));
            return context.unknown(claim, message).fix(FILES_FIX);
        }
    };
    let release = Release { facts, files };
    let commands = &claim.detail.commands;
    let (mut holds, mut fails, mut unknown) = (Vec::new(), Vec::new(), Vec::new());
    for command in commands {
        // The sentence itself names a command that stands alone.
        let of = |why: String| match commands.len() {
            1 => why,
            _ => format!("`{}`: {why}", clean(command.trim())),
        };
        match release.run(command) {
            Effect::Fails(why) => fails.push(of(why)),
            Effect::Unknown(why) => unknown.push(of(why)),
            Effect::Holds(why) => holds.push(why),
        }
    }
    let tag = &facts.tag;
    if !fails.is_empty() {
        return context.refuted(claim, format!("for {tag} it fails: {}", fails.join("; ")));
    }
    if !unknown.is_empty() {
        let why = unknown.join("; ");
        return context.unknown(claim, format!("whether it holds for {tag} could not be determined: {why}"));
    }
    match holds.is_empty() {
        true => context.unknown(claim, "no command was found in it"),
        false => context.confirmed(claim, format!("for {tag} it holds: {}", holds.join("; "))),
    }
}

impl Release<'_> {
    /// What comes of one line of a fence.
    fn run(&self, line: &str) -> Effect {
        let bare = line.trim_start_matches(['$', '%', '>', ' ']);
        let bare =
            if line.trim_start().starts_with("$ ") { bare } else { line.trim_start_matches(['%', '>', ' ']) };
        // What the shell itself would run besides is not followed.
        if bare.contains("$(") || bare.contains('`') {
            return Effect::Unknown("it takes in what another command writes".to_owned());
        }
        let mut commands = shell::commands(bare, true);
        let (Some(command), true) = (commands.pop(), commands.is_empty()) else {
            return Effect::Unknown("it is made of several commands".to_owned());
        };
        // A placeholder for the version may stand for the tag or for the number in it: either may be meant.
        let tag = self.facts.tag.raw();
        let number = self.facts.version.as_ref().map_or_else(|| tag.to_owned(), |it| it.number());
        let is_usual = tag == number || tag.strip_prefix('v') == Some(&number);
        let effects = [tag, number.as_str()].map(|version| match fill(&command.words, &number, version) {
            Ok(words) => match tools::run(self, &words) {
                // Under such a tag the version may be written in another way still.
                Effect::Fails(why) if !is_usual && words != command.words => Effect::Unknown(why),
                effect => effect,
            },
            Err(placeholder) => Effect::Unknown(format!("nothing says what {placeholder} stands for")),
        });
        let [first, second] = effects;
        match (&first, &second) {
            (Effect::Holds(_), _) => first,
            (_, Effect::Holds(_)) => second,
            (Effect::Unknown(_), _) => first,
            (_, Effect::Unknown(_)) => second,
            _ => first,
        }
    }
}
