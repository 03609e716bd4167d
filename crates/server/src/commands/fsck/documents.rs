//! Every document: it loads, it has all the changes that were kept for it, and its stored summary is
//! the one that follows from it.

use automerge::Automerge;
use model::{DocumentId, summarise};
use store::{Checked, StoredDocument};
use sync::admission::guarded;

use super::{Fault, Listener, Said};
use crate::failure::Failure;
use crate::office::documents;
use crate::progress::Step;

const CHECKING: &str = "检查文档 checking documents";

/// Documents that are named one by one; more are only counted.
const NAMED_MAX: usize = 50;

/// What can be wrong with one document.
enum Wrong {
    DoesNotLoad,
    LacksChanges(usize),
    NoSummary,
    OtherSummary,
}

/// Checks all documents.
pub(super) fn check(checked: &Checked, say: Listener<'_>) -> Result<Vec<Fault>, Failure> {
    let total = checked.truth.documents();
    let (mut done, mut count, mut faults) = (0, 0, Vec::new());
    checked.truth.each_document(&mut |id, stored| {
        say(Said::Progress(Step::new(CHECKING, done, total)));
        done += 1;
        if let Some(wrong) = wrong_with(checked, id, stored) {
            count += 1;
            if count <= NAMED_MAX {
                faults.push(in_words(id, &wrong));
            }
        }
    })?;
    if count > NAMED_MAX {
        let more = count - NAMED_MAX;
        faults.push(Fault {
            is_harmless: false,
            zh: format!("还有 {more} 份文档有同类问题"),
            en: format!("{more} more documents are like these"),
        });
    }
    Ok(faults)
}

fn wrong_with(checked: &Checked, id: DocumentId, stored: &StoredDocument) -> Option<Wrong> {
    let Ok(document) = documents::open(stored) else {
        return Some(Wrong::DoesNotLoad);
    };
    let lacked = lacked(&document, stored);
    if lacked > 0 {
        return Some(Wrong::LacksChanges(lacked));
    }
    let summary = guarded(|| summarise(&document)).ok().and_then(Result::ok);
    let Some(summary) = summary else {
        return Some(Wrong::NoSummary);
    };
    let kept = checked.summaries.as_ref()?.get(id).ok()??;
    let is_of_these_heads = kept.0 == documents::heads(&document);
    (is_of_these_heads && kept.1 != summary.to_json()).then_some(Wrong::OtherSummary)
}

/// Changes that are kept but did not come into the document.
fn lacked(document: &Automerge, stored: &StoredDocument) -> usize {
    let is_in =
        |hash: &model::ChangeHash| document.get_change_meta_by_hash(&(*hash).into()).is_some();
    stored
        .changes
        .iter()
        .filter(|change| !is_in(&change.hash))
        .count()
}

fn in_words(id: DocumentId, wrong: &Wrong) -> Fault {
    let (is_harmless, zh, en) = match wrong {
        Wrong::DoesNotLoad => (
            false,
            "读不出来；它的字节完好地留在日志里。请保留数据文件夹，并把这一行告诉开发者".to_owned(),
            "does not load; its bytes are whole in the journal. Keep the data folder, and report this line"
                .to_owned(),
        ),
        Wrong::LacksChanges(count) => (
            false,
            format!("有 {count} 项修改没有合并进去；字节完好地留在日志里。请保留数据文件夹，并把这一行告诉开发者"),
            format!("has {count} changes that were not merged; their bytes are whole in the journal. Keep the data folder, and report this line"),
        ),
        Wrong::NoSummary => (
            false,
            "不能列出来（没有摘要）；内容完好".to_owned(),
            "cannot be listed (it has no summary); what it holds is whole".to_owned(),
        ),
        Wrong::OtherSummary => (
            true,
            "的摘要与内容不符，名单里会显示旧的。请运行 stairwell rebuild".to_owned(),
            "has another summary than follows from it, so lists show old words. Run: stairwell rebuild"
                .to_owned(),
        ),
    };
    Fault {
        is_harmless,
        zh: format!("文档 {id} {zh}"),
        en: format!("the document {id} {en}"),
    }
}
