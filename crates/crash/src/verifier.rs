//! Reads acknowledged changes back through the running program, as a device
//! does that knows nothing of them.

use std::collections::BTreeMap;

use automerge::ReadDoc;
use bench::enrolled::Enrolled;
use bench::http::Connection;
use bench::phone::Phone;
use model::DocumentId;

use crate::CrashError;
use crate::heard::Receipt;

/// Documents asked for in one exchange.
const WANTS: usize = 200;

/// A supervisor's device.
pub struct Verifier {
    enrolled: Enrolled,
}

impl Verifier {
    /// Asks with a device that was let in.
    pub fn new(mut enrolled: Enrolled) -> Self {
        // It follows no feed: it asks for documents by name and is told no others.
        enrolled.member.feeds.clear();
        Self { enrolled }
    }

    /// Whether every one of these receipts can be read, byte for byte.
    pub fn check(&self, address: &str, receipts: &[&Receipt]) -> Result<(), CrashError> {
        let mut documents: BTreeMap<DocumentId, Vec<&Receipt>> = BTreeMap::new();
        for receipt in receipts {
            documents.entry(receipt.document).or_default().push(receipt);
        }
        let documents: Vec<_> = documents.into_iter().collect();
        for asked in documents.chunks(WANTS) {
            let mut phone = Phone::over(Connection::open_native(address)?, &self.enrolled);
            asked.iter().for_each(|(id, _)| phone.replica.want(*id));
            phone.exchange_all()?;
            for (id, receipts) in asked {
                let document = phone.replica.open(*id).map_err(|error| {
                    CrashError::Broken(format!("an acknowledged document is lost: {error}"))
                })?;
                for receipt in receipts {
                    let found = document.get_change_by_hash(&receipt.hash.to_automerge());
                    if found.is_none_or(|change| change.raw_bytes() != receipt.bytes.as_slice()) {
                        return Err(CrashError::Broken(format!(
                            "an acknowledged change is lost: {} of document {id}",
                            receipt.hash
                        )));
                    }
                }
            }
        }
        Ok(())
    }
}
