//! `bench phone-download`: what a new phone downloads until it is of use, and
//! what its days cost afterwards.

mod shell;
mod traffic;

use crate::enrolled::Enrolled;
use crate::figures::Figures;
use crate::http::{Answer, Connection};
use crate::phone::{Phone, Trip, now_ms};
use crate::program::Program;
use crate::{BenchError, Settings, visits};

/// Visits of a long working day.
const DAY_VISITS: usize = 40;

/// Measures.
pub fn run(settings: &Settings) -> Result<Figures, BenchError> {
    let mut figures = Figures::new("phone-download", settings.workload());
    let folder = tempfile::tempdir_in(&settings.output)?;
    let program = Program::start(settings, &settings.data_in(folder.path()))?;
    shell::run(&mut Connection::open(&program.address)?, &mut figures)?;

    let (mut phone, enrolment) = enrolled(&program)?;
    figures.add_whole("enrolment", "up_wire", enrolment.sent_bytes, "B");
    figures.add_whole("enrolment", "down_wire", enrolment.received_bytes, "B");
    let first = phone.exchange_all()?;
    tell("first-exchange", &first, &mut figures);
    traffic::tell("first-exchange", &first, &mut figures);
    tell("nothing-new", &[phone.exchange()?], &mut figures);

    let (mut colleague, _) = enrolled(&program)?;
    colleague.exchange_all()?;
    for draft in visits::drafts(DAY_VISITS, phone.person, now_ms())? {
        phone.write(&draft)?;
    }
    let day = phone.exchange_all()?;
    tell("day-of-40-visits", &day, &mut figures);
    traffic::tell("day-of-40-visits", &day, &mut figures);
    let heard = colleague.exchange_all()?;
    tell("colleague-hears-day", &heard, &mut figures);
    traffic::tell("colleague-hears-day", &heard, &mut figures);
    open_one(&mut phone, &mut figures)?;
    program.stop()?;
    Ok(figures)
}

fn enrolled(program: &Program) -> Result<(Phone, Answer), BenchError> {
    let code = program.next_code("grid_worker")?;
    let enrolled = Enrolled::with_code(&mut Connection::open(&program.address)?, &code)?;
    Ok((Phone::new(&program.address, &enrolled)?, enrolled.answer))
}

/// A past visit of which only the row is on the phone is opened.
fn open_one(phone: &mut Phone, figures: &mut Figures) -> Result<(), BenchError> {
    let rows = phone.replica.documents();
    let row = rows.map(|(id, _)| id).find(|id| !phone.replica.holds(*id));
    if let Some(id) = row {
        phone.replica.want(id);
        tell("open-one-past-document", &phone.exchange_all()?, figures);
    }
    Ok(())
}

/// What trips cost: bodies alone, everything on the wire, and the time that the
/// program took, since loopback takes none.
fn tell(case: &str, trips: &[Trip], figures: &mut Figures) {
    let sum = |bytes: fn(&Trip) -> usize| trips.iter().map(bytes).sum();
    figures.add_whole(case, "requests", trips.len(), "");
    figures.add_whole(case, "up_body", sum(|trip| trip.exchange.body.len()), "B");
    figures.add_whole(case, "up_wire", sum(|trip| trip.up_bytes), "B");
    figures.add_whole(case, "down_pack", sum(|trip| trip.down_pack.len()), "B");
    figures.add_whole(case, "down_body", sum(|trip| trip.down_body.len()), "B");
    figures.add_whole(case, "down_wire", sum(|trip| trip.down_bytes), "B");
    let time: f64 = trips.iter().map(|trip| trip.time().as_secs_f64()).sum();
    figures.add(case, "time_ms", time * 1000.0, "ms");
}
