//! Addresses that are not what they look like.

use super::{Project, attacks::said};

#[test]
fn an_address_that_looks_like_another_is_never_confirmed() {
    let with = |address: &str| said(Project::with_policy(&format!("Report to {address}")), "contact");
    assert_eq!(
        with("security@wid\u{0433}et.org"),
        "fail: security@wid\u{0433}et.org has letters of several scripts in one name, such as \u{0433} (U+0433): it looks \
         like another address"
    );
    assert_eq!(
        with("security@xn--wiget-c5a.org"),
        "undetermined: security@xn--wiget-c5a.org has a name in Punycode (xn--), which is shown as other letters; compare \
         it with what was meant"
    );
    for (address, code) in [("sec\u{202e}urity@widget.org", "202E"), ("security@wid\u{200b}get.org", "200B")]
    {
        let shown = crate::text::clean(address);
        assert_eq!(
            with(address),
            format!(
                "fail: {shown} has a character that does not show (U+{code}): it is another address than it looks"
            )
        );
    }
    assert_eq!(
        with("1+a@users.noreply.github.com"),
        "fail: 1+a@users.noreply.github.com is an address that nobody reads"
    );
    assert_eq!(
        with("security@widget.org\u{200b}"),
        "pass: security@widget.org is well formed; whether anybody reads it was not looked at"
    );
    assert_eq!(
        with("security@widget.org"),
        "pass: security@widget.org is well formed; whether anybody reads it was not looked at"
    );
}

#[test]
fn a_link_writes_to_the_address_that_it_shows() {
    let with = |link: &str| Project::with_policy(&format!("Report to {link}")).says("contact");
    let told = with("[security@widget.org](mailto:evil@elsewhere.net)");
    assert!(
        told[0].starts_with("fail ")
            && told[0]
                .ends_with("the text shows security@widget.org, and the link writes to evil@elsewhere.net"),
        "{told:?}"
    );
    for other in [
        "[security@widget.org](mailto:security@widget.org?bcc=evil@elsewhere.net)",
        "[![security@widget.org](SECURITY.md)](mailto:evil@elsewhere.net)",
        "us.\n\n## Mail to [security@widget.org](mailto:evil%40elsewhere.net)",
        "<a href=\"mailto:evil@elsewhere.net\">security@widget.org</a>",
        "[security@widget.org](Mailto:evil@elsewhere.net)",
    ] {
        assert!(
            with(other)[0].ends_with("and the link writes to evil@elsewhere.net"),
            "{other}: {:?}",
            with(other)
        );
    }
    for near in [
        "<a href=\"mailto:security@widget.org\">security@widget.org</a>",
        "[security@widget.org](mailto:Security@widget.org?subject=x)",
        "[write to us](mailto:security@widget.org)",
        "**[security@widget.org](mailto:security@widget.org)**",
    ] {
        let told = with(near);
        assert!(told.len() == 1 && told[0].starts_with("pass "), "{near}: {told:?}");
    }
}
