//! Claims about frames and packs.

mod frame_cases;

use model::{DeviceId, DocumentId};
use proptest::prelude::*;
use sync::frame::Frame;
use sync::pack::{FrameReader, FrameWriter, PackError};

const DEVICE: DeviceId = DeviceId::from_bytes([7; 16]);
const COMMUNITY: DocumentId = DocumentId::from_bytes([0xc0; 16]);

#[test]
fn the_golden_frames_are_what_this_version_writes() {
    let file = std::fs::read_to_string(frame_cases::FILE).expect("the golden file is there");
    assert!(
        file == frame_cases::fixture_text(),
        "tests/fixtures/frames.json is not what the code gives; \
         `cargo run -p stairwell-sync --example frame_fixtures` writes it"
    );
}

#[test]
fn the_golden_lean_frames_are_what_this_version_writes() {
    let file = std::fs::read_to_string(frame_cases::lean::FILE).expect("the golden file is there");
    assert!(
        file == frame_cases::lean::fixture_text(),
        "tests/fixtures/lean.json is not what the code gives; \
         `cargo run -p stairwell-sync --example frame_fixtures` writes it"
    );
}

#[test]
fn the_golden_rescue_file_is_what_this_version_writes_and_reads() {
    use frame_cases::rescue;
    let file = std::fs::read_to_string(rescue::FILE).expect("the golden file is there");
    assert!(
        file == rescue::fixture_text(),
        "tests/fixtures/rescue.json is not what the code gives; \
         `cargo run -p stairwell-sync --example frame_fixtures` writes it"
    );
    let bytes = rescue::file();
    let read = sync::rescue::RescueFile::read(&bytes).unwrap();
    assert_eq!(read.head(), &rescue::head());
    assert_eq!(read.open(&rescue::key()), Ok(rescue::contents()));
}

#[test]
fn what_only_a_server_says_is_not_read_from_a_phone() {
    // A table that says little and claims much: one long key for very many rows.
    let rows = |count: usize| {
        let mut body = vec![0x88, 0x18, 25, 0x01, 0x50];
        body.extend([0xf1; 16]);
        body.extend([
            0x84, 0x40, 0x40, 0x80, 0x40, 0x80, 0x40, 0x84, 0x81, 0x79, 0x20, 0x00,
        ]);
        body.extend(vec![b'k'; 0x2000]);
        body.extend([0x81, 0x81, 0x00, 0x99]);
        body.extend((count as u16).to_be_bytes());
        body.extend(vec![0; count]);
        body
    };
    let mut pack = FrameWriter::new();
    pack.push_body(&rows(40_000));
    pack.push(&Frame::Want(COMMUNITY));
    let pack = pack.into_bytes();
    let mut reader = FrameReader::for_request(DEVICE, COMMUNITY);
    reader.push(&pack);
    assert_eq!(reader.next_frame().unwrap(), Some(Frame::Want(COMMUNITY)));
    // A phone does not believe it either.
    let mut reader = FrameReader::for_response(None);
    reader.push(&pack);
    assert!(reader.next_frame().is_err());
}

#[test]
fn every_lean_frame_reads_back_as_it_was_written() {
    for case in frame_cases::lean_frames::frames() {
        assert_eq!(case.read(), case.frame, "{}", case.name);
    }
}

#[test]
fn every_frame_reads_back_as_it_was_written() {
    for case in frame_cases::cases() {
        if let Some(frame) = case.frame {
            let read = Frame::decode(&case.body).unwrap();
            assert_eq!(read, Some(frame), "{}", case.name);
        }
    }
}

#[test]
fn a_frame_cut_anywhere_or_lengthened_does_not_read() {
    for case in frame_cases::cases() {
        for length in 0..case.body.len() {
            // An unknown frame is passed over unread, so its cut ends are, too.
            let read = Frame::decode(&case.body[..length]);
            assert!(!matches!(read, Ok(Some(_))), "{} at {length}", case.name);
        }
        let longer = [&case.body[..], &[0]].concat();
        let read = Frame::decode(&longer);
        assert!(!matches!(read, Ok(Some(_))), "{}", case.name);
    }
}

#[test]
fn one_frame_that_does_not_read_costs_only_itself() {
    let mut pack = FrameWriter::new();
    pack.push(&Frame::Notice("first".into()));
    pack.push_body(&[0x82, 0x15, 0x01]);
    pack.push_body(&[]);
    pack.push(&Frame::Notice("last".into()));
    let mut reader = FrameReader::for_response(None);
    reader.push(&pack.into_bytes());
    assert_eq!(
        reader.next_frame().unwrap(),
        Some(Frame::Notice("first".into()))
    );
    for _ in 0..2 {
        let error = reader.next_frame().unwrap_err();
        assert!(!error.is_final());
        assert_eq!(error.reason(), model::Reason::Malformed);
    }
    assert_eq!(
        reader.next_frame().unwrap(),
        Some(Frame::Notice("last".into()))
    );
    assert_eq!(reader.next_frame().unwrap(), None);
}

#[test]
fn a_length_over_the_limit_ends_the_reading_before_its_bytes_are_kept() {
    let limit = model::limits::REQUEST_FRAME_BYTES;
    let cases: [(Vec<u8>, bool); 5] = [
        (leb128(limit as u64 + 1), true),
        (leb128(u64::from(u32::MAX)), true),
        (vec![0xff; 5], false),
        (vec![0x81, 0x80, 0x00], false),
        (vec![0x80, 0x80, 0x80, 0x80, 0x80, 0x80], false),
    ];
    for (bytes, too_long) in cases {
        let mut reader = FrameReader::for_request(DEVICE, COMMUNITY);
        reader.push(&bytes);
        let error = reader.next_frame().unwrap_err();
        assert!(error.is_final());
        assert_eq!(matches!(error, PackError::TooLong { .. }), too_long);
        reader.push(&[0; 1_000]);
        assert_eq!(reader.next_frame().unwrap(), None);
        assert_eq!(reader.pending(), 0);
    }
}

#[test]
fn a_frame_of_exactly_the_limit_reads() {
    let limit = model::limits::REQUEST_FRAME_BYTES;
    let frame = |length: usize| {
        Frame::Change(sync::frame::ChangeFrame {
            document: COMMUNITY,
            kind: model::Kind::Visit,
            feed: COMMUNITY.as_feed(),
            bytes: vec![7; length],
        })
    };
    let around = frame(limit / 2).encode().len() - limit / 2;
    // The length of long bytes takes two bytes more than that of shorter ones.
    let frame = (0..4).map(|more| frame(limit - around - more));
    let mut frame = frame.filter(|frame| frame.encode().len() == limit);
    let frame = frame.next().expect("one of them is of that length");
    let mut pack = FrameWriter::new();
    pack.push(&frame);
    let mut reader = FrameReader::for_request(DEVICE, COMMUNITY);
    reader.push(&pack.into_bytes());
    assert_eq!(reader.next_frame().unwrap(), Some(frame));
}

fn leb128(mut value: u64) -> Vec<u8> {
    let mut bytes = Vec::new();
    while value >= 0x80 {
        bytes.push(value as u8 | 0x80);
        value >>= 7;
    }
    bytes.push(value as u8);
    bytes
}

proptest! {
    #[test]
    fn a_pack_reads_the_same_however_its_bytes_arrive(
        order in proptest::collection::vec(any::<prop::sample::Index>(), 1..30),
        pieces in proptest::collection::vec(1_usize..500, 1..200),
    ) {
        let cases = frame_cases::cases();
        let frames: Vec<&frame_cases::Case> =
            order.iter().map(|place| &cases[place.index(cases.len())]).collect();
        let pack: Vec<u8> = frames.iter().flat_map(|case| case.packed()).collect();
        let mut reader = FrameReader::for_response(None);
        let mut read = Vec::new();
        let mut rest = &pack[..];
        for length in pieces.into_iter().cycle() {
            let (piece, after) = rest.split_at(length.min(rest.len()));
            reader.push(piece);
            while let Some(frame) = reader.next_frame().unwrap() {
                prop_assert_eq!(Frame::decode(reader.last_body()).unwrap(), Some(frame.clone()));
                read.push(frame);
            }
            rest = after;
            if rest.is_empty() {
                break;
            }
        }
        let expected: Vec<Frame> =
            frames.iter().filter_map(|case| Frame::decode(&case.body).unwrap()).collect();
        prop_assert_eq!(read, expected);
        prop_assert_eq!(reader.pending(), 0);
    }

    #[test]
    fn no_bytes_make_the_reader_panic(bytes in proptest::collection::vec(any::<u8>(), 0..400)) {
        let _ = Frame::decode(&bytes);
        let mut reader = FrameReader::for_request(DEVICE, COMMUNITY);
        reader.push(&bytes);
        while let Ok(Some(_)) = reader.next_frame() {}
    }

    #[test]
    fn no_changed_frame_makes_the_reader_panic(
        case in any::<prop::sample::Index>(),
        changes in proptest::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 1..6),
    ) {
        let cases = frame_cases::cases();
        let mut body = cases[case.index(cases.len())].body.clone();
        for (place, byte) in changes {
            let place = place.index(body.len());
            body[place] = byte;
        }
        let _ = Frame::decode(&body);
    }
}
