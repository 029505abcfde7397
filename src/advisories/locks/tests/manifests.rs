//! Manifests that are programs, or take up what other files say, without a lock file.

use super::{kept, together::unlocked};

/// Why the lock files do not speak of what a manifest alone asks for.
fn alone(path: &str, text: &str) -> Vec<String> {
    unlocked(&[(path, text)])
}

#[test]
fn a_program_in_which_nothing_is_recognised_may_ask_for_anything() {
    for (path, text) in [
        ("build.gradle.kts", "apply(from = \"deps.gradle.kts\")\n"),
        ("Gemfile", "%w[rack rails].each { |n| gem n }\n"),
        ("gems.rb", "eval_gemfile \"deps.rb\"\n"),
        ("mix.exs", "def project, do: [deps: [plug: \"1.0.0\"]]\n"),
        ("mix.exs", "Code.eval_file(\"deps.exs\")\n"),
    ] {
        let why = format!(
            "{path} asks for 1 dependency that no lock file pins: (what it works out when it is run)"
        );
        assert_eq!(alone(path, text), [why], "{text}");
    }
    for (path, text) in [("Gemfile", ""), ("Gemfile", "\n  # nothing\n"), ("build.gradle", "// nothing\n")] {
        assert_eq!(alone(path, text), Vec::<String>::new(), "{text}");
    }
    let (_, lock) = kept!("gradle/gradle.lockfile");
    let apply = ("build.gradle", "apply from: 'deps.gradle'\n");
    assert_eq!(unlocked(&[("gradle.lockfile", &lock), apply]), Vec::<String>::new());
}

#[test]
fn what_a_pom_inherits_or_writes_in_another_way_is_said() {
    let of = |inside: &str| alone("pom.xml", &format!("<project>{inside}</project>"));
    for (inside, what) in [
        ("<parent><groupId>g</groupId></parent>", "(what its parent asks for)"),
        ("<x:parent/>", "(what its parent asks for)"),
        ("<dependency\n><groupId>g</groupId></dependency>", "(a dependency that is written in another way)"),
        ("<x:dependency/>", "(a dependency that is written in another way)"),
        ("<!DOCTYPE project [<!ENTITY d SYSTEM 'd.xml'>]>&d;", "(what its entities stand for)"),
    ] {
        assert_eq!(of(inside), [format!("pom.xml asks for 1 dependency that no lock file pins: {what}")]);
    }
    for inside in ["", "<artifactId>parent</artifactId>", "<dependencies/>", "<parents/>"] {
        assert_eq!(of(inside), Vec::<String>::new(), "{inside}");
    }
}

#[test]
fn what_a_project_of_dotnet_takes_up_from_other_files_is_said() {
    let of = |path: &str, inside: &str| alone(path, &format!("<Project>{inside}</Project>"));
    let import = "app.csproj asks for 1 dependency that no lock file pins: (what deps.xml asks for)";
    assert_eq!(of("app.csproj", "<Import Project=\"deps.xml\" />"), [import]);
    let reference = "<PackageReference Include=\"A.B\" Version=\"1.0\" />";
    for path in ["Directory.Build.props", "Directory.Build.targets", "src/Directory.Build.props"] {
        let why = format!("{path} asks for 1 dependency that no lock file pins: a.b 1.0");
        assert_eq!(of(path, reference), [why]);
    }
    for inside in [
        "",
        "<Import Project=\"$(MSBuildToolsPath)\\Microsoft.CSharp.targets\" />",
        "<Import Project=\"Sdk.props\" Sdk=\"Microsoft.NET.Sdk\" />",
        "<Import Project=\"$([MSBuild]::GetPathOfFileAbove('Directory.Build.props'))\" />",
        "<ImportGroup />",
    ] {
        assert_eq!(of("app.csproj", inside), Vec::<String>::new(), "{inside}");
        assert_eq!(of("Directory.Build.props", inside), Vec::<String>::new(), "{inside}");
    }
}

#[test]
fn what_every_project_takes_up_is_held_against_the_lock_files_below() {
    let (_, lock) = kept!("nuget/packages.lock.json");
    let props = |name: &str| format!("<Project><PackageReference Include=\"{name}\" /></Project>");
    let found = |props: &str, path: &str| unlocked(&[(path, props), ("src/app/packages.lock.json", &lock)]);
    let listed = props("Newtonsoft.Json");
    assert_eq!(found(&listed, "Directory.Build.props"), Vec::<String>::new());
    assert_eq!(found(&listed, "src/Directory.Build.props"), Vec::<String>::new());
    assert_eq!(
        found(&props("Rails"), "Directory.Build.props"),
        ["Directory.Build.props asks for what src/app/packages.lock.json does not list: rails"]
    );
    assert_eq!(
        found(&listed, "other/Directory.Build.props"),
        ["other/Directory.Build.props asks for 1 dependency that no lock file pins: newtonsoft.json"]
    );
}

#[test]
fn peers_and_the_tables_of_flit_and_hatch_are_asked_for() {
    let peers = "{\"name\":\"p\",\"peerDependencies\":{\"lodash\":\"4\"}}";
    assert_eq!(
        alone("package.json", peers),
        ["package.json asks for 1 dependency that no lock file pins: lodash 4"]
    );
    let (_, lock) = kept!("npm-3/package-lock.json");
    assert_eq!(unlocked(&[("package.json", peers), ("package-lock.json", &lock)]), Vec::<String>::new());
    for (text, asked) in [
        ("[tool.flit.metadata]\nmodule='x'\nrequires=['django==2.0']\n", "django ==2.0"),
        ("[tool.flit.metadata.requires-extra]\ntest=['a>=1']\n", "a >=1"),
        ("[tool.hatch.envs.default]\ndependencies=['django==2.0']\n", "django==2.0"),
        ("[tool.hatch.envs.x]\nextra-dependencies=['{root:uri}/a ; x']\n", "{root:uri}/a"),
    ] {
        let why = format!("pyproject.toml asks for 1 dependency that no lock file pins: {asked}");
        assert_eq!(alone("pyproject.toml", text), [why]);
    }
}

#[test]
fn what_a_program_asks_for_in_other_notations_is_held_against_the_lock_file_too() {
    let (_, gradle) = kept!("gradle/gradle.lockfile");
    let (_, gems) = kept!("bundler/Gemfile.lock");
    let (_, mix) = kept!("mix-hex/mix.lock");
    for (lock, manifest, text, missing) in [
        (
            ("gradle.lockfile", &gradle),
            "build.gradle",
            "implementation \"log4j:log4j:1.2.17\"",
            "log4j:log4j",
        ),
        (
            ("gradle.lockfile", &gradle),
            "build.gradle",
            "implementation group: 'g.x', name: 'a', version: '1'",
            "g.x:a",
        ),
        (
            ("gradle.lockfile", &gradle),
            "build.gradle.kts",
            "implementation(group = \"g.x\", name = \"a\")",
            "g.x:a",
        ),
        (
            ("gradle.lockfile", &gradle),
            "build.gradle",
            "implementation files('libs/x.jar')",
            "(implementation files('libs/x.jar'))",
        ),
        (
            ("gradle.lockfile", &gradle),
            "build.gradle",
            "dependencies { api(project.files('libs/x.jar')) }",
            "(dependencies { api(project.files('libs/x.jar')) })",
        ),
        (
            ("gradle.lockfile", &gradle),
            "build.gradle.kts",
            "testRuntimeOnly(fileTree(\"libs\") { include(\"*.jar\") })",
            "(testRuntimeOnly(fileTree(\"libs\") { include(\"*.jar\") }))",
        ),
        (("Gemfile.lock", &gems), "Gemfile", "gem\"rails\", '1.0'", "rails"),
        (("Gemfile.lock", &gems), "Gemfile", "gem 'rack'; gem 'rails', '1.0'", "rails"),
        (("Gemfile.lock", &gems), "Gemfile", "group(:x) { gem 'rails' }", "rails"),
        (("mix.lock", &mix), "mix.exs", "[{ :rails, \"~> 1.0\" }]", "rails"),
        (("mix.lock", &mix), "mix.exs", "[\nrails: \"~> 1.0\"\n]", "rails"),
        (("mix.lock", &mix), "mix.exs", "[{:\"rails\", \"~> 1.0\"}]", "rails"),
        (("mix.lock", &mix), "mix.exs", "[{:rails, git: \"https://x\"}]", "rails"),
    ] {
        let found = unlocked(&[(lock.0, lock.1.as_str()), (manifest, text)]);
        assert_eq!(
            found,
            [format!("{manifest} asks for what {} does not list: {missing}", lock.0)],
            "{text}"
        );
    }
    for (lock, manifest, text) in [
        (("gradle.lockfile", &gradle), "build.gradle", "group = 'acme'; url 'https://x:80/y'; time '12:30'"),
        (("gradle.lockfile", &gradle), "build.gradle", "implementation project(':core:api:1x')"),
        (("Gemfile.lock", &gems), "Gemfile", "gem 'rack'; ruby '3.0'"),
        (("mix.lock", &mix), "mix.exs", "[elixir: \"~> 1.14\",\nversion: \"1.0.0\"]\n[{:jason, \"~> 1.2\"}]"),
    ] {
        let found = unlocked(&[(lock.0, lock.1.as_str()), (manifest, text)]);
        assert_eq!(found, Vec::<String>::new(), "{text}");
    }
}

#[test]
fn a_file_that_only_has_the_name_of_what_tools_look_for_is_taken_up_all_the_same() {
    let project = "<Project><Import Project=\"build/GetPathOfFileAbove/common.props\" /></Project>";
    assert_eq!(
        alone("app.csproj", project),
        [
            "app.csproj asks for 1 dependency that no lock file pins: (what build/GetPathOfFileAbove/common.props asks for)"
        ]
    );
}

#[test]
fn archives_that_a_build_of_gradle_reads_otherwise_are_no_packages() {
    let (_, lock) = kept!("gradle/gradle.lockfile");
    for text in [
        "inputs.files('gradle/x.jar')\n",
        "implementation files('build/classes')\n",
        "from fileTree('x.jar')\n",
    ] {
        let found = unlocked(&[("gradle.lockfile", &lock), ("build.gradle", text)]);
        assert_eq!(found, Vec::<String>::new(), "{text}");
    }
}

#[test]
fn a_copy_of_a_package_of_npm_is_one_that_no_lock_file_pins() {
    let copy = "{\"name\": \"lodash\", \"version\": \"4.17.20\"}";
    let of = |path: &str| unlocked(&[(path, copy)]);
    let path = "lib/third_party/lodash/package.json";
    let why = format!("{path} asks for 1 dependency that no lock file pins: lodash (the copy itself)");
    assert_eq!(of(path), [why]);
    assert_eq!(of("packages/lodash/package.json"), Vec::<String>::new());
    let lock = "{\"lockfileVersion\": 3, \"packages\": {\"\": {\"name\": \"lodash\"}}}";
    let beside = ("lib/third_party/lodash/package-lock.json", lock);
    assert_eq!(unlocked(&[(path, copy), beside]), Vec::<String>::new());
}

#[test]
fn what_a_package_json_says_to_pnpm_is_held_against_the_lock_file() {
    let text = "{\"name\": \"w\", \"pnpm\": {\"configDependencies\": {\"minimist\": \"1.2.0+sha512-x\"}}}";
    let why = "package.json asks for 1 dependency that no lock file pins: minimist 1.2.0+sha512-x";
    assert_eq!(alone("package.json", text), [why]);
    assert_eq!(alone("package.json", "{\"pnpm\": {\"overrides\": {\"a\": \"1\"}}}"), Vec::<String>::new());
}
