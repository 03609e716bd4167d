//! The chores of this repository: `cargo xtask run | test | tidy | size | bench | crash | sim |
//! fixtures | fuzz`.
//!
//! It starts other programs and reads this repository. What Stairwell itself
//! does is not here.

mod bench;
mod browser;
mod command;
mod crash;
mod fixtures;
mod fuzz;
mod packages;
mod repository;
mod run;
mod sim;
mod size;
mod steps;
mod test;
mod tidy;
mod web;

use std::process::ExitCode;

const USAGE: &str = "\
cargo xtask run [选项 options]      启动练习社区 start with the practice community; options go to `stairwell serve`
cargo xtask test [--rust] [--web] [--e2e]
                                   全部检查，或只做一部分 every check, or only those parts
cargo xtask tidy                   本仓库的规矩 the rules of this repository
cargo xtask size                   手机下载多少 what the phone downloads, against its budgets
cargo xtask bench [desk|phone|phone-download|sync] [--scale N] [--repeats N] [--data DIR] [--without-peers]
                                   测量 measurements; figures go to target/bench
cargo xtask sim [--seeds N] [--from S] [--seed S [--whole]] [--planted [name …]]
                                   模拟：许多手机、一个平台、坏网络坏磁盘 many phones, one office, faulty network and disk
cargo xtask fixtures               重新生成样例 make the golden fixtures and the sample ledger again
cargo xtask fuzz [target …] [--minutes N] [--keep]
                                   向每个解码器投乱字节，有界，自己停 throw bytes at the decoders, bounded; --keep adds what reaches more to the kept corpus
cargo xtask crash [kill|power|errors] [--rounds N] [--states N] [--quick]
                                   杀进程、断电、坏盘 kills, power cuts and failing disks; figures go to target/bench";

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let rest = arguments.get(1..).unwrap_or_default();
    let outcome = match arguments.first().map(String::as_str) {
        Some("run") => run::run(rest),
        Some("test") => test::test(rest),
        Some("tidy") => tidy::tidy(),
        Some("size") => size::size(),
        Some("bench") => bench::bench(rest),
        Some("crash") => crash::crash(rest),
        Some("sim") => sim::sim(rest),
        Some("fixtures") => fixtures::fixtures(),
        Some("fuzz") => fuzz::fuzz(rest),
        Some("help" | "--help" | "-h") => {
            println!("{USAGE}");
            Ok(())
        }
        _ => Err(USAGE.to_owned()),
    };
    match outcome {
        Ok(()) => ExitCode::SUCCESS,
        Err(words) => {
            eprintln!("{words}");
            ExitCode::FAILURE
        }
    }
}
