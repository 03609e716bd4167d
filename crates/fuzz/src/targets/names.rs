//! Ids and hashes as text, and the ids that are made from names and times.

use model::{ChangeHash, DeviceId, DocumentId, Kind};

use crate::{Target, mutate};

/// Text, and its first eight bytes as a time.
pub const TARGET: Target = Target {
    name: "names",
    run,
    seeds,
    mutate: mutate::bytes,
    memory_bytes: 1 << 20,
    mutations: 4_000,
};

fn run(input: &[u8]) {
    if let Some(time) = input.first_chunk() {
        made_at(i64::from_le_bytes(*time));
    }
    if let Some(bytes) = input.first_chunk() {
        let _ = model::visit_made_at_ms(
            DeviceId::from_bytes([7; 16]),
            DocumentId::from_bytes(*bytes),
        );
    }
    let Ok(text) = str::from_utf8(input) else {
        return;
    };
    if let Ok(id) = text.parse::<DocumentId>() {
        assert_eq!(id.to_string(), text, "an id has one spelling");
    }
    if let Ok(hash) = text.parse::<ChangeHash>() {
        assert_eq!(hash.to_string(), text.to_lowercase());
    }
    assert_eq!(
        Kind::from(text).as_str(),
        text,
        "a kind is carried as it is"
    );
    let door = model::door_named(model::community_id(text), text);
    let _ = model::resident_named(door, text);
}

/// A visit's id tells when it was made, or is one that does not fit a time.
fn made_at(time_ms: i64) {
    let device = DeviceId::from_bytes([7; 16]);
    let visit = model::visit_id(device, time_ms);
    if let Some(told_ms) = model::visit_made_at_ms(device, visit) {
        assert_eq!(model::visit_id(device, told_ms), visit);
    }
    if (0..1 << 48).contains(&time_ms) {
        assert_eq!(model::visit_made_at_ms(device, visit), Some(time_ms));
    }
}

fn seeds() -> Vec<Vec<u8>> {
    vec![
        b"019aaaac-267b-76c7-9187-5cb112233445".to_vec(),
        b"3a787cedffdaa45e0dfcd92730273c5033a893cedf0b15171d516369e66e7f78".to_vec(),
        b"door".to_vec(),
        1_763_800_000_000_i64.to_le_bytes().to_vec(),
    ]
}
