//! A plan in words, for the person who decides on it. No phone is ever shown.

use super::{Difference, DoorPlan, Field, Kept, Plan};

/// How many lines of one sort are shown before the rest is only counted.
const LINES_MAX: usize = 200;

/// An address as people here say it: `3栋2单元501`.
pub fn address(building: &str, unit: &str, label: &str) -> String {
    format!("{building}栋{unit}单元{label}")
}

impl Plan {
    /// The plan, line by line: sums first, then each change, then what is kept.
    pub fn lines(&self) -> Vec<String> {
        let mut lines = self.sums();
        let grids = self
            .new_grids
            .keys()
            .map(|name| format!("新网格 new grid：{name}"));
        lines.extend(grids);
        lines.extend(shortened(
            self.changed_doors.iter().flat_map(changed_lines).collect(),
        ));
        lines.extend(shortened(self.kept.iter().map(Kept::line).collect()));
        lines
    }

    fn sums(&self) -> Vec<String> {
        let (new, changed) = (self.new_doors.len(), self.changed_doors.len());
        let (same, kept) = (self.unchanged_doors, self.kept.len());
        let persons: usize = self
            .new_doors
            .iter()
            .map(|door| door.row.persons.len())
            .sum();
        vec![
            format!(
                "新建 {new} 户（{persons} 人），改动 {changed} 户，不变 {same} 户，保留 {kept} 项"
            ),
            format!(
                "{new} new doors ({persons} persons), {changed} changed, {same} as they are, {kept} kept"
            ),
        ]
    }
}

fn changed_lines(door: &DoorPlan) -> Vec<String> {
    let address = address(&door.row.building, &door.row.unit, &door.row.label);
    door.differences
        .iter()
        .map(|difference| format!("{address} {}", difference.words()))
        .collect()
}

fn shortened(mut lines: Vec<String>) -> Vec<String> {
    let more = lines.len().saturating_sub(LINES_MAX);
    if more > 0 {
        lines.truncate(LINES_MAX);
        lines.push(format!("…… 还有 {more} 条 ({more} more)"));
    }
    lines
}

impl Difference {
    fn words(&self) -> String {
        match self {
            Difference::NewPerson { name } => format!("新增 {name} (new person)"),
            Difference::Field {
                name,
                field,
                before,
                after,
            } => {
                let (zh, en) = field.words();
                let whose = name.as_deref().unwrap_or("本户");
                let before = if before.is_empty() {
                    "（空）"
                } else {
                    before
                };
                format!("{whose} {zh}：{before} → {after} ({en})")
            }
            Difference::NewTag { name, tag } => {
                let whose = name.as_deref().unwrap_or("本户");
                format!("{whose} 新标签：{tag} (new tag)")
            }
            Difference::Phone {
                name,
                is_first: true,
            } => format!("{name} 新电话 (new phone)"),
            Difference::Phone {
                name,
                is_first: false,
            } => format!("{name} 电话有变 (phone changed)"),
        }
    }
}

impl Field {
    fn words(self) -> (&'static str, &'static str) {
        match self {
            Field::Floor => ("楼层", "floor"),
            Field::Name => ("姓名", "name"),
            Field::Relation => ("关系", "relation"),
            Field::BirthYear => ("出生年", "birth year"),
        }
    }
}

impl Kept {
    fn line(&self) -> String {
        match self {
            Kept::Door { address } => {
                format!("保留 {address}：台账里没有这一户 (kept: door not in the ledger)")
            }
            Kept::Person { address, name } => {
                format!("保留 {address} {name}：台账里没有这个人 (kept: person not in the ledger)")
            }
            Kept::Tag { address, name, tag } => {
                format!(
                    "保留 {address} {name} 的标签 {tag}：台账里没有 (kept: tag not in the ledger)"
                )
            }
        }
    }
}
