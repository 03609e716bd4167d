//! Ids, hashes and digests, against values computed elsewhere.

use automerge::ActorId;
use model::{
    ChangeHash, DeviceId, DocumentId, FeedId, Kind, Reason, Role, community_id, document_digest,
    door_id, feed_digest, grid_id, resident_id,
};

#[test]
fn ids_of_places_follow_from_their_names() {
    let community = community_id("蓝湖小区");
    let door = door_id(community, "3", "2", "501");
    let texts = [
        (
            community.to_string(),
            "b2862646-52cc-50e3-b0ea-4bad63066420",
        ),
        (
            community.as_feed().to_string(),
            "b2862646-52cc-50e3-b0ea-4bad63066420",
        ),
        (
            grid_id(community, "第一网格").to_string(),
            "85cad3db-37f4-5e45-922e-139f34ccf2df",
        ),
        (door.to_string(), "4db16208-2695-5d44-b093-155edd209261"),
        (
            resident_id(door, "王小寒", 1).to_string(),
            "68ac96f4-8785-54b4-8dd8-26fbd4950f3e",
        ),
        (
            resident_id(door, "王小寒", 2).to_string(),
            "5cdd152a-4034-5f3d-bb68-da02e3fb116a",
        ),
    ];
    for (text, expected) in texts {
        assert_eq!(text, expected);
    }
}

#[test]
fn one_id_has_one_text() {
    let text = "4db16208-2695-5d44-b093-155edd209261";
    assert_eq!(text.parse::<DocumentId>().unwrap().to_string(), text);
    let others = [
        "4DB16208-2695-5D44-B093-155EDD209261",
        "4db1620826955d44b093155edd209261",
        "{4db16208-2695-5d44-b093-155edd209261}",
        "urn:uuid:4db16208-2695-5d44-b093-155edd209261",
        "4db16208-2695-5d44-b093-155edd20926",
        "",
    ];
    for other in others {
        assert!(other.parse::<DocumentId>().is_err(), "{other}");
    }
}

#[test]
fn an_actor_tells_its_device_and_other_actors_tell_none() {
    let device = DeviceId::from_bytes(*b"sixteen bytes id");
    for slot in [0, 1, 255] {
        let actor = device.actor(slot);
        assert_eq!(actor.to_bytes().len(), 17);
        assert_eq!(DeviceId::of_actor(&actor), Some(device));
    }
    for length in [1, 16, 18] {
        assert_eq!(DeviceId::of_actor(&ActorId::from(vec![0; length])), None);
    }
}

#[test]
fn ids_and_hashes_survive_frames_and_json() {
    let feed = FeedId::from_bytes([7; 16]);
    let frame = minicbor::to_vec(feed).unwrap();
    assert_eq!(frame.len(), 17, "a byte string of 16 and its head");
    assert_eq!(minicbor::decode::<FeedId>(&frame).unwrap(), feed);
    assert!(minicbor::decode::<FeedId>(&minicbor::to_vec([7_u8; 3]).unwrap()).is_err());
    let json = serde_json::to_string(&feed).unwrap();
    assert_eq!(serde_json::from_str::<FeedId>(&json).unwrap(), feed);

    let hash = ChangeHash([9; 32]);
    let frame = minicbor::to_vec(hash).unwrap();
    assert_eq!(minicbor::decode::<ChangeHash>(&frame).unwrap(), hash);
    assert_eq!(hash.to_string().parse::<ChangeHash>().unwrap(), hash);
    assert_eq!(hash.prefix(), [9; 8]);
}

#[test]
fn names_on_the_wire_read_back() {
    for role in [Role::GridWorker, Role::CommunitySupervisor] {
        assert_eq!(role.as_str().parse(), Ok(role));
        assert_eq!(serde_json::to_value(role).unwrap(), role.as_str());
    }
    for name in ["community", "door", "visit", "round"] {
        assert_eq!(Kind::from(name).as_str(), name);
        assert_eq!(serde_json::to_value(Kind::from(name)).unwrap(), name);
    }
    assert_eq!(Reason::all().filter(|reason| !reason.is_kept()).count(), 1);
    assert!("nonsense".parse::<Reason>().is_err());
}

#[test]
fn a_digest_does_not_depend_on_any_order() {
    let document = DocumentId::from_bytes([1; 16]);
    let heads = [ChangeHash([2; 32]), ChangeHash([3; 32])];
    let turned = [heads[1], heads[0]];
    // SHA-256 of 16 times 01, 32 times 02, 32 times 03: first 8 bytes, little endian.
    assert_eq!(
        document_digest(document, &heads),
        12_112_008_799_425_149_379
    );
    assert_eq!(
        document_digest(document, &turned),
        document_digest(document, &heads)
    );
    assert_eq!(feed_digest([u64::MAX, 5, 7]), feed_digest([7, u64::MAX, 5]));
    assert_eq!(feed_digest([u64::MAX, 5]), 4);
}
