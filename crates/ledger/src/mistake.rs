//! Where something in a ledger is, and what is wrong or worth knowing there.
//!
//! The sentences are for the person who keeps the ledger: they say what was
//! found and what to do. They never repeat a phone or ID number.

use std::fmt;

/// A place in a ledger, as the person who keeps it counts: rows from 1,
/// columns by letter.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Place {
    /// Name of the worksheet, or the file's name for a text file.
    pub sheet: String,
    /// Row, from 1; absent when the whole sheet is meant.
    pub row: Option<u32>,
    /// Column letter and, where known, its heading: `D「门牌」`.
    pub column: Option<String>,
}

impl Place {
    /// A whole sheet.
    pub fn sheet(sheet: &str) -> Self {
        Place {
            sheet: sheet.to_owned(),
            row: None,
            column: None,
        }
    }

    /// A whole row of a sheet; `row` counts from 0.
    pub fn row(sheet: &str, row: usize) -> Self {
        Place {
            row: u32::try_from(row + 1).ok(),
            ..Place::sheet(sheet)
        }
    }

    /// One cell; `row` and `column` count from 0, `heading` may be empty.
    pub fn cell(sheet: &str, row: usize, column: usize, heading: &str) -> Self {
        let letters = column_letters(column);
        let column = match heading {
            "" => letters,
            heading => format!("{letters}「{heading}」"),
        };
        Place {
            column: Some(column),
            ..Place::row(sheet, row)
        }
    }
}

impl fmt::Display for Place {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "「{}」", self.sheet)?;
        if let Some(row) = self.row {
            write!(formatter, "第 {row} 行")?;
        }
        if let Some(column) = &self.column {
            write!(formatter, " {column} 列")?;
        }
        Ok(())
    }
}

/// Why a ledger cannot be imported, at one place.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Mistake {
    /// Where it is.
    pub place: Place,
    /// What is wrong and what to do, in Chinese.
    pub zh: String,
    /// The same in English.
    pub en: String,
}

impl Mistake {
    /// A mistake at `place`, said in both languages.
    pub fn new(place: Place, zh: impl Into<String>, en: impl Into<String>) -> Self {
        Mistake {
            place,
            zh: zh.into(),
            en: en.into(),
        }
    }
}

impl fmt::Display for Mistake {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{}：{}（{}）", self.place, self.zh, self.en)
    }
}

/// Something the importer did or left out that the keeper should know; the
/// import goes on.
pub type Notice = Mistake;

/// `A`, `B`, … `Z`, `AA`, as spreadsheets name columns; `column` counts from 0.
pub fn column_letters(column: usize) -> String {
    let mut letters = Vec::new();
    let mut rest = column + 1;
    while rest > 0 {
        rest -= 1;
        letters.push(char::from(b'A' + (rest % 26) as u8));
        rest /= 26;
    }
    letters.iter().rev().collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_are_named_as_spreadsheets_name_them() {
        let cases = [
            (0, "A"),
            (3, "D"),
            (25, "Z"),
            (26, "AA"),
            (51, "AZ"),
            (52, "BA"),
            (701, "ZZ"),
            (702, "AAA"),
        ];
        for (column, letters) in cases {
            assert_eq!(column_letters(column), letters);
        }
    }

    #[test]
    fn a_place_reads_like_a_sentence() {
        assert_eq!(
            Place::cell("一网格", 4, 3, "门牌").to_string(),
            "「一网格」第 5 行 D「门牌」 列"
        );
        assert_eq!(Place::sheet("说明").to_string(), "「说明」");
    }
}
