//! Phones and the office over real HTTP: what the promises say, seen from outside.

use std::io::{Read, Write};
use std::sync::Arc;

use model::edit::ReviewDraft;
use model::{Role, Summary};
use server::clock::now_ms;
use sync::replica::Standing;

use crate::support::{TestOffice, door, grid, note_of, send_pack, unchunked};

#[test]
fn two_phones_that_edit_one_line_offline_read_the_same_text_in_either_order() {
    for first_is_first in [true, false] {
        let office = TestOffice::start();
        let (mut one, mut other) = (office.worker("陈小满"), office.worker("林秋实"));
        let visit = one.visit(door(0), "老人在家。");
        one.exchange_all(&office);
        other.exchange_all(&office);
        assert!(other.replica.open(visit).is_err(), "only the row is here");
        other.exchange_all(&office);

        one.replica
            .edit_note(visit, "老人在家，腿脚不便。", now_ms())
            .unwrap();
        other
            .replica
            .edit_note(visit, "老人在家，子女周末来。", now_ms())
            .unwrap();
        let mut order = [&mut one, &mut other];
        if !first_is_first {
            order.reverse();
        }
        for _ in 0..2 {
            order
                .iter_mut()
                .for_each(|phone| phone.exchange_all(&office));
        }

        let text = one.note(visit);
        assert_eq!(text, other.note(visit));
        assert!(
            text.contains("腿脚不便") && text.contains("子女周末来"),
            "{text}"
        );
        let stored = office.office.store.document(visit).unwrap().unwrap();
        assert_eq!(
            note_of(&server::office::documents::open(&stored).unwrap()),
            text
        );
        assert_eq!(one.replica.digest(grid(0)), other.replica.digest(grid(0)));
    }
}

#[test]
fn a_day_of_forty_visits_is_one_request() {
    let office = TestOffice::start();
    let mut phone = office.worker("陈小满");
    phone.exchange_all(&office);
    for number in 0..40 {
        phone.visit(
            door(number % 10 * 2),
            &format!("第{number}户，老人一切都好，已测血压。"),
        );
    }
    let request = phone.replica.request(now_ms());
    assert!(request.body.len() < 16_000, "{} bytes", request.body.len());
    let heard = phone.exchange(&office);
    assert_eq!(
        (heard.receipts, heard.documents),
        (40, 0),
        "own changes are not sent back"
    );
    assert_eq!(phone.replica.outbox().count(), 0);
    assert!(!phone.replica.has_more_to_say());
    assert_eq!(office.office.desk.read().head(grid(0)), 50);
}

#[test]
fn a_blind_retry_brings_the_same_receipts_and_writes_nothing() {
    let office = TestOffice::start();
    let mut phone = office.worker("陈小满");
    phone.visit(door(0), "重复发送");
    let request = phone.replica.request(now_ms());
    let send = || send_pack(&office.url, &phone.token, &request.body, "gzip", "identity").2;
    let receipts = |pack: &[u8]| {
        let mut reader = sync::pack::FrameReader::for_response(request.common().cloned());
        reader.push(pack);
        std::iter::from_fn(|| reader.next_frame().unwrap())
            .filter(|frame| matches!(frame, sync::frame::Frame::Receipts(_)))
            .collect::<Vec<_>>()
    };
    let first = receipts(&send());
    let changes = office.office.store.statistics().unwrap().changes;
    assert_eq!(first.len(), 1);
    assert_eq!(receipts(&send()), first);
    assert_eq!(office.office.store.statistics().unwrap().changes, changes);
}

#[test]
fn what_arrived_before_the_signal_died_is_kept_and_not_sent_twice() {
    let office = TestOffice::start();
    let mut phone = office.worker("陈小满");
    for number in 0..30 {
        phone.visit(door(0), &format!("第{number}次"));
    }
    let body = phone.replica.request(now_ms()).body;
    let half = body.len() / 2;
    let mut stream = office.signal(&phone, body.len());
    stream.write_all(&body[..half]).unwrap();
    stream.flush().unwrap();
    // What is here is kept while the line is silent; only then does the signal die.
    let mut news = office.office.hub.listen();
    let kept = || office.office.desk.read().head(grid(0)) - 10;
    while kept() == 0 {
        let _ = news.blocking_recv();
    }
    drop(stream);

    let heard = phone.exchange(&office);
    assert_eq!(heard.receipts, 30);
    assert_eq!(kept(), 30);
    assert_eq!(office.office.store.statistics().unwrap().changes, 21 + 30);
}

#[test]
fn many_phones_at_one_document_lose_nothing() {
    const PHONES: usize = 6;
    const EDITS: usize = 5;
    let office = TestOffice::start();
    let mut first = office.worker("陈小满");
    let visit = first.visit(door(0), "。");
    first.exchange_all(&office);
    let office = Arc::new(office);
    let threads: Vec<_> = (0..PHONES)
        .map(|number| {
            let (office, person) = (Arc::clone(&office), first.member.person);
            std::thread::spawn(move || {
                let mut phone = office.enrol_again(person);
                phone.replica.want(visit);
                phone.exchange_all(&office);
                for edit in 0..EDITS {
                    let note = phone.note(visit) + &format!("[{number}-{edit}]");
                    phone.replica.edit_note(visit, &note, now_ms()).unwrap();
                    phone.exchange_all(&office);
                }
                phone
            })
        })
        .collect();
    let mut phones: Vec<_> = threads
        .into_iter()
        .map(|thread| thread.join().unwrap())
        .collect();
    phones
        .iter_mut()
        .for_each(|phone| phone.exchange_all(&office));
    let text = phones[0].note(visit);
    for (number, edit) in (0..PHONES).flat_map(|number| (0..EDITS).map(move |edit| (number, edit)))
    {
        assert!(
            text.contains(&format!("[{number}-{edit}]")),
            "{number}-{edit} is lost: {text}"
        );
    }
    for phone in &mut phones {
        assert_eq!(phone.note(visit), text);
    }
    assert_eq!(office.office.tray.waiting(), 0);
}

#[test]
fn a_change_that_came_before_what_it_builds_on_comes_in_by_itself() {
    let office = TestOffice::start();
    let mut phone = office.worker("陈小满");
    let visit = phone.visit(door(0), "先写的");
    phone
        .replica
        .edit_note(visit, "先写的，后改的", now_ms())
        .unwrap();
    let mut changes: Vec<_> = phone
        .replica
        .outbox()
        .map(|(_, own)| own.bytes.clone())
        .collect();
    changes.reverse();
    let reasons: Vec<_> = changes
        .iter()
        .map(|bytes| send_one(&office, &phone, visit, bytes))
        .collect();
    assert_eq!(reasons, [Some("waits".to_owned()), None]);
    assert_eq!(office.office.tray.waiting(), 0);
    let stored = office.office.store.document(visit).unwrap().unwrap();
    assert_eq!(
        note_of(&server::office::documents::open(&stored).unwrap()),
        "先写的，后改的"
    );
    phone.exchange_all(&office);
    assert_eq!(phone.replica.own().count(), 0);
}

/// Sends one change alone; answers the reason if it was not accepted.
fn send_one(
    office: &TestOffice,
    phone: &crate::support::Phone,
    document: model::DocumentId,
    bytes: &[u8],
) -> Option<String> {
    use sync::frame::{ChangeFrame, Frame, Hello};
    let mut writer = sync::pack::FrameWriter::new();
    writer.push(&Frame::Hello(Hello {
        version: 1,
        clock_ms: 0,
        feeds: vec![],
        people_version: 0,
        app: "".into(),
    }));
    let (kind, feed) = (model::Kind::Visit, phone.feed());
    writer.push(&Frame::Change(ChangeFrame {
        document,
        kind,
        feed,
        bytes: bytes.to_vec(),
    }));
    let (status, _, answer) = send_pack(
        &office.url,
        &phone.token,
        &writer.into_bytes(),
        "",
        "identity",
    );
    assert_eq!(status, 200);
    let mut reader = sync::pack::FrameReader::for_response(None);
    reader.push(&answer);
    let receipt =
        std::iter::from_fn(|| reader.next_frame().unwrap()).find_map(|frame| match frame {
            Frame::Receipt(receipt) => Some(receipt),
            _ => None,
        });
    receipt.expect("a receipt").reason
}

#[test]
fn a_review_written_at_the_desk_reaches_the_phone_and_the_list() {
    let office = TestOffice::start();
    let (mut worker, mut supervisor) = (office.worker("陈小满"), office.supervisor());
    let visit = worker.visit(door(0), "请社区看看");
    worker.exchange_all(&office);
    supervisor.replica.want(visit);
    supervisor.exchange_all(&office);
    let draft = ReviewDraft {
        state: "asked_back".into(),
        comment: "请补充日期".into(),
        by: supervisor.member.person,
        at: now_ms(),
    };
    supervisor.replica.review(visit, &draft, now_ms()).unwrap();
    supervisor.exchange_all(&office);
    worker.exchange_all(&office);
    let Some(Summary::Visit(row)) = worker.replica.summary(visit) else {
        panic!("the row is gone")
    };
    assert_eq!(
        (row.review.state.as_str(), row.review.comment.as_str()),
        ("asked_back", "请补充日期")
    );
    let (_, list) = office.get(
        "/api/desk/visits?review=asked_back",
        Some(&supervisor.token),
    );
    assert_eq!(list["total"], 1);
}

#[test]
fn a_grid_worker_cannot_review_and_the_next_change_does_not_suffer() {
    let office = TestOffice::start();
    let mut worker = office.worker("陈小满");
    let visit = worker.visit(door(0), "我的走访");
    worker.exchange_all(&office);
    let draft = ReviewDraft {
        state: "accepted".into(),
        comment: String::new(),
        by: worker.member.person,
        at: now_ms(),
    };
    worker.replica.review(visit, &draft, now_ms()).unwrap();
    worker.visit(door(2), "另一户");
    let heard = worker.exchange(&office);
    assert_eq!(heard.receipts, 2);
    let standing: Vec<_> = worker
        .replica
        .own()
        .map(|(_, own)| own.standing.clone())
        .collect();
    assert_eq!(standing, [Standing::Held("field_not_allowed".into())]);
    assert_eq!(office.office.desk.read().head(grid(0)), 12);
}

#[test]
fn a_new_phone_gets_rows_first_and_documents_when_it_asks() {
    let office = TestOffice::start();
    let mut old = office.worker("陈小满");
    let visits: Vec<_> = (0..50)
        .map(|number| old.visit(door(0), &format!("往日第{number}次")))
        .collect();
    old.exchange_all(&office);
    let mut new = office.enrol("林秋实", Role::GridWorker, &[0]);
    new.exchange_all(&office);
    assert_eq!(new.replica.documents().count(), 1 + 10 + 50);
    assert!(visits.iter().all(|visit| !new.replica.holds(*visit)));
    assert_eq!(new.replica.documents_opened(), 0);
    assert!(new.replica.open(visits[7]).is_err());
    new.exchange_all(&office);
    assert_eq!(new.note(visits[7]), "往日第7次");
    assert_eq!(new.replica.digest(grid(0)), old.replica.digest(grid(0)));
}

#[test]
fn feeds_digests_rows_and_the_tray_are_the_same_after_a_restart() {
    let office = TestOffice::start();
    let mut phone = office.worker("陈小满");
    let supervisor = office.supervisor();
    let visit = phone.visit(door(0), "重启之前");
    phone.exchange_all(&office);
    let before = office.office.desk.read().digest(grid(0));
    let list = office.get("/api/desk/visits", Some(&supervisor.token)).1["rows"].clone();

    let office = office.restart();
    assert_eq!(office.office.desk.read().digest(grid(0)), before);
    assert_eq!(
        office.get("/api/desk/visits", Some(&supervisor.token)).1["rows"],
        list
    );
    phone
        .replica
        .edit_note(visit, "重启之后", now_ms())
        .unwrap();
    phone.exchange_all(&office);
    assert_eq!(phone.note(visit), "重启之后");
}

#[test]
fn a_phone_whose_connection_closes_early_has_its_receipts_first() {
    let office = TestOffice::start();
    let mut phone = office.worker("陈小满");
    phone.visit(door(0), "三秒钟的信号");
    let exchange = phone.replica.request(now_ms());
    let mut stream = office.signal(&phone, exchange.body.len());
    stream.write_all(&exchange.body).unwrap();
    let mut answer = Vec::new();
    stream.read_to_end(&mut answer).unwrap();
    let (head, pack) = unchunked(&answer);
    assert!(head.starts_with("HTTP/1.1 200"), "{head}");
    // All there is to hear would have gone out whole, with its length: that it is in chunks says
    // that the receipts did not wait for it. How much the socket then joined to them is up to it.
    assert!(head.contains("transfer-encoding: chunked"), "{head}");
    assert!(pack.len() < 32_000, "{} bytes", pack.len());

    let mut reader = sync::pack::FrameReader::for_response(exchange.common().cloned());
    let (first, length) = (1..=pack.len())
        .find_map(|length| {
            reader.push(&pack[length - 1..length]);
            Some((reader.next_frame().unwrap()?, length))
        })
        .expect("a frame");
    assert!(
        matches!(first, sync::frame::Frame::Receipts(_)),
        "{first:?}"
    );
    let heard = phone.replica.receive(&exchange, &pack[..length]);
    assert_eq!((heard.receipts, heard.complete), (1, false));
    assert_eq!(phone.replica.outbox().count(), 0);
}
