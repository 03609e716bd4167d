//! What a ledger says of one person, cell by cell: name, relation, birth year,
//! tags, phone.

use std::collections::BTreeSet;
use std::fmt;

use calamine::{ExcelDateTime, ExcelDateTimeType};
use model::lists::SHIPPED;

use crate::table::Cell;

/// Longest name, relation or tag, in characters.
const WORD_CHARS_MAX: usize = 40;
/// Nobody alive was born before this year.
const BIRTH_YEAR_MIN: i32 = 1890;
/// Days that spreadsheets count as dates of people alive: 1896 to 2119.
const SERIAL_DAYS: std::ops::RangeInclusive<i64> = 10_000..=80_000;

/// What a name cell says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Name {
    /// Somebody lives here.
    Person(String),
    /// The keeper wrote that nobody does: 空户, 无人, …
    Vacant,
}

/// A phone number, or several with the keeper's remarks, checked. It is not
/// printed when shown for debugging.
#[derive(Clone, PartialEq, Eq)]
pub struct Phone(String);

impl Phone {
    /// A number that was checked before, such as one that was unsealed.
    pub fn known(text: String) -> Self {
        Phone(text)
    }

    /// The number itself; for sealing and comparing only.
    pub fn reveal(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for Phone {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("Phone(…)")
    }
}

/// Why a cell about a person cannot be used.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PersonError {
    /// Longer than any name, relation or tag is.
    TooLong,
    /// Looks like an ID number, which must not be where it is.
    IdNumber,
    /// No year in it.
    NotAYear,
    /// A year in which nobody alive was born, or one to come.
    YearOutOfRange,
    /// No phone number.
    NotAPhone,
    /// A number that a spreadsheet has rounded away.
    PhoneRounded,
    /// A spreadsheet made a date of it.
    Date,
    /// A formula's error.
    Formula,
}

impl PersonError {
    /// The sentence for the ledger's keeper, in Chinese and English.
    pub fn words(self) -> (&'static str, &'static str) {
        match self {
            PersonError::TooLong => ("太长", "too long"),
            PersonError::IdNumber => (
                "像是身份证号；身份证号不导入，请删去（出生年请只写四位年份）",
                "looks like an ID number; ID numbers are not imported, remove it (write a birth year with four digits)",
            ),
            PersonError::NotAYear => (
                "看不出是哪一年；请写四位年份，如 1950",
                "not a year; write four digits, such as 1950",
            ),
            PersonError::YearOutOfRange => (
                "不可能是出生年；请核对",
                "cannot be a year of birth; please check",
            ),
            PersonError::NotAPhone => (
                "不是电话号码：手机应是 11 位，固定电话应是 7 至 8 位，可带区号",
                "not a phone number: a mobile has 11 digits, a landline 7 or 8, with or without area code",
            ),
            PersonError::PhoneRounded => (
                "被表格软件改成了科学记数法，号码已不全；请把这一列设为文本后重新填写",
                "was turned into scientific notation and has lost digits; format the column as text and type it again",
            ),
            PersonError::Date => (
                "被表格软件当成了日期；请把这一格设为文本后重新填写",
                "was turned into a date; format the cell as text and type it again",
            ),
            PersonError::Formula => (
                "公式出错，没有值",
                "a formula failed here, there is no value",
            ),
        }
    }
}

/// The cell's text, or why it has none.
pub fn text_of(cell: &Cell) -> Result<String, PersonError> {
    match cell {
        Cell::Date { .. } => Err(PersonError::Date),
        Cell::Error => Err(PersonError::Formula),
        cell => Ok(cell.text().unwrap_or_default()),
    }
}

/// A name. Ledgers pad short names with blanks to line them up; a Latin name
/// keeps its blanks.
pub fn name(text: &str) -> Result<Name, PersonError> {
    if looks_like_id_number(text) {
        return Err(PersonError::IdNumber);
    }
    let is_latin = text.is_ascii();
    let name: String = text
        .chars()
        .filter(|character| is_latin || !character.is_whitespace())
        .collect();
    if matches!(
        name.as_str(),
        "空户" | "空房" | "空置" | "空置房" | "无人" | "无人居住" | "未入住" | "无" | "-"
    ) {
        return Ok(Name::Vacant);
    }
    word(&name).map(Name::Person)
}

/// A relation or another short word, as it stands.
pub fn word(text: &str) -> Result<String, PersonError> {
    if looks_like_id_number(text) {
        return Err(PersonError::IdNumber);
    }
    match text.chars().count() {
        0..=WORD_CHARS_MAX => Ok(text.to_owned()),
        _ => Err(PersonError::TooLong),
    }
}

/// The year of birth in a cell: a year, a date as text (`1950-03`, `1950.3`,
/// `195003`, `1950年3月`), a date cell, or a date as a spreadsheet counts days.
pub fn birth_year(cell: &Cell, this_year: i32) -> Result<i32, PersonError> {
    let year = match cell {
        Cell::Date { year } => *year,
        Cell::Error => return Err(PersonError::Formula),
        cell => year_in(&cell.text().unwrap_or_default())?,
    };
    let is_possible = (BIRTH_YEAR_MIN..=this_year).contains(&year);
    if is_possible {
        Ok(year)
    } else {
        Err(PersonError::YearOutOfRange)
    }
}

fn year_in(text: &str) -> Result<i32, PersonError> {
    if looks_like_id_number(text) {
        return Err(PersonError::IdNumber);
    }
    let leading = text.bytes().take_while(u8::is_ascii_digit).count();
    let (digits, rest) = text.split_at(leading);
    let is_separated = rest.is_empty() || rest.starts_with(['年', '-', '/', '.', ' ']);
    let number = digits.parse::<i64>().map_err(|_| PersonError::NotAYear)?;
    match leading {
        4 if is_separated => Ok(number as i32),
        // Days counted by a spreadsheet, left behind when the cell's date format was lost.
        5 if rest.is_empty() && SERIAL_DAYS.contains(&number) => Ok(year_of_serial(number)),
        6 if rest.is_empty() && is_month(number % 100) => Ok((number / 100) as i32),
        8 if rest.is_empty() && is_month(number / 100 % 100) => Ok((number / 10_000) as i32),
        _ => Err(PersonError::NotAYear),
    }
}

fn is_month(number: i64) -> bool {
    (1..=12).contains(&number)
}

fn year_of_serial(days: i64) -> i32 {
    let date = ExcelDateTime::new(days as f64, ExcelDateTimeType::DateTime, false);
    i32::from(date.to_ymd_hms_milli().0)
}

/// The tags in a cell, known ones as codes and unknown ones as they stand.
pub fn tags(text: &str) -> Result<BTreeSet<String>, PersonError> {
    let separators = ['、', ',', ';', '/', '|', '+', ' '];
    let mut codes = BTreeSet::new();
    for tag in text
        .split(separators)
        .map(str::trim)
        .filter(|tag| !tag.is_empty())
    {
        if matches!(tag, "无" | "否" | "-" | "没有") {
            continue;
        }
        codes.insert(word(tag_code(tag).unwrap_or(tag))?);
    }
    Ok(codes)
}

/// Other names of the shipped care tags, as ledgers write them.
const TAG_SYNONYMS: [(&str, &str); 9] = [
    ("空巢", "empty_nest"),
    ("留守", "left_behind_child"),
    ("未成年", "minor"),
    ("残疾", "disabled"),
    ("残障", "disabled"),
    ("残障人士", "disabled"),
    ("老年", "aged"),
    ("老人", "aged"),
    ("独居老人", "lives_alone"),
];

/// The code of a care tag: by its code, its Chinese name, or another usual name.
fn tag_code(tag: &str) -> Option<&'static str> {
    let shipped = SHIPPED
        .iter()
        .filter(|(list, _)| *list == "tags")
        .flat_map(|(_, codes)| *codes);
    shipped
        .map(|(code, zh, _)| (*code, [*code, *zh]))
        .find_map(|(code, names)| names.contains(&tag).then_some(code))
        .or_else(|| {
            TAG_SYNONYMS
                .iter()
                .find_map(|(name, code)| (*name == tag).then_some(*code))
        })
}

/// The phone numbers in a cell, each checked. Several are joined by `、`, and a
/// remark in brackets (whose number it is) stays beside its number.
pub fn phone(text: &str) -> Result<Option<Phone>, PersonError> {
    let mut numbers = Vec::new();
    for entry in text.split(['、', ',', ';', '/', '|']).map(str::trim) {
        if entry.is_empty() || matches!(entry, "无" | "-" | "没有") {
            continue;
        }
        let (number, remark) = match entry.split_once('(') {
            // A bracket at the very start is an area code: (010)12345678.
            Some((number, remark)) if !number.trim().is_empty() => {
                (number, remark.trim_end_matches(')'))
            }
            _ => (entry, ""),
        };
        let mut checked = phone_number(number)?;
        if !remark.is_empty() {
            checked = format!("{checked}（{}）", word(remark)?);
        }
        numbers.push(checked);
    }
    Ok((!numbers.is_empty()).then(|| Phone(numbers.join("、"))))
}

fn phone_number(text: &str) -> Result<String, PersonError> {
    let lower = text.to_lowercase();
    if lower.contains("e+") || (lower.contains('e') && lower.contains('.')) {
        return Err(PersonError::PhoneRounded);
    }
    let bare: String = text
        .chars()
        .filter(|character| !matches!(character, ' ' | '-' | '–' | '—' | '(' | ')' | '.'))
        .collect();
    let bare = bare.strip_prefix("+86").unwrap_or(&bare);
    if bare.is_empty() || !bare.bytes().all(|byte| byte.is_ascii_digit()) {
        return Err(PersonError::NotAPhone);
    }
    let bytes = bare.as_bytes();
    let is_mobile = bytes.len() == 11 && bytes[0] == b'1' && (b'3'..=b'9').contains(&bytes[1]);
    let is_local = (7..=8).contains(&bytes.len()) && (b'2'..=b'9').contains(&bytes[0]);
    let is_service = bytes.len() == 10 && (bare.starts_with("400") || bare.starts_with("800"));
    if is_mobile || is_local || is_service {
        return Ok(bare.to_owned());
    }
    with_area_code(bare).ok_or(PersonError::NotAPhone)
}

/// 010 and 02x are area codes of three digits, the others have four.
fn with_area_code(digits: &str) -> Option<String> {
    let area_digits = if digits.starts_with("01") || digits.starts_with("02") {
        3
    } else {
        4
    };
    let (area, local) = digits.split_at_checked(area_digits)?;
    let is_landline =
        area.starts_with('0') && (7..=8).contains(&local.len()) && !local.starts_with(['0', '1']);
    is_landline.then(|| format!("{area}-{local}"))
}

/// Fifteen to eighteen digits, the last of which may be an X.
fn looks_like_id_number(text: &str) -> bool {
    let plain: String = text
        .chars()
        .filter(|character| !character.is_whitespace())
        .collect();
    let digits = plain.strip_suffix(['x', 'X']).unwrap_or(&plain);
    matches!(plain.len(), 15 | 18)
        && digits.len() >= 15
        && digits.bytes().all(|byte| byte.is_ascii_digit())
}

#[cfg(test)]
mod tests;
