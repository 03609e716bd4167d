//! `bench desk`: what a supervisor waits for. Starting, memory, every filter of
//! the lists, and one change on its way to an open desk.

mod filters;
mod live;

use crate::enrolled::Enrolled;
use crate::figures::Figures;
use crate::http::Connection;
use crate::phone::Phone;
use crate::program::{Memory, Program};
use crate::{BenchError, Settings};

/// The sizes that are measured when none is named: 110,000 and 1,000,000 visits.
pub const SCALES: [u32; 2] = [11, 100];
/// Visits of the practice community for each unit of the scale, nearly.
const VISITS: u32 = 10_000;

/// Measures one size. Its data folder is kept under its number of visits, if a folder was named.
pub fn run(settings: &Settings) -> Result<Figures, BenchError> {
    let visits = (settings.scale * VISITS).to_string();
    let mut figures = Figures::new("desk", "practice".to_owned()).of_case(visits.clone());
    let folder = tempfile::tempdir_in(&settings.output)?;
    let data = settings.data_in(folder.path()).join(&visits);
    std::fs::create_dir_all(data.parent().unwrap_or(folder.path()))?;
    if !data.exists() {
        println!("making {visits} visits; a million take some minutes");
        let program = Program::start(settings, &data)?;
        tell_start("start-making-it-all", &program, &mut figures)?;
        program.stop()?;
    }

    let program = Program::start(settings, &data)?;
    tell_start("start-warm", &program, &mut figures)?;
    let mut connection = Connection::open(&program.address)?;
    let worker = program.next_code("grid_worker")?;
    let worker = Enrolled::with_code(&mut connection, &worker)?;
    let supervisor = program.next_code("community_supervisor")?;
    let supervisor = Enrolled::with_code(&mut connection, &supervisor)?;

    filters::run(settings, &mut connection, &supervisor.token, &mut figures)?;
    tell_memory("memory-after-filters", program.memory()?, &mut figures);
    let phone = Phone::new(&program.address, &worker)?;
    live::run(settings, &program.address, &supervisor, phone, &mut figures)?;
    tell_memory("memory-at-end", program.memory()?, &mut figures);
    program.stop()?;
    Ok(figures)
}

fn tell_start(case: &str, program: &Program, figures: &mut Figures) -> Result<(), BenchError> {
    figures.add(case, "ready_s", program.start_time.as_secs_f64(), "s");
    tell_memory(&format!("memory-{case}"), program.memory()?, figures);
    Ok(())
}

fn tell_memory(case: &str, memory: Memory, figures: &mut Figures) {
    let parts = [
        ("rss_mb", memory.resident),
        ("anonymous_mb", memory.anonymous),
        ("peak_mb", memory.peak),
    ];
    for (name, bytes) in parts {
        figures.add(case, name, bytes as f64 / 1e6, "MB");
    }
}
