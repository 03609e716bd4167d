//! Other engines, each through the same cases over the same proxy.

use std::path::{Path, PathBuf};

use serde_json::json;

use crate::BenchError;
use crate::process::Process;
use crate::proxy::{Proxy, Traffic};

use super::Setting;
use super::cost::{Cost, Costs, Server, Time};
use super::ours::must_be;
use super::workload::Workload;

/// The other engines; each has a folder of its name.
pub const NAMES: [&str; 2] = ["automerge-repo", "pouchdb"];

/// An engine and what it works on.
pub struct Peer<'a> {
    /// Its name.
    pub name: &'static str,
    /// Its program files.
    pub programs: &'a Path,
    /// What it may write into.
    pub folder: PathBuf,
    /// The workload as a file, and as it is.
    pub workload: (&'a Path, &'a Workload),
}

impl Peer<'_> {
    /// Measures all cases over all networks.
    pub fn run(&self, networks: &[Setting], costs: &mut Costs) -> Result<(), BenchError> {
        let data = self.folder.join("office");
        std::fs::create_dir_all(&data)?;
        self.start("server", &[&data])?.ask("fill", json!({}))?;
        // Started again, so that nothing of the filling is in its memory.
        let mut office = self.start("server", &[&data])?;
        let port = office.ask("listen", json!({}))?["port"].as_u64();
        let port = port.ok_or_else(|| BenchError::Program("the peer has no port".to_owned()))?;
        let mut cases = Cases {
            peer: self,
            port,
            phone: self.start("client", &[])?,
            office,
        };
        for setting in networks {
            cases.run(setting, costs)?;
        }
        Ok(())
    }

    fn start(&self, program: &str, arguments: &[&Path]) -> Result<Process, BenchError> {
        let program = self.programs.join(self.name).join(program);
        let program = program.with_extension("mjs");
        let mut all = vec![program.as_os_str(), self.workload.0.as_os_str()];
        all.extend(arguments.iter().map(|path| path.as_os_str()));
        Process::start("node".as_ref(), &all)
    }
}

struct Cases<'a> {
    peer: &'a Peer<'a>,
    port: u64,
    office: Process,
    phone: Process,
}

impl Cases<'_> {
    fn run(&mut self, setting: &Setting, costs: &mut Costs) -> Result<(), BenchError> {
        let day = &self.peer.workload.1.days[setting.day];
        match setting.network.bits_per_second {
            Some(_) => costs.compute(self.peer.name, "first", setting),
            None => costs.add(self.first(setting)?),
        }
        self.open(false)?;
        costs.add(self.measure("nothing_new", setting)?);
        self.phone.ask("close", json!({}))?;

        self.open(false)?;
        let order = json!({ "day": setting.day });
        self.phone.ask("write", order.clone())?;
        self.office.ask("edit", order.clone())?;
        costs.add(self.measure("day", setting)?);
        let here = self.phone.ask("count", order.clone())?;
        let there = self.office.ask("count", order)?;
        must_be(
            "edits at the peer's phone",
            count(&here["edits"]),
            day.edits.len(),
        )?;
        must_be(
            "visits at the peer's office",
            count(&there["visits"]),
            day.visits.len(),
        )?;
        self.phone.ask("close", json!({}))?;
        Ok(())
    }

    /// A new phone gets everything, then, uncounted, comes to rest.
    fn first(&mut self, setting: &Setting) -> Result<Cost, BenchError> {
        let past = self.peer.workload.1.past.len();
        let phones = self.peer.folder.join("phone");
        if phones.exists() {
            std::fs::remove_dir_all(&phones)?;
        }
        self.open(true)?;
        let cost = self.measure("first", setting)?;
        let here = self.phone.ask("count", json!({}))?;
        must_be(
            "past visits at the peer's phone",
            count(&here["past"]),
            past,
        )?;
        self.phone.ask("rest", json!({ "port": self.port }))?;
        self.phone.ask("close", json!({}))?;
        Ok(cost)
    }

    fn open(&mut self, is_new: bool) -> Result<(), BenchError> {
        let folder = self.peer.folder.join("phone");
        let order = json!({ "folder": folder, "is_new": is_new });
        self.phone.ask("open", order).map(drop)
    }

    fn measure(&mut self, case: &str, setting: &Setting) -> Result<Cost, BenchError> {
        let office = format!("127.0.0.1:{}", self.port);
        let proxy = Proxy::start(&office, setting.network)?;
        let before = self.office.processor_time()?;
        let told = self.phone.ask("connect", json!({ "port": proxy.port }))?;
        let traffic = proxy.take();
        let cpu = self.office.processor_time()?.since(before);
        let seconds = told["seconds"].as_f64().unwrap_or_default();
        // Where messages cross each other all the time, the phone itself tells which answers which.
        let round_trips = told["round_trips"].as_u64();
        Ok(Cost {
            engine: self.peer.name,
            case: format!("{case}{}", setting.suffix),
            traffic: Traffic {
                round_trips: round_trips.unwrap_or(traffic.round_trips),
                ..traffic
            },
            time: Time::Measured(seconds),
            server: Some(Server {
                cpu_s: cpu.all().as_secs_f64(),
                rss_bytes: self.office.resident_bytes()?,
            }),
        })
    }
}

fn count(value: &serde_json::Value) -> usize {
    value.as_u64().map_or(0, |count| count as usize)
}
