use model::{FeedId, Kind};
use proptest::prelude::*;

use super::*;

const KEY: Key = [7; 32];

fn head() -> Head {
    Head {
        device: DeviceId::from_bytes([1; 16]),
        person: PersonId::from_bytes([2; 16]),
        name: "陈小满".to_owned(),
        community: DocumentId::from_bytes([3; 16]),
        made_at_ms: 1_763_800_000_000,
        app: "0.1.0".to_owned(),
    }
}

fn contents() -> Contents {
    let item = Item {
        change: ChangeFrame {
            document: DocumentId::from_bytes([4; 16]),
            kind: Kind::Visit,
            feed: FeedId::from_bytes([5; 16]),
            bytes: vec![0x85, 0x6f, 0x4a, 0x83],
        },
        at_ms: 1_763_799_000_000,
        door: Some(DocumentId::from_bytes([6; 16])),
        place: "3-2-501".to_owned(),
    };
    let draft = Draft {
        door: DocumentId::from_bytes([6; 16]),
        visit: None,
        place: "3-2-501".to_owned(),
        started_at_ms: 1,
        changed_at_ms: 2,
        purpose: "routine".to_owned(),
        outcome: String::new(),
        note: "王阿姨说\n".to_owned(),
        checks: vec![("gas".to_owned(), "ok".to_owned())],
        met: vec![PersonId::from_bytes([8; 16])],
    };
    Contents {
        items: vec![item],
        drafts: vec![draft],
        unreadable: 0,
    }
}

#[test]
fn what_is_written_is_read_back_by_who_has_the_key() {
    let file = write(&head(), &contents(), "陈小满\u{0} 没有送到 1 条", &KEY);
    assert!(String::from_utf8_lossy(&file).starts_with("stairwell rescue 1\n陈小满 没有送到"));
    let read = RescueFile::read(&file).unwrap();
    assert_eq!(read.head(), &head());
    assert_eq!(read.open(&KEY), Ok(contents()));
    assert_eq!(read.open(&[8; 32]), Err(RescueError::WrongSeal));
}

#[test]
fn a_file_with_any_bit_turned_is_not_opened() {
    let file = write(&head(), &contents(), "", &KEY);
    for place in 0..file.len() * 8 {
        let mut turned = file.clone();
        turned[place / 8] ^= 1 << (place % 8);
        let opened = RescueFile::read(&turned).and_then(|read| read.open(&KEY));
        assert!(opened.is_err(), "bit {place}");
    }
}

#[test]
fn a_file_cut_off_anywhere_is_not_opened() {
    let file = write(&head(), &contents(), "", &KEY);
    for length in 0..file.len() {
        let opened = RescueFile::read(&file[..length]).and_then(|read| read.open(&KEY));
        assert!(opened.is_err(), "{length} bytes");
    }
}

#[test]
fn another_file_and_a_later_version_are_told_apart() {
    let read = |bytes: &[u8]| RescueFile::read(bytes).map(|_| ()).unwrap_err();
    assert_eq!(read(b"PK\x03\x04"), RescueError::NotARescueFile);
    assert_eq!(read(b"stairwell rescue 2\n"), RescueError::VersionUnknown);
    assert_eq!(read(b"stairwell rescue 1\nwords"), RescueError::Damaged);
}

#[test]
fn frames_and_items_of_a_later_version_are_passed_over_and_a_bad_frame_spoils_no_other() {
    let whole = write(&head(), &contents(), "", &KEY);
    let mut file = whole[..whole.len() - SEAL_BYTES].to_vec();
    file.extend([3, 0x82, 0x18, 0x28]); // a frame with the number 40, cut short
    file.extend([2, 0x81, 0x01]); // a change without anything
    file.extend([1, 0x00]); // not an array
    let seal = seal(&file, &KEY);
    file.extend(seal);
    let read = RescueFile::read(&file).unwrap().open(&KEY).unwrap();
    assert_eq!(read.items, contents().items);
    assert_eq!(read.unreadable, 2);
}

proptest! {
    #[test]
    fn no_bytes_make_the_reader_panic(
        bytes in proptest::collection::vec(any::<u8>(), 0..200),
        is_sealed: bool,
    ) {
        let whole = write(&head(), &contents(), "", &KEY);
        let mut file = whole[..whole.len() - SEAL_BYTES].to_vec();
        file.extend(bytes);
        if is_sealed {
            let seal = seal(&file, &KEY);
            file.extend(seal);
        }
        let opened = RescueFile::read(&file).and_then(|read| read.open(&KEY));
        prop_assert!(is_sealed || opened.is_err());
    }
}
