//! How redirects are written, and in which variables tokens are.

use relcheck::release::Forge;

/// The statuses that redirect.
pub const STATUSES: [&str; 5] = [
    "301 Moved Permanently",
    "302 Found",
    "303 See Other",
    "307 Temporary Redirect",
    "308 Permanent Redirect",
];

/// Where a redirect leads: `{host}` is the one that redirects, `{n}` a name.
pub const SHAPES: [(&str, &str); 34] = [
    ("relative", "next-{n}"),
    ("relative, upwards", "../../next-{n}"),
    ("of this host", "/next-{n}"),
    ("absolute, same origin", "https://{host}/next-{n}"),
    ("absolute, its port", "https://{host}:443/next-{n}"),
    ("upper case", "HTTPS://{HOST}/next-{n}"),
    ("a part of the query", "?next={n}"),
    ("other port", "https://{host}:8443/next-{n}"),
    ("other host", "https://x.evil.example/next-{n}"),
    ("other host, which leads back", "https://x.evil.example/back-{n}"),
    ("other host without a scheme", "//x.evil.example/next-{n}"),
    ("a host below", "https://x.{host}/next-{n}"),
    ("a host above", "https://{host}.evil.example/next-{n}"),
    ("a host that begins alike", "https://{host}-evil.example/next-{n}"),
    ("a host that ends alike", "https://evil-{host}/next-{n}"),
    ("a dot behind the host", "https://{host}./next-{n}"),
    ("plain http", "http://{host}/next-{n}"),
    ("plain http elsewhere", "http://x.evil.example/next-{n}"),
    ("another scheme", "ftp://{host}/next-{n}"),
    ("data", "data:application/json,{}"),
    ("with a password", "https://user:pass@{host}/next-{n}"),
    ("the host as a user", "https://{host}@x.evil.example/next-{n}"),
    ("the host as a user and password", "https://{host}:443@x.evil.example/next-{n}"),
    ("the host in a fragment", "https://x.evil.example#@{host}/next-{n}"),
    ("the host in a query", "https://x.evil.example?@{host}/next-{n}"),
    ("the host in a path", "https://x.evil.example/{host}/next-{n}"),
    ("backslashes", "https:\\\\x.evil.example\\next-{n}"),
    ("a slash and a backslash", "/\\x.evil.example/next-{n}"),
    ("one slash", "https:/x.evil.example/next-{n}"),
    ("no slash", "https:x.evil.example/next-{n}"),
    ("a backslash before an at", "https://x.evil.example\\@{host}/next-{n}"),
    ("an escaped host", "https://%78.evil.example/next-{n}"),
    ("punycode", "https://xn--ithub-qmc.com/next-{n}"),
    ("letters that look alike", "https://g\u{131}thub.com/next-{n}"),
];

/// A variable that holds a token, and others that say what it is for.
pub struct Variable {
    /// Its name.
    pub name: &'static str,
    /// The forge that is asked.
    pub kind: Forge,
    /// The others.
    pub besides: &'static [(&'static str, &'static str)],
}

const fn variable(
    name: &'static str,
    kind: Forge,
    besides: &'static [(&'static str, &'static str)],
) -> Variable {
    Variable { name, kind, besides }
}

/// Every variable with each forge that it is sent to.
pub const VARIABLES: [Variable; 12] = [
    variable("RELCHECK_TOKEN", Forge::Github, &[]),
    variable("GITHUB_TOKEN", Forge::Github, &[]),
    variable("GH_TOKEN", Forge::Github, &[]),
    variable("RELCHECK_TOKEN", Forge::Gitlab, &[]),
    variable("GITLAB_TOKEN", Forge::Gitlab, &[]),
    variable("GITLAB_TOKEN", Forge::Gitlab, &[("GITLAB_HOST", "gitlab.com")]),
    variable("CI_JOB_TOKEN", Forge::Gitlab, &[("CI_SERVER_HOST", "gitlab.com")]),
    variable("RELCHECK_TOKEN", Forge::Forgejo, &[]),
    variable("GITEA_TOKEN", Forge::Forgejo, &[("GITEA_SERVER_URL", "https://codeberg.org")]),
    variable("RELCHECK_TOKEN", Forge::Gitea, &[]),
    variable("GITEA_TOKEN", Forge::Gitea, &[("GITEA_SERVER_URL", "https://git.example")]),
    variable("GITEA_TOKEN", Forge::Gitea, &[("GITEA_SERVER_URL", "git.example")]),
];

/// Every variable that may hold a token: the others are set too, each with a canary of its own.
pub const ALL: [&str; 7] = [
    "RELCHECK_TOKEN",
    "GITHUB_TOKEN",
    "GH_TOKEN",
    "GH_ENTERPRISE_TOKEN",
    "GITLAB_TOKEN",
    "CI_JOB_TOKEN",
    "GITEA_TOKEN",
];
