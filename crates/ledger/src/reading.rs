//! From a file's bytes to a [`Ledger`], or to the list of all its mistakes.

mod grouping;
mod row;

use crate::heading::{Found, find_headings};
use crate::ledger::Ledger;
use crate::mistake::{Mistake, Notice, Place};
use crate::table::Sheet;
use crate::text_file::read_text_file;
use crate::workbook::read_workbook;

/// Largest file that is read. A community's workbook is under 1 MiB.
pub const FILE_BYTES_MAX: usize = 32 << 20;

/// Reads a household ledger, .xlsx or .csv, told apart by content.
///
/// `this_year` bounds birth years. All mistakes are listed, in the order of the
/// file; as long as there is one, nothing is returned.
pub fn read(file_name: &str, bytes: &[u8], this_year: i32) -> Result<Ledger, Vec<Mistake>> {
    let (sheets, mut notices) = read_sheets(file_name, bytes)?;
    let mut rows = Vec::new();
    let mut mistakes = Vec::new();
    let mut passed_over = Vec::new();
    for sheet in &sheets {
        match find_headings(sheet) {
            Ok(Found::Ledger(headings, notices_here)) => {
                notices.extend(notices_here);
                let reader = row::RowReader::new(sheet, &headings, this_year);
                rows.extend(reader.read(&mut mistakes, &mut notices));
            }
            Ok(Found::NotALedger) => passed_over.push(not_a_ledger(sheet)),
            Err(mistakes_here) => mistakes.extend(mistakes_here),
        }
    }
    if rows.is_empty() && mistakes.is_empty() {
        return Err(vec![no_rows(file_name)]);
    }
    notices.extend(passed_over);
    let doors = grouping::doors_of(rows, &mut mistakes, &mut notices);
    if mistakes.is_empty() {
        return Ok(Ledger { doors, notices });
    }
    sort_by_file_order(&mut mistakes, &sheets);
    Err(mistakes)
}

fn read_sheets(file_name: &str, bytes: &[u8]) -> Result<(Vec<Sheet>, Vec<Notice>), Vec<Mistake>> {
    // A zip archive, which an .xlsx is; the header of old .xls and of encrypted files.
    const ZIP: &[u8] = b"PK\x03\x04";
    const COMPOUND_FILE: &[u8] = &[0xD0, 0xCF, 0x11, 0xE0];
    if bytes.len() > FILE_BYTES_MAX {
        return Err(vec![too_large(file_name)]);
    }
    if bytes.starts_with(COMPOUND_FILE) {
        return Err(vec![old_or_encrypted(file_name)]);
    }
    if bytes.starts_with(ZIP) {
        return read_workbook(file_name, bytes);
    }
    read_text_file(file_name, bytes).map(|sheet| (vec![sheet], Vec::new()))
}

/// Checks across rows come last; the keeper walks the file from top to bottom.
fn sort_by_file_order(mistakes: &mut [Mistake], sheets: &[Sheet]) {
    let sheet_order = |mistake: &Mistake| {
        sheets
            .iter()
            .position(|sheet| sheet.name == mistake.place.sheet)
    };
    mistakes.sort_by_key(|mistake| (sheet_order(mistake), mistake.place.row));
}

fn not_a_ledger(sheet: &Sheet) -> Notice {
    Notice::new(
        Place::sheet(&sheet.name),
        "没有台账的表头，跳过了这张工作表",
        "no heading row of a ledger; this sheet was passed over",
    )
}

fn no_rows(file: &str) -> Mistake {
    Mistake::new(
        Place::sheet(file),
        "没有找到台账：要有一行表头（楼栋、单元、楼层、门牌、网格、姓名……），下面一人一行；可以参照 docs/examples 里的示例",
        "no ledger found: one heading row (楼栋 单元 楼层 门牌 网格 姓名 …) and one person to a row below; see the sample in docs/examples",
    )
}

/// What is said of a file over [`FILE_BYTES_MAX`], for callers that do not read
/// such a file at all.
pub fn too_large(file: &str) -> Mistake {
    let mebibytes = FILE_BYTES_MAX >> 20;
    Mistake::new(
        Place::sheet(file),
        format!("文件超过 {mebibytes} MB；请删去图片，或分成几个文件"),
        format!("larger than {mebibytes} MB; remove pictures or split it"),
    )
}

fn old_or_encrypted(file: &str) -> Mistake {
    Mistake::new(
        Place::sheet(file),
        "这是旧的 .xls 格式，或者设了打开密码；请用 Excel 或 WPS 去掉密码并另存为 .xlsx",
        "an old .xls file, or one with a password; remove the password and save it as .xlsx",
    )
}
