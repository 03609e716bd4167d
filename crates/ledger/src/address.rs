//! The parts of an address as people write them, brought to one form: `12#`,
//! `12栋` and `１２号楼` are building `12`. The form matters: a door's id is
//! made from it, so two spellings of one door must not become two doors.

use crate::numeral::chinese_number;

/// Longest part of an address, in characters.
const PART_CHARS_MAX: usize = 30;

/// Why a part of an address cannot be used.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AddressError {
    /// Longer than any label is.
    TooLong,
    /// Holds a slash, which separates the parts of an address in an id.
    Slash,
    /// Not a floor.
    NotAFloor,
    /// The label names another building or unit than its own columns do.
    LabelContradicts,
}

impl AddressError {
    /// The sentence for the ledger's keeper, in Chinese and English.
    pub fn words(self) -> (&'static str, &'static str) {
        match self {
            AddressError::TooLong => (
                "太长，不像楼栋、单元或门牌",
                "too long for a part of an address",
            ),
            AddressError::Slash => (
                "含有「/」；一行只写一个门牌，连通的两户请分两行",
                "holds a slash; write one door to a row",
            ),
            AddressError::NotAFloor => (
                "看不出是第几层；请写数字，地下写 -1",
                "not a floor; write a number, -1 for the first below ground",
            ),
            AddressError::LabelContradicts => (
                "里面的楼栋或单元和这一行的「楼栋」「单元」列对不上",
                "names another building or unit than this row's own columns",
            ),
        }
    }
}

/// A building's label: `12#`, `第12栋`, `十二号楼` → `12`; `a座` → `A`;
/// `综合楼` stays.
pub fn building(text: &str) -> Result<String, AddressError> {
    part(
        text,
        &["号楼", "栋楼", "#楼", "栋", "幢", "座", "楼", "号", "#"],
    )
}

/// A unit's label: `2单元`, `二单元`, `2门` → `2`.
pub fn unit(text: &str) -> Result<String, AddressError> {
    part(text, &["单元门", "号单元", "单元", "门", "梯", "#"])
}

/// A door's label and, when it is written as `2-501` or `3-2-501`, the unit in
/// it. The building and unit in the label must be those of the row.
pub fn label(
    text: &str,
    building_of_row: &str,
    unit_of_row: Option<&str>,
) -> Result<(String, Option<String>), AddressError> {
    let plain = dashed(text);
    let parts: Vec<&str> = plain.split('-').collect();
    let (of_building, of_unit, door) = match parts.as_slice() {
        [in_building, in_unit, door] => (Some(building(in_building)?), Some(unit(in_unit)?), *door),
        [in_unit, door] if is_short_number(in_unit) => (None, Some(unit(in_unit)?), *door),
        _ => (None, None, plain.as_str()),
    };
    let contradicts = of_building.is_some_and(|in_label| in_label != building_of_row)
        || matches!((&of_unit, unit_of_row), (Some(in_label), Some(of_row)) if in_label != of_row);
    if contradicts {
        return Err(AddressError::LabelContradicts);
    }
    Ok((part(door, &["号房", "室", "号", "户", "房"])?, of_unit))
}

/// A floor: `5`, `5层`, `五楼`, `-1`, `B1`, `负一层`, `地下一层`.
pub fn floor(text: &str) -> Result<i64, AddressError> {
    let mut plain = dashed(text).to_uppercase();
    plain.retain(|character| !character.is_whitespace());
    let below = ["-", "B", "负", "地下", "地下室"]
        .iter()
        .find_map(|sign| plain.strip_prefix(sign));
    let digits = below.unwrap_or(&plain);
    let digits = digits.strip_prefix('第').unwrap_or(digits);
    let digits = digits.trim_end_matches(['层', '楼', 'F']);
    let number = digits
        .parse::<i64>()
        .ok()
        .or_else(|| chinese_number(digits));
    match number {
        Some(number @ 1..=200) if below.is_none() => Ok(number),
        Some(number @ 1..=9) => Ok(-number),
        _ => Err(AddressError::NotAFloor),
    }
}

/// The floor that a label of three or four digits tells: `501` is on 5, `1203`
/// on 12.
pub fn floor_of_label(label: &str) -> Option<i64> {
    let is_usual =
        (3..=4).contains(&label.len()) && label.bytes().all(|byte| byte.is_ascii_digit());
    let floor = label.parse::<i64>().ok().filter(|_| is_usual)? / 100;
    (floor > 0).then_some(floor)
}

/// A grid's name as the ledger writes it, without blanks.
pub fn grid(text: &str) -> Result<String, AddressError> {
    bounded(
        text.chars()
            .filter(|character| !character.is_whitespace())
            .collect(),
    )
}

/// What two spellings of one grid's name share: `第一网格`, `1网格` and
/// `网格1` are most likely meant as one.
pub fn grid_likeness(name: &str) -> String {
    let bare: String = name
        .chars()
        .filter(|character| !matches!(character, '第' | '号' | '#'))
        .collect();
    let bare = bare.replace("网格", "");
    match chinese_number(&bare) {
        Some(number) => number.to_string(),
        None => bare.to_lowercase(),
    }
}

/// Takes one trailing word off after another, as long as something that can be
/// a number or a letter stays.
fn part(text: &str, endings: &[&str]) -> Result<String, AddressError> {
    let mut plain: String = dashed(text)
        .to_uppercase()
        .chars()
        .filter(|character| !character.is_whitespace())
        .collect();
    if plain.contains('/') {
        return Err(AddressError::Slash);
    }
    let bare = plain.strip_prefix('第').unwrap_or(&plain);
    let stem = endings
        .iter()
        .find_map(|ending| bare.strip_suffix(ending))
        .unwrap_or(bare);
    if let Some(canonical) = canonical_number(stem) {
        plain = canonical;
    }
    bounded(plain)
}

/// A stem that is a number or letters with a number, in its one form.
fn canonical_number(stem: &str) -> Option<String> {
    if let Some(number) = chinese_number(stem) {
        return Some(number.to_string());
    }
    let plain = !stem.is_empty()
        && stem
            .chars()
            .all(|character| character.is_ascii_alphanumeric() || character == '-');
    // `03栋` and `3栋` are one building.
    let without_zeros = stem.trim_start_matches('0');
    match plain {
        true if without_zeros.starts_with(|first: char| first.is_ascii_alphanumeric()) => {
            Some(without_zeros.to_owned())
        }
        true => Some(stem.to_owned()),
        false => None,
    }
}

fn bounded(text: String) -> Result<String, AddressError> {
    match text.chars().count() {
        0..=PART_CHARS_MAX => Ok(text),
        _ => Err(AddressError::TooLong),
    }
}

fn is_short_number(text: &str) -> bool {
    let digits = text.trim_end_matches("单元");
    (1..=2).contains(&digits.len()) && digits.bytes().all(|byte| byte.is_ascii_digit())
}

/// The many dashes people type, as one.
fn dashed(text: &str) -> String {
    text.replace(['–', '—', '―', '－', '−', '‐', '﹣', '~'], "-")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spellings_of_one_building_become_one() {
        let cases = [
            ("12#", "12"),
            ("12栋", "12"),
            ("12号楼", "12"),
            ("第12幢", "12"),
            ("12 座", "12"),
            ("十二号楼", "12"),
            ("012", "12"),
            ("12#楼", "12"),
            ("a座", "A"),
            ("3-1栋", "3-1"),
            ("综合楼", "综合楼"),
            ("甲栋", "甲栋"),
        ];
        for (typed, label) in cases {
            assert_eq!(building(typed).as_deref(), Ok(label), "{typed}");
        }
    }

    #[test]
    fn spellings_of_one_unit_become_one() {
        for typed in ["2", "2单元", "二单元", "第2单元", "2门", "02", "2 单元"] {
            assert_eq!(unit(typed).as_deref(), Ok("2"), "{typed}");
        }
    }

    #[test]
    fn a_label_loses_its_ending_and_gives_up_its_unit() {
        let cases = [
            ("501", Some("2"), "501", None),
            ("501室", Some("2"), "501", None),
            ("2-501", None, "501", Some("2")),
            ("2－501", Some("2"), "501", Some("2")),
            ("3-2-501", Some("2"), "501", Some("2")),
            ("3栋-2单元-501室", None, "501", Some("2")),
            ("商铺3", Some("1"), "商铺3", None),
            ("东户", Some("1"), "东户", None),
            ("A-12", Some("1"), "A-12", None),
        ];
        for (typed, unit_of_row, door, unit_in_label) in cases {
            let read = label(typed, "3", unit_of_row).expect(typed);
            assert_eq!(
                (read.0.as_str(), read.1.as_deref()),
                (door, unit_in_label),
                "{typed}"
            );
        }
    }

    #[test]
    fn a_label_that_contradicts_its_row_is_not_believed() {
        for typed in ["4-2-501", "3-1-501", "1-501"] {
            assert_eq!(
                label(typed, "3", Some("2")),
                Err(AddressError::LabelContradicts),
                "{typed}"
            );
        }
        assert_eq!(label("501/502", "3", Some("2")), Err(AddressError::Slash));
    }

    #[test]
    fn floors_are_read_above_and_below_ground() {
        let cases = [
            ("5", 5),
            ("5层", 5),
            ("第五层", 5),
            ("12F", 12),
            ("十一楼", 11),
            ("-1", -1),
            ("B1", -1),
            ("负一层", -1),
            ("地下二层", -2),
        ];
        for (typed, number) in cases {
            assert_eq!(floor(typed), Ok(number), "{typed}");
        }
        for typed in ["0", "顶层", "", "900", "5-6"] {
            assert_eq!(floor(typed), Err(AddressError::NotAFloor), "{typed}");
        }
    }

    #[test]
    fn the_usual_label_tells_its_floor() {
        let cases = [
            ("501", Some(5)),
            ("1203", Some(12)),
            ("12", None),
            ("商铺3", None),
            ("12034", None),
            ("001", None),
        ];
        for (label, floor) in cases {
            assert_eq!(floor_of_label(label), floor, "{label}");
        }
    }

    #[test]
    fn spellings_of_one_grid_are_alike() {
        let one = grid_likeness("第一网格");
        for typed in ["第1网格", "1网格", "一网格", "网格1", "1号网格"] {
            assert_eq!(grid_likeness(typed), one, "{typed}");
        }
        assert_ne!(grid_likeness("第二网格"), one);
        assert_ne!(grid_likeness("蓝湖第一网格"), one);
    }
}
