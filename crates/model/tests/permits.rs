//! Who may write what, as a table.

mod shared;

use automerge::ScalarValue;
use model::{
    Action, FeedId, FieldPath, Kind, Permit, PersonId, Reason, Touched, admitting_permit,
    office_permit, permit,
};
use shared::{GRID, SUPERVISOR, WORKER, supervisor, worker};

const OTHER_FEED: FeedId = FeedId::from_bytes([0x62; 16]);

fn touch(path: &str, action: Action, value: Option<ScalarValue>) -> Touched {
    let path = match path {
        "" => FieldPath::default(),
        path => FieldPath::parse(path),
    };
    Touched {
        path,
        action,
        value,
    }
}

/// A scalar written in a later change.
fn may_put(permit: &Permit, path: &str) -> bool {
    permit.may_write(&touch(path, Action::Put, Some("x".into())), false)
}

/// A path, then whether a grid worker may write it and whether a supervisor may.
type Row = (&'static str, bool, bool);

#[test]
fn roles_write_these_fields_of_an_existing_document() {
    let rows: [(Kind, &[Row]); 2] = [
        (
            Kind::Visit,
            &[
                ("purpose", true, true),
                ("outcome", true, true),
                ("checks/gas", true, true),
                ("checks/gas/deep", true, false),
                ("met/somebody", true, false),
                ("a_later_field", true, false),
                ("a_later_map/x", true, false),
                ("at", false, true),
                ("by", false, false),
                ("door", false, false),
                ("review/state", false, true),
                ("review/at", false, true),
                ("review/a_later_field", false, true),
                ("sealed/x", false, false),
                ("kind", false, false),
                ("schema", false, false),
                ("note", false, false),
                ("checks", false, false),
                ("review", false, false),
                ("review/comment", false, false),
                ("", false, false),
            ],
        ),
        (
            Kind::Door,
            &[
                ("floor", false, true),
                ("persons/x/name", false, true),
                ("tags/aged", false, true),
                ("plan/interval_days", false, true),
                ("grid", false, true),
                ("sealed/x", false, false),
                ("remarks", false, false),
                ("kind", false, false),
                ("persons", false, false),
            ],
        ),
    ];
    for (kind, fields) in rows {
        let by_worker = permit(&worker(), &kind, GRID).unwrap();
        let by_supervisor = permit(&supervisor(), &kind, GRID).unwrap();
        for (path, worker_may, supervisor_may) in fields {
            assert_eq!(
                may_put(&by_worker, path),
                *worker_may,
                "worker {kind} {path}"
            );
            assert_eq!(
                may_put(&by_supervisor, path),
                *supervisor_may,
                "supervisor {kind} {path}"
            );
        }
    }
}

#[test]
fn words_are_written_by_those_whose_words_they_are() {
    let rows = [
        (Kind::Visit, "note", true, false),
        (Kind::Visit, "review/comment", false, true),
        (Kind::Door, "remarks", true, true),
    ];
    for (kind, path, worker_may, supervisor_may) in rows {
        let edit = touch(path, Action::Edit, None);
        let by_worker = permit(&worker(), &kind, GRID).unwrap();
        let by_supervisor = permit(&supervisor(), &kind, GRID).unwrap();
        assert_eq!(by_worker.may_write(&edit, false), worker_may, "{path}");
        assert_eq!(
            by_supervisor.may_write(&edit, false),
            supervisor_may,
            "{path}"
        );
    }
}

#[test]
fn nobody_replaces_or_deletes_what_the_genesis_made() {
    let permits = [
        permit(&worker(), &Kind::Visit, GRID).unwrap(),
        permit(&supervisor(), &Kind::Visit, GRID).unwrap(),
        admitting_permit(&supervisor(), &Kind::Visit, GRID).unwrap(),
        office_permit(&Kind::Visit, GRID),
    ];
    for permit in permits {
        for path in [
            "kind",
            "schema",
            "note",
            "checks",
            "met",
            "review",
            "review/comment",
            "sealed",
        ] {
            for action in [Action::Put, Action::Make, Action::Delete, Action::Increment] {
                let touched = touch(path, action, None);
                assert!(!permit.may_write(&touched, true), "{path} {action:?}");
            }
        }
    }
}

#[test]
fn who_and_where_and_when_are_said_once_and_truly() {
    let permit = permit(&worker(), &Kind::Visit, GRID).unwrap();
    let put = |path, person: PersonId| touch(path, Action::Put, Some(person.to_string().into()));
    assert!(permit.may_write(&put("by", WORKER), true));
    assert!(
        !permit.may_write(&put("by", SUPERVISOR), true),
        "in another's name"
    );
    assert!(!permit.may_write(&put("by", WORKER), false), "afterwards");
    assert!(!permit.may_write(&touch("by", Action::Delete, None), true));
    for path in ["door", "at"] {
        assert!(permit.may_write(&put(path, WORKER), true));
        assert!(!permit.may_write(&put(path, WORKER), false));
        assert!(!permit.may_write(&touch(path, Action::Delete, None), false));
    }
}

#[test]
fn a_review_is_signed_by_who_writes_it() {
    let permit = permit(&supervisor(), &Kind::Visit, GRID).unwrap();
    let put = |person: PersonId| touch("review/by", Action::Put, Some(person.to_string().into()));
    assert!(permit.may_write(&put(SUPERVISOR), false));
    assert!(!permit.may_write(&put(WORKER), false));
}

#[test]
fn permits_are_refused_with_a_reason() {
    let later = Kind::from("round");
    let rows = [
        (worker(), Kind::Visit, OTHER_FEED, Reason::FeedNotYours),
        (supervisor(), Kind::Visit, OTHER_FEED, Reason::FeedNotYours),
        (worker(), Kind::Community, GRID, Reason::FieldNotAllowed),
        (worker(), later.clone(), GRID, Reason::UnknownKind),
        (supervisor(), later.clone(), GRID, Reason::UnknownKind),
    ];
    for (member, kind, feed, reason) in rows {
        assert_eq!(permit(&member, &kind, feed).unwrap_err(), reason, "{kind}");
    }
    assert_eq!(
        admitting_permit(&worker(), &Kind::Visit, GRID).unwrap_err(),
        Reason::FeedNotYours
    );
    assert_eq!(
        admitting_permit(&supervisor(), &later, GRID).unwrap_err(),
        Reason::UnknownKind
    );
}

#[test]
fn admitting_waives_the_rules_of_fields_and_leaves_a_name() {
    let permit = admitting_permit(&supervisor(), &Kind::Visit, GRID).unwrap();
    for path in ["by", "door", "review/state", "sealed/x"] {
        assert!(may_put(&permit, path), "{path}");
    }
    assert!(permit.may_write(&touch("note", Action::Edit, None), false));
    assert_eq!(permit.person(), Some(SUPERVISOR));
    assert_eq!((permit.kind(), permit.feed()), (&Kind::Visit, GRID));
    let office = office_permit(&Kind::Door, GRID);
    assert_eq!((office.person(), office.role()), (None, None));
    assert!(may_put(&office, "sealed/x"));
}
