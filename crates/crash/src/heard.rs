//! The list that is kept outside the program: every receipt that was ever heard.

use model::{ChangeHash, DocumentId};

/// One receipt that a phone has heard.
#[derive(Clone, Debug)]
pub struct Receipt {
    /// Of which document.
    pub document: DocumentId,
    /// The change that was acknowledged.
    pub hash: ChangeHash,
    /// Its bytes, as the phone wrote them.
    pub bytes: Vec<u8>,
    /// Which answer it came in: a place in [`Heard::answers`].
    pub answer: usize,
}

/// Every receipt.
#[derive(Clone, Debug, Default)]
pub struct Heard {
    /// In the order in which they were noted.
    pub receipts: Vec<Receipt>,
    /// The bodies of the answers that they came in.
    pub answers: Vec<Vec<u8>>,
}

impl Heard {
    /// Notes what one answer acknowledged.
    pub fn note(
        &mut self,
        answer: Vec<u8>,
        changes: impl IntoIterator<Item = (DocumentId, ChangeHash, Vec<u8>)>,
    ) {
        let place = self.answers.len();
        self.answers.push(answer);
        let receipts = changes.into_iter().map(|(document, hash, bytes)| Receipt {
            document,
            hash,
            bytes,
            answer: place,
        });
        self.receipts.extend(receipts);
    }

    /// Puts another list behind this one.
    pub fn append(&mut self, other: Heard) {
        let before = self.answers.len();
        self.answers.extend(other.answers);
        let receipts = other.receipts.into_iter().map(|receipt| Receipt {
            answer: receipt.answer + before,
            ..receipt
        });
        self.receipts.extend(receipts);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_receipt_keeps_its_answer_when_lists_are_joined() {
        let change = |n: u8| {
            let id = DocumentId::from_bytes([n; 16]);
            (id, ChangeHash([n; 32]), vec![n])
        };
        let mut all = Heard::default();
        all.note(vec![1], [change(1), change(2)]);
        let mut more = Heard::default();
        more.note(vec![3], [change(3), change(1)]);
        all.append(more);
        let answers: Vec<&[u8]> = all
            .receipts
            .iter()
            .map(|receipt| all.answers[receipt.answer].as_slice())
            .collect();
        assert_eq!(answers, [[1], [1], [3], [3]]);
    }
}
