//! Why a change was not adopted, or the rest of a request not read.

use std::fmt;
use std::str::FromStr;

/// The reasons of the protocol.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Reason {
    /// Not one whole plain change chunk, or its checksum is wrong.
    Malformed,
    /// More bytes than a change or frame may have.
    TooLarge,
    /// More operations than a change may have.
    TooManyOperations,
    /// The actor is not the sending device's.
    ForeignActor,
    /// Earlier changes of this actor in this document are missing.
    SequenceGap,
    /// Another change of this actor has this place already.
    SequenceTaken,
    /// Depends on a change that is not here, or that is in the tray.
    Waits,
    /// This version does not know the kind.
    UnknownKind,
    /// The document is of another kind than the change says.
    KindMismatch,
    /// The sender may not write in that feed (now).
    FeedNotYours,
    /// The change writes a field that the sender's role may not write.
    FieldNotAllowed,
    /// With the change, the document no longer reads as its kind.
    NotReadable,
    /// Applying it failed, panicked or took too long.
    Harmful,
    /// The device's share of the tray is used up.
    TrayFull,
    /// The device that wrote it is enrolled no more, or its person is gone; somebody else brought it.
    SenderGone,
}

/// Text that is no reason code this version knows.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not a known reason code")]
pub struct NotAReason;

/// One row per reason: code on the wire, Chinese, English.
const ROWS: [(Reason, &str, &str, &str); 15] = [
    (
        Reason::Malformed,
        "malformed",
        "内容损坏，读不出来",
        "The data is damaged and cannot be read",
    ),
    (
        Reason::TooLarge,
        "too_large",
        "一次写得太多，超过大小上限",
        "Too large for one change",
    ),
    (
        Reason::TooManyOperations,
        "too_many_operations",
        "一次改动太多，超过数量上限",
        "Too many edits in one change",
    ),
    (
        Reason::ForeignActor,
        "foreign_actor",
        "署名不是这台手机",
        "Signed by another device than the one that sent it",
    ),
    (
        Reason::SequenceGap,
        "sequence_gap",
        "这台手机更早的改动还没有送到",
        "Earlier changes of this device have not arrived",
    ),
    (
        Reason::SequenceTaken,
        "sequence_taken",
        "同一序号已有另一条改动（手机可能恢复过旧备份）",
        "Another change already has this number (the phone may have been restored from a backup)",
    ),
    (
        Reason::Waits,
        "waits",
        "它所依据的改动还没有收下，一并等待",
        "Waits for a change it builds on",
    ),
    (
        Reason::UnknownKind,
        "unknown_kind",
        "平台还不认识这类记录",
        "The server does not know this kind of record yet",
    ),
    (
        Reason::KindMismatch,
        "kind_mismatch",
        "记录的类别对不上",
        "The record is of another kind",
    ),
    (
        Reason::FeedNotYours,
        "feed_not_yours",
        "这一户现在不在您的网格",
        "This door is not in your grid now",
    ),
    (
        Reason::FieldNotAllowed,
        "field_not_allowed",
        "改了您的岗位不能改的内容",
        "Changes something your role may not change",
    ),
    (
        Reason::NotReadable,
        "not_readable",
        "改后这条记录会读不出来",
        "The record could no longer be read with this change",
    ),
    (
        Reason::Harmful,
        "harmful",
        "平台没能安全地处理它",
        "The server could not process it safely",
    ),
    (
        Reason::TrayFull,
        "tray_full",
        "这台手机的待处理箱已满，请联系社区",
        "This phone's tray is full; please call the community office",
    ),
    (
        Reason::SenderGone,
        "sender_gone",
        "写它的手机已经停用，或者这个人已不在社区",
        "The phone that wrote it is no longer in use, or its person is gone",
    ),
];

impl Reason {
    /// Every reason, in the order of the protocol.
    pub fn all() -> impl Iterator<Item = Reason> {
        ROWS.iter().map(|row| row.0)
    }

    /// The code on the wire.
    pub fn as_str(self) -> &'static str {
        self.row().1
    }

    /// What a Chinese reader is told.
    pub fn text_zh(self) -> &'static str {
        self.row().2
    }

    /// What an English reader is told.
    pub fn text_en(self) -> &'static str {
        self.row().3
    }

    /// Whether the server keeps the bytes in the tray (status held). If not,
    /// the phone keeps them (status refused). A change over the *frame* limit
    /// is refused as `TooLarge` although that reason is otherwise kept.
    pub fn is_kept(self) -> bool {
        self != Reason::TrayFull
    }

    fn row(self) -> &'static (Reason, &'static str, &'static str, &'static str) {
        // `ROWS` follows the order of the enum; a test holds it.
        &ROWS[self as usize]
    }
}

impl fmt::Display for Reason {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.as_str())
    }
}

impl FromStr for Reason {
    type Err = NotAReason;

    fn from_str(code: &str) -> Result<Self, NotAReason> {
        Reason::all()
            .find(|reason| reason.as_str() == code)
            .ok_or(NotAReason)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_reason_finds_its_own_row_and_reads_back() {
        for (index, row) in ROWS.iter().enumerate() {
            assert_eq!(row.0 as usize, index);
            assert_eq!(row.1.parse(), Ok(row.0));
        }
    }
}
