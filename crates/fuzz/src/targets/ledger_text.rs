//! Ledgers as text, in any encoding.

use ledger::{Existing, plan, read};

use crate::{Target, mutate};

/// The file.
pub const TARGET: Target = Target {
    name: "ledger_text",
    run,
    seeds,
    mutate: mutate::bytes,
    memory_bytes: 64 << 20,
    mutations: 1_500,
};

const SAMPLE: &[u8] = include_bytes!("../../../../docs/examples/家底台账示例.csv");

/// The present year, as far as birth years go.
const YEAR: i32 = 2026;

fn run(input: &[u8]) {
    // What begins so is a workbook, and has a target of its own.
    if !input.starts_with(b"PK") {
        read_and_plan("台账.csv", input);
    }
}

/// A ledger that reads can be planned; one that does not says why.
pub(super) fn read_and_plan(name: &str, file: &[u8]) {
    match read(name, file, YEAR) {
        Ok(ledger) => {
            let doors = ledger.doors.len();
            if let Ok(plan) = plan(&Existing::default(), &ledger, "蓝湖小区") {
                assert_eq!(plan.new_doors.len(), doors, "every door is planned");
            }
        }
        Err(mistakes) => assert!(!mistakes.is_empty(), "a refusal has a reason"),
    }
}

fn seeds() -> Vec<Vec<u8>> {
    let text = String::from_utf8_lossy(SAMPLE);
    let few: String = text
        .lines()
        .take(6)
        .map(|line| format!("{line}\n"))
        .collect();
    let utf16 = few.encode_utf16().flat_map(u16::to_le_bytes);
    vec![
        SAMPLE.to_vec(),
        few.replace(',', "\t").into_bytes(),
        [0xff, 0xfe].into_iter().chain(utf16).collect(),
        few.into_bytes(),
        // 楼栋,姓名 in GB18030.
        [
            &[0xc2, 0xa5, 0xb6, 0xb0, b',', 0xd0, 0xd5, 0xc3, 0xfb, b'\n'][..],
            b"3,1\n",
        ]
        .concat(),
    ]
}
