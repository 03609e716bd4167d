//! What a practice community is, counted.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::LazyLock;

use automerge::{Automerge, Change};
use model::{
    ChangeHash, DeviceId, DocumentId, Kind, Member, Permit, Person, Summary, genesis,
    office_permit, permit, reads_as, summarise, touched_fields,
};
use practice::{Item, Practice, generate};

const SEED: u64 = 7;
/// 2026-11-20 10:00 in the community's time zone.
const NOW: i64 = 1_795_140_000_000;
const DAY: i64 = 86_400_000;

/// The shipped community; told once for all tests, since it takes seconds.
static SHIPPED: LazyLock<(Practice, Vec<Item>)> = LazyLock::new(|| {
    let practice = generate(SEED, NOW, 1);
    let items = practice.items().map(|item| item.unwrap()).collect();
    (practice, items)
});
static SUMMARIES: LazyLock<Vec<Summary>> = LazyLock::new(|| {
    documents(&SHIPPED.1)
        .values()
        .map(|(kind, changes)| read(kind, changes).1)
        .collect()
});

/// Every document with the changes that arrived, in their order.
fn documents(items: &[Item]) -> BTreeMap<DocumentId, (Kind, Vec<Change>)> {
    let mut documents: BTreeMap<DocumentId, (Kind, Vec<Change>)> = BTreeMap::new();
    for item in items {
        let (kind, changes) = documents
            .entry(item.document)
            .or_insert_with(|| (item.kind.clone(), Vec::new()));
        assert_eq!(*kind, item.kind);
        for (hash, bytes) in &item.changes {
            let change = Change::from_bytes(bytes.clone()).unwrap();
            assert_eq!(hash.to_automerge(), change.hash());
            assert_eq!(DeviceId::of_actor(change.actor_id()), Some(item.device));
            changes.push(change);
        }
    }
    documents
}

fn read(kind: &Kind, changes: &[Change]) -> (Automerge, Summary) {
    let mut document = Automerge::load(genesis(kind).unwrap()).unwrap();
    document.apply_changes(changes.to_vec()).unwrap();
    let summary = summarise(&document).unwrap();
    (document, summary)
}

#[test]
fn what_a_document_comes_to_is_told_with_its_last_changes() {
    let mut told = BTreeMap::new();
    for item in &SHIPPED.1 {
        assert!(!told.contains_key(&item.document), "something came later");
        let summarised = item.summarised.as_ref();
        told.extend(summarised.map(|summarised| (item.document, summarised)));
    }
    let documents = documents(&SHIPPED.1);
    // The newest visits are still to be reviewed, so they have not come to their end.
    assert!(told.len() * 10 > documents.len() * 9, "{}", told.len());
    for (document, summarised) in told.into_iter().step_by(23) {
        let (kind, changes) = &documents[&document];
        let (opened, summary) = read(kind, changes);
        let mut heads: Vec<_> = opened
            .get_heads()
            .into_iter()
            .map(ChangeHash::from)
            .collect();
        heads.sort_unstable();
        assert_eq!((&summarised.summary, &summarised.heads), (&summary, &heads));
    }
}

#[test]
fn the_community_is_the_same_size_for_every_seed() {
    for seed in [0, SEED, u64::MAX] {
        let practice = generate(seed, NOW, 1);
        assert_eq!(practice.community_name, "蓝湖小区");
        assert_eq!(practice.grids.len(), 5);
        assert_eq!(practice.workers.len(), 10);
        assert_eq!(practice.door_count(), 2_250);
        assert_eq!(practice.resident_count(), 5_823);
        assert!(
            (9_000..11_500).contains(&practice.visit_count()),
            "{}",
            practice.visit_count()
        );
    }
}

#[test]
fn scale_multiplies_the_visits_and_nothing_else() {
    let practice = generate(SEED, NOW, 11);
    assert_eq!(practice.resident_count(), 5_823);
    assert!((100_000..125_000).contains(&practice.visit_count()));
    assert_eq!(generate(SEED, NOW, 0).visit_count(), 0);
}

#[test]
fn one_seed_and_time_give_one_community() {
    let first = generate(SEED, NOW, 1);
    let second = generate(SEED, NOW, 1);
    let sample = |practice: &Practice| -> Vec<Item> {
        practice
            .items()
            .skip(2_200)
            .take(400)
            .map(|item| item.unwrap())
            .collect()
    };
    assert_eq!(sample(&first), sample(&second));
    assert_eq!(first.workers, second.workers);
    let other = generate(SEED + 1, NOW, 1);
    assert_ne!(first.supervisor.person.id, other.supervisor.person.id);
}

#[test]
fn the_counts_of_the_shipped_seed_are_these() {
    let counts = count(&SUMMARIES);
    let expected = [
        ("buildings", 22),
        ("grids", 5),
        ("doors", 2_250),
        ("doors that stand empty", 70),
        ("doors seen monthly", 501),
        ("persons", 5_823),
        ("tag aged", 1_502),
        ("tag empty_nest", 392),
        ("tag lives_alone", 178),
        ("tag left_behind_child", 87),
        ("tag minor", 1_306),
        ("tag disabled", 121),
        ("visits", 9_862),
        ("visits in conflict", 33),
        ("outcome met", 5_603),
        ("outcome no_answer", 1_573),
        ("review accepted", 8_680),
        ("review asked_back", 340),
        ("review ", 842),
    ];
    for (what, number) in expected {
        assert_eq!(counts.get(what), Some(&number), "{what}");
    }
}

fn count(summaries: &[Summary]) -> BTreeMap<String, usize> {
    let mut counts: BTreeMap<String, usize> = BTreeMap::new();
    let mut add = |what: String, number: usize| *counts.entry(what).or_default() += number;
    for summary in summaries {
        match summary {
            Summary::Community(community) => {
                add("buildings".into(), community.buildings.len());
                add("grids".into(), community.grids.len());
            }
            Summary::Door(door) => {
                add("doors".into(), 1);
                add("persons".into(), door.persons.len());
                add(
                    "doors that stand empty".into(),
                    usize::from(door.persons.is_empty()),
                );
                let monthly = door.plan.interval_days == Some(30);
                add("doors seen monthly".into(), usize::from(monthly));
                for tag in door.persons.iter().flat_map(|person| &person.tags) {
                    add(format!("tag {tag}"), 1);
                }
            }
            Summary::Visit(visit) => {
                add("visits".into(), 1);
                add(format!("outcome {}", visit.outcome), 1);
                add(format!("review {}", visit.review.state), 1);
                add(
                    "visits in conflict".into(),
                    usize::from(!visit.conflicts.is_empty()),
                );
            }
        }
    }
    counts
}

#[test]
fn everything_arrives_in_order_of_time_and_before_now() {
    let items = &SHIPPED.1;
    assert!(items.windows(2).all(|pair| pair[0].at_ms <= pair[1].at_ms));
    assert!(items.iter().all(|item| item.at_ms <= NOW));
}

#[test]
fn every_change_is_one_its_writer_may_make_and_every_document_reads() {
    let (practice, items) = &*SHIPPED;
    let feeds: HashMap<DocumentId, _> = items
        .iter()
        .map(|item| (item.document, item.feed))
        .collect();
    let people: HashMap<DeviceId, &Person> = practice
        .workers
        .iter()
        .chain([&practice.supervisor])
        .map(|worker| (worker.device, &worker.person))
        .collect();
    for (id, (kind, changes)) in documents(items) {
        let (document, _) = read(&kind, &changes);
        assert_eq!(reads_as(&document, &kind), Ok(()));
        assert_eq!(
            document.get_changes(&[]).len(),
            changes.len() + 1,
            "nothing is missing"
        );
        for (index, change) in changes.iter().enumerate() {
            let device = DeviceId::of_actor(change.actor_id()).unwrap();
            let permit = match people.get(&device) {
                Some(person) => member_permit(person, device, &kind, feeds[&id]),
                None => office_permit(&kind, feeds[&id]),
            };
            for touched in touched_fields(&document, change).unwrap() {
                assert!(permit.may_write(&touched, index == 0), "{touched:?}");
            }
        }
    }
}

fn member_permit(person: &Person, device: DeviceId, kind: &Kind, feed: model::FeedId) -> Permit {
    let member = Member {
        person: person.id,
        role: person.role,
        feeds: person.feeds.clone(),
        device,
    };
    permit(&member, kind, feed).unwrap()
}

#[test]
fn a_building_has_windows_that_are_lit_due_and_dark() {
    let mut last_seen: HashMap<DocumentId, i64> = HashMap::new();
    for summary in &*SUMMARIES {
        if let Summary::Visit(visit) = summary
            && visit.outcome != "no_answer"
        {
            let seen = last_seen.entry(visit.door.unwrap()).or_default();
            *seen = (*seen).max(visit.at.unwrap());
        }
    }
    let community = model::community_id("蓝湖小区");
    let mut windows: BTreeMap<(String, &str), usize> = BTreeMap::new();
    for summary in &*SUMMARIES {
        let Summary::Door(door) = summary else {
            continue;
        };
        let id = model::door_id(community, &door.building, &door.unit, &door.label);
        let interval = door.plan.interval_days.unwrap_or(i64::MAX / DAY) * DAY;
        let window = match last_seen.get(&id) {
            None => "dark",
            Some(seen) if NOW - seen <= interval => "lit",
            Some(_) => "due",
        };
        *windows.entry((door.building.clone(), window)).or_default() += 1;
    }
    for building in 1..=22 {
        for window in ["lit", "due", "dark"] {
            let count = windows.get(&(building.to_string(), window));
            assert!(
                count.is_some_and(|count| *count > 0),
                "building {building} {window}"
            );
        }
    }
}

#[test]
fn notes_differ_and_are_short() {
    let notes: Vec<String> = SUMMARIES
        .iter()
        .filter_map(|summary| match summary {
            Summary::Visit(visit) => Some(visit.note.clone()),
            _ => None,
        })
        .collect();
    let distinct: BTreeSet<&String> = notes.iter().collect();
    assert!(
        notes
            .iter()
            .all(|note| (4..=140).contains(&note.chars().count()))
    );
    assert!(distinct.len() * 2 > notes.len());
    assert!(notes.iter().all(|note| !note.contains(['{', '}'])));
}
