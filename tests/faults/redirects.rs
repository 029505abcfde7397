//! Redirects that lead nowhere, or where nobody may be led.

use crate::behaviours::{Behaviour, say};
use crate::http::Http;
use crate::server::Step;

const UNFOLLOWED: &[&str] = &["which is not followed: it is not https", "a question is not sent on"];
const INSIDE: &[&str] = &["which is not followed: its address is not public", "a question is not sent on"];
fn to(line: &str, place: &str) -> Vec<Step> {
    say(Http::status(line).with("Location", place))
}

/// Redirects that lead nowhere, or where nobody may be led.
pub fn redirects() -> Vec<Behaviour> {
    const MANY: &[&str] = &["it is one redirect too many", "a question is not sent on"];
    const NOBODY: &[&str] = &["answered 404", "a question is not sent on"];
    vec![
        Behaviour::of("redirect to itself", |asked, _| to("302 Found", &asked.url()), MANY),
        Behaviour::of(
            "redirects without end",
            |asked, _| {
                to(
                    "307 Temporary Redirect",
                    &format!("{}{}x=1", asked.path, if asked.path.contains('?') { '&' } else { '?' }),
                )
            },
            MANY,
        ),
        Behaviour::of(
            "https to http",
            |asked, _| to("301 Moved Permanently", &format!("http://{}{}", asked.host, asked.path)),
            UNFOLLOWED,
        ),
        Behaviour::of("redirect to ftp", |_, _| to("302 Found", "ftp://github.com/x"), UNFOLLOWED),
        Behaviour::of("redirect to file", |_, _| to("302 Found", "file:///etc/passwd"), UNFOLLOWED),
        Behaviour::of("redirect to data", |_, _| to("302 Found", "data:application/json,{}"), UNFOLLOWED),
        Behaviour::of("redirect to a private address", |_, _| to("302 Found", "https://10.0.0.1/x"), INSIDE),
        Behaviour::of(
            "redirect to loopback",
            |_, _| to("302 Found", "https://127.0.0.1/x"),
            &["which is not followed"],
        ),
        Behaviour::of(
            "redirect to the proxy",
            |_, _| to("302 Found", "https://127.0.0.1:1/x"),
            &["which is not followed"],
        ),
        Behaviour::of(
            "redirect to link-local",
            |_, _| to("303 See Other", "https://169.254.169.254/latest/meta-data"),
            INSIDE,
        ),
        Behaviour::of("redirect to [::1]", |_, _| to("308 Permanent Redirect", "https://[::1]/x"), INSIDE),
        Behaviour::of(
            "redirect to 10.0.0.1 within IPv6",
            |_, _| to("302 Found", "https://[::ffff:10.0.0.1]/x"),
            INSIDE,
        ),
        Behaviour::of("redirect to a number", |_, _| to("302 Found", "https://2852039166/x"), INSIDE),
        Behaviour::of(
            "redirect to 0x7f.1",
            |_, _| to("302 Found", "https://0x7f.1/x"),
            &["which is not followed"],
        ),
        Behaviour::of("redirect to another host", |_, _| to("302 Found", "https://x.evil.example/x"), NOBODY),
        Behaviour::of(
            "redirect with a password",
            |asked, _| to("302 Found", &format!("https://user:pass@{}/x", asked.host)),
            &["it holds a password", "a question is not sent on"],
        ),
        Behaviour::of(
            "redirect without a place",
            |_, _| say(Http::status("302 Found")),
            &["answered 302", "a question is not sent on"],
        ),
        Behaviour::of(
            "redirect to no URL",
            |_, _| to("302 Found", "https://[nowhere"),
            &["it is not a URL", "a question is not sent on"],
        ),
    ]
}
