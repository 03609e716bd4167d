//! The buildings of the practice community and their doors.

use model::{DocumentId, FeedId, community_id, door_id, grid_id};

/// The practice community.
pub const COMMUNITY: &str = "蓝湖小区";
/// Its grids; the order is the order of the numbers in [`BUILDINGS`].
pub const GRIDS: [&str; 5] = ["第一网格", "第二网格", "第三网格", "第四网格", "第五网格"];

/// A building; its label is its place in the list, from 1.
pub struct Shape {
    /// Number of the grid, from 0.
    pub grid: usize,
    /// Stairways.
    pub units: u32,
    /// Floors.
    pub floors: u32,
    /// Doors on one floor of one unit.
    pub doors: u32,
    /// What to know before going there.
    pub note: &'static str,
}

const fn shape(grid: usize, units: u32, floors: u32, doors: u32, note: &'static str) -> Shape {
    Shape {
        grid,
        units,
        floors,
        doors,
        note,
    }
}

/// 22 buildings, 450 doors in each grid.
pub const BUILDINGS: [Shape; 22] = [
    shape(0, 2, 18, 4, ""),
    shape(0, 2, 18, 4, "西侧电梯检修时走东侧楼梯"),
    shape(0, 5, 6, 2, "没有电梯"),
    shape(0, 5, 6, 2, "没有电梯，雨季一层漏水"),
    shape(0, 3, 7, 2, ""),
    shape(1, 2, 18, 3, ""),
    shape(1, 2, 18, 3, "东门进"),
    shape(1, 2, 18, 3, ""),
    shape(1, 3, 11, 2, "救护车只能到北门"),
    shape(1, 5, 6, 2, "没有电梯"),
    shape(2, 2, 18, 4, ""),
    shape(2, 2, 18, 4, ""),
    shape(2, 2, 15, 3, "楼道灯夜里偏暗"),
    shape(2, 6, 6, 2, "没有电梯"),
    shape(3, 2, 18, 3, ""),
    shape(3, 2, 18, 3, ""),
    shape(3, 2, 21, 3, "地下车库进楼要刷卡"),
    shape(3, 2, 18, 3, ""),
    shape(4, 2, 18, 4, ""),
    shape(4, 4, 11, 3, ""),
    shape(4, 2, 17, 3, "南侧门禁常坏"),
    shape(4, 6, 6, 2, "没有电梯"),
];

/// One door.
#[derive(Clone, Debug)]
pub struct Door {
    /// Its document.
    pub id: DocumentId,
    /// Number of the grid, from 0.
    pub grid: usize,
    /// Number of the building, from 0.
    pub building: usize,
    /// Number of the unit, from 1.
    pub unit: u32,
    /// Floor, from 1.
    pub floor: u32,
    /// Label, such as `501`.
    pub label: String,
}

/// The community's id.
pub fn community() -> DocumentId {
    community_id(COMMUNITY)
}

/// The feed of a grid by its number.
pub fn grid_feed(grid: usize) -> FeedId {
    grid_id(community(), GRIDS[grid])
}

/// Every door, by building, unit, then from the top floor down: the order in
/// which one walks a stairway.
pub fn doors() -> Vec<Door> {
    let community = community();
    let mut doors = Vec::new();
    for (building, shape) in BUILDINGS.iter().enumerate() {
        for unit in 1..=shape.units {
            for floor in (1..=shape.floors).rev() {
                for number in 1..=shape.doors {
                    let label = format!("{}", floor * 100 + number);
                    let name = (building + 1).to_string();
                    doors.push(Door {
                        id: door_id(community, &name, &unit.to_string(), &label),
                        grid: shape.grid,
                        building,
                        unit,
                        floor,
                        label,
                    });
                }
            }
        }
    }
    doors
}
