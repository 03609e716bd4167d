//! Every question the desk's lists can ask, again and again over one connection.

use std::time::Instant;

use serde_json::Value;

use crate::enrolled::text;
use crate::figures::Figures;
use crate::http::{Connection, Request};
use crate::phone::now_ms;
use crate::spread::Spread;
use crate::{BenchError, Settings};

const DAY_MS: i64 = 24 * 3_600_000;
/// Rows of a page when nothing is said.
const PAGE: u64 = 50;

/// What the text filter looks for: in no note, in few, in many.
const TEXTS: [(&str, &str); 3] = [
    ("text-none", "没有人写过这句话"),
    ("text-few", "当天换好"),
    ("text-many", "家"),
];

/// Filters that hold together for one visit in a dozen.
const COMBINED: &str = "outcome=met&purpose=care&tag=aged&review=accepted";

/// Asks everything.
pub fn run(
    settings: &Settings,
    connection: &mut Connection,
    token: &str,
    figures: &mut Figures,
) -> Result<(), BenchError> {
    let mut asking = Asking {
        repeats: settings.repeats,
        connection,
        token,
        figures,
    };
    for route in ["numbers", "directory", "phones", "tray"] {
        asking.time(route, &format!("/api/desk/{route}"))?;
    }
    let row = asking.row_that_passes(COMBINED)?;
    let choices = Choices::of(&row)?;
    for (name, query) in choices.visits() {
        asking.pages(&name, &format!("/api/desk/visits?{query}"))?;
    }
    asking.time("visits-200-rows", "/api/desk/visits?limit=200")?;
    for (name, query) in choices.doors() {
        asking.pages(&name, &format!("/api/desk/doors?{query}"))?;
    }
    Ok(())
}

struct Asking<'a> {
    repeats: usize,
    connection: &'a mut Connection,
    token: &'a str,
    figures: &'a mut Figures,
}

impl Asking<'_> {
    /// The first page of a list, and its last.
    fn pages(&mut self, case: &str, path: &str) -> Result<(), BenchError> {
        let first = self.time(case, path)?;
        let total = first["total"].as_u64().unwrap_or_default();
        if total > PAGE {
            let offset = total - PAGE;
            self.time(&format!("{case}-deep"), &format!("{path}&offset={offset}"))?;
        }
        Ok(())
    }

    /// A visit that passes these filters and has the frequent word.
    fn row_that_passes(&mut self, filters: &str) -> Result<Value, BenchError> {
        let path = format!("/api/desk/visits?{filters}&text={}&limit=1", encoded("家"));
        let request = Request::get(&path, Some(self.token));
        let answer = self.connection.ask_well(request)?;
        let body: Value = serde_json::from_slice(&answer.body)?;
        Ok(body["rows"][0].clone())
    }

    /// Asks once to warm up, then as often as is measured. Gives the last answer.
    fn time(&mut self, case: &str, path: &str) -> Result<Value, BenchError> {
        let mut spread = Spread::default();
        let request = Request::get(path, Some(self.token));
        let mut answer = self.connection.ask_well(request)?;
        for _ in 0..self.repeats {
            let begun = Instant::now();
            answer = self.connection.ask_well(request)?;
            spread.add(begun.elapsed());
        }
        spread.tell(case, self.figures);
        let body: Value = serde_json::from_slice(&answer.body)?;
        let total = body["total"].as_u64().unwrap_or_default();
        self.figures.add(case, "total", total as f64, "");
        self.figures.add_whole(case, "body", answer.body.len(), "B");
        Ok(body)
    }
}

/// One value for each filter, all of them from one visit, so that the filters
/// together have a hit.
struct Choices {
    grid: String,
    building: String,
    worker: String,
    from: i64,
    to: i64,
}

impl Choices {
    fn of(row: &Value) -> Result<Self, BenchError> {
        Ok(Self {
            grid: text(&row["feed"])?.to_owned(),
            building: text(&row["door"]["building"])?.to_owned(),
            worker: text(&row["summary"]["by"])?.to_owned(),
            from: now_ms() - 60 * DAY_MS,
            to: now_ms() - 30 * DAY_MS,
        })
    }

    fn visits(&self) -> Vec<(String, String)> {
        let Self {
            grid,
            building,
            worker,
            from,
            to,
        } = self;
        let mut cases = vec![
            ("none", String::new()),
            ("grid", format!("grid={grid}")),
            ("building", format!("building={building}")),
            ("worker", format!("worker={worker}")),
            ("purpose", "purpose=care".to_owned()),
            ("outcome", "outcome=met".to_owned()),
            ("tag", "tag=aged".to_owned()),
            ("review-waiting", "review=waiting".to_owned()),
            ("review-accepted", "review=accepted".to_owned()),
            ("review-asked-back", "review=asked_back".to_owned()),
            ("from", format!("from={from}")),
            ("to", format!("to={to}")),
            ("from-to", format!("from={from}&to={to}")),
        ];
        cases.extend(TEXTS.map(|(name, words)| (name, format!("text={}", encoded(words)))));
        let year_ago = now_ms() - 366 * DAY_MS;
        let words = encoded("家");
        let all = format!(
            "{COMBINED}&grid={grid}&building={building}&worker={worker}&from={year_ago}&to={}\
             &text={words}",
            now_ms(),
        );
        cases.push(("all-combined", all));
        named("filter", cases)
    }

    fn doors(&self) -> Vec<(String, String)> {
        let Self { grid, building, .. } = self;
        let cases = vec![
            ("none", String::new()),
            ("grid", format!("grid={grid}")),
            ("building", format!("building={building}")),
            ("tag", "tag=aged".to_owned()),
            ("seen-visited", "seen=visited".to_owned()),
            ("seen-never", "seen=never".to_owned()),
            ("text", format!("text={}", encoded("听力"))),
        ];
        named("doors", cases)
    }
}

fn named(list: &str, cases: Vec<(&str, String)>) -> Vec<(String, String)> {
    let cases = cases.into_iter();
    cases
        .map(|(name, query)| (format!("{list}-{name}"), query))
        .collect()
}

/// Text as it stands in a query.
fn encoded(text: &str) -> String {
    text.bytes().map(|byte| format!("%{byte:02X}")).collect()
}
