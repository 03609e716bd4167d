//! The kinds of documents. The list is open: an unknown kind is carried, not
//! understood.

use std::fmt;

/// What a document holds.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Kind {
    /// Places, code lists and phrases of one community.
    Community,
    /// The household at one door.
    Door,
    /// One visit.
    Visit,
    /// A kind this version does not know.
    Other(Box<str>),
}

impl Kind {
    /// The kinds this version understands.
    pub const KNOWN: [Kind; 3] = [Kind::Community, Kind::Door, Kind::Visit];

    /// The kind as documents and frames spell it.
    pub fn as_str(&self) -> &str {
        match self {
            Kind::Community => "community",
            Kind::Door => "door",
            Kind::Visit => "visit",
            Kind::Other(name) => name,
        }
    }
}

impl From<&str> for Kind {
    fn from(name: &str) -> Self {
        match name {
            "community" => Kind::Community,
            "door" => Kind::Door,
            "visit" => Kind::Visit,
            other => Kind::Other(other.into()),
        }
    }
}

impl fmt::Display for Kind {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.as_str())
    }
}

impl serde::Serialize for Kind {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.as_str())
    }
}

impl<'de> serde::Deserialize<'de> for Kind {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let name = std::borrow::Cow::<'de, str>::deserialize(deserializer)?;
        Ok(Kind::from(&*name))
    }
}
