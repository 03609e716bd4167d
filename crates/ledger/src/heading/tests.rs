//! Cases for finding and reading heading rows.

use super::*;
use crate::table::{Cell, Merge};

fn sheet_of(rows: &[&[&str]]) -> Sheet {
    let mut sheet = Sheet::new("家底");
    for (row, cells) in rows.iter().enumerate() {
        for (column, text) in cells.iter().enumerate() {
            sheet.put(row, column, Cell::Text((*text).to_owned()));
        }
    }
    sheet
}

fn headings(sheet: &Sheet) -> (Headings, Vec<Notice>) {
    match find_headings(sheet) {
        Ok(Found::Ledger(headings, notices)) => (headings, notices),
        Ok(Found::NotALedger) => panic!("no headings found"),
        Err(mistakes) => panic!("{mistakes:?}"),
    }
}

#[test]
fn usual_variants_of_a_heading_mean_the_same_column() {
    let cases = [
        ("幢", Column::Building),
        ("楼号", Column::Building),
        ("座", Column::Building),
        (" 房 号 ", Column::Label),
        ("室", Column::Label),
        ("户号*", Column::Label),
        ("层", Column::Floor),
        ("所属网格", Column::Grid),
        ("与户主关系", Column::Relation),
        ("出生年月（身份证）", Column::BirthYear),
        ("出生日期", Column::BirthYear),
        ("手机号码", Column::Phone),
        ("联系电话：", Column::Phone),
    ];
    for (heading, column) in cases {
        assert_eq!(Column::of(heading), Some(column), "{heading}");
    }
}

#[test]
fn no_heading_means_two_columns() {
    let mut seen = BTreeMap::new();
    for column in Column::ALL {
        for heading in column.headings() {
            assert_eq!(
                plain(heading),
                **heading,
                "a heading that could never match"
            );
            assert_eq!(seen.insert(heading, column), None, "{heading}");
        }
    }
}

#[test]
fn a_title_above_the_headings_is_passed_over() {
    let sheet = sheet_of(&[
        &["蓝湖小区住户台账"],
        &[],
        &["序号", "楼栋", "单元", "门牌", "姓名"],
    ]);
    let (headings, notices) = headings(&sheet);
    assert_eq!(headings.row, 2);
    assert_eq!(headings.position(Column::Label), Some(3));
    assert!(notices.is_empty());
}

#[test]
fn headings_of_two_rows_are_read_together() {
    let mut sheet = sheet_of(&[
        &["姓名", "住址", "", "", "电话"],
        &["", "楼栋", "单元", "房号", ""],
    ]);
    sheet.merge(Merge {
        first: (0, 0),
        last: (1, 0),
    });
    sheet.merge(Merge {
        first: (0, 1),
        last: (0, 3),
    });
    sheet.merge(Merge {
        first: (0, 4),
        last: (1, 4),
    });
    let (headings, _) = headings(&sheet);
    assert_eq!(headings.position(Column::Name), Some(0));
    assert_eq!(headings.position(Column::Building), Some(1));
    assert_eq!(headings.position(Column::Phone), Some(4));
}

#[test]
fn a_column_of_id_numbers_is_left_out_and_the_reason_said() {
    let sheet = sheet_of(&[&["楼栋", "门牌", "姓名", "身份证号码", "民族"]]);
    let (headings, notices) = headings(&sheet);
    assert_eq!(notices.len(), 2);
    assert!(notices[0].zh.contains("身份证号没有导入"));
    assert_eq!(notices[0].place.column.as_deref(), Some("D「身份证号码」"));
    assert!(notices[1].zh.contains("民族"));
    assert!(!headings.has(Column::BirthYear));
}

#[test]
fn a_missing_or_doubled_column_is_said_by_name() {
    let sheet = sheet_of(&[&["楼栋", "栋号", "单元", "姓名"]]);
    let Err(mistakes) = find_headings(&sheet) else {
        panic!("expected mistakes")
    };
    let said: Vec<_> = mistakes.iter().map(|mistake| mistake.zh.as_str()).collect();
    assert!(said[0].contains("和 A 列都像是「楼栋」"), "{said:?}");
    assert!(said[1].contains("没有「门牌」列"), "{said:?}");
}

#[test]
fn a_sheet_of_explanations_is_not_a_ledger() {
    let sheet = sheet_of(&[&["填表说明"], &["一、楼栋写数字"]]);
    assert!(matches!(find_headings(&sheet), Ok(Found::NotALedger)));
}
