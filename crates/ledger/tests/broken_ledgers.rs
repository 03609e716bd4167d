//! Ledgers with mistakes: all of them are listed, in plain words and with their
//! places, and nothing is read.

mod common;

use common::{HEADINGS, THIS_YEAR, said, workbook, write_row};
use ledger::read;
use rust_xlsxwriter::{ExcelDateTime, Format, Formula};

#[test]
fn a_broken_ledger_lists_every_mistake_and_gives_nothing() {
    let id_number = "000000195003120000";
    let bytes = workbook(|sheet| {
        write_row(sheet, 0, &["示例小区台账"])?;
        write_row(sheet, 1, &HEADINGS)?;
        let rows: [&[&str]; 16] = [
            &[
                "1",
                "1",
                "1",
                "101",
                "第一网格",
                "甲",
                "户主",
                "1950",
                "",
                "13900000001",
            ],
            &["", "", "", "", "", "乙", "", "1955"],
            &["1", "1", "顶层", "601", "第一网格", "丙"],
            &["1", "1", "1", "102/103", "第一网格", "丁"],
            &["1", "1", "2", "2-201", "第一网格", "戊"],
            &["1", "", "2", "202", "第一网格", "己"],
            &["1", "2", "2", "203", "", "庚"],
            &["1", "2", "2", "204", "第1网格", "辛"],
            &[
                "1",
                "1",
                "1",
                "101",
                "第二网格",
                "壬",
                "",
                "50年",
                "",
                "139",
            ],
            &["1", "1", "3", "101", "第一网格", "癸", "", "2050"],
            &["1", "1", "1", "101", "第一网格", "甲", "户主", "1950"],
            &["1", "1", "2", "205", "第一网格", "", "", "1960"],
            &["1", "1", "2", "206", "第一网格", "空户", "", "", "老年人"],
            &["1", "1", "2", "207", "第一网格", "子", "", id_number],
            &["1", "1", "2", "", "第一网格", "丑"],
            &[
                "1",
                "1",
                "2",
                "208",
                "第一网格",
                "寅",
                "",
                "",
                "",
                "1.39E+10",
            ],
        ];
        for (row, cells) in (2..).zip(rows) {
            write_row(sheet, row, cells)?;
        }
        write_row(sheet, 18, &["1", "1", "2", "", "第一网格", "卯"])?;
        let day = Format::new().set_num_format("m-d");
        sheet.write_with_format(18, 3, ExcelDateTime::from_ymd(2026, 3, 2)?, &day)?;
        write_row(sheet, 19, &["1", "1", "2", "210", "第一网格", "辰"])?;
        sheet.write(
            19,
            7,
            Formula::new("=VLOOKUP(1,A1:A2,9)").set_result("#N/A"),
        )?;
        Ok(())
    });
    let mistakes = read("家底.xlsx", &bytes, THIS_YEAR).expect_err("mistakes");
    let said = said(&mistakes);
    let expected = [
        ("第 4 行：", "没有楼栋和门牌"),
        ("第 5 行 C「楼层」 列", "「顶层」看不出是第几层"),
        ("第 6 行 D「门牌」 列", "「102/103」含有「/」"),
        ("第 7 行 D「门牌」 列", "「2-201」里面的楼栋或单元"),
        ("第 8 行：", "1 栋不止一个单元"),
        ("第 9 行 E「网格」 列", "「网格」是空的"),
        ("第 10 行：", "和前面的「第一网格」像是同一个"),
        ("第 11 行 H「出生年」 列", "看不出是哪一年"),
        ("第 11 行 J「电话」 列", "不是电话号码"),
        ("第 12 行 H「出生年」 列", "不可能是出生年"),
        ("第 13 行：", "写了两次"),
        ("第 14 行 F「姓名」 列", "「姓名」是空的"),
        ("第 15 行 F「姓名」 列", "写的是空户"),
        ("第 16 行 H「出生年」 列", "像是身份证号"),
        ("第 17 行 D「门牌」 列", "「门牌」是空的"),
        ("第 18 行 J「电话」 列", "科学记数法"),
        ("第 19 行 D「门牌」 列", "当成了日期"),
        ("第 20 行 H「出生年」 列", "公式出错"),
    ];
    assert_eq!(said.len(), expected.len(), "{said:#?}");
    for (said, (place, words)) in said.iter().zip(expected) {
        assert!(
            said.contains(place) && said.contains(words),
            "{said} is not {place} {words}"
        );
    }
    let all = format!("{mistakes:?}");
    assert!(
        !all.contains(id_number) && !all.contains("13900000001"),
        "numbers of people are repeated"
    );
}

#[test]
fn one_door_in_two_grids_or_on_two_floors_is_a_mistake() {
    let bytes = workbook(|sheet| {
        write_row(sheet, 0, &HEADINGS)?;
        write_row(sheet, 1, &["1", "1", "1", "101", "第一网格", "甲"])?;
        write_row(sheet, 2, &["1", "1", "1", "101", "第二网格", "乙"])?;
        write_row(sheet, 3, &["1", "1", "2", "101", "第一网格", "丙"])
    });
    let said = said(&read("家底.xlsx", &bytes, THIS_YEAR).expect_err("mistakes"));
    assert!(
        said[0].contains("网格前面（「家底」第 2 行）写「第一网格」，这里写「第二网格」"),
        "{said:?}"
    );
    assert!(
        said[1].contains("楼层前面（「家底」第 2 行）写「1」，这里写「2」"),
        "{said:?}"
    );
}

#[test]
fn what_is_no_ledger_is_refused_in_plain_words() {
    let no_heading = workbook(|sheet| write_row(sheet, 0, &["一", "二", "三"]));
    let no_grid = workbook(|sheet| {
        write_row(sheet, 0, &["楼栋", "门牌", "姓名"])?;
        write_row(sheet, 1, &["1", "101", "甲"])
    });
    let no_label = workbook(|sheet| write_row(sheet, 0, &["楼栋", "单元", "姓名"]));
    let whole = workbook(|sheet| write_row(sheet, 0, &HEADINGS));
    let cases: [(&str, &[u8], &str); 8] = [
        ("no heading row", &no_heading, "没有找到台账"),
        ("no grids", &no_grid, "没有「网格」列"),
        ("no labels", &no_label, "没有「门牌」列"),
        ("no persons", &whole, "没有找到台账"),
        ("cut off", &whole[..whole.len() / 2], "打不开这个工作簿"),
        (
            "old or with a password",
            b"\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1",
            "旧的 .xls",
        ),
        ("a picture", b"\x89PNG\r\n\x1A\n\x00\x00", "读不出文字"),
        ("nothing", b"", "没有找到台账"),
    ];
    for (name, bytes, words) in cases {
        let mistakes = read("家底.xlsx", bytes, THIS_YEAR).expect_err(name);
        assert!(
            mistakes[0].zh.contains(words),
            "{name}: {:?}",
            said(&mistakes)
        );
        assert!(!mistakes[0].en.is_empty(), "{name}");
    }
}

#[test]
fn a_stray_mark_in_the_last_row_of_the_sheet_does_not_fill_memory() {
    let bytes = workbook(|sheet| {
        write_row(sheet, 0, &HEADINGS)?;
        sheet.write(1_048_575, 16_383, "x")?;
        Ok(())
    });
    let mistakes = read("家底.xlsx", &bytes, THIS_YEAR).expect_err("too long");
    assert!(mistakes[0].zh.contains("超过"), "{mistakes:?}");
}

#[test]
fn a_merged_cell_about_persons_is_a_mistake_said_once() {
    let bytes = workbook(|sheet| {
        let plain = Format::new();
        write_row(sheet, 0, &HEADINGS)?;
        write_row(sheet, 1, &["3", "2", "5", "501", "第一网格", "甲一"])?;
        write_row(sheet, 2, &["3", "2", "5", "501", "第一网格", "甲二"])?;
        sheet.merge_range(1, 9, 2, 9, "13900000001", &plain)?;
        write_row(sheet, 3, &["", "", "5", "502", "第一网格", "甲三"])?;
        sheet.merge_range(3, 0, 3, 1, "3栋2单元", &plain)?;
        Ok(())
    });
    let mistakes = read("家底.xlsx", &bytes, THIS_YEAR).expect_err("mistakes");
    let said = said(&mistakes);
    assert_eq!(said.len(), 2, "{said:#?}");
    assert!(
        said[0].starts_with("「家底」第 2 行 J「电话」 列：这里是合并单元格"),
        "{said:#?}"
    );
    assert!(
        said[1].starts_with("「家底」第 4 行 A「楼栋」 列：这里是合并单元格"),
        "{said:#?}"
    );
}
