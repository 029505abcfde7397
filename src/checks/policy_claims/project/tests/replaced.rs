//! Scripts that end, run or look at something else by what GitHub, the runner or the repository puts in: rule and outcome.

use super::Project;
use super::scanning::{AT, project, says, script};

fn workflow(top: &str, job: &str, steps: &str) -> Vec<String> {
    let text = format!(
        "on: push\n{top}jobs:\n  test:\n    runs-on: x\n{job}    steps:\n      - uses: actions/checkout@v4\n{steps}"
    );
    says(project().file(".github/workflows/ci.yml", &text))
}

fn run() -> Vec<String> {
    vec![format!("pass: run: npm-audit {AT}")]
}

fn unknown(why: &str) -> Vec<String> {
    vec![format!("undetermined: whether npm-audit is run is not known: {why} {AT}")]
}

#[test]
fn what_an_expression_stands_for_is_read_as_the_shell_reads_it() {
    let audit = |before: &str| format!("      - run: |\n          {before}\n          npm audit\n");
    let ended = unknown("the script may have ended before it");
    assert_eq!(workflow("", "", &audit("echo ${{ '; exit 0' }}")), ended);
    assert_eq!(workflow("env: {MSG: 'x; exit 0'}\n", "", &audit("echo ${{ env.MSG }}")), ended);
    let matrix = "    strategy: {matrix: {a: ['x; exit 0']}}\n";
    assert_eq!(workflow("", matrix, &audit("echo ${{ matrix.a }}")), ended);
    let why = unknown("an expression whose text is not known stands before it, or in it");
    for before in ["echo ${{ inputs.a }}", "echo \"${{ vars.A }}\"", "echo '${{ steps.a.outputs.b }}'"] {
        assert_eq!(workflow("", "", &audit(before)), why, "{before}");
    }
    assert!(workflow("", "", &audit("# ${{ inputs.a }}"))[0].starts_with("undetermined: "));
    let plain = "    strategy: {matrix: {node: [18, '20.x']}}\n";
    for before in [
        "echo ${{ github.sha }}",
        "echo ${{ matrix.node }}",
        "x --token ${{ secrets.T }}",
        "echo ${{ env.A }}",
    ] {
        assert_eq!(workflow("env: {A: 'b c'}\n", plain, &audit(before)), run(), "{before}");
    }
    // What stands behind the scan, or in another step, keeps nobody from it.
    assert_eq!(
        workflow("", "", "      - run: |\n          npm audit\n          echo ${{ inputs.a }}\n"),
        run()
    );
    assert_eq!(workflow("", "", "      - run: echo ${{ inputs.a }}\n      - run: npm audit\n"), run());
}

#[test]
fn what_is_written_for_later_steps_is_known_or_makes_them_undetermined() {
    let after =
        |line: &str| workflow("", "", &format!("      - run: |\n          {line}\n      - run: npm audit\n"));
    let environment = unknown("a step before it changes the environment");
    for line in [
        "echo 'npm_config_audit_level=none' >> ${{ github.env }}",
        "cat ci/env >> $GITHUB_ENV",
        "printf 'npm_%s=none' config_audit_level >> \"$GITHUB_ENV\"",
    ] {
        assert_eq!(after(line), environment, "{line}");
    }
    let path = unknown("a step before it changes where programs are looked for");
    assert_eq!(after("echo \"$PWD/ci\" >> ${{ github.path }}"), path);
    assert_eq!(after("echo \"VERSION=1.2.3\" >> $GITHUB_ENV"), run());
    assert_eq!(after("echo \"$HOME/.local/bin\" >> \"$GITHUB_PATH\""), run());
}

#[test]
fn a_program_in_the_place_of_another_or_a_changed_lock_file_makes_it_undetermined() {
    for before in [
        "sudo cp /bin/true /usr/local/bin/npm",
        "printf x > /usr/local/bin/npm",
        "echo x | sudo tee /usr/local/bin/npm",
    ] {
        let why = unknown("what stands before it may change which program is run");
        assert_eq!(script(&format!("{before}\nnpm audit")), why, "{before}");
    }
    for before in [
        "curl -o package-lock.json https://x.example/l.json",
        "find . -name package-lock.json -delete",
        "jq '.packages={}' package-lock.json | sponge package-lock.json",
        "patch -p1 < ci/fix.diff",
        "python3 -c \"open('package-lock.json','w').write('{}')\"",
        "tar -xf ci/lock.tar",
    ] {
        let why = unknown("what stands before it may change the files that it looks at");
        assert_eq!(script(&format!("{before}\nnpm audit")), why, "{before}");
    }
    for before in [
        "cp build/widget /usr/local/bin/widget",
        "find . -name '*.pyc' -delete",
        "curl -o x.json https://x.example/y",
    ] {
        assert_eq!(script(&format!("{before}\nnpm audit")), run(), "{before}");
    }
    assert!(script("shopt -uo errexit\nnpm audit\necho done")[1].contains("npm-audit cannot fail"));
}

#[test]
fn a_matrix_whose_entries_are_all_taken_away_runs_nothing() {
    let with = |matrix: &str| {
        workflow("", &format!("    strategy: {{matrix: {matrix}}}\n"), "      - run: npm audit\n")
    };
    assert_eq!(
        with("{a: [1, 2], b: [1], exclude: [{b: 1}]}"),
        unknown("a condition decides whether the job runs")
    );
    assert_eq!(with("{a: [1, 2], b: [1], exclude: [{a: 1}]}"), run());
}

#[test]
fn a_name_that_the_repository_gives_away_makes_it_undetermined() {
    let of = |tool: &str, files: &[(&str, &str)], call: &str| {
        let policy =
            Project::with_policy(&format!("Dependencies are scanned for vulnerabilities with {tool}."));
        let project = files.iter().fold(policy, |project, (path, text)| project.file(path, text));
        says(project.file("requirements.txt", "a==1\n").workflow(call)).remove(0)
    };
    let alias = [(".cargo/config.toml", "[alias]\naudit = 'version'\n"), ("Cargo.lock", "version = 4\n")];
    let module = [("pip_audit.py", "print('ok')\n")];
    let program = [("pyproject.toml", "[project]\nname = 'w'\n[project.scripts]\npip-audit = 'w:main'\n")];
    let yarn = [
        ("package.json", r#"{"packageManager": "yarn@4.5.0"}"#),
        ("yarn.lock", "__metadata:\n  version: 8\n"),
    ];
    for (tool, files, call) in [
        ("cargo-audit", &alias[..], "cargo audit"),
        ("pip-audit", &module[..], "python -m pip_audit -r requirements.txt"),
        ("pip-audit", &program[..], "uv run pip-audit -r requirements.txt"),
        ("yarn audit", &yarn[..], "yarn audit"),
        ("pip-audit", &[], "uvx --from ./fake pip-audit -r requirements.txt"),
    ] {
        assert!(of(tool, files, call).starts_with("undetermined: "), "{call}: {}", of(tool, files, call));
    }
    for (tool, files, call) in [
        ("cargo-audit", &alias[1..], "cargo audit"),
        ("pip-audit", &[][..], "python -m pip_audit -r requirements.txt"),
        ("pip-audit", &module[..], "pip-audit -r requirements.txt"),
        ("pip-audit", &[], "uvx --from pip-audit==2.7 pip-audit -r requirements.txt"),
    ] {
        assert!(of(tool, files, call).starts_with("pass: "), "{call}: {}", of(tool, files, call));
    }
}

#[test]
fn the_value_of_an_option_that_is_not_known_makes_it_undetermined() {
    let of = |call: &str| {
        let policy =
            Project::with_policy("Dependencies are scanned for vulnerabilities with pip-audit and trivy.");
        says(policy.file("requirements.txt", "a==1\n").workflow(call)).remove(0)
    };
    let both = |pip: &str, trivy: &str| {
        of(&format!("pip-audit -r requirements.txt {pip}\ntrivy fs --exit-code 1 {trivy} ."))
    };
    assert!(both("--ignore-vuln $X", "").starts_with("undetermined: "));
    assert!(both("", "--format ${{ env.X }}").starts_with("undetermined: "));
    assert!(both("", "--format ${{ matrix.x }}").starts_with("undetermined: "));
    for (pip, trivy) in
        [("--ignore-vuln PYSEC-1", "--format json"), ("-o $RUNNER_TEMP/x", "--output ${{ runner.temp }}/y")]
    {
        assert!(both(pip, trivy).starts_with("pass: "), "{pip} {trivy}: {}", both(pip, trivy));
    }
}
