//! What is known of the keys of each system's settings.
//!
//! The rule that must not be broken: a key stands on a list only where it changes nothing of what a job runs, of which
//! files, and whether it may fail. A key that stands on no list is a doubt.

use super::super::shells;
use serde_json::Value;

/// The keys of a system, between spaces; a star stands for the rest of a key, or its beginning.
pub(super) struct System {
    /// Those below which there are jobs or steps.
    containers: &'static str,
    /// Those below which each entry is a step, by its name.
    named: &'static str,
    /// Those with scripts.
    scripts: &'static str,
    /// Those with variables.
    environments: &'static str,
    /// Those that change nothing.
    harmless: &'static str,
}

/// What a key holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    Container,
    Named,
    Script,
    Environment,
    Harmless,
    Unknown,
}

/// What the keys of a job say of all that it runs.
#[derive(Default)]
pub(super) struct Effect {
    /// Whether it is never run.
    pub(super) is_never: bool,
    pub(super) harmless: Option<&'static str>,
    pub(super) doubt: Option<&'static str>,
    pub(super) folder: Option<String>,
}

const NONE: System = System { containers: "", named: "", scripts: "", environments: "", harmless: "" };

/// <https://learn.microsoft.com/en-us/azure/devops/pipelines/yaml-schema/>
const AZURE: System = System {
    containers: "stages jobs steps",
    scripts: "script bash",
    environments: "env variables",
    harmless: "name displayName stage job pool container services timeoutInMinutes cancelTimeoutInMinutes failOnStderr \
               retryCountOnTaskFailure task publish download artifact schedules resources",
    ..NONE
};

/// <https://docs.drone.io/pipeline/docker/syntax/>
const DRONE: System = System {
    containers: "steps",
    scripts: "commands",
    environments: "environment",
    harmless: "type name platform services volumes image pull privileged image_pull_secrets node settings mem_limit \
               concurrency",
    ..NONE
};

/// <https://woodpecker-ci.org/docs/usage/workflow-syntax>
const WOODPECKER: System = System {
    named: "steps pipeline",
    scripts: "commands",
    environments: "environment",
    harmless: "name image pull privileged secrets volumes services labels variables backend_options settings",
    ..NONE
};

/// <https://cirrus-ci.org/guide/writing-tasks/>
const CIRRUS: System = System {
    containers: "task *_task",
    scripts: "script *_script",
    environments: "env environment",
    harmless: "name alias container *_container *_instance *_cache *_artifacts timeout_in use_compute_credits \
               skip_notifications auto_cancellation persistent_worker",
    ..NONE
};

/// <https://buildkite.com/docs/pipelines/configure/step-types/command-step>
const BUILDKITE: System = System {
    containers: "steps",
    scripts: "command commands",
    environments: "env",
    harmless: "label name key id identifier group agents artifact_paths timeout_in_minutes retry priority parallelism \
               concurrency concurrency_group concurrency_method notify cancel_on_build_failing wait",
    ..NONE
};

/// <https://support.atlassian.com/bitbucket-cloud/docs/bitbucket-pipelines-configuration-reference/>
const BITBUCKET: System = System {
    containers: "step steps parallel stage",
    scripts: "script",
    harmless: "name image caches services artifacts size max-time runs-on after-script fail-fast oidc options",
    ..NONE
};

/// What is hidden in GitLab's, and AppVeyor's: all of it is a doubt anyway.
const OTHER: System = System {
    containers: "steps jobs",
    scripts: "script before_script after_script *_script run command commands bash sh cmd install before_install",
    harmless: "name image stage tags cache artifacts variables needs dependencies",
    ..NONE
};

impl System {
    /// The system whose settings stand at this path.
    pub(super) fn at(path: &str) -> &'static Self {
        match path {
            "azure-pipelines.yml" | ".azure-pipelines.yml" => &AZURE,
            ".drone.yml" => &DRONE,
            ".cirrus.yml" => &CIRRUS,
            ".buildkite/pipeline.yml" => &BUILDKITE,
            "bitbucket-pipelines.yml" => &BITBUCKET,
            _ if path.starts_with(".woodpecker") => &WOODPECKER,
            _ => &OTHER,
        }
    }

    pub(super) fn kind(&self, key: &str) -> Kind {
        match () {
            // What fetches the repository is replaced.
            () if key == "clone_script" => Kind::Unknown,
            () if lists(self.containers, key) => Kind::Container,
            () if lists(self.named, key) => Kind::Named,
            () if lists(self.scripts, key) => Kind::Script,
            () if lists(self.environments, key) => Kind::Environment,
            () if lists(self.harmless, key) => Kind::Harmless,
            () => Kind::Unknown,
        }
    }

    /// What the keys of a map say of everything that stands in it.
    pub(super) fn effect<'a>(&self, entries: impl Iterator<Item = (&'a String, &'a Value)>) -> Effect {
        let mut effect = Effect::default();
        for (key, value) in entries {
            let doubt = match self.kind(key) {
                Kind::Environment => environment(value),
                Kind::Unknown => by_value(key, value, &mut effect),
                Kind::Container | Kind::Named | Kind::Script | Kind::Harmless => None,
            };
            effect.doubt = effect.doubt.or(doubt);
        }
        effect
    }
}

/// What a key does whose value decides; a doubt where it is not understood.
fn by_value(key: &str, value: &Value, effect: &mut Effect) -> Option<&'static str> {
    let is_off = value == &Value::Bool(false);
    let text = value.as_str();
    match key {
        "allow_failure" | "allow_failures" => effect.harmless = (!is_off).then_some("`allow_failure`"),
        "continueOnError" => effect.harmless = (!is_off).then_some("`continueOnError`"),
        "soft_fail" => effect.harmless = (!is_off).then_some("`soft_fail`"),
        "failure" if text == Some("ignore") => effect.harmless = Some("`failure: ignore`"),
        "when" if text == Some("never") => effect.is_never = true,
        "enabled" if is_off => effect.is_never = true,
        "enabled" if value == &Value::Bool(true) => {}
        "kind" if text == Some("pipeline") => {}
        "checkout" if text == Some("self") => {}
        "workingDirectory" | "directory" if text.is_some() => effect.folder = text.map(str::to_owned),
        "clone" if is_depth(value) => {}
        "when" | "rules" | "only" | "except" | "if" | "condition" | "only_if" | "skip" | "branches"
        | "extends" | "inherit" => {
            return Some("rules decide whether the job runs");
        }
        _ => return Some("it has a key that relcheck does not know"),
    }
    None
}

/// Whether it is only said how much of the history is fetched.
fn is_depth(value: &Value) -> bool {
    value.as_object().is_some_and(|map| map.keys().all(|key| matches!(key.as_str(), "depth" | "lfs")))
}

/// Why one step may keep those beside it from doing what they say.
pub(super) fn beside(step: &Value) -> Option<&'static str> {
    let text = |key: &str| step.get(key).and_then(Value::as_str);
    if step.get("checkout").is_some() && text("checkout") != Some("self") {
        return Some("the repository is not checked out as it is");
    }
    let is_told = |key: &str| text(key).is_some_and(|script| script.contains("##vso["));
    if is_told("script") || is_told("bash") {
        return Some("a step beside it changes the environment");
    }
    let waits = step.get("block").is_some() || step.get("input").is_some();
    (waits || matches!(step.as_str(), Some("block" | "input"))).then_some("it may wait for somebody")
}

/// Why variables may change what is run: a map, a list of maps or assignments, or assignments in one line.
pub(super) fn environment(value: &Value) -> Option<&'static str> {
    const UNREAD: &str = "its environment has variables that were not read";
    match value {
        Value::Object(map) => map.iter().find_map(|(name, value)| match (name.as_str(), value) {
            ("secure" | "group" | "template", _) => Some(UNREAD),
            // Of Travis, and of Azure's lists.
            ("global" | "jobs" | "matrix", nested) => environment(nested),
            ("name", Value::String(name)) => shells::by_variable(name),
            _ => shells::by_variable(name),
        }),
        Value::Array(items) => items.iter().find_map(environment),
        Value::String(line) => {
            let names = line.split_whitespace().map(|word| word.split('=').next().unwrap_or(word));
            names.into_iter().find_map(shells::by_variable)
        }
        Value::Null | Value::Bool(_) | Value::Number(_) => None,
    }
}

/// Whether a list has the key; the beginning or the end of an entry may be a star.
pub(super) fn lists(list: &str, key: &str) -> bool {
    list.split_whitespace().any(|entry| match (entry.strip_prefix('*'), entry.strip_suffix('*')) {
        (Some(end), _) => key.ends_with(end),
        (None, Some(beginning)) => key.starts_with(beginning),
        (None, None) => entry == key,
    })
}
