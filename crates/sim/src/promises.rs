//! The promises of the design that a simulation can hold a world to, and what is said when one is
//! broken. Where each is checked: `watch` while things happen, `ending` when all is quiet.

use std::fmt;

/// A promise, by its number in the design.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Promise {
    /// 1: what was acknowledged can be read at the office for ever.
    AcknowledgedMeansKept,
    /// 2: what was saved is in the outbox until a receipt names it.
    TypedMeansKept,
    /// 3: a merge never chooses between two people's words.
    NobodyIsOverruled,
    /// 4: whatever got through counts and is never sent again.
    WhatArrivedCounts,
    /// 5: one bad item blocks nothing.
    NothingIsBlocked,
    /// 6: the phone's numbers are the server's.
    NumbersAgree,
    /// 7: no order depends on a clock.
    ClocksDecideNothing,
    /// Nothing panics, and everything comes to rest.
    ItEnds,
}

impl fmt::Display for Promise {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(match self {
            Self::AcknowledgedMeansKept => "1 acknowledged means kept",
            Self::TypedMeansKept => "2 typed means kept",
            Self::NobodyIsOverruled => "3 a merge never chooses between two people's words",
            Self::WhatArrivedCounts => "4 whatever got through counts and is never sent again",
            Self::NothingIsBlocked => "5 one bad item blocks nothing",
            Self::NumbersAgree => "6 the phone's numbers are the server's numbers",
            Self::ClocksDecideNothing => "7 no order depends on a clock",
            Self::ItEnds => "it ends: nothing panics, and everything comes to rest",
        })
    }
}

/// A promise that was broken, and how.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Broken {
    /// Which.
    pub promise: Promise,
    /// What was found.
    pub words: String,
}

impl Promise {
    /// Holds the promise where `kept` says so.
    pub fn hold(self, kept: bool, words: impl FnOnce() -> String) -> Result<(), Broken> {
        match kept {
            true => Ok(()),
            false => Err(self.broken(words())),
        }
    }

    /// Says that it was broken.
    pub fn broken(self, words: impl Into<String>) -> Broken {
        Broken {
            promise: self,
            words: words.into(),
        }
    }
}

impl fmt::Display for Broken {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "promise {} — {}", self.promise, self.words)
    }
}
