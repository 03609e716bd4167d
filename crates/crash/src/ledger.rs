//! A small community's ledger.

/// The grid of each phone.
pub const GRIDS: [&str; 4] = ["第一网格", "第二网格", "第一网格", "第二网格"];
/// Doors of each grid.
const DOORS: usize = 12;

/// The ledger as CSV.
pub fn text() -> String {
    let mut rows = String::from("楼栋,单元,楼层,门牌,网格,姓名,电话\n");
    for (building, grid) in (1..).zip(&GRIDS[..2]) {
        for door in 0..DOORS {
            let (floor, label) = (door / 2 + 1, (door / 2 + 1) * 100 + door % 2 + 1);
            let phone = format!("139{building:04}{door:04}");
            rows += &format!("{building},1,{floor},{label},{grid},王春兰,{phone}\n");
        }
    }
    rows
}
