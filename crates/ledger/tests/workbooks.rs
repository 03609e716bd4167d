//! Real workbooks, as communities keep them, and what is read from them.

mod common;

use common::{HEADINGS, THIS_YEAR, said, workbook, write_row};
use ledger::{Ledger, read};
use rust_xlsxwriter::{ExcelDateTime, Format, Workbook};

fn good(bytes: &[u8]) -> Ledger {
    read("家底.xlsx", bytes, THIS_YEAR).unwrap_or_else(|mistakes| panic!("{mistakes:#?}"))
}

/// Doors as `building/unit/label floor grid: persons`.
fn doors(ledger: &Ledger) -> Vec<String> {
    let door = |door: &ledger::DoorRow| {
        let persons: Vec<_> = door
            .persons
            .iter()
            .map(|person| person.name.as_str())
            .collect();
        format!(
            "{}/{}/{} {} {}: {}",
            door.building,
            door.unit,
            door.label,
            door.floor.unwrap_or_default(),
            door.grid,
            persons.join(" ")
        )
    };
    ledger.doors.iter().map(door).collect()
}

#[test]
fn merged_address_cells_are_filled_down() {
    let bytes = workbook(|sheet| {
        let plain = Format::new();
        write_row(sheet, 0, &["示例小区台账"])?;
        write_row(sheet, 1, &HEADINGS)?;
        sheet.merge_range(2, 0, 5, 0, "3栋", &plain)?;
        sheet.merge_range(2, 1, 5, 1, "2单元", &plain)?;
        sheet.merge_range(2, 2, 5, 2, "5", &plain)?;
        sheet.merge_range(2, 3, 3, 3, "501", &plain)?;
        sheet.merge_range(4, 3, 5, 3, "502", &plain)?;
        sheet.merge_range(2, 4, 5, 4, "第一网格", &plain)?;
        for (row, name) in (2..).zip(["甲一", "甲二", "乙一", "乙二"]) {
            sheet.write(row, 5, name)?;
        }
        Ok(())
    });
    assert_eq!(
        doors(&good(&bytes)),
        [
            "3/2/501 5 第一网格: 甲一 甲二",
            "3/2/502 5 第一网格: 乙一 乙二"
        ]
    );
}

#[test]
fn numbers_dates_and_wide_digits_are_read_as_meant() {
    let bytes = workbook(|sheet| {
        write_row(sheet, 0, &HEADINGS)?;
        sheet
            .write(1, 0, 12)?
            .write(1, 1, 2)?
            .write(1, 2, 5)?
            .write(1, 3, 501.0)?;
        write_row(sheet, 1, &["", "", "", "", "第一网格 ", "张　三", "户主"])?;
        let day = Format::new().set_num_format("yyyy-mm-dd");
        sheet.write_with_format(1, 7, ExcelDateTime::from_ymd(1950, 3, 12)?, &day)?;
        sheet.write(1, 9, 13_900_000_001.0)?;
        write_row(
            sheet,
            2,
            &[
                "１２＃",
                "２单元",
                "５层",
                "５０１室",
                "第一网格",
                "李四",
                "",
                "1953年",
            ],
        )?;
        Ok(())
    });
    let ledger = good(&bytes);
    assert_eq!(doors(&ledger), ["12/2/501 5 第一网格: 张三 李四"]);
    let persons = &ledger.doors[0].persons;
    assert_eq!(persons[0].birth_year, Some(1950));
    assert_eq!(
        persons[0].phone.as_ref().map(|phone| phone.reveal()),
        Some("13900000001")
    );
    assert_eq!(persons[1].birth_year, Some(1953));
}

#[test]
fn several_sheets_are_one_ledger_and_a_sheet_named_after_a_grid_says_which() {
    let mut workbook = Workbook::new();
    let columns = ["楼栋", "单元", "门牌", "姓名"];
    for (name, building) in [("第一网格", "1"), ("第二网格", "2")] {
        let sheet = workbook.add_worksheet().set_name(name).expect("a name");
        write_row(sheet, 0, &columns).expect("cells");
        write_row(sheet, 1, &[building, "1", "101", "甲"]).expect("cells");
    }
    let notes = workbook
        .add_worksheet()
        .set_name("填表说明")
        .expect("a name");
    write_row(notes, 0, &["楼栋写数字"]).expect("cells");
    let hidden = workbook
        .add_worksheet()
        .set_name("去年")
        .expect("a name")
        .set_hidden(true);
    write_row(hidden, 0, &columns).expect("cells");
    let ledger = good(&workbook.save_to_buffer().expect("a workbook"));
    assert_eq!(
        doors(&ledger),
        ["1/1/101 1 第一网格: 甲", "2/1/101 1 第二网格: 甲"]
    );
    let notices = said(&ledger.notices);
    assert!(
        notices
            .iter()
            .any(|notice| notice.starts_with("「填表说明」：没有台账的表头")),
        "{notices:?}"
    );
    assert!(
        notices
            .iter()
            .any(|notice| notice.starts_with("「去年」：这张工作表是隐藏的")),
        "{notices:?}"
    );
}

#[test]
fn sums_repeated_headings_and_vacant_doors_are_no_persons() {
    let bytes = workbook(|sheet| {
        write_row(sheet, 0, &HEADINGS)?;
        write_row(sheet, 1, &["1", "1", "1", "101", "第一网格", "甲"])?;
        write_row(sheet, 2, &["1", "1", "1", "102", "第一网格", "空户"])?;
        write_row(sheet, 3, &["1", "1", "2", "201", "第一网格"])?;
        write_row(sheet, 4, &HEADINGS)?;
        write_row(sheet, 5, &["1", "1", "2", "202", "第一网格", "乙"])?;
        write_row(sheet, 6, &["合计", "", "", "4 户"])
    });
    let ledger = good(&bytes);
    assert_eq!(ledger.doors.len(), 4);
    assert_eq!(ledger.persons(), 2);
    assert!(
        said(&ledger.notices)[0].starts_with("「家底」第 7 行：像是合计"),
        "{:?}",
        ledger.notices
    );
}

#[test]
fn id_numbers_are_passed_over_and_nowhere_in_what_was_read() {
    let invented = "000000195003120000";
    let bytes = workbook(|sheet| {
        write_row(sheet, 0, &["楼栋", "门牌", "网格", "姓名", "身份证号"])?;
        write_row(sheet, 1, &["1", "101", "第一网格", "甲", invented])
    });
    let ledger = good(&bytes);
    assert!(!format!("{ledger:?}").contains(invented));
    assert!(said(&ledger.notices)[0].contains("身份证号没有导入"));
    assert!(said(&ledger.notices)[1].contains("1 栋没有写单元"));
}

#[test]
fn the_sample_reads_the_same_as_a_workbook_and_as_text() {
    let folder = concat!(
        env!("CARGO_MANIFEST_DIR"),
        "/../../docs/examples/家底台账示例"
    );
    let workbook = good(&std::fs::read(format!("{folder}.xlsx")).expect("the sample"));
    let text = good(&std::fs::read(format!("{folder}.csv")).expect("the sample"));
    assert_eq!(workbook.doors.len(), 12);
    assert_eq!(workbook.persons(), 21);
    assert!(workbook.notices.is_empty(), "{:?}", workbook.notices);
    assert_eq!(doors(&workbook), doors(&text));
    for (one, other) in workbook.doors.iter().zip(&text.doors) {
        for (one, other) in one.persons.iter().zip(&other.persons) {
            assert_eq!(
                (&one.birth_year, &one.tags, &one.phone),
                (&other.birth_year, &other.tags, &other.phone)
            );
        }
    }
}
