//! `stairwell-bench NAME …`: one measurement, its tables, its lines. Usually
//! started by `cargo xtask bench`, which builds everything first.

use std::path::PathBuf;
use std::process::ExitCode;

use bench::{
    BenchError, Figures, Settings, desk, machine, phone_browser, phone_download, rush, sync,
};

const USAGE: &str = "\
stairwell-bench desk|phone|phone-download|rush|sync --program FILE --web FOLDER --output FOLDER [--data FOLDER] [--scale N] [--repeats N] [--peers FOLDER]";

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    // This program again, as the server that it measures.
    #[cfg(feature = "peers")]
    if let [name, folder] = arguments.as_slice()
        && name == rush::samod::OFFICE
    {
        return ended(name, rush::samod::serve(folder.as_ref()));
    }
    let Some((name, settings)) = read(&arguments) else {
        eprintln!("{USAGE}");
        return ExitCode::FAILURE;
    };
    let scales = match name.as_str() {
        "desk" if settings.scale == 0 => desk::SCALES.to_vec(),
        _ => vec![settings.scale],
    };
    let mut runs = scales.into_iter().map(|scale| Settings {
        scale,
        ..settings.clone()
    });
    ended(
        &name,
        runs.try_for_each(|settings| measure(&name, &settings)),
    )
}

fn ended(name: &str, outcome: Result<(), BenchError>) -> ExitCode {
    match outcome {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("{name}: {error}");
            ExitCode::FAILURE
        }
    }
}

fn measure(name: &str, settings: &Settings) -> Result<(), BenchError> {
    std::fs::create_dir_all(&settings.output)?;
    println!("{}", machine::described());
    let show = |figures: Figures| {
        println!("{}", figures.tables());
        figures.keep(&settings.output).map_err(BenchError::from)
    };
    match name {
        "desk" => show(desk::run(settings)?),
        "phone" => show(phone_browser::run(settings)?),
        "rush" => show(rush::run(settings)?),
        "sync" => sync::run(settings, show),
        _ => show(phone_download::run(settings)?),
    }
}

/// The measurement's name and its settings; `None` for anything unreadable.
fn read(arguments: &[String]) -> Option<(String, Settings)> {
    let (name, options) = arguments.split_first()?;
    let usual_scale = match name.as_str() {
        // All its sizes, one after the other.
        "desk" => 0,
        "rush" => 10,
        "phone" | "phone-download" | "sync" => 1,
        _ => return None,
    };
    let mut settings = Settings {
        program: PathBuf::new(),
        web: PathBuf::new(),
        output: PathBuf::new(),
        data: None,
        peers: None,
        scale: usual_scale,
        repeats: if name == "phone" { 9 } else { 30 },
    };
    for pair in options.chunks(2) {
        let [option, value] = pair else { return None };
        match option.as_str() {
            "--program" => settings.program = value.into(),
            "--web" => settings.web = value.into(),
            "--output" => settings.output = value.into(),
            "--data" => settings.data = Some(value.into()),
            "--peers" => settings.peers = Some(value.into()),
            "--scale" => settings.scale = value.parse().ok()?,
            "--repeats" => settings.repeats = value.parse().ok()?,
            _ => return None,
        }
    }
    let is_told = |path: &PathBuf| !path.as_os_str().is_empty();
    let is_complete = [&settings.program, &settings.web, &settings.output]
        .into_iter()
        .all(is_told);
    (is_complete && settings.repeats > 0).then(|| (name.clone(), settings))
}
