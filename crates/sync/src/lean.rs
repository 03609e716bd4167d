//! The second version of the pack: what both sides of an exchange know need not
//! be said. The frames mean what they mean in `frame`; here is how they are
//! spelled when an id, a dependency or a checksum can be worked out.
//!
//! `change` takes a change chunk apart, `names` finds ids that are made from
//! names, `value` and `table` write summaries, `frames` puts it all into CBOR.

mod change;
mod documents;
pub(crate) mod frames;
mod names;
mod table;
mod value;

use model::{DeviceId, DocumentId, FeedId};

use crate::frame::Hello;

pub use change::LeanChange;
pub(crate) use change::{Reading, Writing};
pub use names::{Names, NoNames};

/// What both sides of one exchange know before its first frame, or from it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Common {
    /// The device that asks.
    pub device: DeviceId,
    /// The community of its person.
    pub community: DocumentId,
    /// The clock in the hello, milliseconds since 1970.
    pub clock_ms: i64,
    /// The feeds in the hello, in their order.
    pub feeds: Vec<FeedId>,
}

impl Common {
    /// What a hello of this device makes known; `None` before version 2.
    pub fn of_hello(hello: &Hello, device: DeviceId, community: DocumentId) -> Option<Self> {
        (hello.version > 1).then(|| Self {
            device,
            community,
            clock_ms: hello.clock_ms,
            feeds: hello.feeds.iter().map(|state| state.feed).collect(),
        })
    }
}
