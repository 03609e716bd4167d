//! A worksheet as cells and merged blocks, before anything is made of it.
//!
//! Both readers (workbook and text file) end here; from here on it does not
//! matter where a cell came from.

use std::collections::BTreeMap;

/// Most rows a sheet may have. A street's eight communities are 90,000 people.
pub const ROWS_MAX: usize = 200_000;
/// Most columns that are looked at; a ledger has about ten.
pub const COLUMNS_MAX: usize = 256;

/// One cell that is not empty.
#[derive(Clone, Debug, PartialEq)]
pub enum Cell {
    /// Text as typed.
    Text(String),
    /// A number; a whole number that should be text is told by [`Cell::text`].
    Number(f64),
    /// A date, of which only the year is ever used.
    Date {
        /// The year of the date.
        year: i32,
    },
    /// A formula's error, such as `#N/A`.
    Error,
}

impl Cell {
    /// The cell as the text a person sees: `501.0` is `501`. A date or an error
    /// has no text that could be meant.
    pub fn text(&self) -> Option<String> {
        match self {
            Cell::Text(text) => Some(tidy(text)),
            // Below 2^53 every whole number is exact, so this prints what was typed.
            Cell::Number(number) if number.fract() == 0.0 && number.abs() < 9.0e15 => {
                Some(format!("{number:.0}"))
            }
            Cell::Number(number) => Some(number.to_string()),
            Cell::Date { .. } | Cell::Error => None,
        }
    }
}

/// A merged block of cells; its value stands in its first cell. Counted from
/// 0, ends included.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Merge {
    /// Row and column of the first cell.
    pub first: (usize, usize),
    /// Row and column of the last cell.
    pub last: (usize, usize),
}

impl Merge {
    fn holds(&self, row: usize, column: usize) -> bool {
        (self.first.0..=self.last.0).contains(&row)
            && (self.first.1..=self.last.1).contains(&column)
    }

    /// Whether the block lies within one column, so that its value can be meant
    /// for each of its rows.
    pub fn is_vertical(&self) -> bool {
        self.first.1 == self.last.1
    }
}

/// A worksheet: what is in its cells and which of them are merged.
#[derive(Clone, Debug, Default)]
pub struct Sheet {
    /// Name of the sheet, or of the file for a text file.
    pub name: String,
    rows: BTreeMap<usize, BTreeMap<usize, Cell>>,
    /// Merged blocks by their columns, so that a look-up passes few of them.
    merges: BTreeMap<usize, Vec<Merge>>,
}

impl Sheet {
    /// An empty sheet.
    pub fn new(name: &str) -> Self {
        Sheet {
            name: name.to_owned(),
            ..Sheet::default()
        }
    }

    /// Puts a cell; text of nothing but blanks is no cell.
    pub fn put(&mut self, row: usize, column: usize, cell: Cell) {
        if matches!(&cell, Cell::Text(text) if tidy(text).is_empty()) {
            return;
        }
        self.rows.entry(row).or_default().insert(column, cell);
    }

    /// Notes a merged block.
    pub fn merge(&mut self, merge: Merge) {
        for column in merge.first.1..=merge.last.1.min(COLUMNS_MAX) {
            self.merges.entry(column).or_default().push(merge);
        }
    }

    /// Rows that hold at least one cell of their own, top first, counted from 0.
    pub fn rows(&self) -> impl Iterator<Item = usize> + '_ {
        self.rows.keys().copied()
    }

    /// The cells of one row, left first.
    pub fn cells(&self, row: usize) -> impl Iterator<Item = (usize, &Cell)> {
        self.rows
            .get(&row)
            .into_iter()
            .flatten()
            .map(|(column, cell)| (*column, cell))
    }

    /// What stands in this very cell.
    pub fn cell(&self, row: usize, column: usize) -> Option<&Cell> {
        self.rows.get(&row)?.get(&column)
    }

    /// The merged block that this cell is part of.
    pub fn merged(&self, row: usize, column: usize) -> Option<Merge> {
        self.merges
            .get(&column)?
            .iter()
            .find(|merge| merge.holds(row, column))
            .copied()
    }

    /// What stands in this cell, or in the first cell of the one-column block it
    /// is part of.
    pub fn filled(&self, row: usize, column: usize) -> Option<&Cell> {
        match self.merged(row, column) {
            Some(merge) if merge.is_vertical() => self.cell(merge.first.0, column),
            _ => self.cell(row, column),
        }
    }
}

/// Text as it was meant: full-width digits, letters and signs as plain ones,
/// every kind of blank as one space, nothing at the ends, nothing invisible.
pub fn tidy(text: &str) -> String {
    let mut tidied = String::with_capacity(text.len());
    for character in text.chars().map(half_width) {
        if character.is_whitespace() {
            if !tidied.is_empty() && !tidied.ends_with(' ') {
                tidied.push(' ');
            }
        } else if !character.is_control() && !is_invisible(character) {
            tidied.push(character);
        }
    }
    tidied.truncate(tidied.trim_end().len());
    tidied
}

fn half_width(character: char) -> char {
    match character {
        // The full-width forms stand in the same order as ASCII from `!` to `~`.
        '\u{FF01}'..='\u{FF5E}' => {
            char::from_u32(u32::from(character) - 0xFEE0).unwrap_or(character)
        }
        other => other,
    }
}

fn is_invisible(character: char) -> bool {
    matches!(character, '\u{200B}'..='\u{200F}' | '\u{202A}'..='\u{202E}' | '\u{2060}' | '\u{FEFF}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_is_tidied_to_what_was_meant() {
        let cases = [
            ("  501 ", "501"),
            ("５０１室", "501室"),
            ("张\u{3000}三", "张 三"),
            ("3\u{A0}栋\r\n", "3 栋"),
            ("１２＃", "12#"),
            ("\u{FEFF}楼栋\u{200B}", "楼栋"),
            ("a\tb\n c", "a b c"),
            (" \u{3000} ", ""),
        ];
        for (typed, meant) in cases {
            assert_eq!(tidy(typed), meant, "{typed:?}");
        }
    }

    #[test]
    fn a_number_that_should_be_text_loses_its_point() {
        assert_eq!(Cell::Number(501.0).text().as_deref(), Some("501"));
        assert_eq!(
            Cell::Number(13_900_000_000.0).text().as_deref(),
            Some("13900000000")
        );
        assert_eq!(Cell::Number(1950.03).text().as_deref(), Some("1950.03"));
        assert_eq!(Cell::Date { year: 1950 }.text(), None);
    }

    #[test]
    fn only_a_block_within_one_column_fills_its_rows() {
        let mut sheet = Sheet::new("家底");
        sheet.put(1, 0, Cell::Text("3栋".into()));
        sheet.merge(Merge {
            first: (1, 0),
            last: (3, 0),
        });
        sheet.put(5, 1, Cell::Text("合计".into()));
        sheet.merge(Merge {
            first: (5, 1),
            last: (6, 2),
        });
        assert_eq!(sheet.filled(3, 0), Some(&Cell::Text("3栋".into())));
        assert_eq!(sheet.cell(3, 0), None);
        assert_eq!(sheet.filled(6, 1), None);
        assert_eq!(sheet.filled(4, 0), None);
    }
}
