//! The first change that every document of a kind shares.
//!
//! Two devices that make "the same" object independently lose one side from
//! view; an object that the genesis makes is the same on all. The bytes are
//! constants, equal in every client, and never change for a kind: a new object
//! needs a new kind or is made later, by whoever writes into it first.

use std::sync::LazyLock;

use automerge::{ActorId, Automerge, Change, ObjType};

use crate::{ChangeHash, Kind};

/// The change chunk of `community`.
const COMMUNITY: [u8; COMMUNITY_HEX.len() / 2] = unhex(COMMUNITY_HEX);
/// The change chunk of `door`.
const DOOR: [u8; DOOR_HEX.len() / 2] = unhex(DOOR_HEX);
/// The change chunk of `visit`.
const VISIT: [u8; VISIT_HEX.len() / 2] = unhex(VISIT_HEX);

const COMMUNITY_HEX: &str = concat!(
    "856f4a8311d708d1018501000100010100000008010602061549340142045606570a700200050400",
    "000100050405000176046b696e6406736368656d61056772696473096275696c64696e6773056c69",
    "73747308707572706f736573086f7574636f6d6573047461677306636865636b7307706872617365",
    "730a020108007e9601140800636f6d6d756e697479010a00",
);
const DOOR_HEX: &str = concat!(
    "856f4a83448256ce0157000100010100000006152e3401420756055705700279046b696e64067363",
    "68656d6107706572736f6e73047461677304706c616e0772656d61726b73067365616c6564070201",
    "03007e04007e46140500646f6f72010700",
);
const VISIT_HEX: &str = concat!(
    "856f4a833a787ced016f0001000101000000080106020615333401420956055706700200067f0000",
    "0100067f06000178046b696e6406736368656d61046e6f746506636865636b73036d657406726576",
    "69657707636f6d6d656e74067365616c65640802017f0403007e04007e5614060076697369740108",
    "00",
);

/// What the genesis of each kind makes, parents first.
pub(crate) const fn made_objects(kind: &Kind) -> &'static [(&'static [&'static str], ObjType)] {
    match kind {
        Kind::Community => &[
            (&["grids"], ObjType::Map),
            (&["buildings"], ObjType::Map),
            (&["lists"], ObjType::Map),
            (&["lists", "purposes"], ObjType::Map),
            (&["lists", "outcomes"], ObjType::Map),
            (&["lists", "tags"], ObjType::Map),
            (&["lists", "checks"], ObjType::Map),
            (&["phrases"], ObjType::Map),
        ],
        Kind::Door => &[
            (&["persons"], ObjType::Map),
            (&["tags"], ObjType::Map),
            (&["plan"], ObjType::Map),
            (&["remarks"], ObjType::Text),
            (&["sealed"], ObjType::Map),
        ],
        Kind::Visit => &[
            (&["note"], ObjType::Text),
            (&["checks"], ObjType::Map),
            (&["met"], ObjType::Map),
            (&["review"], ObjType::Map),
            (&["review", "comment"], ObjType::Text),
            (&["sealed"], ObjType::Map),
        ],
        Kind::Other(_) => &[],
    }
}

/// The bytes of the first change, or `None` for a kind this version does not
/// know.
pub fn genesis(kind: &Kind) -> Option<&'static [u8]> {
    match kind {
        Kind::Community => Some(&COMMUNITY),
        Kind::Door => Some(&DOOR),
        Kind::Visit => Some(&VISIT),
        Kind::Other(_) => None,
    }
}

/// The hash of the first change, or `None` for an unknown kind.
pub fn genesis_hash(kind: &Kind) -> Option<ChangeHash> {
    genesis_change(kind).map(|change| change.hash().into())
}

/// A document that holds only its first change, in which `actor` will write.
/// `None` for an unknown kind.
pub fn new_document(kind: &Kind, actor: ActorId) -> Option<Automerge> {
    Some(genesis_document(kind)?.clone().with_actor(actor))
}

/// A document that holds only its first change, to be copied. `None` for an
/// unknown kind.
pub fn genesis_document(kind: &Kind) -> Option<&'static Automerge> {
    static MADE: LazyLock<[Option<Automerge>; 3]> = LazyLock::new(|| {
        Kind::KNOWN.map(|kind| {
            let mut document = Automerge::new();
            let change = genesis_change(&kind)?.clone();
            document.apply_changes([change]).ok()?;
            Some(document)
        })
    });
    let place = Kind::KNOWN.iter().position(|known| known == kind)?;
    MADE[place].as_ref()
}

/// The first change, parsed.
pub(crate) fn genesis_change(kind: &Kind) -> Option<&'static Change> {
    static PARSED: LazyLock<[Option<Change>; 3]> = LazyLock::new(|| {
        [&COMMUNITY[..], &DOOR, &VISIT].map(|bytes| Change::from_bytes(bytes.to_vec()).ok())
    });
    let place = match kind {
        Kind::Community => 0,
        Kind::Door => 1,
        Kind::Visit => 2,
        Kind::Other(_) => return None,
    };
    PARSED[place].as_ref()
}

const fn unhex<const N: usize>(text: &str) -> [u8; N] {
    let digits = text.as_bytes();
    let mut bytes = [0; N];
    let mut index = 0;
    while index < N {
        bytes[index] = nibble(digits[2 * index]) << 4 | nibble(digits[2 * index + 1]);
        index += 1;
    }
    bytes
}

const fn nibble(digit: u8) -> u8 {
    match digit {
        b'0'..=b'9' => digit - b'0',
        b'a'..=b'f' => digit - b'a' + 10,
        _ => panic!("the constants are lower-case hex"),
    }
}

#[cfg(test)]
mod tests {
    use automerge::transaction::{CommitOptions, Transactable};
    use automerge::{AutomergeError, ROOT};

    use super::*;
    use crate::{FieldPath, read};

    /// The change that the table declares.
    fn declared(kind: &Kind) -> Result<Change, AutomergeError> {
        let mut document = Automerge::new().with_actor(ActorId::from(&[0_u8][..]));
        let mut transaction = document.transaction();
        transaction.put(ROOT, "kind", kind.as_str())?;
        transaction.put(ROOT, "schema", 1_i64)?;
        let mut made = vec![(&[][..], ROOT)];
        for (path, object_type) in made_objects(kind) {
            let Some((key, parent)) = path.split_last() else {
                continue;
            };
            let parent = made.iter().find(|(path, _)| *path == parent);
            let parent = parent.expect("parents come first").1.clone();
            made.push((*path, transaction.put_object(&parent, *key, *object_type)?));
        }
        transaction.commit_with(CommitOptions::default().with_time(0));
        Ok(document.get_last_local_change().expect("one change"))
    }

    #[test]
    fn the_constants_are_what_the_table_declares() {
        for kind in Kind::KNOWN {
            let change = declared(&kind).unwrap();
            assert_eq!(
                hex::encode(genesis(&kind).unwrap()),
                hex::encode(change.raw_bytes()),
                "{kind}"
            );
            assert_eq!(genesis_hash(&kind), Some(change.hash().into()));
        }
    }

    #[test]
    fn a_new_document_has_every_object_of_its_kind() {
        for kind in Kind::KNOWN {
            let document = new_document(&kind, ActorId::from(&[7_u8][..])).unwrap();
            for (path, object_type) in made_objects(&kind) {
                let found = read::object_at(&document, &FieldPath::new(path));
                assert_eq!(found.map(|object| object.0), Some(*object_type), "{path:?}");
            }
        }
    }
}
