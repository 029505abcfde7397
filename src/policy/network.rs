//! How long the network may take, where a policy says so.
//!
//! The rule that must not be broken: there is an end to every wait, whatever a policy says. Each limit may be raised, and
//! none may be taken away.

use serde::Deserialize;

/// How long the network may take, in seconds; what is not said is as always.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct NetworkLimits {
    /// For everything that one run asks.
    pub whole_run: Option<u64>,
    /// For one request other than for a file.
    pub request: Option<u64>,
    /// For the next bytes of an answer.
    pub read: Option<u64>,
}

/// The longest run, in seconds.
const WHOLE_RUN: u64 = 24 * 3600;
/// The longest request.
const REQUEST: u64 = 3600;
/// The longest pause between two bytes.
const READ: u64 = 600;

/// The same as a policy says it.
#[derive(Deserialize, Default)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub(super) struct Section {
    whole_run: Option<u64>,
    request: Option<u64>,
    read: Option<u64>,
}

impl Section {
    /// The limits; or which is none, and why.
    pub(super) fn read(&self) -> Result<NetworkLimits, (&'static str, String)> {
        let one = |name: &'static str, said: Option<u64>, most: u64| match said {
            Some(said) if !(1..=most).contains(&said) => {
                Err((name, format!("network: {name} is a number of seconds from 1 to {most}")))
            }
            said => Ok(said),
        };
        Ok(NetworkLimits {
            whole_run: one("whole-run", self.whole_run, WHOLE_RUN)?,
            request: one("request", self.request, REQUEST)?,
            read: one("read", self.read, READ)?,
        })
    }
}

#[cfg(test)]
mod tests {
    use crate::policy::Policy;

    #[test]
    fn a_limit_may_be_lowered_and_raised_and_not_taken_away() {
        let limits = |text: &str| Policy::parse("p.toml", text).map(|policy| policy.network);
        let said = limits("[network]\nwhole-run = 3600\nrequest = 1\nread = 600\n").unwrap();
        assert_eq!((said.whole_run, said.request, said.read), (Some(3600), Some(1), Some(600)));
        let none = limits("").unwrap();
        assert_eq!((none.whole_run, none.request, none.read), (None, None, None));
        for (bad, says) in [
            ("whole-run = 0", "whole-run is a number of seconds from 1 to 86400"),
            ("whole-run = 86401", "whole-run is a number of seconds from 1 to 86400"),
            ("request = 3601", "request is a number of seconds from 1 to 3600"),
            ("read = 601", "read is a number of seconds from 1 to 600"),
            ("read = -1", "-1"),
            ("read = \"20s\"", "string"),
            ("deadline = 20", "deadline"),
        ] {
            let error = limits(&format!("\n[network]\n{bad}\n")).unwrap_err();
            assert!(error.to_string().contains(says), "{bad}: {error}");
        }
        let component = limits("[component.sdk.network]\nread = 5\n").unwrap_err().to_string();
        assert!(component.contains("cannot be overridden"), "{component}");
    }
}
