//! The planted bugs that the simulation must find are patches of the real code. Whether they are
//! found takes minutes (`cargo xtask sim --planted`); that they still apply is held here.

use std::path::Path;
use std::process::Command;

#[test]
fn every_planted_bug_can_still_be_planted() {
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    let root = here.ancestors().nth(2).unwrap();
    let mut patches = 0;
    for entry in here.join("planted").read_dir().unwrap() {
        let patch = entry.unwrap().path();
        let mut git = Command::new("git");
        let check = git.current_dir(root).args(["apply", "--check"]).arg(&patch);
        let output = check.output().expect("git is needed for this test");
        let words = String::from_utf8_lossy(&output.stderr);
        assert!(output.status.success(), "{}: {words}", patch.display());
        patches += 1;
    }
    assert!(patches >= 5);
}
