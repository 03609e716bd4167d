//! Figures: collected in order, printed as tables, kept as JSON lines so that
//! runs can be compared by a program.

use std::fs::{self, OpenOptions};
use std::io::{self, Write};
use std::path::Path;
use std::time::{SystemTime, UNIX_EPOCH};

use serde_json::json;

/// What is measured, where no other engine is named.
const ENGINE: &str = "stairwell";

/// One number.
#[derive(Clone, Debug, PartialEq)]
struct Figure {
    engine: &'static str,
    case: String,
    name: String,
    value: f64,
    unit: &'static str,
}

/// The figures of one run of one measurement.
#[derive(Clone, Debug)]
pub struct Figures {
    bench: &'static str,
    workload: String,
    /// When the run began, ms since 1970: tells the lines of two runs apart.
    run: u64,
    /// What all figures are of, if what they are told under are only parts of it.
    whole: Option<String>,
    figures: Vec<Figure>,
}

impl Figures {
    /// None yet.
    pub fn new(bench: &'static str, workload: String) -> Self {
        let now = SystemTime::now().duration_since(UNIX_EPOCH);
        Self {
            bench,
            workload,
            run: now.map_or(0, |since| since.as_millis() as u64),
            whole: None,
            figures: Vec::new(),
        }
    }

    /// Makes `case` the case of every line. What figures are added under goes before their names.
    pub fn of_case(self, case: String) -> Self {
        let whole = Some(case);
        Self { whole, ..self }
    }

    /// Adds a number. `unit` is such as `ms` or `B`, empty for a count.
    pub fn add(&mut self, case: &str, name: &str, value: f64, unit: &'static str) {
        self.add_of(ENGINE, case, name, value, unit);
    }

    /// Adds a number of something that is measured beside the program.
    pub fn add_of(
        &mut self,
        engine: &'static str,
        case: &str,
        name: &str,
        value: f64,
        unit: &'static str,
    ) {
        self.figures.push(Figure {
            engine,
            case: case.to_owned(),
            name: name.to_owned(),
            value,
            unit,
        });
    }

    /// Adds a number of bytes or a count.
    pub fn add_whole(&mut self, case: &str, name: &str, value: usize, unit: &'static str) {
        self.add(case, name, value as f64, unit);
    }

    /// Appends every figure to `NAME.jsonl` in `folder`.
    pub fn keep(&self, folder: &Path) -> io::Result<()> {
        fs::create_dir_all(folder)?;
        let path = folder.join(format!("{}.jsonl", self.bench));
        let mut file = OpenOptions::new().create(true).append(true).open(path)?;
        file.write_all(self.lines().as_bytes())
    }

    fn lines(&self) -> String {
        let line = |figure: &Figure| {
            let (case, name) = match &self.whole {
                Some(whole) => (whole, format!("{}/{}", figure.case, figure.name)),
                None => (&figure.case, figure.name.clone()),
            };
            let line = json!({
                "bench": self.bench,
                "engine": figure.engine,
                "workload": self.workload,
                "case": case,
                "figure": name,
                "value": figure.value,
                "unit": figure.unit,
                "run": self.run,
            });
            format!("{line}\n")
        };
        self.figures.iter().map(line).collect()
    }

    /// The figures as tables: one row a case, one table for neighbours that
    /// have the same figures.
    pub fn tables(&self) -> String {
        let mut text = format!("{} · {}\n", self.bench, self.workload);
        let mut columns: Vec<String> = Vec::new();
        let cases = self.figures.iter().map(|figure| title(figure).len());
        let first = cases.max().unwrap_or_default();
        for row in self.rows() {
            let own: Vec<String> = row.iter().map(heading).collect();
            if own != columns {
                text += &format!("\n{:<first$}", "");
                text.extend(
                    own.iter()
                        .map(|name| format!("{name:>width$}", width = width(name))),
                );
                text.push('\n');
                columns = own;
            }
            text += &format!("{:<first$}", title(&row[0]));
            for (figure, name) in row.iter().zip(&columns) {
                text += &format!("{:>width$}", shown(figure), width = width(name));
            }
            text.push('\n');
        }
        text
    }

    fn rows(&self) -> impl Iterator<Item = &[Figure]> {
        self.figures
            .chunk_by(|one, next| (one.engine, &one.case) == (next.engine, &next.case))
    }
}

/// The first column: the engine is told where it is not the program itself.
fn title(figure: &Figure) -> String {
    match figure.engine {
        ENGINE => figure.case.clone(),
        engine => format!("{engine} {}", figure.case),
    }
}

fn heading(figure: &Figure) -> String {
    match figure.unit {
        "" => figure.name.clone(),
        unit if figure.name.ends_with(unit) => figure.name.clone(),
        unit => format!("{} {unit}", figure.name),
    }
}

fn width(heading: &str) -> usize {
    heading.len().max(10) + 2
}

fn shown(figure: &Figure) -> String {
    match figure.unit {
        "ms" | "s" | "x" if figure.value < 100.0 => format!("{:.2}", figure.value),
        "MB" => format!("{:.1}", figure.value),
        _ => grouped(figure.value.round() as i64),
    }
}

/// 1234567 as `1,234,567`.
fn grouped(number: i64) -> String {
    let digits = number.unsigned_abs().to_string();
    let mut text = String::new();
    for (place, digit) in digits.chars().enumerate() {
        if place > 0 && (digits.len() - place).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    if number < 0 { format!("-{text}") } else { text }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_figure_is_one_json_line() {
        let mut figures = Figures::new("desk", "practice-x10".to_owned());
        figures.run = 7;
        figures.add("filter-tag", "p99_ms", 4.1, "ms");
        figures.add_whole("filter-tag", "hits", 12, "");
        assert_eq!(
            figures.lines(),
            "{\"bench\":\"desk\",\"case\":\"filter-tag\",\"engine\":\"stairwell\",\"figure\":\"p99_ms\",\"run\":7,\"unit\":\"ms\",\"value\":4.1,\"workload\":\"practice-x10\"}\n\
             {\"bench\":\"desk\",\"case\":\"filter-tag\",\"engine\":\"stairwell\",\"figure\":\"hits\",\"run\":7,\"unit\":\"\",\"value\":12.0,\"workload\":\"practice-x10\"}\n"
        );
    }

    #[test]
    fn figures_of_one_case_name_their_part() {
        let mut figures = Figures::new("desk", "practice".to_owned()).of_case("110000".to_owned());
        figures.add("filter-tag", "p99_ms", 4.1, "ms");
        let lines = figures.lines();
        assert!(lines.contains("\"case\":\"110000\""), "{lines}");
        assert!(
            lines.contains("\"figure\":\"filter-tag/p99_ms\""),
            "{lines}"
        );
    }

    #[test]
    fn neighbours_with_the_same_figures_share_a_heading() {
        let mut figures = Figures::new("desk", "x".to_owned());
        for case in ["one", "two"] {
            figures.add(case, "median_ms", 1.5, "ms");
            figures.add_whole(case, "bytes", 1_234_567, "B");
        }
        figures.add_whole("three", "files", 9, "");
        let tables = figures.tables();
        assert_eq!(tables.matches("median_ms").count(), 1);
        assert_eq!(tables.matches("bytes B").count(), 1);
        assert!(tables.contains("1,234,567"));
        assert!(tables.contains("files"));
    }

    #[test]
    fn thousands_are_set_apart() {
        let cases = [
            (0, "0"),
            (999, "999"),
            (1000, "1,000"),
            (-12_345, "-12,345"),
        ];
        for (number, text) in cases {
            assert_eq!(grouped(number), text);
        }
    }
}
