//! Reads a .csv file into one sheet of cells: UTF-8 with or without its mark,
//! UTF-16 with its mark, or GB18030, with commas or tabs. Knows nothing of
//! ledgers.

use std::borrow::Cow;

use encoding_rs::{Encoding, GB18030, UTF_8};

use crate::mistake::{Mistake, Place};
use crate::table::{COLUMNS_MAX, Cell, ROWS_MAX, Sheet};

/// The one sheet of a text file, named as the file is.
pub fn read_text_file(file_name: &str, bytes: &[u8]) -> Result<Sheet, Vec<Mistake>> {
    let text = decode(bytes).ok_or_else(|| vec![undecodable(file_name)])?;
    let mut reader = csv::ReaderBuilder::new()
        .has_headers(false)
        .flexible(true)
        .delimiter(delimiter(&text))
        .from_reader(text.as_bytes());
    let mut sheet = Sheet::new(file_name);
    let mut row = 0;
    for record in reader.records() {
        let record = record.map_err(|error| vec![unreadable(file_name, row, &error)])?;
        row += blank_lines_before(&text, record.position());
        if row >= ROWS_MAX {
            return Err(vec![too_long(file_name)]);
        }
        for (column, field) in record.iter().take(COLUMNS_MAX).enumerate() {
            sheet.put(row, column, Cell::Text(field.to_owned()));
        }
        row += 1;
    }
    Ok(sheet)
}

/// The reader skips blank lines, and its position is that before them. A
/// spreadsheet shows them, and the keeper counts rows there.
fn blank_lines_before(text: &str, position: Option<&csv::Position>) -> usize {
    let start = position.and_then(|position| usize::try_from(position.byte()).ok());
    let rest = start
        .and_then(|start| text.as_bytes().get(start..))
        .unwrap_or_default();
    rest.iter()
        .take_while(|byte| matches!(byte, b'\r' | b'\n'))
        .filter(|byte| **byte == b'\n')
        .count()
}

/// The text, when it is text. Bytes that are valid UTF-8 are taken as such: a
/// ledger in GB18030 that reads as UTF-8 throughout does not occur in practice.
fn decode(bytes: &[u8]) -> Option<Cow<'_, str>> {
    if let Some((encoding, mark)) = Encoding::for_bom(bytes) {
        return encoding.decode_without_bom_handling_and_without_replacement(&bytes[mark..]);
    }
    if bytes.contains(&0) {
        return None;
    }
    [UTF_8, GB18030]
        .into_iter()
        .find_map(|encoding| encoding.decode_without_bom_handling_and_without_replacement(bytes))
}

/// Tabs if the first line that says anything has more of them than commas.
fn delimiter(text: &str) -> u8 {
    let first = text
        .lines()
        .find(|line| !line.trim().is_empty())
        .unwrap_or_default();
    if first.matches('\t').count() > first.matches(',').count() {
        b'\t'
    } else {
        b','
    }
}

fn undecodable(file: &str) -> Mistake {
    Mistake::new(
        Place::sheet(file),
        "读不出文字：既不是 UTF-8 也不是 GB18030；请用 Excel 或 WPS 另存为 .xlsx 再导入",
        "not text in UTF-8 or GB18030; save it as .xlsx and import that",
    )
}

fn too_long(file: &str) -> Mistake {
    Mistake::new(
        Place::sheet(file),
        format!("超过 {ROWS_MAX} 行，请分成几个文件"),
        format!("more than {ROWS_MAX} rows; split it into several files"),
    )
}

fn unreadable(file: &str, row: usize, error: &csv::Error) -> Mistake {
    Mistake::new(
        Place::row(file, row),
        format!("这一行读不下去（{error}）"),
        format!("cannot be read from here on ({error})"),
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    fn texts(sheet: &Sheet, row: usize) -> Vec<String> {
        sheet
            .cells(row)
            .filter_map(|(_, cell)| cell.text())
            .collect()
    }

    #[test]
    fn every_usual_encoding_reads_the_same() {
        let text = "楼栋,姓名\n3栋,张三\n";
        let mut utf16: Vec<u8> = vec![0xFF, 0xFE];
        utf16.extend(text.encode_utf16().flat_map(u16::to_le_bytes));
        let cases: [(&str, Vec<u8>); 4] = [
            ("plain UTF-8", text.as_bytes().to_vec()),
            (
                "UTF-8 with its mark",
                [b"\xEF\xBB\xBF", text.as_bytes()].concat(),
            ),
            ("GB18030", GB18030.encode(text).0.into_owned()),
            ("UTF-16", utf16),
        ];
        for (name, bytes) in cases {
            let sheet = read_text_file("家底.csv", &bytes).expect(name);
            assert_eq!(texts(&sheet, 0), ["楼栋", "姓名"], "{name}");
            assert_eq!(texts(&sheet, 1), ["3栋", "张三"], "{name}");
        }
    }

    #[test]
    fn rows_are_counted_as_a_spreadsheet_shows_them() {
        let text = "楼栋,备注\n\n3栋,\"两行\n备注\"\n\n\n5栋,x\n";
        let sheet = read_text_file("家底.csv", text.as_bytes()).expect("reads");
        assert_eq!(sheet.rows().collect::<Vec<_>>(), [0, 2, 5]);
        assert_eq!(texts(&sheet, 5), ["5栋", "x"]);
    }

    #[test]
    fn tabs_are_understood_too() {
        let sheet = read_text_file("家底.txt", "楼栋\t姓名\n3\t张三\n".as_bytes()).expect("reads");
        assert_eq!(texts(&sheet, 1), ["3", "张三"]);
    }

    #[test]
    fn what_is_not_text_is_a_plain_mistake() {
        let mistakes =
            read_text_file("photo.csv", &[0x89, b'P', b'N', b'G', 0, 0xFF]).expect_err("refused");
        assert!(mistakes[0].zh.contains("GB18030"));
    }
}
