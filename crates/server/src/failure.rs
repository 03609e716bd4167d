//! The one line a person reads when the program cannot go on: Chinese first, then English.

use store::StoreError;

use crate::office::{IdentityError, OpenError};
use crate::people::PeopleError;

/// Why the program ends, or a command fails. Always one line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Failure(String);

impl Failure {
    /// A failure in both languages.
    pub fn new(zh: &str, en: &str) -> Self {
        Self::of(&format!("{zh} / {en}"))
    }

    /// A failure whose text already has both.
    pub fn of(text: &dyn std::fmt::Display) -> Self {
        Self(text.to_string().replace('\n', " "))
    }
}

impl std::fmt::Display for Failure {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str(&self.0)
    }
}

impl From<StoreError> for Failure {
    fn from(error: StoreError) -> Self {
        Self::new(&error.text_zh(), &error.text_en())
    }
}

impl From<PeopleError> for Failure {
    fn from(error: PeopleError) -> Self {
        match error {
            PeopleError::Store(error) => error.into(),
            other => Self::of(&other),
        }
    }
}

impl From<IdentityError> for Failure {
    fn from(error: IdentityError) -> Self {
        match error {
            IdentityError::Store(error) => error.into(),
            other => Self::of(&other),
        }
    }
}

impl From<OpenError> for Failure {
    fn from(error: OpenError) -> Self {
        match error {
            OpenError::Store(error) => error.into(),
            OpenError::People(error) => error.into(),
            OpenError::Identity(error) => error.into(),
        }
    }
}
