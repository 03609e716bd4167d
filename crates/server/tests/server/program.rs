//! The program itself: the real binary in a process of its own.

use serde_json::{Value, json};
use server::clock::now_ms;
use sync::body::inflate;

use crate::support::{Service, agent, door, grid, link_of, run, send_pack, settled_folder, text};

/// A disk that is full in the middle of a visit's change, far from the small record behind it: it is
/// the phone's request that meets the end of the disk.
const SMALL_DISK_KIB: u32 = 3_050;

#[test]
fn what_a_receipt_named_is_there_after_kill_nine() {
    let mut service = Service::start(settled_folder(), &[]);
    let mut phone = service.add_worker("陈小满");
    let mut visits = Vec::new();
    for round in 0..5 {
        for number in 0..4 {
            visits.push(phone.visit(door(number * 2), &format!("第{round}轮第{number}户")));
        }
        let heard = phone.exchange_with(&service.url);
        assert_eq!(heard.receipts, 4);
        service = Service::start(service.kill(), &[]);
    }
    let mut other = service.add_worker("林秋实");
    visits.iter().for_each(|visit| other.replica.want(*visit));
    other.exchange_with(&service.url);
    for visit in visits {
        assert_eq!(other.note(visit), phone.note(visit));
    }
}

#[test]
fn a_log_on_the_same_full_disk_does_not_keep_it_from_ending() {
    let folder = settled_folder();
    let mut service = Service::start_on_small_disk_with_its_log(folder, SMALL_DISK_KIB);
    let mut phone = service.add_worker("陈小满");
    let status = loop {
        phone.visit(door(0), &"满".repeat(15_000));
        let request = phone.replica.request(now_ms());
        let (status, encoding, answer) =
            send_pack(&service.url, &phone.token, &request.body, "gzip", "br");
        if status != 200 {
            break status;
        }
        let pack = inflate(encoding, &answer, 64 << 20);
        phone.replica.receive(&request, &pack);
    };
    assert_eq!(status, 503);
    assert_eq!(service.child.wait().unwrap().code(), Some(1));
}

#[test]
fn on_a_full_disk_it_stops_acknowledging_says_why_in_one_line_and_ends_badly() {
    let mut service = Service::start_on_small_disk(settled_folder(), SMALL_DISK_KIB);
    let mut phone = service.add_worker("陈小满");
    let mut visits = Vec::new();
    let status = loop {
        visits.push(phone.visit(door(0), &"满".repeat(15_000)));
        let request = phone.replica.request(now_ms());
        let (status, encoding, answer) =
            send_pack(&service.url, &phone.token, &request.body, "gzip", "br");
        if status != 200 {
            break status;
        }
        let pack = inflate(encoding, &answer, 64 << 20);
        assert_eq!(phone.replica.receive(&request, &pack).receipts, 1);
    };
    assert_eq!(status, 503);
    assert!(!service.child.wait().unwrap().success());
    let log = service.log();
    let lines: Vec<_> = log
        .lines()
        .filter(|line| line.starts_with("stairwell:"))
        .collect();
    assert_eq!(lines.len(), 1, "{log}");

    let service = Service::start(service.kill(), &[]);
    assert_eq!(phone.exchange_with(&service.url).receipts, 1);
    let mut other = service.add_worker("林秋实");
    visits.iter().for_each(|visit| other.replica.want(*visit));
    other.exchange_with(&service.url);
    for visit in visits {
        assert_eq!(other.note(visit).chars().count(), 15_000);
    }
}

#[test]
fn people_are_added_listed_and_linked_while_the_service_runs_and_while_it_does_not() {
    let folder = settled_folder();
    let data = folder.path().join("data");
    let add = [
        "person",
        "add",
        "--name",
        "周明月",
        "--role",
        "community_supervisor",
    ];
    let alone = run(&data, &add);
    assert!(alone.status.success(), "{}", text(&alone.stderr));
    let service = Service::start(folder, &["--public-url", "https://stairwell.example"]);
    let id = text(&run(&data, &["person", "list"]).stdout)
        .split(' ')
        .next()
        .unwrap()
        .to_owned();
    let link = link_of(&run(&data, &["person", "link", &id]));
    assert!(link.starts_with("https://stairwell.example/#enrol="));
    assert_eq!(service.enrol(&link)["person"]["name"], "周明月");

    let wrong = run(
        &data,
        &[
            "person",
            "add",
            "--name",
            "x",
            "--role",
            "grid_worker",
            "--grid",
            "没有的网格",
        ],
    );
    assert!(!wrong.status.success());
    let line = text(&wrong.stderr);
    assert!(
        line.contains("第一网格") && line.lines().count() == 1,
        "{line}"
    );
}

#[test]
fn a_folder_is_served_once() {
    let service = Service::start(settled_folder(), &[]);
    let second = run(&service.data(), &["serve", "--listen", "127.0.0.1:0"]);
    assert!(!second.status.success());
    assert_eq!(
        text(&second.stderr)
            .lines()
            .filter(|line| line.starts_with("stairwell:"))
            .count(),
        1
    );
}

#[test]
fn asked_to_end_it_finishes_what_is_in_flight_and_exits_well() {
    for name in ["TERM", "INT"] {
        let mut service = Service::start(settled_folder(), &[]);
        let mut phone = service.add_worker("陈小满");
        phone.visit(door(0), "最后一条");
        phone.exchange_with(&service.url);
        service.signal(name);
        assert!(service.child.wait().unwrap().success());
        assert!(!service.data().join("admin.sock").exists());
    }
}

#[test]
fn an_export_holds_every_document_as_automerge_and_as_json() {
    let service = Service::start(settled_folder(), &[]);
    let mut phone = service.add_worker("陈小满");
    let visit = phone.visit(door(0), "带走的记录");
    phone.exchange_with(&service.url);
    let target = tempfile::tempdir().unwrap();
    let folder = target.path().join("export");
    let output = run(&service.data(), &["export", folder.to_str().unwrap()]);
    assert!(output.status.success(), "{}", text(&output.stderr));

    let index: Vec<Value> =
        serde_json::from_slice(&std::fs::read(folder.join("index.json")).unwrap()).unwrap();
    assert_eq!(index.len(), 1 + 20 + 1);
    for line in &index {
        let bytes = std::fs::read(folder.join(line["file"].as_str().unwrap())).unwrap();
        let document = automerge::Automerge::load(&bytes).unwrap();
        let heads: Vec<_> = document
            .get_heads()
            .iter()
            .map(ToString::to_string)
            .collect();
        assert_eq!(line["heads"], json!(heads));
    }
    let visit: Value =
        serde_json::from_slice(&std::fs::read(folder.join(format!("visit/{visit}.json"))).unwrap())
            .unwrap();
    assert_eq!(visit["note"], "带走的记录");
    assert_eq!(visit["checks"]["gas"], "ok");
    let again = run(&service.data(), &["export", folder.to_str().unwrap()]);
    assert!(
        !again.status.success(),
        "a folder that is not empty is refused"
    );
}

#[test]
fn a_rebuild_changes_nothing_that_is_seen() {
    let folder = settled_folder();
    let data = folder.path().join("data");
    for is_serving in [true, false] {
        let service = is_serving.then(|| Service::start(settled_folder(), &[]));
        let data = service.as_ref().map_or(data.clone(), Service::data);
        let output = run(&data, &["rebuild"]);
        assert!(output.status.success(), "{}", text(&output.stderr));
        assert!(text(&output.stdout).contains("21"));
    }
    let service = Service::start(folder, &[]);
    let mut phone = service.add_worker("陈小满");
    phone.exchange_with(&service.url);
    assert_eq!(phone.replica.cursor(grid(0)), 10);
    assert!(!phone.replica.has_more_to_say(), "the digests agree");
}

#[test]
fn a_practice_folder_gives_the_same_people_fresh_links_at_each_start() {
    let mut folder = tempfile::tempdir().unwrap();
    let mut people = Vec::new();
    for _ in 0..2 {
        let mut service = Service::start(folder, &["--practice"]);
        let links: Vec<String> = (0..3).map(|_| service.next_line()).collect();
        let names: Vec<_> = links
            .iter()
            .map(|line| line.split(' ').nth(2).unwrap().to_owned())
            .collect();
        assert_eq!(names, ["陈小满", "林秋实", "周明月"]);
        assert!(
            links[0].contains(" grid_worker http://chen.localhost:"),
            "{}",
            links[0]
        );
        let desk = service.enrol(links[2].rsplit(' ').next().unwrap());
        people.push(desk["person"]["id"].clone());
        let numbers = agent()
            .get(format!("{}/api/desk/numbers", service.url))
            .header(
                "authorization",
                format!("Bearer {}", desk["token"].as_str().unwrap()),
            )
            .call()
            .unwrap()
            .body_mut()
            .read_to_string()
            .unwrap();
        let numbers: Value = serde_json::from_str(&numbers).unwrap();
        assert_eq!(numbers["doors"], 2_250);
        assert!(numbers["visits"].as_u64().unwrap() > 9_000);
        folder = service.kill();
    }
    assert_eq!(people[0], people[1]);
}

#[test]
fn practice_never_touches_a_folder_with_real_data() {
    let folder = settled_folder();
    let output = run(
        &folder.path().join("data"),
        &["serve", "--listen", "127.0.0.1:0", "--practice"],
    );
    assert!(!output.status.success());
    assert!(text(&output.stderr).contains("真实数据"));
}
