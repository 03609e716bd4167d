//! Ours: the real program, and the native phone over plain HTTP/1.1 on one
//! connection that is kept open.

use std::time::Instant;

use model::Summary;
use sync::Replica;

use crate::BenchError;
use crate::http::Connection;
use crate::phone::{Phone, Trip};
use crate::proxy::Proxy;

use super::Setting;
use super::cost::{Cost, Costs, OURS, Server, Time};
use super::moment::moment;
use super::office::{Office, changes_of, shows, write};
use super::workload::{Edit, Workload};

/// The changes of a day as they were made, one after another.
pub struct DayChanges {
    /// Of the phone.
    pub up: Vec<u8>,
    /// Of the office.
    pub down: Vec<u8>,
}

/// Measures all cases over one network.
pub fn run(
    office: &mut Office,
    workload: &Workload,
    setting: &Setting,
    costs: &mut Costs,
) -> Result<DayChanges, BenchError> {
    let proxy = Proxy::start(&office.program.address, setting.network)?;
    let enrolled = office.new_device()?;
    let mut phone = Phone::over(Connection::open_native(&proxy.address)?, &enrolled);
    let day = &workload.days[setting.day];
    match setting.network.bits_per_second {
        Some(_) => {
            // Takes minutes over this network, so the phone is filled over another one.
            phone.reconnect(Connection::open_native(&office.program.address)?);
            phone.exchange_all()?;
            phone.reconnect(Connection::open_native(&proxy.address)?);
            for case in ["first", "first_useful", "first_listed"] {
                costs.compute(OURS, case, setting);
            }
        }
        None => first((office, &proxy, setting), &mut phone, workload, costs)?,
    }
    let (nothing_new, _) = measure("nothing_new", (office, &proxy, setting), &mut phone)?;
    costs.add(nothing_new);

    write(&mut phone, &day.visits)?;
    let changes = DayChanges {
        up: changes_of(&phone),
        down: office.edit(day, &workload.doors)?,
    };
    let (cost, _) = measure("day", (office, &proxy, setting), &mut phone)?;
    let edits = day.edits.iter();
    let edits = edits.filter(|edit| shows_edit(&mut phone, edit)).count();
    must_be("edits on the phone", edits, day.edits.len())?;
    let kept = office.has(&day.visits)?;
    must_be("visits at the office", kept, day.visits.len())?;
    must_be("changes without a receipt", phone.replica.own().count(), 0)?;
    costs.add(cost);
    Ok(changes)
}

type Place<'a> = (&'a Office, &'a Proxy, &'a Setting);

/// A new phone gets everything. Also when it was of use, and when its whole grid
/// was listed.
fn first(
    place: Place<'_>,
    phone: &mut Phone,
    workload: &Workload,
    costs: &mut Costs,
) -> Result<(), BenchError> {
    let fresh = phone.replica.clone();
    let (cost, trips) = measure("first", place, phone)?;
    let shown = shows(phone, &workload.past);
    must_be("past visits on the phone", shown, workload.past.len())?;
    costs.add(cost);
    let (_, _, setting) = place;
    if !setting.suffix.is_empty() {
        return Ok(());
    }
    let doors = workload.doors.len();
    let last_round = &workload.past[workload.past.len() - doors..];
    let is_useful = |phone: &mut Replica| {
        let doors = workload.doors.iter();
        doors.zip(last_round).all(|(door, last)| {
            phone.summary(door.id).is_some() && phone.summary(last.id).is_some()
        })
    };
    let is_listed = |phone: &mut Replica| {
        let visits = workload.past.iter().map(|visit| visit.id);
        let doors = workload.doors.iter().map(|door| door.id);
        doors.chain(visits).all(|id| phone.summary(id).is_some())
    };
    let moments = [
        ("first_useful", moment(fresh.clone(), &trips, is_useful)),
        ("first_listed", moment(fresh, &trips, is_listed)),
    ];
    for (case, traffic) in moments {
        let missing = || BenchError::Program(format!("{case} never came"));
        costs.add(Cost {
            engine: OURS,
            case: case.to_owned(),
            traffic: traffic.ok_or_else(missing)?,
            time: Time::None,
            server: None,
        });
    }
    Ok(())
}

/// Exchanges until the phone has nothing more to say.
fn measure(
    case: &str,
    (office, proxy, setting): Place<'_>,
    phone: &mut Phone,
) -> Result<(Cost, Vec<Trip>), BenchError> {
    let before = office.program.processor_time()?;
    proxy.take();
    let begun = Instant::now();
    let trips = phone.exchange_all()?;
    let seconds = begun.elapsed().as_secs_f64();
    let cpu = office.program.processor_time()?.since(before);
    let cost = Cost {
        engine: OURS,
        case: format!("{case}{}", setting.suffix),
        traffic: proxy.take(),
        time: Time::Measured(seconds),
        server: Some(Server {
            cpu_s: cpu.all().as_secs_f64(),
            rss_bytes: office.program.memory()?.resident,
        }),
    };
    Ok((cost, trips))
}

fn shows_edit(phone: &mut Phone, edit: &Edit) -> bool {
    match phone.replica.summary(edit.door) {
        Some(Summary::Door(row)) => {
            row.remarks == edit.remarks && row.plan.interval_days == Some(edit.interval_days)
        }
        _ => false,
    }
}

/// Figures of something that did not arrive are none.
pub fn must_be(what: &str, found: usize, expected: usize) -> Result<(), BenchError> {
    match found == expected {
        true => Ok(()),
        false => Err(BenchError::Program(format!(
            "{what}: {found} instead of {expected}"
        ))),
    }
}
