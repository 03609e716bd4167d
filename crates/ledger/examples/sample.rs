//! Writes the sample ledger into `docs/examples`: a workbook of two sheets, one
//! to a grid, and the same as a text file. Everybody in it is invented.
//!
//! `cargo run -p stairwell-ledger --example sample`

use std::error::Error;
use std::path::Path;

use rust_xlsxwriter::{DocProperties, ExcelDateTime, Format, FormatAlign, Workbook, Worksheet};

const HEADINGS: [&str; 10] = [
    "楼栋",
    "单元",
    "楼层",
    "门牌",
    "网格",
    "姓名",
    "关系",
    "出生年",
    "标签",
    "电话",
];

/// One household: building, unit, floor, label, grid, then its persons (name,
/// relation, birth year, tags, phone). Nobody lives at a vacant door.
struct Household(u32, u32, u32, u32, &'static str, &'static [Person]);
type Person = (&'static str, &'static str, u32, &'static str, &'static str);

const HOUSEHOLDS: [Household; 12] = [
    Household(
        1,
        1,
        1,
        101,
        "第一网格",
        &[
            ("甄有福", "户主", 1948, "空巢老人、老年人", "13900000101"),
            ("尤桂兰", "妻", 1951, "空巢老人、老年人", ""),
        ],
    ),
    Household(
        1,
        1,
        1,
        102,
        "第一网格",
        &[
            ("郝大山", "户主", 1979, "", "13900000102"),
            ("明秀丽", "妻", 1981, "", "13900000103"),
            ("郝小满", "女", 2015, "未成年人", ""),
        ],
    ),
    Household(
        1,
        1,
        2,
        201,
        "第一网格",
        &[("安如意", "户主", 1944, "独居、老年人", "62000201")],
    ),
    Household(1, 1, 2, 202, "第一网格", &[]),
    Household(
        1,
        2,
        3,
        301,
        "第一网格",
        &[
            ("和平安", "户主", 1956, "残疾人", "13900000301"),
            ("言小雨", "儿媳", 1988, "", "13900000302"),
            ("和乐乐", "孙子", 2018, "留守儿童、未成年人", ""),
        ],
    ),
    Household(
        1,
        2,
        3,
        302,
        "第一网格",
        &[("车前子", "户主", 1990, "", "13900000303")],
    ),
    Household(
        2,
        1,
        1,
        101,
        "第二网格",
        &[
            ("金满仓", "户主", 1962, "", "13900000401"),
            ("银杏子", "妻", 1964, "", ""),
        ],
    ),
    Household(
        2,
        1,
        1,
        102,
        "第二网格",
        &[("石榴红", "户主", 1939, "独居、老年人、高血压", "62000402")],
    ),
    Household(
        2,
        1,
        5,
        501,
        "第二网格",
        &[
            (
                "水清浅",
                "户主",
                1985,
                "",
                "13900000501(本人)/13900000502(丈夫)",
            ),
            ("木成林", "夫", 1983, "", ""),
            ("木水水", "子", 2020, "未成年人", ""),
        ],
    ),
    Household(
        2,
        1,
        5,
        502,
        "第二网格",
        &[
            ("田野", "户主", 1970, "", "010-62000503"),
            ("田野", "子", 1999, "", ""),
        ],
    ),
    Household(
        2,
        2,
        11,
        1101,
        "第二网格",
        &[("云自在", "租户", 1996, "", "13900001101")],
    ),
    Household(
        2,
        2,
        11,
        1102,
        "第二网格",
        &[
            ("山长青", "户主", 1950, "老年人", "13900001102"),
            ("柳如烟", "妻", 1953, "老年人", ""),
        ],
    ),
];

fn main() -> Result<(), Box<dyn Error>> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/examples");
    std::fs::create_dir_all(&folder)?;
    write_workbook(&folder.join("家底台账示例.xlsx"))?;
    std::fs::write(folder.join("家底台账示例.csv"), text_file())?;
    println!("docs/examples: 家底台账示例.xlsx, 家底台账示例.csv");
    Ok(())
}

fn write_workbook(path: &Path) -> Result<(), Box<dyn Error>> {
    let mut workbook = Workbook::new();
    // A fixed date, so that the same rows give the same bytes.
    let made = ExcelDateTime::from_ymd(2026, 1, 1)?;
    workbook.set_properties(
        &DocProperties::new()
            .set_title("家底台账示例")
            .set_creation_datetime(&made),
    );
    for grid in ["第一网格", "第二网格"] {
        write_sheet(workbook.add_worksheet(), grid)?;
    }
    workbook.save(path)?;
    Ok(())
}

/// As communities keep it: a title over the headings, and one merged cell for
/// the address of a household of several persons.
fn write_sheet(sheet: &mut Worksheet, grid: &str) -> Result<(), Box<dyn Error>> {
    let title = Format::new()
        .set_bold()
        .set_font_size(16)
        .set_align(FormatAlign::Center);
    let heading = Format::new().set_bold().set_background_color("#E8E4DA");
    let merged = Format::new().set_align(FormatAlign::VerticalCenter);
    sheet.set_name(grid)?;
    sheet.merge_range(0, 0, 0, 9, "示例小区家底台账（虚构）", &title)?;
    for (column, name) in (0..).zip(HEADINGS) {
        sheet.write_with_format(1, column, name, &heading)?;
    }
    let mut row = 2;
    for household in HOUSEHOLDS.iter().filter(|household| household.4 == grid) {
        let Household(building, unit, floor, label, grid, persons) = household;
        let address = [
            format!("{building}栋"),
            format!("{unit}单元"),
            floor.to_string(),
            label.to_string(),
            (*grid).to_owned(),
        ];
        let last = row + (persons.len() as u32).max(1) - 1;
        for (column, part) in (0..).zip(&address) {
            if last > row {
                sheet.merge_range(row, column, last, column, part, &merged)?;
            } else {
                sheet.write(row, column, part)?;
            }
        }
        for (row, (name, relation, birth_year, tags, phone)) in (row..).zip(*persons) {
            sheet
                .write(row, 5, *name)?
                .write(row, 6, *relation)?
                .write(row, 7, *birth_year)?;
            sheet.write(row, 8, *tags)?.write(row, 9, *phone)?;
        }
        row = last + 1;
    }
    sheet
        .set_column_width(8, 24)?
        .set_column_width(9, 30)?
        .set_freeze_panes(2, 0)?;
    Ok(())
}

/// With the mark that makes spreadsheets read it as UTF-8.
fn text_file() -> String {
    let mut lines = vec![HEADINGS.join(",")];
    for Household(building, unit, floor, label, grid, persons) in &HOUSEHOLDS {
        let address = format!("{building}栋,{unit}单元,{floor},{label},{grid}");
        lines.extend(
            persons
                .iter()
                .map(|(name, relation, birth_year, tags, phone)| {
                    format!("{address},{name},{relation},{birth_year},{tags},{phone}")
                }),
        );
        if persons.is_empty() {
            lines.push(format!("{address},,,,,"));
        }
    }
    format!("\u{FEFF}{}\r\n", lines.join("\r\n"))
}
