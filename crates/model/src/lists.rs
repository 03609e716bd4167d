//! The code lists that ship. A community may add to them; an unknown code is
//! shown as it stands and carried through.

use std::collections::BTreeMap;

use crate::records::{Code, Lists};

/// A shipped list: its name, then code, Chinese, English in menu order.
type Shipped = (
    &'static str,
    &'static [(&'static str, &'static str, &'static str)],
);

/// Every list that ships.
pub const SHIPPED: [Shipped; 4] = [
    (
        "purposes",
        &[
            ("routine", "日常走访", "Routine visit"),
            ("care", "关爱探访", "Care visit"),
            ("survey", "入户调查", "Household survey"),
            ("safety", "安全检查", "Safety check"),
            ("follow_up", "回访", "Follow-up"),
        ],
    ),
    (
        "outcomes",
        &[
            ("met", "见面", "Met"),
            ("no_answer", "未遇", "No answer"),
            ("phone", "电话", "By phone"),
            ("declined", "不便打扰", "Declined"),
            ("no_need", "无需求", "Nothing needed"),
            ("has_matter", "有事", "Has a matter"),
        ],
    ),
    (
        "tags",
        &[
            ("empty_nest", "空巢老人", "Empty-nest elder"),
            ("left_behind_child", "留守儿童", "Left-behind child"),
            ("minor", "未成年人", "Minor"),
            ("disabled", "残疾人", "Disabled"),
            ("aged", "老年人", "Aged"),
            ("lives_alone", "独居", "Lives alone"),
        ],
    ),
    (
        "checks",
        &[
            ("gas", "燃气", "Gas"),
            ("wiring", "电线", "Wiring"),
            ("fire_exit", "楼道通畅", "Stairway clear"),
            ("water", "用水", "Water"),
        ],
    ),
];

/// The shipped lists as a community document holds them.
pub fn shipped_lists() -> Lists {
    SHIPPED
        .iter()
        .map(|(name, codes)| ((*name).to_owned(), shipped_codes(codes)))
        .collect()
}

fn shipped_codes(codes: &[(&str, &str, &str)]) -> BTreeMap<String, Code> {
    codes
        .iter()
        .zip(1..)
        .map(|((code, zh, en), order)| {
            let words = Code {
                zh: (*zh).to_owned(),
                en: (*en).to_owned(),
                order: Some(order),
            };
            ((*code).to_owned(), words)
        })
        .collect()
}
