//! What the tests over workbooks share.

use ledger::Mistake;
use rust_xlsxwriter::{Workbook, Worksheet, XlsxError};

/// The year in which the tests read.
pub const THIS_YEAR: i32 = 2026;
/// Every column of a ledger.
pub const HEADINGS: [&str; 10] = [
    "楼栋",
    "单元",
    "楼层",
    "门牌",
    "网格",
    "姓名",
    "关系",
    "出生年",
    "标签",
    "电话",
];

/// A workbook of one sheet `家底`.
pub fn workbook(fill: impl FnOnce(&mut Worksheet) -> Result<(), XlsxError>) -> Vec<u8> {
    let mut workbook = Workbook::new();
    let sheet = workbook.add_worksheet().set_name("家底").expect("a name");
    fill(sheet).expect("cells");
    workbook.save_to_buffer().expect("a workbook")
}

/// Writes a row of texts, leaving out empty ones.
pub fn write_row(sheet: &mut Worksheet, row: u32, cells: &[&str]) -> Result<(), XlsxError> {
    for (column, cell) in (0..).zip(cells).filter(|(_, cell)| !cell.is_empty()) {
        sheet.write(row, column, *cell)?;
    }
    Ok(())
}

/// Mistakes or notices as a keeper reads them.
pub fn said(mistakes: &[Mistake]) -> Vec<String> {
    mistakes
        .iter()
        .map(|mistake| format!("{}：{}", mistake.place, mistake.zh))
        .collect()
}
