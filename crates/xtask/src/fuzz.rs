//! `cargo xtask fuzz`: throws bytes at the decoders, led by coverage, for as long
//! as it is told to. What they are is in `crates/fuzz`, why so in docs/adr/018.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use crate::command::{cargo, is_there, output_of, succeed};
use crate::repository::root;
use crate::run::target_folder;

const USAGE: &str = "cargo xtask fuzz [target …] [--minutes N] [--keep]";

const MINUTES_USUAL: u64 = 10;

/// An input that takes longer is a finding.
const SECONDS_PER_INPUT: u64 = 10;

/// The whole process, corpus and coverage included. What one input may take is
/// bounded closer by the engine itself.
const MEMORY_MEBIBYTES: u64 = 2_048;

/// The longest input that is made, and the longest that is kept.
const INPUT_BYTES: u64 = 16_384;
const KEPT_BYTES: u64 = 4_096;

/// What one target's corpus may hold in all, in bytes, and how many inputs.
const CORPUS_BYTES: u64 = 64 << 10;
const CORPUS_INPUTS: usize = 150;

/// What makes the compiler count branches and comparisons. Plain options of the
/// stable compiler; sanitizers, which are not, would find little in code without
/// `unsafe`.
const COVERAGE: &str = "-Cpasses=sancov-module \
    -Cllvm-args=-sanitizer-coverage-level=4 \
    -Cllvm-args=-sanitizer-coverage-inline-8bit-counters \
    -Cllvm-args=-sanitizer-coverage-pc-table \
    -Cllvm-args=-sanitizer-coverage-trace-compares";

/// Runs the targets that are named, or all, one after the other.
pub fn fuzz(arguments: &[String]) -> Result<(), String> {
    let asked = Asked::read(arguments)?;
    require_compiler()?;
    let engine = build()?;
    let mut findings = Vec::new();
    for target in &asked.targets {
        let run = Run::new(&engine, target);
        run.prepare()?;
        println!("── {target}: {} min", asked.minutes);
        let outcome = run.fuzz(asked.minutes);
        let found = run.findings();
        if found.is_empty() {
            outcome?;
        }
        findings.extend(found);
        if asked.keep {
            run.keep()?;
        }
    }
    for finding in &findings {
        println!("   {}", finding.display());
    }
    match findings.len() {
        0 => Ok(()),
        count => Err(format!(
            "{count} 个输入有害 / inputs do harm. Put each into crates/fuzz/corpus/<target>/ under a \
             name that says what it is; cargo test -p stairwell-fuzz fails until it is mended"
        )),
    }
}

struct Asked {
    targets: Vec<String>,
    minutes: u64,
    keep: bool,
}

impl Asked {
    fn read(arguments: &[String]) -> Result<Self, String> {
        let known = targets()?;
        let mut asked = Self {
            targets: Vec::new(),
            minutes: MINUTES_USUAL,
            keep: false,
        };
        let mut arguments = arguments.iter();
        while let Some(argument) = arguments.next() {
            match argument.as_str() {
                "--keep" => asked.keep = true,
                "--minutes" => {
                    let minutes = arguments.next().and_then(|minutes| minutes.parse().ok());
                    asked.minutes = minutes.ok_or(USAGE)?;
                }
                name if known.iter().any(|one| one == name) => asked.targets.push(name.to_owned()),
                other => return Err(format!("{other}: {USAGE}\n{}", known.join(" "))),
            }
        }
        if asked.targets.is_empty() {
            asked.targets = known;
        }
        Ok(asked)
    }
}

/// The targets, by their files.
fn targets() -> Result<Vec<String>, String> {
    let list = root().join("crates/fuzz/src/lib.rs");
    let text = fs::read_to_string(&list).map_err(|error| format!("{}: {error}", list.display()))?;
    let names = text.lines().filter_map(|line| {
        let name = line.trim().strip_prefix("targets::")?;
        Some(name.strip_suffix("::TARGET,")?.to_owned())
    });
    Ok(names.collect())
}

fn require_compiler() -> Result<(), String> {
    let compilers = ["c++", "g++", "clang++"];
    if compilers.iter().any(|name| is_there(name, "--version")) {
        return Ok(());
    }
    Err("需要 C++ 编译器来编译 libFuzzer / libFuzzer wants a C++ compiler. \
         Debian, Ubuntu: apt install g++; Fedora: dnf install gcc-c++; macOS: xcode-select --install"
        .to_owned())
}

/// Builds the engine with coverage, apart from all other builds.
fn build() -> Result<PathBuf, String> {
    let host = host()?;
    let folder = target_folder().join("fuzz/build");
    let mut build = cargo(
        &root(),
        &[
            "build",
            "--profile=fuzz",
            "--package=stairwell-fuzz",
            "--features=engine",
            "--bin=fuzz-engine",
        ],
    );
    // Naming the host keeps these options from build scripts and macros.
    build.arg("--target").arg(&host).env("RUSTFLAGS", COVERAGE);
    build.arg("--target-dir").arg(&folder);
    succeed(build)?;
    let name = format!("fuzz-engine{}", std::env::consts::EXE_SUFFIX);
    Ok(folder.join(host).join("fuzz").join(name))
}

fn host() -> Result<String, String> {
    let compiler = std::env::var("RUSTC").unwrap_or_else(|_| "rustc".to_owned());
    let mut version = Command::new(compiler);
    version.arg("-vV").current_dir(root());
    let text = output_of(version).ok_or("rustc -vV failed")?;
    let host = text.lines().find_map(|line| line.strip_prefix("host: "));
    Ok(host.ok_or("rustc -vV names no host")?.to_owned())
}

/// One target's folders and engine.
struct Run<'a> {
    engine: &'a Path,
    target: &'a str,
    /// Grows from run to run.
    corpus: PathBuf,
    kept: PathBuf,
    found: PathBuf,
}

impl<'a> Run<'a> {
    fn new(engine: &'a Path, target: &'a str) -> Self {
        let folder = target_folder().join("fuzz");
        Self {
            engine,
            target,
            corpus: folder.join("corpus").join(target),
            kept: root().join("crates/fuzz/corpus").join(target),
            found: folder.join("found").join(target),
        }
    }

    fn prepare(&self) -> Result<(), String> {
        for folder in [&self.corpus, &self.kept, &self.found] {
            fs::create_dir_all(folder).map_err(|error| on(folder, &error))?;
        }
        Ok(())
    }

    fn engine(&self) -> Command {
        let mut engine = Command::new(self.engine);
        engine
            .env("STAIRWELL_FUZZ_TARGET", self.target)
            .env("STAIRWELL_FUZZ_SEEDS", &self.corpus)
            .arg(format!("-timeout={SECONDS_PER_INPUT}"))
            .arg(format!("-rss_limit_mb={MEMORY_MEBIBYTES}"))
            .arg(format!("-max_len={INPUT_BYTES}"))
            .arg(format!("-artifact_prefix={}/", self.found.display()));
        engine
    }

    /// Ends by itself, after the time or with the first finding.
    fn fuzz(&self, minutes: u64) -> Result<(), String> {
        let mut engine = self.engine();
        engine
            .arg(format!("-max_total_time={}", minutes * 60))
            .args(["-print_final_stats=1", "-verbosity=1", "-reduce_inputs=1"])
            .args([&self.corpus, &self.kept]);
        succeed(engine)
    }

    fn findings(&self) -> Vec<PathBuf> {
        let entries = fs::read_dir(&self.found).into_iter().flatten().flatten();
        entries.map(|entry| entry.path()).collect()
    }

    /// Puts the fewest inputs that reach everything into the kept corpus, the
    /// shortest first, as long as there is room. What has a name stays.
    fn keep(&self) -> Result<(), String> {
        let fewest = self.corpus.with_extension("fewest");
        let _ = fs::remove_dir_all(&fewest);
        fs::create_dir_all(&fewest).map_err(|error| on(&fewest, &error))?;
        let mut engine = self.engine();
        engine
            .arg("-set_cover_merge=1")
            .args([&fewest, &self.corpus]);
        succeed(engine)?;
        for path in inputs(&self.kept).into_iter().filter(|path| is_made(path)) {
            fs::remove_file(&path).map_err(|error| on(&path, &error))?;
        }
        let mut room = CORPUS_BYTES;
        for path in inputs(&fewest).into_iter().take(CORPUS_INPUTS) {
            let bytes = length(&path);
            let (Some(name), true) = (path.file_name(), bytes <= KEPT_BYTES.min(room)) else {
                continue;
            };
            room -= bytes;
            let to = self.kept.join(name);
            fs::copy(&path, &to).map_err(|error| on(&to, &error))?;
        }
        Ok(())
    }
}

/// The files of a folder, the shortest first.
fn inputs(folder: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(folder).into_iter().flatten().flatten();
    let mut inputs: Vec<PathBuf> = entries.map(|entry| entry.path()).collect();
    inputs.sort_by_key(|path| (length(path), path.clone()));
    inputs
}

fn length(path: &Path) -> u64 {
    fs::metadata(path).map_or(0, |metadata| metadata.len())
}

/// Whether the engine named the file, by its hash, and not a person.
fn is_made(path: &Path) -> bool {
    let name = path.file_name().and_then(|name| name.to_str());
    name.is_some_and(|name| name.len() == 40 && name.bytes().all(|byte| byte.is_ascii_hexdigit()))
}

fn on(path: &Path, error: &std::io::Error) -> String {
    format!("{}: {error}", path.display())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_targets_are_read_from_their_list() {
        let targets = targets().expect("the list is there");
        assert!(targets.contains(&"admission".to_owned()));
        let folder = root().join("crates/fuzz/src/targets");
        for target in targets {
            assert!(folder.join(format!("{target}.rs")).exists(), "{target}");
        }
    }

    #[test]
    fn only_inputs_that_the_engine_named_are_ever_replaced() {
        assert!(is_made(Path::new(
            "a/da39a3ee5e6b4b0d3255bfef95601890afd80709"
        )));
        assert!(!is_made(Path::new(
            "a/a-run-that-claims-2-to-the-60-operations"
        )));
    }
}
