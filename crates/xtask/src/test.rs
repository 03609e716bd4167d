//! `cargo xtask test`: every check of this repository, or a part of them.

use std::path::Path;

use crate::browser::require_browser;
use crate::command::{cargo, is_there, output_of, succeed};
use crate::repository::root;
use crate::run::build_server;
use crate::steps::Steps;
use crate::{crash, size, tidy, web};

/// Runs the checks that `arguments` name, all of them without any.
pub fn test(arguments: &[String]) -> Result<(), String> {
    if let Some(unknown) = arguments
        .iter()
        .find(|name| !["--rust", "--web", "--e2e"].contains(&name.as_str()))
    {
        return Err(format!(
            "不认识的选项 unknown option: {unknown} (--rust --web --e2e)"
        ));
    }
    let wants =
        |name: &str| arguments.is_empty() || arguments.iter().any(|argument| argument == name);
    let mut steps = Steps::default();
    if wants("--rust") {
        rust(&mut steps);
    }
    if wants("--web") {
        web(&mut steps);
    }
    if wants("--e2e") {
        end_to_end(&mut steps);
    }
    steps.finish()
}

/// What the tests over random cases begin with. The same in each run, so that a red run is about
/// what was changed.
const SEED: &str = "PROPTEST_RNG_SEED";
const SAME_STORIES: &str = "20251122";

fn rust(steps: &mut Steps) {
    let root = root();
    let run = |arguments: &[&str]| succeed(cargo(&root, arguments));
    steps.run("rustfmt", || run(&["fmt", "--all", "--check"]));
    steps.run("tidy", tidy::tidy);
    steps.run("clippy", || {
        run(&[
            "clippy",
            "--workspace",
            "--all-targets",
            "--",
            "-D",
            "warnings",
        ])
    });
    // Whoever looks for more runs the tests without this command: each run is then another.
    let tests = |arguments: &[&str]| {
        let mut command = cargo(&root, arguments);
        if std::env::var_os(SEED).is_none() {
            command.env(SEED, SAME_STORIES);
        }
        succeed(command)
    };
    if is_there("cargo-nextest", "--version") {
        steps.run("rust tests", || {
            tests(&["nextest", "run", "--workspace", "--no-fail-fast"])
        });
        steps.run("doc tests", || run(&["test", "--workspace", "--doc"]));
    } else {
        steps.run("rust tests", || {
            tests(&["test", "--workspace", "--no-fail-fast"])
        });
    }
    dependencies(steps);
}

/// Licences, sources and known flaws of what we depend on. The list of flaws
/// comes over the network; being offline is no failure.
fn dependencies(steps: &mut Steps) {
    let root = root();
    if !is_there("cargo-deny", "--version") {
        steps.say("cargo-deny 没有安装，跳过许可和漏洞检查 not installed, licences and advisories are not checked: cargo install cargo-deny");
        return;
    }
    let deny = |checks: &[&str]| succeed(cargo(&root, &[&["deny"], checks].concat()));
    steps.run("licences and sources", || {
        deny(&["check", "licenses", "bans", "sources"])
    });
    if output_of(cargo(&root, &["deny", "fetch", "db"])).is_some() {
        steps.run("advisories", || {
            deny(&["check", "--disable-fetch", "advisories"])
        });
    } else {
        steps.say("漏洞库取不到，跳过 the advisory database cannot be fetched, advisories are not checked");
    }
}

fn web(steps: &mut Steps) {
    let folder = web::folder();
    if !steps.run("node", web::require_node) || !steps.run("npm ci (web)", || web::install(&folder))
    {
        return;
    }
    let script = |name: &str| succeed(web::npm(&folder, &["run", "--silent", name]));
    steps.run("typescript", || script("check"));
    steps.run("oxlint", || script("lint"));
    steps.run("vitest", || script("test"));
    if steps.run("web build", || web::build(&folder)) {
        steps.run("size", size::size);
    }
}

/// Interop, crashes and browser tests: all run the real program.
fn end_to_end(steps: &mut Steps) {
    let (tests, app) = (root().join("tests"), web::folder());
    let is_ready = steps.run("node", web::require_node)
        && steps.run("npm ci (web)", || web::install(&app))
        && steps.run("npm ci (tests)", || web::install(&tests))
        && steps.run("typescript (tests)", || {
            succeed(web::npm(&tests, &["run", "--silent", "check"]))
        })
        && steps.run("web build (if stale)", || web::build_if_stale(&app));
    let mut program = None;
    let is_built = is_ready
        && steps.run("server build", || {
            program = Some(build_server()?);
            Ok(())
        });
    let Some(program) = program.filter(|_| is_built) else {
        return;
    };
    steps.run("interop", || interop(&tests, &program));
    if steps.run("strace", crash::require_strace) {
        steps.run("kills, power cuts, failing disks (a few)", crash::quick);
    }
    let mut browser = None;
    let has_browser = steps.run("chromium and fonts", || {
        browser = Some(require_browser()?);
        Ok(())
    });
    if let Some(browser) = browser.filter(|_| has_browser) {
        steps.run("browser tests", || {
            browser_tests(&tests, &program, &browser)
        });
    }
}

/// The npm library against what the program holds.
fn interop(tests: &Path, program: &Path) -> Result<(), String> {
    let mut interop = web::npm(tests, &["run", "--silent", "interop"]);
    interop.env("STAIRWELL_BIN", program);
    succeed(interop)
}

fn browser_tests(tests: &Path, program: &Path, browser: &Path) -> Result<(), String> {
    let projects = ["--project=kills", "--project=claims"];
    let arguments = [&["run", "--silent", "e2e", "--"], projects.as_slice()].concat();
    let mut playwright = web::npm(tests, &arguments);
    playwright
        .env("STAIRWELL_BIN", program)
        .env("CHROME_PATH", browser);
    succeed(playwright)
}
