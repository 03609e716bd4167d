use std::sync::Arc;
use std::time::Duration;

use automerge::transaction::{Transactable, Transaction};
use automerge::{ROOT, ReadDoc};
use model::edit::{VisitDraft, new_visit};
use model::{DeviceId, DocumentId, FeedId, Kind, PersonId, Role, new_document};
use store::{MemoryStore, Store};
use sync::admission::name_of;
use sync::frame::ReceiptStatus;

use super::*;

const NOW: i64 = 1_700_000_000_000;
const FEED: FeedId = FeedId::from_bytes([2; 16]);

fn office() -> Office {
    let store: Arc<dyn Store> = Arc::new(MemoryStore::new());
    Office::open(store, NOW, &mut |_| {}).unwrap()
}

fn member() -> Member {
    Member {
        person: PersonId::from_bytes([3; 16]),
        role: Role::GridWorker,
        feeds: vec![FEED],
        device: DeviceId::from_bytes([4; 16]),
    }
}

fn visit(number: u8) -> Candidate {
    let member = member();
    let mut document = new_document(&Kind::Visit, member.device.actor(0)).unwrap();
    let draft = VisitDraft {
        door: DocumentId::from_bytes([5; 16]),
        at: NOW,
        by: member.person,
        purpose: "routine".into(),
        outcome: "met".into(),
        note: "一切都好".into(),
        checks: Default::default(),
        met: Default::default(),
    };
    let change = new_visit(&mut document, &draft, NOW).unwrap().unwrap();
    Candidate {
        document: DocumentId::from_bytes([number; 16]),
        kind: Kind::Visit,
        feed: FEED,
        bytes: change.raw_bytes().to_vec(),
    }
}

#[test]
fn a_good_change_is_accepted_once_and_known_ever_after() {
    let office = office();
    let first = admit(&office, &member(), vec![visit(1), visit(1)], NOW).unwrap();
    let seqs: Vec<_> = first
        .iter()
        .map(|receipt| (receipt.status, receipt.seq))
        .collect();
    assert_eq!(seqs, [(ReceiptStatus::Accepted, 1); 2]);
    assert_eq!(
        admit(&office, &member(), vec![visit(1)], NOW).unwrap()[..],
        first[..1]
    );
    assert_eq!(office.desk.read().head(FEED), 1);
}

#[test]
fn one_change_for_two_documents_is_a_change_in_each() {
    let office = office();
    let receipts = admit(&office, &member(), vec![visit(1), visit(2)], NOW).unwrap();
    let seqs: Vec<_> = receipts.iter().map(|receipt| receipt.seq).collect();
    assert_eq!(seqs, [1, 2]);
}

#[test]
fn when_too_many_threads_hang_nothing_is_answered_and_nothing_is_lost() {
    let mut office = office();
    office.guard = Guard::new(Limits {
        threads: 1,
        time: Duration::from_secs(2),
        patience: 5,
        hung_max: 0,
    });
    assert!(office.guard.is_exhausted());
    let refused = admit(&office, &member(), vec![visit(1)], NOW);
    assert!(matches!(refused, Err(AdmitError::Exhausted)));
    assert!(
        office
            .store
            .document(DocumentId::from_bytes([1; 16]))
            .unwrap()
            .is_none()
    );
    assert_eq!(office.tray.waiting(), 0);
}

#[test]
fn a_device_that_made_threads_hang_is_taken_in_unread_and_others_are_not() {
    let office = office();
    let member = member();
    office.suspects.hung(member.device);
    office.suspects.hung(member.device);
    let receipts = admit(&office, &member, vec![visit(1)], NOW).unwrap();
    assert_eq!(receipts[0].reason.as_deref(), Some("harmful"));
    assert_eq!(office.tray.waiting(), 1);
    assert!(!office.suspects.is_suspect(DeviceId::from_bytes([9; 16])));
}

#[test]
fn what_another_phone_brought_first_does_not_keep_its_author_out() {
    let office = office();
    let restored = Member {
        device: DeviceId::from_bytes([9; 16]),
        ..member()
    };
    let name = name_of(&visit(1).bytes);
    // A phone restored from a backup sends what it finds in its outbox.
    let held = admit(&office, &restored, vec![visit(1)], NOW).unwrap();
    assert_eq!(held[0].reason.as_deref(), Some("foreign_actor"));
    let accepted = admit(&office, &member(), vec![visit(1)], NOW).unwrap();
    assert_eq!(accepted[0].status, ReceiptStatus::Accepted);
    assert_eq!(office.tray.entry(&name), None);
    let told_again = admit(&office, &restored, vec![visit(1)], NOW).unwrap();
    assert_eq!(told_again, accepted);
}

#[test]
fn what_another_phone_brought_first_lies_in_the_tray_under_its_author_once_that_one_sends_it() {
    let office = office();
    let restored = Member {
        device: DeviceId::from_bytes([9; 16]),
        ..member()
    };
    let moved = Member {
        feeds: Vec::new(),
        ..member()
    };
    let name = name_of(&visit(1).bytes);
    admit(&office, &restored, vec![visit(1)], NOW).unwrap();
    for sender in [&moved, &restored] {
        admit(&office, sender, vec![visit(1)], NOW).unwrap();
        let entry = office.tray.entry(&name).unwrap();
        assert_eq!(
            (entry.device, entry.reason.as_str()),
            (moved.device, "feed_not_yours")
        );
        assert_eq!(office.tray.waiting(), 1);
    }
    let supervisor = Member {
        role: model::Role::CommunitySupervisor,
        device: DeviceId::from_bytes([8; 16]),
        ..member()
    };
    admit_from_tray(&office, &supervisor, name, NOW)
        .unwrap()
        .unwrap();
    assert_eq!(office.tray.waiting(), 0);
}

#[test]
fn a_kind_nobody_knows_is_kept_in_the_tray() {
    let office = office();
    let odd = Candidate {
        kind: Kind::Other("loan".into()),
        ..visit(1)
    };
    let receipts = admit(&office, &member(), vec![odd], NOW).unwrap();
    assert_eq!(receipts[0].reason.as_deref(), Some("unknown_kind"));
    let entry = office.tray.entry(&name_of(&visit(1).bytes)).unwrap();
    assert_eq!(entry.kind.as_str(), "loan");
    // What its fields are called is not known; what it says can be read all the same.
    assert!(entry.fields.is_empty());
    assert!(
        entry.words.contains(&"met".to_owned()) && entry.words.contains(&"一切都好".to_owned())
    );
}

#[test]
fn what_a_held_change_sets_and_deletes_is_kept_by_name_and_in_bounds() {
    let office = office();
    let mut document = new_document(&Kind::Visit, member().device.actor(0)).unwrap();
    let mut hold = |write: &dyn Fn(&mut Transaction<'_>)| {
        let mut transaction = document.transaction();
        write(&mut transaction);
        let hash = transaction.commit().0.unwrap();
        let change = document.get_change_by_hash(&hash).unwrap();
        let candidate = Candidate {
            feed: FeedId::from_bytes([0xaa; 16]),
            bytes: change.raw_bytes().to_vec(),
            ..visit(1)
        };
        let name = name_of(&candidate.bytes);
        admit(&office, &member(), vec![candidate], NOW).unwrap();
        office.tray.entry(&name).unwrap()
    };
    let long = "长".repeat(90);
    let made = hold(&|transaction| {
        transaction.put(ROOT, "purpose", &long).unwrap();
        transaction.put(ROOT, "at", 1_700_000_000_000_i64).unwrap();
    });
    assert_eq!(made.fields["purpose"], "长".repeat(60) + "…");
    assert_eq!(made.fields["at"], "1700000000000");
    assert_eq!((made.words.len(), made.written_at), (0, None));
    let deleted = hold(&|transaction| {
        transaction.delete(ROOT, "purpose").unwrap();
        transaction.put(ROOT, "outcome", ()).unwrap();
        transaction.put(ROOT, "door", vec![1_u8]).unwrap();
    });
    let said = ["door", "outcome", "purpose"].map(|path| deleted.fields[path].as_str());
    assert_eq!(said, ["…", "", ""]);
    let many = hold(&|transaction| {
        for number in 0..30 {
            transaction.put(ROOT, format!("x{number}"), &long).unwrap();
        }
    });
    assert_eq!(
        (many.fields.len(), many.words[0].as_str()),
        (0, long.as_str())
    );
}
