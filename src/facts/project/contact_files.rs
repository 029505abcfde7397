//! `security.txt` (RFC 9116) and `security-insights.yml` (schema 2).
//!
//! The rule that must not be broken: a signature around a `security.txt` is not looked at, and said to be there.

use crate::advisories::locks::notation;
use jiff::Timestamp;
use serde_json::Value;

/// Whether a `security.txt` lies where a site may be built from: at the root, in `.well-known`, or below a folder of one.
/// That of a test, or of an example, is nobody's.
#[must_use]
pub fn may_be_served(path: &str) -> bool {
    const SITES: [&str; 15] = [
        "public", "static", "docs", "doc", "site", "www", "web", "website", "html", "htdocs", "webroot",
        "wwwroot", "assets", "frontend", "content",
    ];
    const OTHERS: [&str; 12] = [
        "test",
        "tests",
        "__tests__",
        "testdata",
        "test-data",
        "fixture",
        "fixtures",
        "spec",
        "example",
        "examples",
        "e2e",
        "node_modules",
    ];
    let lower = path.to_ascii_lowercase();
    let folders: Vec<&str> = lower.split('/').rev().skip(1).filter(|name| *name != ".well-known").collect();
    folders.is_empty()
        || folders.iter().any(|name| SITES.contains(name))
            && !folders.iter().any(|name| OTHERS.contains(name))
}

/// Most fields of a `security.txt`.
const FIELDS_LIMIT: usize = 1000;

/// What a `security.txt` says.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct SecurityTxt {
    /// Every contact, the preferred first (2.5.3).
    pub contacts: Vec<String>,
    /// When it expires, as written (2.5.5); exactly one is asked for.
    pub expires: Vec<String>,
    /// Where the policy is (2.5.7).
    pub policies: Vec<String>,
    /// Whether it is in a cleartext signature (2.3).
    pub is_signed: bool,
}

impl SecurityTxt {
    /// Reads one. A line that is no field is passed over, as 2.4 has it of unknown ones.
    #[must_use]
    pub fn read(text: &str) -> Self {
        let mut read = Self::default();
        for line in text.lines().take(FIELDS_LIMIT) {
            if line.starts_with("-----BEGIN PGP SIGNED MESSAGE-----") {
                read.is_signed = true;
            }
            if line.starts_with("-----BEGIN PGP SIGNATURE-----") {
                break;
            }
            let Some((name, value)) = line.split_once(':').filter(|_| !line.starts_with('#')) else {
                continue;
            };
            let value = value.trim().to_owned();
            match name.trim().to_ascii_lowercase().as_str() {
                "contact" => read.contacts.push(value),
                "expires" => read.expires.push(value),
                "policy" => read.policies.push(value),
                _ => {}
            }
        }
        read
    }

    /// What is wrong with its addresses: each has to be a URI, and one of the web `https` (2.5.3, 2.5.7).
    #[must_use]
    pub fn faults(&self) -> Vec<String> {
        let contacts = self.contacts.iter().map(|value| ("Contact", "2.5.3", value));
        let all = contacts.chain(self.policies.iter().map(|value| ("Policy", "2.5.7", value)));
        all.filter_map(|(field, section, value)| {
            let why = match () {
                () if !is_uri(value) => "is no URI, as",
                () if value.to_ascii_lowercase().starts_with("http:") => "does not begin with https, as",
                () => return None,
            };
            let value = crate::text::clean(value).into_owned();
            Some(format!("gives the {field} {value}, which {why} RFC 9116 ({section}) requires"))
        })
        .collect()
    }

    /// The repository of another owner on the same forge as `own` (`host/owner/name`) whose policy is named.
    #[must_use]
    pub fn policy_of_another(&self, own: &str) -> Option<String> {
        let own = own.to_lowercase();
        let (host, path) = own.split_once('/')?;
        let owner = path.split('/').next()?;
        self.policies.iter().find_map(|policy| {
            let policy = policy.to_lowercase();
            let path = policy.strip_prefix("https://")?.strip_prefix(host)?.strip_prefix('/')?;
            let mut segments = path.split('/');
            let (named, name) = (segments.next()?, segments.next()?);
            (named != owner).then(|| format!("{named}/{name}"))
        })
    }

    /// The one moment at which it expires.
    ///
    /// # Errors
    /// What is wrong with the field.
    pub fn expires(&self) -> Result<Timestamp, String> {
        match self.expires.as_slice() {
            [] => Err("has no Expires, which RFC 9116 (2.5.5) requires".to_owned()),
            [one] => one.to_uppercase().parse().map_err(|_| {
                format!("expires at `{}`, which is no date and time of RFC 3339", crate::text::clean(one))
            }),
            _ => Err("has Expires more than once".to_owned()),
        }
    }
}

/// What a `security-insights.yml` says. <https://github.com/ossf/security-insights-spec>
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Insights {
    /// The version of its schema.
    pub schema: String,
    /// When it was reviewed last, as written.
    pub last_reviewed: Option<String>,
    /// Whether reports are accepted, where it says.
    pub reports_accepted: Option<bool>,
    /// The address for reports.
    pub contact: Option<String>,
    /// Where the policy is.
    pub policy: Option<String>,
    /// The address of the repository that it is of.
    pub repository: Option<String>,
    /// The names of the tools.
    pub tools: Vec<String>,
}

impl Insights {
    /// Reads one.
    ///
    /// # Errors
    /// Why it cannot be read, in words that follow its path.
    pub fn read(text: &str) -> Result<Self, String> {
        let document = notation::settings(text.as_bytes()).map_err(|fault| fault.to_string())?;
        let at = |path: &[&str]| path.iter().try_fold(&document, |value, key| value.get(*key));
        let string = |path: &[&str]| at(path).and_then(Value::as_str).map(str::to_owned);
        let schema = string(&["header", "schema-version"]).ok_or("has no header with a schema-version")?;
        if !schema.starts_with("2.") {
            return Err(format!("has schema {}; known is 2.x", crate::text::clean(&schema)));
        }
        let reporting = ["project", "vulnerability-reporting"];
        let inner = |key: &'static str| [reporting[0], reporting[1], key];
        let tools = at(&["repository", "security", "tools"]).and_then(Value::as_array).into_iter().flatten();
        Ok(Self {
            last_reviewed: string(&["header", "last-reviewed"]),
            reports_accepted: at(&inner("reports-accepted")).and_then(Value::as_bool),
            contact: at(&inner("contact"))
                .and_then(|it| it.get("email"))
                .and_then(Value::as_str)
                .map(str::to_owned),
            policy: string(&inner("policy")).or_else(|| string(&inner("security-policy"))),
            repository: string(&["repository", "url"]),
            tools: tools.filter_map(|tool| tool.get("name")?.as_str()).map(str::to_owned).collect(),
            schema,
        })
    }
}

impl Insights {
    /// The repository on the same forge as `own` (`host/owner/name`) that it is of, where that is another.
    #[must_use]
    pub fn of_another(&self, own: &str) -> Option<String> {
        let own = own.to_lowercase();
        let named = self.repository.as_deref()?.to_lowercase();
        let named = named.strip_prefix("https://")?.trim_end_matches('/').trim_end_matches(".git").to_owned();
        let host = |name: &str| name.split('/').next().map(str::to_owned);
        (host(&named) == host(&own) && named != own).then_some(named)
    }
}

/// Whether a text has the form of a URI (RFC 3986, 3).
fn is_uri(text: &str) -> bool {
    let Some((scheme, rest)) = text.split_once(':') else { return false };
    let is_scheme = scheme.starts_with(|c: char| c.is_ascii_alphabetic())
        && scheme.chars().all(|c| c.is_ascii_alphanumeric() || "+-.".contains(c));
    is_scheme && !rest.is_empty() && !rest.contains(char::is_whitespace)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_of_a_test_is_served_by_nobody() {
        for served in [
            "security.txt",
            ".well-known/security.txt",
            "public/.well-known/security.txt",
            "docs/static/.well-known/security.txt",
            "apps/web/public/.well-known/security.txt",
        ] {
            assert!(may_be_served(served), "{served}");
        }
        for other in [
            "tests/fixtures/.well-known/security.txt",
            "tests/public/.well-known/security.txt",
            "src/.well-known/security.txt",
            "examples/site/.well-known/security.txt",
        ] {
            assert!(!may_be_served(other), "{other}");
        }
    }

    #[test]
    fn the_fields_of_a_security_txt_are_read() {
        let text = "-----BEGIN PGP SIGNED MESSAGE-----\nHash: SHA256\n\n# Contact: no\nContact: mailto:a@b.example\n\
                    contact: https://b.example\nExpires: 2027-01-01T00:00:00z\nPolicy: https://b.example/p\n\
                    -----BEGIN PGP SIGNATURE-----\nExpires: 2030-01-01T00:00:00Z\n";
        let read = SecurityTxt::read(text);
        assert_eq!(read.contacts, ["mailto:a@b.example", "https://b.example"]);
        assert_eq!(read.expires().unwrap().to_string(), "2027-01-01T00:00:00Z");
        assert!(read.is_signed && read.policies.len() == 1 && read.faults().is_empty());
        let other = |policy: &str| {
            SecurityTxt::read(&format!("Policy: https://{policy}/security/policy\n"))
                .policy_of_another("github.com/acme/widget")
        };
        assert_eq!(other("github.com/evil/widget").as_deref(), Some("evil/widget"));
        for own in ["github.com/Acme/widget", "github.com/acme/.github", "acme.dev/evil"] {
            assert_eq!(other(own), None, "{own}");
        }
        assert!(SecurityTxt::read("Contact: tel:+1-201-555-0123\n").faults().is_empty());
        assert_eq!(
            SecurityTxt::read("Contact: a@b.example\nPolicy: http://b.example/p\n").faults(),
            [
                "gives the Contact a@b.example, which is no URI, as RFC 9116 (2.5.3) requires",
                "gives the Policy http://b.example/p, which does not begin with https, as RFC 9116 (2.5.7) requires"
            ]
        );
        let why = |text: &str| SecurityTxt::read(text).expires().unwrap_err();
        assert_eq!(why("Contact: x"), "has no Expires, which RFC 9116 (2.5.5) requires");
        assert_eq!(why("Expires: a\nExpires: b"), "has Expires more than once");
        assert_eq!(
            why("Expires: next year"),
            "expires at `next year`, which is no date and time of RFC 3339"
        );
    }

    #[test]
    fn insights_of_another_schema_are_not_read() {
        let text = "header: {schema-version: 2.0.0, last-reviewed: '2026-01-01'}\n\
                    project: {vulnerability-reporting: {reports-accepted: true, contact: {name: x, email: a@b.example}}}\n\
                    repository: {security: {tools: [{name: CodeQL}]}}\n";
        let read = Insights::read(text).unwrap();
        assert_eq!((read.reports_accepted, read.contact.as_deref()), (Some(true), Some("a@b.example")));
        assert_eq!(
            (read.tools.as_slice(), read.last_reviewed.as_deref()),
            (&["CodeQL".to_owned()][..], Some("2026-01-01"))
        );
        let of = |url: &str| {
            let text = format!("header: {{schema-version: 2.0.0}}\nrepository: {{url: '{url}'}}\n");
            Insights::read(&text).unwrap().of_another("forge.example/acme/Widget")
        };
        assert_eq!(of("https://forge.example/evil/widget").as_deref(), Some("forge.example/evil/widget"));
        assert_eq!(of("https://forge.example/Acme/widget.git"), None);
        assert_eq!(of("https://widget.example/"), None);
        assert_eq!(
            Insights::read("header: {schema-version: 1.0.0}").unwrap_err(),
            "has schema 1.0.0; known is 2.x"
        );
        assert_eq!(Insights::read("a: 1").unwrap_err(), "has no header with a schema-version");
    }
}
