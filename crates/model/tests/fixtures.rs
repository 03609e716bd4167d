//! Holds the golden files in `tests/fixtures` to what the code says today. When
//! one differs on purpose, write them again with
//! `cargo run -p stairwell-model --example fixtures`, and see that the web tests,
//! which read the same files, still agree.

#[path = "../examples/fixtures/cases/mod.rs"]
mod cases;
#[path = "../examples/fixtures/files.rs"]
mod files;

use std::path::Path;

use automerge::Automerge;
use model::{Summary, reads_as, summarise};

#[test]
fn the_golden_files_are_what_the_code_writes() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/fixtures");
    for (name, content) in files::all() {
        let held = std::fs::read_to_string(folder.join(name)).unwrap_or_default();
        assert!(held == content, "tests/fixtures/{name} has drifted");
    }
}

#[test]
fn a_saved_document_reads_the_same_as_its_chunks() {
    for case in cases::all() {
        let saved = Automerge::load(&case.document.save()).unwrap();
        assert_eq!(
            saved.get_heads(),
            case.document.get_heads(),
            "{}",
            case.name
        );
        assert_eq!(
            summarise(&saved),
            summarise(&case.document),
            "{}",
            case.name
        );
    }
}

#[test]
fn a_summary_survives_its_json() {
    for case in cases::all() {
        let summary = summarise(&case.document).unwrap();
        assert_eq!(
            Summary::from_json(&summary.to_json()).unwrap(),
            summary,
            "{}",
            case.name
        );
    }
}

#[test]
fn every_document_of_the_files_but_the_broken_ones_reads_as_its_kind() {
    for case in cases::all() {
        let kind = summarise(&case.document).unwrap().kind();
        let broken = ["visit_genesis_only", "visit_odd_types", "door_odd"].contains(&case.name);
        assert_eq!(
            reads_as(&case.document, &kind).is_err(),
            broken,
            "{}",
            case.name
        );
    }
}
