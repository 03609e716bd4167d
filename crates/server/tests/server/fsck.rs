//! `fsck` and its kin: what they say of a folder in order and of one that is not.

use std::ffi::OsStr;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use model::{DeviceId, Kind};
use store::{Append, EmbeddedStore, Store};
use tempfile::TempDir;

use crate::support::{BINARY, Service, door, grid, run, settled_folder, text};

/// The lines of what was found, and whether it ended well.
fn findings(output: &Output) -> (Vec<String>, bool) {
    let lines = text(&output.stdout);
    let lines = lines.lines().filter(|line| line.starts_with('['));
    (lines.map(str::to_owned).collect(), output.status.success())
}

fn digest(output: &Output) -> String {
    let lines = text(&output.stdout);
    let line = lines.lines().find(|line| line.starts_with("digest "));
    line.expect("a digest").to_owned()
}

#[test]
fn a_folder_in_order_is_found_so_while_it_is_served_and_while_it_is_not() {
    let mut service = Service::start(settled_folder(), &[]);
    let mut phone = service.add_worker("陈小满");
    phone.visit(door(0), "都好");
    phone.exchange_with(&service.url);
    let serving = run(&service.data(), &["fsck"]);
    assert_eq!(findings(&serving), (vec![], true), "{serving:?}");
    let to = tempfile::tempdir().unwrap();
    let backup = to.path().join("backup");
    let backed_up = run(&service.data(), &["backup", backup.to_str().unwrap()]);
    assert_eq!(digest(&backed_up), digest(&serving));
    service.signal("TERM");
    service.child.wait().unwrap();
    let alone = run(&service.data(), &["fsck"]);
    assert_eq!(findings(&alone), (vec![], true), "{alone:?}");
    assert_eq!(digest(&alone), digest(&serving));
    assert!(text(&alone.stdout).contains("nothing was found"));
}

/// A way to spoil a data folder, and what the line about it names.
type Damage = (fn(&Path), &'static str);

fn only_key(data: &Path) -> PathBuf {
    let mut keys = std::fs::read_dir(data.join("keys")).unwrap();
    keys.next().unwrap().unwrap().path()
}

fn flip(path: &Path, at: usize) {
    let mut bytes = std::fs::read(path).unwrap();
    bytes[at] ^= 4;
    std::fs::write(path, bytes).unwrap();
}

fn append_garbage(data: &Path) {
    let (store, _) = EmbeddedStore::open(data, &mut |_| {}).unwrap();
    let garbage = Append {
        document: door(3),
        kind: Kind::Door,
        home_feed: grid(1),
        device: DeviceId::from_bytes([1; 16]),
        hash: model::ChangeHash([9; 32]),
        bytes: b"no change at all".to_vec(),
        received_at: 0,
    };
    store.append(&[garbage]).unwrap();
    store
        .put_record(store::Table::People, b"x", b"no person")
        .unwrap();
}

#[test]
fn each_fault_is_one_line_in_two_languages_that_says_how_to_mend_it() {
    let cases: [Damage; 5] = [
        (
            |data| flip(&data.join("journal/00000001.journal"), 60),
            "00000001.journal",
        ),
        (|data| flip(&only_key(data), 9), "keys"),
        (
            |data| std::fs::remove_file(only_key(data)).unwrap(),
            "signs receipts",
        ),
        (
            |data| std::fs::remove_dir_all(data.join("index")).unwrap(),
            "there was no index",
        ),
        (
            |data| std::fs::write(data.join("letter"), "").unwrap(),
            "letter",
        ),
    ];
    let home = settled_folder();
    for (spoil, named) in cases {
        let copied = tempfile::tempdir().unwrap();
        copy(&home.path().join("data"), &copied.path().join("data"));
        spoil(&copied.path().join("data"));
        let output = run(&copied.path().join("data"), &["fsck"]);
        let (lines, ended_well) = findings(&output);
        assert!(!ended_well);
        assert_eq!(lines.len(), 1, "{lines:?}");
        assert!(
            lines[0].contains(named) && lines[0].contains(" / "),
            "{lines:?}"
        );
        let ended = text(&output.stderr);
        assert_eq!(
            ended
                .lines()
                .filter(|line| line.starts_with("stairwell:"))
                .count(),
            1
        );
    }
}

#[test]
fn a_document_or_record_that_cannot_be_read_is_named_also_while_serving() {
    let home = settled_folder();
    append_garbage(&home.path().join("data"));
    let alone = run(&home.path().join("data"), &["fsck"]);
    let (lines, _) = findings(&alone);
    assert_eq!(lines.len(), 2, "{lines:?}");
    assert!(lines[0].contains(&door(3).to_string()));
    assert!(lines[1].contains("People"));
}

fn copy(from: &Path, to: &Path) {
    std::fs::create_dir_all(to).unwrap();
    for entry in std::fs::read_dir(from).unwrap() {
        let (path, to) = entry.map(|e| (e.path(), to.join(e.file_name()))).unwrap();
        if path.is_dir() {
            copy(&path, &to);
        } else {
            std::fs::copy(&path, &to).unwrap();
        }
    }
}

#[test]
fn an_index_that_cannot_be_believed_is_rebuilt_and_the_start_says_why() {
    let mut service = Service::start(settled_folder(), &[]);
    let mut phone = service.add_worker("陈小满");
    phone.visit(door(0), "以前");
    phone.exchange_with(&service.url);
    service = Service::start(service.kill(), &[]);
    assert!(
        service.log().contains("did not end in order"),
        "{}",
        service.log()
    );
    service.signal("TERM");
    service.child.wait().unwrap();
    flip(&service.data().join("index/db"), 300);
    let service = Service::start(service.kill(), &[]);
    let log = service.log();
    assert!(log.contains("altered since it was closed"), "{log}");
    assert!(!log.contains("did not end in order"), "{log}");
    phone.visit(door(0), "以后");
    assert_eq!(phone.exchange_with(&service.url).receipts, 1);
}

/// Runs the program as somebody else than who owns the folder. `None`: this
/// test does not run as a user who may become another.
fn run_as_another(data: &Path, words: &[&str]) -> Option<Output> {
    let home = tempfile::tempdir().unwrap();
    let program = home.path().join("stairwell");
    std::fs::copy(BINARY, &program).unwrap();
    std::os::unix::fs::chown(home.path(), Some(65_534), Some(65_534)).ok()?;
    let as_another = |words: &[&OsStr]| {
        Command::new("setpriv")
            .args(["--reuid=65534", "--regid=65534", "--clear-groups"])
            .arg(&program)
            .args(words)
            .output()
    };
    // It does not run where becoming another is forbidden, or where another cannot reach it.
    let can_run = as_another(&["--version".as_ref()]).ok()?.status.success();
    let words = words.iter().map(OsStr::new);
    let words: Vec<_> = ["--data".as_ref(), data.as_os_str()]
        .into_iter()
        .chain(words)
        .collect();
    can_run.then(|| as_another(&words).unwrap())
}

#[test]
fn started_as_another_user_or_on_a_folder_that_may_not_be_written_it_says_so_in_one_line() {
    use std::os::unix::fs::PermissionsExt;
    let home: TempDir = settled_folder();
    let data = home.path().join("data");
    let mode = |mode| std::fs::set_permissions(&data, std::fs::Permissions::from_mode(mode));
    std::fs::set_permissions(home.path(), std::fs::Permissions::from_mode(0o755)).unwrap();
    for may_read in [false, true] {
        mode(if may_read { 0o755 } else { 0o700 }).unwrap();
        let serve = ["serve", "--listen", "127.0.0.1:0"];
        let Some(output) = run_as_another(&data, &serve) else {
            return;
        };
        assert!(!output.status.success());
        let said = text(&output.stderr);
        assert_eq!(said.lines().count(), 1, "{said}");
        assert!(said.contains("may not be written"), "{said}");
        assert!(said.contains("权限"), "{said}");
    }
    mode(0o700).unwrap();
    assert!(run(&data, &["fsck"]).status.success());
}
