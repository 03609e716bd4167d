//! `stairwell-crash kill|power|errors …`: one bench, its figures. Usually started
//! by `cargo xtask crash`, which builds everything first.

use std::path::PathBuf;
use std::process::ExitCode;

use crash::report::Report;
use crash::{CrashError, Settings, errors, kill, power};

const USAGE: &str = "\
stairwell-crash kill|power|errors --program FILE --web FOLDER --output FOLDER [--rounds N] [--states N] [--seed N] [--quick]";
const ROUNDS: usize = 500;
const STATES: usize = 1_000;
/// A few of each kind.
const QUICK_ROUNDS: usize = 9;
const QUICK_STATES: usize = 24;

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let Some((name, settings)) = read(&arguments) else {
        eprintln!("{USAGE}");
        return ExitCode::FAILURE;
    };
    println!("{}", bench::machine::described());
    match run(&name, &settings) {
        Ok(report) if report.broken.is_empty() => ExitCode::SUCCESS,
        Ok(_) => ExitCode::FAILURE,
        Err(error) => {
            eprintln!("{name}: {error}");
            ExitCode::FAILURE
        }
    }
}

fn run(name: &str, settings: &Settings) -> Result<Report, CrashError> {
    println!("── {name}");
    let report = match name {
        "kill" => kill::run(settings)?,
        "power" => power::run(settings)?,
        _ => errors::run(settings)?,
    };
    print!("{}", report.text());
    report.keep(&settings.output)?;
    Ok(report)
}

/// The bench's name and its settings; `None` for anything unreadable.
fn read(arguments: &[String]) -> Option<(String, Settings)> {
    let (name, options) = arguments.split_first()?;
    if !["kill", "power", "errors"].contains(&name.as_str()) {
        return None;
    }
    let mut settings = Settings {
        program: PathBuf::new(),
        web: PathBuf::new(),
        output: PathBuf::new(),
        rounds: 0,
        states: 0,
        seed: 1,
        is_quick: false,
    };
    let mut options = options.iter();
    while let Some(option) = options.next() {
        if option == "--quick" {
            settings.is_quick = true;
            continue;
        }
        let value = options.next()?;
        match option.as_str() {
            "--program" => settings.program = value.into(),
            "--web" => settings.web = value.into(),
            "--output" => settings.output = value.into(),
            "--rounds" => settings.rounds = value.parse().ok()?,
            "--states" => settings.states = value.parse().ok()?,
            "--seed" => settings.seed = value.parse().ok()?,
            _ => return None,
        }
    }
    let (rounds, states) = match settings.is_quick {
        true => (QUICK_ROUNDS, QUICK_STATES),
        false => (ROUNDS, STATES),
    };
    let or_usual = |number: usize, usual| if number == 0 { usual } else { number };
    settings.rounds = or_usual(settings.rounds, rounds);
    settings.states = or_usual(settings.states, states);
    let is_told = |path: &PathBuf| !path.as_os_str().is_empty();
    let is_complete = [&settings.program, &settings.web, &settings.output]
        .into_iter()
        .all(is_told);
    is_complete.then(|| (name.clone(), settings))
}
