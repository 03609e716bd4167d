//! What the store finds, in words: what it is, and how to mend it.

use store::{Finding, StoreError};

use super::Fault;
use crate::found_at_start::{reason_en, reason_zh};

/// A finding in words.
pub(super) fn of(finding: &Finding) -> Fault {
    let (zh, en) = sentences(finding);
    Fault {
        is_harmless: finding.is_harmless(),
        zh,
        en,
    }
}

fn sentences(finding: &Finding) -> (String, String) {
    match finding {
        Finding::FormatMissing => (
            "FORMAT 文件不见了，程序不会打开这个文件夹。请停止平台，用备份恢复".into(),
            "the file FORMAT is missing, so the folder would not be opened. Stop the service and restore a backup".into(),
        ),
        Finding::Format(error) | Finding::Unreadable(error) => both(error),
        Finding::Journal(error) => {
            let (zh, en) = both(error);
            (format!("{zh}其后的内容没有检查"), format!("{en} What follows was not checked"))
        }
        Finding::TornTail(torn) => {
            let (bytes, segment) = (torn.bytes, torn.segment);
            (
                format!("日志第 {segment} 段末尾有 {bytes} 字节没写完，没有被确认过，下次启动会清除"),
                format!("{bytes} bytes at the end of segment {segment} were never finished; nobody was told of them, and the next start cuts them off"),
            )
        }
        Finding::EndBroken(torn) => {
            let (offset, segment) = (torn.offset, torn.segment);
            (
                format!("日志第 {segment} 段在第 {offset} 字节处坏了，那里的记录已确认送达过。请先复制整个数据文件夹，检查磁盘，再用备份恢复"),
                format!("segment {segment} of the journal is broken at byte {offset}, where acknowledged records were. Copy the whole folder away, check the disk, then restore a backup"),
            )
        }
        Finding::EndLost => (
            "日志比索引旧：末尾的记录丢失了，或放回了旧的日志。如果不是有意恢复旧备份，请检查磁盘，用最新的备份恢复".into(),
            "the journal is older than the index: its end was lost, or an old journal was put back. Unless that was meant, check the disk and restore the newest backup".into(),
        ),
        Finding::IndexUnusable(why) => (
            format!("{}；下次启动会用日志重建", reason_zh(why)),
            format!("{}; the next start rebuilds it from the journal", reason_en(why)),
        ),
        Finding::IndexBehind(frames) => (
            format!("索引比日志少 {frames} 帧，下次启动会补上"),
            format!("the index lacks {frames} frames of the journal; the next start puts them in"),
        ),
        Finding::IndexDiffers(places) => (
            format!("索引有 {places} 处与日志不符；记录本身完好。请停止平台，运行 stairwell rebuild"),
            format!("the index differs from the journal at {places} places; the records themselves are whole. Stop the service and run: stairwell rebuild"),
        ),
        Finding::Key(path) => {
            let path = path.display();
            (
                format!("密钥文件 {path} 坏了，用它加密的内容打不开。请用备份 keys 里的同名文件替换"),
                format!("the key file {path} is damaged, and what is sealed under it does not open. Replace it with the file of that name from a backup's folder keys"),
            )
        }
        Finding::Blob(path) => {
            let path = path.display();
            (
                format!("附件 {path} 坏了。请用备份 blobs 里的同名文件替换"),
                format!("the blob {path} is damaged. Replace it with the file of that name from a backup's folder blobs"),
            )
        }
        Finding::Unfinished(path) => {
            let path = path.display();
            (
                format!("{path} 是一次没写完的文件，可以删除"),
                format!("{path} is a file that was never finished; it may be deleted"),
            )
        }
        Finding::Stray(path) => {
            let path = path.display();
            (
                format!("{path} 不是本程序的文件，程序不会理会它"),
                format!("{path} is none of this program's files; the program takes no notice of it"),
            )
        }
    }
}

fn both(error: &StoreError) -> (String, String) {
    (error.text_zh(), error.text_en())
}
