//! The people frame: who works in a community, and the feeds the reader has now.

use model::Member;
use sha2::{Digest, Sha256};
use sync::frame::{FeedName, Frame, People, PersonEntry};

use crate::office::Office;

/// The people frame for a reader. Its version is a digest of what it says, so that it alters exactly
/// when that does, and is the same after a restart.
pub fn people_for(office: &Office, member: &Member) -> Option<People> {
    let reader = office.people.person(member.person)?;
    let colleagues = office.people.colleagues(reader.community).into_iter();
    let people = colleagues.map(|(person, devices)| PersonEntry {
        devices,
        person: person.id,
        name: person.name,
        role: person.role.as_str().to_owned(),
    });
    let feeds = office.feeds_of(&reader).into_iter().map(|named| FeedName {
        feed: named.feed,
        name: named.name,
        kind: named.kind.to_owned(),
    });
    let mut frame = People {
        version: 0,
        people: people.collect(),
        feeds: feeds.collect(),
    };
    frame.version = version_of(&frame);
    Some(frame)
}

fn version_of(people: &People) -> u64 {
    let digest: [u8; 32] = Sha256::digest(Frame::People(people.clone()).encode()).into();
    let mut first = [0; 8];
    first.copy_from_slice(&digest[..8]);
    // 53 bits, so that it is exact in JavaScript's numbers; 0 says "none yet".
    (u64::from_le_bytes(first) >> 11).max(1)
}
