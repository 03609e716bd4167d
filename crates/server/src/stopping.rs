//! How the program ends: when asked, or when its store fails.

use std::sync::{Mutex, PoisonError};

use tokio::sync::watch;

/// Says once that it is time to end, and remembers why if something failed.
pub struct Stopping {
    sender: watch::Sender<bool>,
    failure: Mutex<Option<String>>,
}

impl Default for Stopping {
    fn default() -> Self {
        Self {
            sender: watch::Sender::new(false),
            failure: Mutex::new(None),
        }
    }
}

impl Stopping {
    /// Ends the service; what is in flight is finished.
    pub fn stop(&self) {
        self.sender.send_replace(true);
    }

    /// Ends the service because something failed. The first reason is kept.
    pub fn fail(&self, reason: &dyn std::fmt::Display) {
        let mut failure = self.failure.lock().unwrap_or_else(PoisonError::into_inner);
        if failure.is_none() {
            tracing::error!(%reason, "the office stops");
            *failure = Some(reason.to_string());
        }
        drop(failure);
        self.stop();
    }

    /// Why the service failed, if it did.
    pub fn failure(&self) -> Option<String> {
        self.failure
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .clone()
    }

    /// Whether the end has been called.
    pub fn is_stopping(&self) -> bool {
        *self.sender.borrow()
    }

    /// Returns when the end is called.
    pub async fn stopped(&self) {
        let mut receiver = self.sender.subscribe();
        // The sender lives in `self`, so waiting cannot fail before the end is called.
        let _ = receiver.wait_for(|stopping| *stopping).await;
    }
}
