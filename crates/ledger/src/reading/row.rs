//! One row of a sheet: which cells count, what they say, what is wrong in them.

use std::collections::BTreeSet;

use crate::address;
use crate::heading::{Column, Headings, repeats_headings};
use crate::ledger::PersonRow;
use crate::mistake::{Mistake, Notice, Place};
use crate::person::{self, Name, PersonError};
use crate::table::{Cell, Sheet};

/// Words at the head of a row that is no person's: sums and remarks.
const FOOTER_STARTS: [&str; 8] = [
    "合计", "总计", "小计", "填表", "制表", "备注", "说明", "注:",
];

/// What a row says, before rows of one door are brought together.
pub struct Row {
    /// Where it stands.
    pub place: Place,
    /// Building label.
    pub building: String,
    /// Unit label, when the row has one.
    pub unit: Option<String>,
    /// Door label.
    pub label: String,
    /// Floor, when the row has one.
    pub floor: Option<i64>,
    /// Name of the grid.
    pub grid: String,
    /// Tags of the household.
    pub household_tags: BTreeSet<String>,
    /// The person, unless the row only says that the door is there.
    pub person: Option<PersonRow>,
}

/// Reads the rows under one heading row.
pub struct RowReader<'a> {
    sheet: &'a Sheet,
    headings: &'a Headings,
    this_year: i32,
    grid_of_sheet: Option<String>,
}

/// A cell could not be read; the mistake is already on the list.
struct Listed;

impl<'a> RowReader<'a> {
    /// A reader of `sheet`. Without a grid column, a sheet named after a grid
    /// says which grid it is about.
    pub fn new(sheet: &'a Sheet, headings: &'a Headings, this_year: i32) -> Self {
        let grid_of_sheet = address::grid(&crate::table::tidy(&sheet.name))
            .ok()
            .filter(|name| name.contains("网格") && !headings.has(Column::Grid));
        RowReader {
            sheet,
            headings,
            this_year,
            grid_of_sheet,
        }
    }

    /// All rows that say something; every mistake goes on the list.
    pub fn read(&self, mistakes: &mut Vec<Mistake>, notices: &mut Vec<Notice>) -> Vec<Row> {
        if !self.headings.has(Column::Grid) && self.grid_of_sheet.is_none() {
            mistakes.push(no_grid_column(Place::row(
                &self.sheet.name,
                self.headings.row,
            )));
            return Vec::new();
        }
        let mut rows = Vec::new();
        for row in self.sheet.rows().filter(|row| *row > self.headings.row) {
            if repeats_headings(self.sheet, row) || !self.says_something(row) {
                continue;
            }
            if self.is_footer(row) {
                notices.push(footer_left_out(Place::row(&self.sheet.name, row)));
                continue;
            }
            rows.extend(self.read_row(row, mistakes));
        }
        rows
    }

    /// A row with nothing under the known headings is blank to a ledger.
    fn says_something(&self, row: usize) -> bool {
        let own = [
            Column::Building,
            Column::Unit,
            Column::Label,
            Column::Name,
            Column::Phone,
        ];
        own.into_iter().any(|column| {
            let position = self.headings.position(column);
            position.is_some_and(|position| self.sheet.cell(row, position).is_some())
        })
    }

    fn is_footer(&self, row: usize) -> bool {
        let first = self
            .sheet
            .cells(row)
            .find_map(|(_, cell)| cell.text())
            .unwrap_or_default();
        let has_name = self.cell(row, Column::Name).is_some();
        !has_name && FOOTER_STARTS.iter().any(|start| first.starts_with(start))
    }

    fn read_row(&self, row: usize, mistakes: &mut Vec<Mistake>) -> Option<Row> {
        let before = mistakes.len();
        self.list_merges(row, mistakes);
        let place = Place::row(&self.sheet.name, row);
        let building = self.part(row, Column::Building, address::building, mistakes);
        let unit = self.part(row, Column::Unit, address::unit, mistakes);
        let label = self.label(row, &building, &unit, mistakes);
        let floor = self.part(row, Column::Floor, address::floor, mistakes);
        let grid = match &self.grid_of_sheet {
            Some(name) => Ok(Some(name.clone())),
            None => self.part(row, Column::Grid, address::grid, mistakes),
        };
        let household_tags = self.about(row, Column::HouseholdTags, person::tags, mistakes);
        let person = self.person(row, mistakes);
        let (Ok(building), Ok(unit), Ok(label), Ok(floor), Ok(grid)) =
            (building, unit, label, floor, grid)
        else {
            return None;
        };
        if building.is_none() && label.is_none() {
            mistakes.push(no_address(place));
            return None;
        }
        let absent = [
            (Column::Building, building.is_none()),
            (Column::Label, label.is_none()),
            (Column::Grid, grid.is_none()),
        ];
        for (column, _) in absent.into_iter().filter(|(_, is_absent)| *is_absent) {
            mistakes.push(blank(self.place(row, column), column));
        }
        if mistakes.len() > before {
            return None;
        }
        let (label, unit_in_label) = label?;
        Some(Row {
            place,
            building: building?,
            unit: unit.or(unit_in_label),
            label,
            floor,
            grid: grid?,
            household_tags: household_tags.ok()?.unwrap_or_default(),
            person: person.ok()?,
        })
    }

    /// A block in an address column fills its rows; any other block leaves open
    /// whom its value is about. It is listed once, where it starts.
    fn list_merges(&self, row: usize, mistakes: &mut Vec<Mistake>) {
        for column in Column::ALL {
            let Some(position) = self.headings.position(column) else {
                continue;
            };
            let Some(merge) = self.sheet.merged(row, position) else {
                continue;
            };
            let starts_here = merge.first.0.max(self.headings.row + 1) == row
                && merge.first.1.max(self.first_position()) == position;
            let is_filled = merge.is_vertical() && column.is_address();
            if starts_here && !is_filled {
                mistakes.push(merged(self.place(row, column), column));
            }
        }
    }

    fn first_position(&self) -> usize {
        Column::ALL
            .into_iter()
            .filter_map(|column| self.headings.position(column))
            .min()
            .unwrap_or(0)
    }

    fn label(
        &self,
        row: usize,
        building: &Result<Option<String>, Listed>,
        unit: &Result<Option<String>, Listed>,
        mistakes: &mut Vec<Mistake>,
    ) -> Result<Option<(String, Option<String>)>, Listed> {
        let (Ok(building), Ok(unit)) = (building, unit) else {
            return Ok(None);
        };
        let of_row = building.as_deref().unwrap_or_default();
        self.part(
            row,
            Column::Label,
            |text| address::label(text, of_row, unit.as_deref()),
            mistakes,
        )
    }

    fn person(&self, row: usize, mistakes: &mut Vec<Mistake>) -> Result<Option<PersonRow>, Listed> {
        let name = self.about(row, Column::Name, person::name, mistakes);
        let relation = self.about(row, Column::Relation, person::word, mistakes);
        let birth_year = self
            .cell(row, Column::BirthYear)
            .map(|cell| person::birth_year(cell, self.this_year));
        let birth_year = self.listed(row, Column::BirthYear, birth_year.transpose(), mistakes);
        let tags = self.about(row, Column::Tags, person::tags, mistakes);
        let phone = self.about(row, Column::Phone, person::phone, mistakes);
        let (name, relation, birth_year) = (name?, relation?, birth_year?);
        let (tags, phone) = (tags?.unwrap_or_default(), phone?.flatten());
        let says_more = birth_year.is_some() || !tags.is_empty() || phone.is_some();
        let tags = self.headings.has(Column::Tags).then_some(tags);
        match name {
            Some(Name::Person(name)) => Ok(Some(PersonRow {
                place: Place::row(&self.sheet.name, row),
                name,
                relation,
                birth_year,
                tags,
                phone,
            })),
            None if says_more => {
                mistakes.push(blank(self.place(row, Column::Name), Column::Name));
                Err(Listed)
            }
            Some(Name::Vacant) if says_more => {
                mistakes.push(vacant_with_facts(self.place(row, Column::Name)));
                Err(Listed)
            }
            Some(Name::Vacant) | None => Ok(None),
        }
    }

    /// A part of the address. What was typed is repeated in the mistake.
    fn part<T>(
        &self,
        row: usize,
        column: Column,
        parse: impl FnOnce(&str) -> Result<T, address::AddressError>,
        mistakes: &mut Vec<Mistake>,
    ) -> Result<Option<T>, Listed> {
        let Some(cell) = self.cell(row, column) else {
            return Ok(None);
        };
        let text = self.listed(row, column, person::text_of(cell), mistakes)?;
        parse(&text).map(Some).map_err(|error| {
            let (zh, en) = error.words();
            mistakes.push(Mistake::new(
                self.place(row, column),
                format!("「{text}」{zh}"),
                format!("“{text}” {en}"),
            ));
            Listed
        })
    }

    /// A fact about the person. What was typed is never repeated.
    fn about<T>(
        &self,
        row: usize,
        column: Column,
        parse: impl FnOnce(&str) -> Result<T, PersonError>,
        mistakes: &mut Vec<Mistake>,
    ) -> Result<Option<T>, Listed> {
        let Some(cell) = self.cell(row, column) else {
            return Ok(None);
        };
        let parsed = person::text_of(cell).and_then(|text| parse(&text));
        self.listed(row, column, parsed, mistakes).map(Some)
    }

    fn listed<T>(
        &self,
        row: usize,
        column: Column,
        outcome: Result<T, PersonError>,
        mistakes: &mut Vec<Mistake>,
    ) -> Result<T, Listed> {
        outcome.map_err(|error| {
            let (zh, en) = error.words();
            mistakes.push(Mistake::new(self.place(row, column), zh, en));
            Listed
        })
    }

    fn cell(&self, row: usize, column: Column) -> Option<&Cell> {
        let position = self.headings.position(column)?;
        match column.is_address() {
            true => self.sheet.filled(row, position),
            false => self.sheet.cell(row, position),
        }
    }

    fn place(&self, row: usize, column: Column) -> Place {
        self.headings.place(&self.sheet.name, row, column)
    }
}

fn no_grid_column(place: Place) -> Mistake {
    Mistake::new(
        place,
        "表头里没有「网格」列，工作表名也不是网格名；请加一列写明每户属于哪个网格",
        "no column “网格” (grid), and the sheet is not named after one; add a column that says each door's grid",
    )
}

fn no_address(place: Place) -> Mistake {
    Mistake::new(
        place,
        "这一行没有楼栋和门牌；每一行都要写全（合并单元格存成 CSV 会变成空格，请直接导入 .xlsx）",
        "this row has no building and door; every row needs them (merged cells become blanks in a .csv, import the .xlsx instead)",
    )
}

fn blank(place: Place, column: Column) -> Mistake {
    let title = column.title();
    Mistake::new(
        place,
        format!("「{title}」是空的"),
        format!("“{title}” is blank"),
    )
}

fn vacant_with_facts(place: Place) -> Mistake {
    Mistake::new(
        place,
        "写的是空户，同一行却有出生年、标签或电话；请核对",
        "marked vacant, yet the row has a birth year, tags or a phone; please check",
    )
}

fn merged(place: Place, column: Column) -> Mistake {
    let title = column.title();
    Mistake::new(
        place,
        format!("这里是合并单元格，看不出「{title}」说的是哪一行；请取消合并，逐行填写"),
        format!(
            "merged cells; it is open which rows “{title}” is meant for; unmerge and fill each row"
        ),
    )
}

fn footer_left_out(place: Place) -> Notice {
    Notice::new(
        place,
        "像是合计或备注，没有导入",
        "looks like a sum or a remark and was not imported",
    )
}
