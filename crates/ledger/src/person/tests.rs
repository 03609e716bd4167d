//! Cases for the cells about a person. Numbers are invented.

use super::*;

fn text(text: &str) -> Cell {
    Cell::Text(text.to_owned())
}

#[test]
fn a_padded_name_is_the_name_and_a_vacant_door_has_none() {
    let person = |text: &str| Ok(Name::Person(text.to_owned()));
    assert_eq!(name("张 三"), person("张三"));
    assert_eq!(name("Anna Berg"), person("Anna Berg"));
    assert_eq!(name("古丽·买买提"), person("古丽·买买提"));
    for vacant in ["空户", "无人", "空置"] {
        assert_eq!(name(vacant), Ok(Name::Vacant), "{vacant}");
    }
}

#[test]
fn every_usual_way_to_write_a_birth_year_gives_the_year() {
    let cells = [
        Cell::Number(1950.0),
        Cell::Number(1950.03),
        Cell::Number(195_003.0),
        Cell::Number(18_323.0),
        Cell::Date { year: 1950 },
        text("1950"),
        text("1950年"),
        text("1950年3月"),
        text("1950-03-12"),
        text("1950/3"),
        text("1950.3"),
        text("195003"),
        text("19500312"),
    ];
    for cell in cells {
        assert_eq!(birth_year(&cell, 2026), Ok(1950), "{cell:?}");
    }
}

#[test]
fn what_is_no_birth_year_is_told_apart() {
    let cases = [
        (text("50年"), PersonError::NotAYear),
        (text("75岁"), PersonError::NotAYear),
        (text("不详"), PersonError::NotAYear),
        (text("195013"), PersonError::NotAYear),
        (text("1850"), PersonError::YearOutOfRange),
        (text("2027"), PersonError::YearOutOfRange),
        (Cell::Date { year: 2030 }, PersonError::YearOutOfRange),
        (text("000000195003120000"), PersonError::IdNumber),
        (text("00000019500312000X"), PersonError::IdNumber),
        (Cell::Error, PersonError::Formula),
    ];
    for (cell, error) in cases {
        assert_eq!(birth_year(&cell, 2026), Err(error), "{cell:?}");
    }
}

#[test]
fn phone_numbers_are_brought_to_one_form() {
    let cases = [
        ("13900000001", "13900000001"),
        ("139 0000 0001", "13900000001"),
        ("139-0000-0001", "13900000001"),
        ("+86 13900000001", "13900000001"),
        ("62000001", "62000001"),
        ("010-62000001", "010-62000001"),
        ("(010)62000001", "010-62000001"),
        ("08712000001", "0871-2000001"),
        ("4000000001", "4000000001"),
        ("13900000001/62000001", "13900000001、62000001"),
        ("13900000001(儿子)", "13900000001（儿子）"),
    ];
    for (typed, kept) in cases {
        let read = phone(typed).expect(typed).expect(typed);
        assert_eq!(read.reveal(), kept, "{typed}");
    }
    assert_eq!(phone("无"), Ok(None));
}

#[test]
fn what_is_no_phone_number_is_told_apart() {
    let cases = [
        ("1390000000", PersonError::NotAPhone),
        ("139000000011", PersonError::NotAPhone),
        ("12900000001", PersonError::NotAPhone),
        ("电话同上", PersonError::NotAPhone),
        ("1.39E+10", PersonError::PhoneRounded),
        ("13900000001/139", PersonError::NotAPhone),
    ];
    for (typed, error) in cases {
        assert_eq!(phone(typed), Err(error), "{typed}");
    }
}

#[test]
fn a_phone_is_not_printed_for_debugging() {
    let shown = format!("{:?}", phone("13900000001"));
    assert!(!shown.contains("139"), "{shown}");
}

#[test]
fn known_tags_become_codes_and_unknown_ones_stay() {
    let codes = |text: &str| tags(text).expect("tags").into_iter().collect::<Vec<_>>();
    assert_eq!(codes("空巢老人、残疾人"), ["disabled", "empty_nest"]);
    assert_eq!(codes("独居 高血压"), ["lives_alone", "高血压"]);
    assert_eq!(codes("老年人,老人;aged"), ["aged"]);
    assert!(codes("无").is_empty());
}
