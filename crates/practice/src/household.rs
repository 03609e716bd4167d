//! Who lives behind the practice doors.

use std::collections::BTreeSet;

use model::{DocumentId, PersonId, resident_id};

use crate::chance::{Chance, Stream};

/// How many doors have so many residents: 2,250 doors, 5,823 persons.
const SIZES: [(usize, usize); 7] = [
    (0, 70),
    (1, 420),
    (2, 617),
    (3, 613),
    (4, 360),
    (5, 130),
    (6, 40),
];

const SURNAMES: &[&str] = &[
    "王", "李", "张", "刘", "陈", "杨", "黄", "赵", "吴", "周", "徐", "孙", "马", "朱", "胡", "郭",
    "何", "高", "林", "罗", "郑", "梁", "谢", "宋", "唐", "许", "韩", "冯", "邓", "曹", "彭", "曾",
    "肖", "田", "董", "袁", "潘", "于", "蒋", "蔡", "余", "杜", "叶", "程", "苏", "魏", "吕", "丁",
    "任", "沈", "姚", "卢", "姜", "崔",
];
/// Seasons, plants, water and weather.
const GIVEN: &[&str] = &[
    "小寒", "雨水", "惊蛰", "春分", "清明", "立夏", "芒种", "夏至", "小暑", "立秋", "处暑", "寒露",
    "霜降", "立冬", "小雪", "冬至", "青松", "翠竹", "红梅", "兰草", "秋菊", "荷花", "海棠", "木槿",
    "石榴", "银杏", "梧桐", "丁香", "茉莉", "山茶", "芦苇", "麦穗", "稻花", "桑叶", "柳絮", "枫叶",
    "新月", "晨星", "晚霞", "朝露", "长虹", "春雷", "微雨", "白云", "清风", "飞雪", "溪石", "远帆",
    "江声", "湖光", "海潮", "泉响", "平川", "高原", "青山", "沙洲",
];

/// One resident.
#[derive(Clone, Debug)]
pub struct Resident {
    /// Id at this door.
    pub id: PersonId,
    /// Full name.
    pub name: String,
    /// To the head of the household.
    pub relation: &'static str,
    /// Age in years when the practice data begins.
    pub age: i64,
    /// Care tags.
    pub tags: BTreeSet<&'static str>,
}

/// Who lives at one door; nobody where it stands empty.
#[derive(Clone, Debug, Default)]
pub struct Household {
    /// The residents, head first.
    pub residents: Vec<Resident>,
}

impl Household {
    /// Whether the door is seen monthly: an elder alone or without children
    /// near, a child left with grandparents, or a disabled person.
    pub fn needs_care(&self) -> bool {
        let care = ["empty_nest", "lives_alone", "left_behind_child", "disabled"];
        self.residents
            .iter()
            .any(|resident| care.iter().any(|tag| resident.tags.contains(tag)))
    }

    /// The first resident of 60 or more.
    pub fn elder(&self) -> Option<&Resident> {
        self.residents.iter().find(|resident| resident.age >= 60)
    }

    /// The first resident under 18.
    pub fn child(&self) -> Option<&Resident> {
        self.residents.iter().find(|resident| resident.age < 18)
    }
}

/// The households of all doors, in the order of `doors`.
pub fn households(seed: u64, doors: &[DocumentId]) -> Vec<Household> {
    let mut sizes: Vec<usize> = SIZES
        .iter()
        .flat_map(|(size, count)| std::iter::repeat_n(*size, *count))
        .collect();
    Chance::new(seed, Stream::Sizes, 0).shuffle(&mut sizes);
    doors
        .iter()
        .zip(sizes)
        .zip(0..)
        .map(|((door, size), index)| {
            let mut chance = Chance::new(seed, Stream::Household, index);
            household(&mut chance, *door, size)
        })
        .collect()
}

/// A part in a household: relation, and youngest and oldest age.
type Part = (&'static str, i64, i64);

const HEAD: Part = ("户主", 28, 55);
const SPOUSE: Part = ("配偶", 28, 55);
const OLD_HEAD: Part = ("户主", 61, 89);
const OLD_SPOUSE: Part = ("配偶", 60, 87);
const FATHER: Part = ("父", 60, 84);
const MOTHER: Part = ("母", 60, 84);
const SON: Part = ("子", 1, 17);
const DAUGHTER: Part = ("女", 1, 17);
const GROWN_CHILD: Part = ("子", 24, 45);
const GRANDCHILD: Part = ("孙", 4, 15);
const TENANT: Part = ("租户", 22, 48);

/// The compositions by size: weight and parts.
fn compositions(size: usize) -> &'static [(u64, &'static [Part])] {
    match size {
        1 => &[(46, &[OLD_HEAD]), (24, &[TENANT]), (30, &[HEAD])],
        2 => &[
            (34, &[OLD_HEAD, OLD_SPOUSE]),
            (8, &[OLD_HEAD, GRANDCHILD]),
            (15, &[HEAD, DAUGHTER]),
            (12, &[TENANT, TENANT]),
            (31, &[HEAD, SPOUSE]),
        ],
        3 => &[
            (36, &[HEAD, SPOUSE, SON]),
            (34, &[HEAD, SPOUSE, DAUGHTER]),
            (14, &[HEAD, SPOUSE, MOTHER]),
            (8, &[OLD_HEAD, OLD_SPOUSE, GROWN_CHILD]),
            (8, &[OLD_HEAD, OLD_SPOUSE, GRANDCHILD]),
        ],
        4 => &[
            (50, &[HEAD, SPOUSE, SON, MOTHER]),
            (35, &[HEAD, SPOUSE, SON, DAUGHTER]),
            (15, &[HEAD, SPOUSE, FATHER, MOTHER]),
        ],
        5 => &[
            (70, &[HEAD, SPOUSE, DAUGHTER, FATHER, MOTHER]),
            (30, &[HEAD, SPOUSE, SON, DAUGHTER, MOTHER]),
        ],
        6 => &[(1, &[HEAD, SPOUSE, SON, DAUGHTER, FATHER, MOTHER])],
        _ => &[(1, &[])],
    }
}

fn household(chance: &mut Chance, door: DocumentId, size: usize) -> Household {
    let parts = chance.weighted(compositions(size));
    let family = chance.pick(SURNAMES);
    let mut residents: Vec<Resident> = Vec::new();
    for (relation, youngest, oldest) in parts {
        let name = name(chance, family, relation, &residents);
        residents.push(Resident {
            id: resident_id(door, &name, 1),
            name,
            relation,
            age: chance.between(*youngest, *oldest),
            tags: BTreeSet::new(),
        });
    }
    tag(chance, &mut residents);
    Household { residents }
}

/// Names differ within a door, so that every resident is the first of the name.
fn name(chance: &mut Chance, family: &str, relation: &str, others: &[Resident]) -> String {
    let own_family = matches!(relation, "配偶" | "母" | "租户");
    loop {
        let surname = if own_family {
            chance.pick(SURNAMES)
        } else {
            family
        };
        let name = format!("{surname}{}", chance.pick(GIVEN));
        if others.iter().all(|other| other.name != name) {
            return name;
        }
    }
}

fn tag(chance: &mut Chance, residents: &mut [Resident]) {
    let all_old = residents.iter().all(|resident| resident.age >= 60);
    let no_parents = residents
        .iter()
        .all(|resident| resident.age >= 60 || resident.age < 18);
    let far_children = all_old && chance.in_thousand(680);
    let alone = residents.len() == 1;
    for resident in residents {
        if resident.age >= 60 {
            resident.tags.insert("aged");
            if alone {
                resident.tags.insert("lives_alone");
            }
            if far_children {
                resident.tags.insert("empty_nest");
            }
        }
        if resident.age < 18 {
            resident.tags.insert("minor");
            if no_parents {
                resident.tags.insert("left_behind_child");
            }
        }
        if chance.in_thousand(20) {
            resident.tags.insert("disabled");
        }
    }
}
