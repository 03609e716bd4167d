//! Live news: says that something moved, never what. Whoever misses news loses time, not data.

use model::FeedId;
use tokio::sync::broadcast;

/// News that wait for one slow listener; beyond them it is told where the feeds stand now.
const BACKLOG: usize = 256;

/// One piece of news.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum News {
    /// A feed has reached this seq.
    Feed {
        /// Which feed.
        feed: FeedId,
        /// Its newest seq.
        seq: u64,
    },
    /// The tray holds this many waiting entries.
    Tray {
        /// How many wait.
        waiting: usize,
    },
}

/// Spreads news to whoever listens.
pub struct Hub {
    sender: broadcast::Sender<News>,
}

impl Default for Hub {
    fn default() -> Self {
        Self {
            sender: broadcast::Sender::new(BACKLOG),
        }
    }
}

impl Hub {
    /// Tells everyone who listens now.
    pub fn tell(&self, news: News) {
        // An error means that nobody listens.
        let _ = self.sender.send(news);
    }

    /// How many listen at this moment.
    pub fn listeners(&self) -> usize {
        self.sender.receiver_count()
    }

    /// Listens from now on.
    pub fn listen(&self) -> broadcast::Receiver<News> {
        self.sender.subscribe()
    }
}
