//! Manifests that are programs or XML, looked through for what asks for a package. What is found is a count and names
//! for a report; nothing passes because nothing was found here where a lock file is.

use super::Wanted;

/// What is found in a program. One of anything but comments in which nothing is found may ask for anything.
pub(super) fn of_program(text: &str, comment: &str, find: impl Fn(&str) -> Vec<Wanted>) -> Vec<Wanted> {
    let wanted = find(text);
    let is_code = |line: &str| !line.is_empty() && !line.starts_with(comment);
    if wanted.is_empty() && text.lines().map(str::trim).any(is_code) {
        return vec![unknown("(what it works out when it is run)")];
    }
    wanted
}

/// `gem "name", "version"` of a `Gemfile`, wherever it stands in a line, and `gemspec`, whose file is a program too. What
/// asks for a gem whose name is worked out is one that is not known.
pub(super) fn gemfile(text: &str) -> Vec<Wanted> {
    let mut wanted = Vec::new();
    for line in text.lines().map(str::trim).filter(|line| !line.starts_with('#')) {
        if line.starts_with("gemspec") {
            wanted.push(unknown("(what the gemspec asks for)"));
        }
        for (at, _) in line.match_indices("gem") {
            let is_begin = !line[..at].ends_with(|c: char| is_of_atom(&c) || ".:\"'-/".contains(c));
            let arguments = line[at + 3..].trim_start().trim_start_matches('(').trim_start();
            if is_begin && arguments.starts_with(['"', '\'']) {
                let command = arguments.split(';').next().unwrap_or(arguments);
                let mut strings = strings(command);
                let name = strings.next().unwrap_or_default();
                wanted.push(Wanted::new(name, strings.next().unwrap_or_default()));
            }
        }
    }
    wanted
}

/// The ends of the names of Gradle's configurations.
const CONFIGURATIONS: [&str; 7] =
    ["api", "classpath", "compile", "compileonly", "implementation", "runtime", "runtimeonly"];

/// Whether a line asks for packages as archives in a folder, which no lock file lists.
fn asks_for_archives(line: &str) -> bool {
    let is_of_configuration = |(at, _): (usize, &str)| {
        let before = line[..at].trim_end_matches("project.").trim_end_matches([' ', '(']);
        let name = before.rsplit(|c: char| !is_of_atom(&c)).next().unwrap_or_default().to_ascii_lowercase();
        CONFIGURATIONS.iter().any(|end| name.ends_with(end))
    };
    let mut folders = ["files(", "fileTree("].into_iter().flat_map(|it| line.match_indices(it));
    [".jar", ".aar", ".war"].iter().any(|it| line.contains(it)) && folders.any(is_of_configuration)
}

/// The notations `"group:name:version"` and `libs.name` in the configurations of a Gradle build, and archives in folders.
pub(super) fn gradle(text: &str) -> Vec<Wanted> {
    let mut wanted = Vec::new();
    for line in text.lines().map(str::trim).filter(|line| !line.starts_with("//")) {
        for string in strings(line) {
            let parts: Vec<&str> = string.split(':').collect();
            let is_artifact = matches!(parts.len(), 2..=4)
                && parts.iter().take(2).all(|it| !it.is_empty() && !it.contains(['/', ' ']))
                && (parts[0].contains('.') || parts.get(2).is_some_and(|it| is_version_like(it)));
            if is_artifact {
                let version = parts.get(2).copied().unwrap_or_default();
                wanted.push(Wanted::new(format!("{}:{}", parts[0], parts[1]), version));
            }
        }
        wanted.extend(of_map(line));
        if asks_for_archives(line) {
            wanted.push(Wanted::new(format!("({line})"), ""));
        }
        let of_catalog =
            line.split(['(', ' ']).find(|it| it.starts_with("libs.") && !it.starts_with("libs.versions"));
        if let Some(name) = of_catalog {
            wanted.push(unknown(name.trim_end_matches(')')));
        }
    }
    wanted
}

/// Whether a text may be a version of an artifact, or a variable that holds one.
fn is_version_like(text: &str) -> bool {
    text.starts_with(|c: char| c.is_ascii_digit() || "$[+".contains(c)) || text.starts_with("latest.")
}

/// The notation `group: "g", name: "a", version: "1"`, in which Kotlin has `=` for `:`.
fn of_map(line: &str) -> Option<Wanted> {
    let value = |key: &str| {
        line.match_indices(key).find_map(|(at, _)| {
            let is_begin = !line[..at].ends_with(|c: char| is_of_atom(&c) || c == '.');
            let value = line[at + key.len()..].trim_start().strip_prefix([':', '='])?.trim_start();
            strings(value).next().filter(|_| is_begin && value.starts_with(['"', '\'']))
        })
    };
    let (group, name) = (value("group")?, value("name")?);
    Some(Wanted::new(format!("{group}:{name}"), value("version").unwrap_or_default()))
}

/// `<dependency>` of a `pom.xml`, what it inherits, and what it cannot be seen to hold. Maven has no lock file.
pub(super) fn pom(text: &str) -> Vec<Wanted> {
    let dependencies = text.split("<dependency>").skip(1);
    let mut wanted: Vec<Wanted> = dependencies
        .map(|rest| {
            let rest = rest.split("</dependency>").next().unwrap_or(rest);
            let part = |name: &str| {
                let inside = rest.split_once(&format!("<{name}>")).map_or("", |(_, after)| after);
                inside.split('<').next().unwrap_or_default().trim().to_owned()
            };
            Wanted::new(format!("{}:{}", part("groupId"), part("artifactId")), part("version"))
        })
        .collect();
    let mut tags = text.split('<').skip(1).map(|tag| {
        let end = tag.find(|c: char| c.is_whitespace() || matches!(c, '>' | '/')).unwrap_or(tag.len());
        (tag[..end].rsplit(':').next().unwrap_or_default(), tag)
    });
    if tags.clone().any(|(name, _)| name == "parent") {
        wanted.push(unknown("(what its parent asks for)"));
    }
    if tags.clone().any(|(name, tag)| name == "dependency" && !tag.starts_with("dependency>")) {
        wanted.push(unknown("(a dependency that is written in another way)"));
    }
    if tags.any(|(name, _)| name.starts_with("!DOCTYPE") || name.starts_with("!ENTITY")) {
        wanted.push(unknown("(what its entities stand for)"));
    }
    wanted
}

/// `{:name, "requirement"}` of a `mix.exs`, and `name: "requirement"`, which means the same.
pub(super) fn mix(text: &str) -> Vec<Wanted> {
    let tuples = text.split('{').skip(1).filter_map(of_tuple);
    tuples.chain(text.lines().filter_map(of_keyword)).collect()
}

/// One tuple, behind its bracket. What is in a folder or is another application of the same project is in no lock file;
/// what is in a repository is there by its name.
fn of_tuple(rest: &str) -> Option<Wanted> {
    let quoted = rest.trim_start().strip_prefix(':')?;
    let rest = quoted.strip_prefix('"').unwrap_or(quoted);
    let name: String = rest.chars().take_while(is_of_atom).collect();
    let after = rest[name.len()..].trim_start_matches('"').trim_start().strip_prefix(',')?.trim_start();
    let requirement = after.strip_prefix('"').and_then(|it| it.split('"').next());
    let tuple = rest.split('}').next().unwrap_or(rest);
    // A package may have another name than what it is called here; the lock file has the package's.
    let package = tuple.split_once("hex: :");
    let package = package.map(|(_, it)| it.chars().take_while(is_of_atom).collect::<String>());
    let package = package.filter(|it| !it.is_empty());
    let is_listed = requirement.is_some() || ["git:", "github:"].iter().any(|it| tuple.contains(it));
    let wanted = Wanted::new(package.unwrap_or_else(|| name.clone()), requirement.unwrap_or_default());
    (!name.is_empty()).then_some(Wanted { is_listed, ..wanted })
}

/// A dependency as a key with its requirement. Other settings have such values only under names of their own.
fn of_keyword(line: &str) -> Option<Wanted> {
    let line = line.trim().trim_start_matches(['[', ' ']);
    let (name, value) = line.split_once(": \"")?;
    let is_requirement = ["~>", ">=", "<=", "==", ">", "<"].iter().any(|it| value.starts_with(it));
    let is_name = !name.is_empty() && name.chars().all(|c| is_of_atom(&c));
    (is_requirement && is_name && name != "elixir")
        .then(|| Wanted::new(name, value.split('"').next().unwrap_or_default()))
}

fn is_of_atom(c: &char) -> bool {
    c.is_ascii_alphanumeric() || *c == '_'
}

/// `<PackageReference Include="Name" Version="1.0.0" />` of a project file, and other files that it takes up.
pub(super) fn project(text: &str) -> Vec<Wanted> {
    let elements = |name: &'static str| {
        text.split(name).skip(1).map(|rest| rest.split('>').next().unwrap_or(rest)).filter(|rest| {
            let after = rest.chars().next();
            after.is_none_or(|c| c.is_whitespace() || c == '/')
        })
    };
    let references = elements("<PackageReference").chain(elements("<GlobalPackageReference"));
    let mut wanted: Vec<Wanted> = references
        .filter_map(|rest| {
            let name = attribute(rest, "Include").or_else(|| attribute(rest, "Update"))?;
            Some(Wanted::new(name.to_lowercase(), attribute(rest, "Version").unwrap_or_default()))
        })
        .collect();
    let is_of_tools = |file: &str| OF_TOOLS.iter().any(|it| file.starts_with(it));
    for import in elements("<Import").filter(|rest| attribute(rest, "Sdk").is_none()) {
        let file = attribute(import, "Project").unwrap_or_default();
        if !is_of_tools(file) {
            wanted.push(unknown(&format!("(what {file} asks for)")));
        }
    }
    wanted
}

/// What a project of .NET may be called by those that refer to it: after its file, or as it says itself.
pub(in crate::advisories::locks) fn dotnet_names(file_name: &str, text: &str) -> Vec<String> {
    let Some(stem) = super::project_of(file_name) else { return Vec::new() };
    let mut names = vec![stem.to_owned()];
    for element in ["<AssemblyName>", "<PackageId>"] {
        let values = text.split(element).skip(1).filter_map(|rest| rest.split('<').next());
        names.extend(values.map(|name| name.trim().replace("$(MSBuildProjectName)", stem)));
    }
    names
}

/// What the files that a project takes up from its build tools begin with, and the way to the file that every project
/// takes up, which is read itself.
const OF_TOOLS: [&str; 5] = [
    "$(MSBuildToolsPath)",
    "$(MSBuildExtensionsPath",
    "$(MSBuildBinPath)",
    "$(VSToolsPath)",
    "$([MSBuild]::GetPathOfFileAbove(",
];

/// The value of an attribute of an element.
fn attribute<'e>(element: &'e str, name: &str) -> Option<&'e str> {
    element.match_indices(name).find_map(|(at, _)| {
        let is_begin = element[..at].ends_with(char::is_whitespace);
        let value = element[at + name.len()..].trim_start().strip_prefix('=')?;
        strings(value).next().filter(|_| is_begin)
    })
}

/// One that no lock file lists under this name.
fn unknown(name: &str) -> Wanted {
    Wanted { is_listed: false, ..Wanted::new(name, "") }
}

/// The strings of a line, in either kind of quotes.
fn strings(line: &str) -> impl Iterator<Item = &str> {
    let mut rest = line;
    std::iter::from_fn(move || {
        let start = rest.find(['"', '\''])?;
        let quote = rest[start..].chars().next()?;
        let inside = &rest[start + 1..];
        let end = inside.find(quote)?;
        rest = &inside[end + 1..];
        Some(&inside[..end])
    })
}
