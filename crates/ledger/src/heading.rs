//! Which column holds what: headings and their usual variants, and the row
//! they stand in.

use std::collections::BTreeMap;

use crate::mistake::{Mistake, Notice, Place, column_letters};
use crate::table::{Sheet, tidy};

/// What a column of a ledger holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Column {
    /// 楼栋
    Building,
    /// 单元
    Unit,
    /// 楼层
    Floor,
    /// 门牌
    Label,
    /// 网格
    Grid,
    /// 姓名
    Name,
    /// 关系, to the head of the household
    Relation,
    /// 出生年
    BirthYear,
    /// 标签, of the person
    Tags,
    /// 标签, of the household as a whole
    HouseholdTags,
    /// 电话
    Phone,
}

impl Column {
    /// The heading that messages and the sample use.
    pub fn title(self) -> &'static str {
        self.headings()[0]
    }

    /// All headings that mean this column, as [`plain`] leaves them.
    fn headings(self) -> &'static [&'static str] {
        match self {
            Column::Building => &[
                "楼栋",
                "栋",
                "幢",
                "座",
                "楼号",
                "栋号",
                "幢号",
                "座号",
                "楼栋号",
                "楼幢",
                "楼幢号",
                "楼",
                "楼宇",
                "几栋",
            ],
            Column::Unit => &["单元", "单元号", "所在单元"],
            Column::Floor => &["楼层", "层", "层数", "所在楼层", "层号"],
            Column::Label => &[
                "门牌",
                "门牌号",
                "门牌号码",
                "房号",
                "室",
                "室号",
                "户号",
                "房间号",
                "房屋号",
                "房间",
                "门号",
            ],
            Column::Grid => &[
                "网格",
                "所属网格",
                "网格名称",
                "所在网格",
                "网格号",
                "网格编号",
            ],
            Column::Name => &[
                "姓名",
                "居民姓名",
                "成员姓名",
                "人员姓名",
                "家庭成员",
                "住户姓名",
                "名字",
            ],
            Column::Relation => &[
                "关系",
                "与户主关系",
                "与户主的关系",
                "户主关系",
                "家庭关系",
                "与房主关系",
            ],
            Column::BirthYear => &[
                "出生年",
                "出生年份",
                "出生年月",
                "出生日期",
                "出生年月日",
                "生日",
                "出生",
            ],
            Column::Tags => &[
                "标签",
                "人员标签",
                "人群标签",
                "人员类别",
                "人员类型",
                "关爱类型",
                "重点人群",
                "人群类别",
                "关爱对象",
            ],
            Column::HouseholdTags => &["户标签", "家庭标签", "户类型", "家庭类型", "户类别"],
            Column::Phone => &[
                "电话",
                "手机",
                "手机号",
                "手机号码",
                "电话号码",
                "联系电话",
                "联系方式",
                "联系手机",
            ],
        }
    }

    /// Every column.
    pub const ALL: [Column; 11] = [
        Column::Building,
        Column::Unit,
        Column::Floor,
        Column::Label,
        Column::Grid,
        Column::Name,
        Column::Relation,
        Column::BirthYear,
        Column::Tags,
        Column::HouseholdTags,
        Column::Phone,
    ];

    /// Columns that make an address: a merged block in one of them is meant for
    /// each of its rows.
    pub fn is_address(self) -> bool {
        matches!(
            self,
            Column::Building | Column::Unit | Column::Floor | Column::Label | Column::Grid
        )
    }

    fn of(heading: &str) -> Option<Column> {
        let heading = plain(heading);
        Column::ALL
            .into_iter()
            .find(|column| column.headings().contains(&heading.as_str()))
    }
}

/// Headings of ID numbers. Such a column is never read.
const ID_NUMBER_HEADINGS: [&str; 8] = [
    "身份证",
    "身份证号",
    "身份证号码",
    "公民身份号码",
    "公民身份证号",
    "公民身份证号码",
    "证件号码",
    "证件号",
];
/// A running number says nothing and needs no notice.
const RUNNING_NUMBER_HEADINGS: [&str; 4] = ["序号", "编号", "序", "no"];
/// The heading row is looked for among the first rows only.
const HEADING_ROWS_MAX: usize = 20;
/// A row with fewer known headings is a title or a person's row.
const HEADINGS_MIN: usize = 3;

/// The heading row of a sheet.
#[derive(Clone, Debug)]
pub struct Headings {
    /// Its row, from 0; what follows are people.
    pub row: usize,
    columns: BTreeMap<Column, (usize, String)>,
}

impl Headings {
    /// Where a column stands, from 0.
    pub fn position(&self, column: Column) -> Option<usize> {
        self.columns.get(&column).map(|(position, _)| *position)
    }

    /// Whether the ledger has this column at all.
    pub fn has(&self, column: Column) -> bool {
        self.columns.contains_key(&column)
    }

    /// The place of a cell under this heading.
    pub fn place(&self, sheet: &str, row: usize, column: Column) -> Place {
        match self.columns.get(&column) {
            Some((position, heading)) => Place::cell(sheet, row, *position, heading),
            None => Place::row(sheet, row),
        }
    }
}

/// What a look for headings in one sheet came to.
pub enum Found {
    /// A ledger, with what is worth knowing about its columns.
    Ledger(Headings, Vec<Notice>),
    /// Something else, such as an explanation; it can be passed over.
    NotALedger,
}

/// Finds the row of headings and what its columns hold.
pub fn find_headings(sheet: &Sheet) -> Result<Found, Vec<Mistake>> {
    let best = sheet
        .rows()
        .take(HEADING_ROWS_MAX)
        .map(|row| (known_headings(sheet, row), row))
        // The first of equals: a repeated heading row stands further down.
        .max_by_key(|(known, row)| (*known, usize::MAX - row));
    let Some((known, row)) = best else {
        return Ok(Found::NotALedger);
    };
    if known < HEADINGS_MIN {
        return Ok(Found::NotALedger);
    }
    read_headings(sheet, row).map(|(headings, notices)| Found::Ledger(headings, notices))
}

/// Whether a row repeats the headings, as printed ledgers do on each page.
pub fn repeats_headings(sheet: &Sheet, row: usize) -> bool {
    known_headings(sheet, row) >= HEADINGS_MIN
}

fn known_headings(sheet: &Sheet, row: usize) -> usize {
    headings_of(sheet, row)
        .values()
        .filter(|heading| Column::of(heading).is_some())
        .count()
}

fn read_headings(sheet: &Sheet, row: usize) -> Result<(Headings, Vec<Notice>), Vec<Mistake>> {
    let mut columns: BTreeMap<Column, (usize, String)> = BTreeMap::new();
    let mut mistakes = Vec::new();
    let mut notices = Vec::new();
    let mut left_out = Vec::new();
    for (position, heading) in headings_of(sheet, row) {
        let place = Place::cell(&sheet.name, row, position, &heading);
        match Column::of(&heading) {
            Some(column) => {
                if let Some((earlier, _)) = columns.get(&column) {
                    mistakes.push(twice(place, column, *earlier));
                } else {
                    columns.insert(column, (position, heading));
                }
            }
            None if ID_NUMBER_HEADINGS.contains(&plain(&heading).as_str()) => {
                notices.push(id_number_left_out(place));
            }
            None if RUNNING_NUMBER_HEADINGS.contains(&plain(&heading).as_str()) => {}
            None => left_out.push(heading),
        }
    }
    for column in [Column::Building, Column::Label, Column::Name] {
        if !columns.contains_key(&column) {
            mistakes.push(missing(Place::row(&sheet.name, row), column));
        }
    }
    if !left_out.is_empty() {
        notices.push(columns_left_out(Place::row(&sheet.name, row), &left_out));
    }
    if mistakes.is_empty() {
        Ok((Headings { row, columns }, notices))
    } else {
        Err(mistakes)
    }
}

/// The texts over each column. A heading of two rows has its lower half in
/// `row`, and in the columns without a lower half the block reaches down.
fn headings_of(sheet: &Sheet, row: usize) -> BTreeMap<usize, String> {
    let above = row.saturating_sub(2);
    let mut headings = BTreeMap::new();
    for source in above..=row {
        for (position, _) in sheet.cells(source) {
            let reaches_down = source == row
                || sheet
                    .merged(row, position)
                    .is_some_and(|merge| merge.first.0 == source);
            if let Some(text) = sheet.filled(row, position).and_then(|cell| cell.text())
                && reaches_down
            {
                headings.insert(position, text);
            }
        }
    }
    headings
}

/// A heading without what varies for no reason: blanks, remarks in brackets,
/// a star for “must be filled”.
fn plain(heading: &str) -> String {
    let tidied = tidy(heading).to_lowercase();
    let outside = tidied
        .split(['(', '[', '【', ':'])
        .next()
        .unwrap_or_default();
    outside
        .chars()
        .filter(|character| !character.is_whitespace() && *character != '*' && *character != '/')
        .collect()
}

fn twice(place: Place, column: Column, earlier: usize) -> Mistake {
    let (title, earlier) = (column.title(), column_letters(earlier));
    Mistake::new(
        place,
        format!("和 {earlier} 列都像是「{title}」，不知道用哪一列；请删去或改名其中一列"),
        format!("this column and column {earlier} both look like “{title}”; remove or rename one"),
    )
}

fn missing(place: Place, column: Column) -> Mistake {
    let (title, variants) = (column.title(), column.headings()[1..].join("、"));
    Mistake::new(
        place,
        format!("表头里没有「{title}」列（也可以写作 {variants}）"),
        format!("no column “{title}” in this heading row (also known as {variants})"),
    )
}

fn id_number_left_out(place: Place) -> Notice {
    Notice::new(
        place,
        "身份证号没有导入，也没有读取：走访用不到它，《个人信息保护法》第六条要求只收必需的信息；建议从台账副本中删去这一列",
        "ID numbers are not imported and were not read: visits do not need them, and the law (PIPL article 6) asks to collect no more than is needed; consider removing this column from the copy",
    )
}

fn columns_left_out(place: Place, headings: &[String]) -> Notice {
    let names = headings.join("、");
    Notice::new(
        place,
        format!("这些列没有导入：{names}"),
        format!("these columns are not imported: {names}"),
    )
}

#[cfg(test)]
mod tests;
