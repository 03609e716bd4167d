//! Ids that are made from names: such an id can travel as the name. Who knows
//! the names is the caller; whether a name is right is checked here.

use model::{DocumentId, PersonId, door_named, resident_named};
use uuid::Uuid;

/// Knows the names from which ids of doors and residents may have been made.
/// What it says is checked, so it may guess.
pub trait Names {
    /// The [`model::door_name`] of a door.
    fn door(&self, door: DocumentId) -> Option<String>;
    /// The [`model::resident_name`] of a resident of a door.
    fn resident(&self, door: DocumentId, resident: PersonId) -> Option<String>;
}

/// Knows no names: every id travels as its bytes.
#[derive(Clone, Copy, Debug, Default)]
pub struct NoNames;

impl Names for NoNames {
    fn door(&self, _: DocumentId) -> Option<String> {
        None
    }

    fn resident(&self, _: DocumentId, _: PersonId) -> Option<String> {
        None
    }
}

/// A door that can travel as its name.
#[derive(Clone, Debug)]
pub(super) struct NamedDoor {
    pub id: DocumentId,
    pub name: String,
}

/// The first of these ids that is a door with a name.
pub(super) fn find_door(
    names: &dyn Names,
    community: DocumentId,
    ids: impl IntoIterator<Item = Uuid>,
) -> Option<NamedDoor> {
    ids.into_iter().map(DocumentId::from_uuid).find_map(|id| {
        let name = names.door(id)?;
        (door_named(community, &name) == id).then_some(NamedDoor { id, name })
    })
}

/// The name of a resident of this door, if the id is made from it.
pub(super) fn resident(names: &dyn Names, door: DocumentId, id: Uuid) -> Option<String> {
    let id = PersonId::from_uuid(id);
    let name = names.resident(door, id)?;
    (resident_named(door, &name) == id).then_some(name)
}
