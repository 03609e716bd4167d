//! Reads an .xlsx workbook into sheets of cells. Knows nothing of ledgers.
//!
//! Cells are read one by one and not as a block: a block is as large as its
//! farthest cell, and a stray mark in the last row of Excel would fill memory.

use std::io::Cursor;

use calamine::{Data, DataRef, ExcelDateTime, Reader, SheetType, SheetVisible, Xlsx, XlsxError};
use model::guarded;

use crate::mistake::{Mistake, Notice, Place};
use crate::table::{COLUMNS_MAX, Cell, Merge, ROWS_MAX, Sheet};

/// The sheets of a workbook that people see, with a notice for each hidden one.
pub fn read_workbook(
    file_name: &str,
    bytes: &[u8],
) -> Result<(Vec<Sheet>, Vec<Notice>), Vec<Mistake>> {
    // What calamine takes for impossible, a damaged file can hold: it panics there.
    guarded(|| read_sheets(file_name, bytes)).unwrap_or_else(|_| {
        let place = Place::sheet(file_name);
        Err(vec![unreadable(
            place,
            &"内容自相矛盾 it contradicts itself",
        )])
    })
}

fn read_sheets(file_name: &str, bytes: &[u8]) -> Result<(Vec<Sheet>, Vec<Notice>), Vec<Mistake>> {
    let whole_file = |error: XlsxError| vec![unreadable(Place::sheet(file_name), &error)];
    let mut workbook: Xlsx<_> = Xlsx::new(Cursor::new(bytes)).map_err(whole_file)?;
    let mut sheets = Vec::new();
    let mut notices = Vec::new();
    for entry in workbook.sheets_metadata().to_vec() {
        if entry.typ != SheetType::WorkSheet {
            continue;
        }
        if entry.visible != SheetVisible::Visible {
            notices.push(hidden(&entry.name));
            continue;
        }
        sheets.push(read_sheet(&mut workbook, &entry.name)?);
    }
    Ok((sheets, notices))
}

fn read_sheet(workbook: &mut Xlsx<Cursor<&[u8]>>, name: &str) -> Result<Sheet, Vec<Mistake>> {
    let here = |error: XlsxError| vec![unreadable(Place::sheet(name), &error)];
    let mut sheet = Sheet::new(name);
    for block in workbook.merge_cells_by_sheet_name(name).map_err(here)? {
        sheet.merge(Merge {
            first: (block.start.0 as usize, block.start.1 as usize),
            last: (block.end.0 as usize, block.end.1 as usize),
        });
    }
    let mut cells = workbook.worksheet_cells_reader(name).map_err(here)?;
    while let Some(found) = cells.next_cell().map_err(here)? {
        let (row, column) = (
            found.get_position().0 as usize,
            found.get_position().1 as usize,
        );
        let Some(cell) = cell_of(found.get_value()) else {
            continue;
        };
        if row >= ROWS_MAX {
            return Err(vec![too_long(name)]);
        }
        if column < COLUMNS_MAX {
            sheet.put(row, column, cell);
        }
    }
    Ok(sheet)
}

fn cell_of(value: &DataRef<'_>) -> Option<Cell> {
    match Data::from(value.clone()) {
        Data::Empty => None,
        Data::Int(number) => Some(Cell::Number(number as f64)),
        Data::Float(number) => Some(Cell::Number(number)),
        Data::String(text) => Some(Cell::Text(text)),
        Data::Bool(flag) => Some(Cell::Text(if flag { "是" } else { "否" }.to_owned())),
        Data::DateTime(date) => Some(Cell::Date {
            year: year_of(&date),
        }),
        Data::DateTimeIso(text) | Data::DurationIso(text) => Some(Cell::Text(text)),
        Data::Error(_) => Some(Cell::Error),
    }
}

fn year_of(date: &ExcelDateTime) -> i32 {
    i32::from(date.to_ymd_hms_milli().0)
}

fn hidden(sheet: &str) -> Notice {
    Notice::new(
        Place::sheet(sheet),
        "这张工作表是隐藏的，没有读；要导入请先取消隐藏",
        "this sheet is hidden and was not read; unhide it to import it",
    )
}

fn too_long(sheet: &str) -> Mistake {
    Mistake::new(
        Place::sheet(sheet),
        format!("超过 {ROWS_MAX} 行，请分成几个文件"),
        format!("more than {ROWS_MAX} rows; split it into several files"),
    )
}

fn unreadable(place: Place, error: &dyn std::fmt::Display) -> Mistake {
    Mistake::new(
        place,
        format!(
            "打不开这个工作簿，文件可能损坏或没有传完；请用 Excel 或 WPS 打开后另存为 .xlsx 再试（{error}）"
        ),
        format!(
            "this workbook cannot be read, it may be damaged or cut off; open it and save it as .xlsx again ({error})"
        ),
    )
}
