//! The commands of scripts, and of the scripts and images that they call.

use super::{At, DEPTH_LIMIT, FAILED, FOLLOWED_LIMIT, Follower, RUNS_LIMIT};
use crate::facts::project::{
    runs::Call,
    scripts,
    shell::{self, Command, Options},
    tools, ways,
};
use std::collections::BTreeMap;

impl Follower<'_> {
    /// What is run in the building of an image, where an action builds one.
    pub(super) fn image(&mut self, uses: &str, inputs: &BTreeMap<String, String>, at: &At<'_>) {
        if !["docker/build-push-action@", "redhat-actions/buildah-build@"]
            .iter()
            .any(|it| uses.starts_with(it))
        {
            return;
        }
        let named = inputs.get("file").or_else(|| inputs.get("containerfiles")).map(String::as_str);
        let other = inputs.get("context").filter(|it| !matches!(it.as_str(), "." | "./"));
        let called = scripts::images::of_file(named.or_else(|| other.map(String::as_str)), self.texts);
        let place = format!("{} ({})", at.place, called.place);
        match called.script {
            Ok(script) => {
                let at = At { place, doubt: at.doubt.or(called.doubt), depth: at.depth + 1, ..at.clone() };
                self.called(&script, called.way, &at);
            }
            Err(why) => self.gap(format!("{} builds an image from {}, which {why}", at.place, called.place)),
        }
    }

    /// Whether the script fails in any case.
    pub(super) fn script(&mut self, script: &str, options: Options, at: &At<'_>) -> bool {
        if let Some(why) = shell::too_large(script) {
            self.gap(format!("{} {why}", at.place));
        }
        let mut failed = false;
        for command in shell::commands_of(script, options) {
            if self.runs.all.len() >= RUNS_LIMIT {
                break;
            }
            let doubt = at.doubt.or_else(|| failed.then_some(FAILED));
            failed |= self.command(command, &At { doubt, ..at.clone() });
        }
        failed
    }

    /// Whether the command ends the script with a failure, in any case.
    fn command(&mut self, command: Command, at: &At<'_>) -> bool {
        let harmless = at.harmless.or(command.harmless);
        let doubt = at.doubt.or(command.doubt);
        let folder = match &command.folder {
            Some(to) => shell::within(at.folder.as_deref(), to),
            None => at.folder.clone(),
        };
        let at = &At { doubt, folder, ..at.clone() };
        let mut fails = command.fails;
        let mut is_read = false;
        if let Some(is_all) = tools::runs_hooks(&command.words) {
            let some = (!is_all).then_some("not every hook is run");
            let at = At { doubt: doubt.or(some), ..at.clone() };
            for hook in self.hooks {
                self.push(hook.clone(), &at, harmless);
            }
        }
        if at.depth < DEPTH_LIMIT && scripts::may_call(&command.words) {
            self.followed += 1;
            if self.followed > FOLLOWED_LIMIT {
                self.gap(format!("more than {FOLLOWED_LIMIT} commands call scripts"));
                return fails;
            }
            let mut failed = false;
            let called = scripts::called(&command.words, self.texts);
            let is_elsewhere = called.is_empty() && scripts::is_task(&command.words);
            if let Some(folder) = at.folder.as_ref().filter(|_| is_elsewhere) {
                self.gap(format!("{} runs a task of {folder}, which was not read", at.place));
            }
            // What a target needs stands behind it, and is made first.
            for called in called.into_iter().rev() {
                // What is called is looked for at the root; elsewhere it may be another file.
                let elsewhere = at.folder.is_some().then_some("it is called in a folder of its own");
                let place = called.place;
                let script = match called.script {
                    Ok(script) => script,
                    Err(why) => {
                        self.gap(format!("{} calls {place}, which {why}", at.place));
                        continue;
                    }
                };
                is_read = true;
                let place = format!("{} ({place})", at.place);
                let behind = failed.then_some(FAILED);
                let doubt = at.doubt.or(called.doubt).or(elsewhere).or(behind);
                let harmless = harmless.or(called.harmless);
                let at = At { place, harmless, doubt, depth: at.depth + 1, ..at.clone() };
                // Sessions have environments of their own.
                let outside = called.is_apart.then(|| self.prepared.clone());
                if called.is_apart {
                    self.prepared.enter_session();
                }
                failed |= self.called(&script, called.way, &at);
                fails |= failed && harmless.is_none();
                if let Some(outside) = outside {
                    self.prepared = outside;
                }
            }
        }
        let count = self.runs.all.len();
        let call = Call::Command(command.words);
        if let Some(way) = ways::unfollowed(&call, self.texts, is_read) {
            self.gap(format!("{} runs {way}", at.place));
        }
        self.push(call, at, harmless);
        // What it runs was looked through.
        if is_read {
            self.runs.all[count..].iter_mut().for_each(|run| run.may_scan = None);
        }
        fails && at.doubt.is_none()
    }

    /// A script that stands elsewhere, as what calls it runs it: whether it fails in any case.
    pub(super) fn called(&mut self, script: &str, way: scripts::Way, at: &At<'_>) -> bool {
        let options = match way {
            scripts::Way::Lines => Options { errexit: false, pipefail: false },
            scripts::Way::Whole(options) => return self.script(script, options, at),
        };
        // A line ends with a failure, or the next one is run by a shell of its own.
        let mut failed = false;
        for line in script.replace("\\\n", " ").lines() {
            let doubt = at.doubt.or_else(|| failed.then_some(FAILED));
            failed |= self.script(line, options, &At { doubt, ..at.clone() });
        }
        failed
    }
}
