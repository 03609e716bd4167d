//! What opening the data folder found, in plain words for the log.

use std::time::Duration;

use store::{IndexState, OpenReport, Why};

/// Says what a person should know: after an ordered end there is nothing to say.
pub fn tell(report: &OpenReport, took: Duration) {
    if report.crashed {
        tracing::warn!(
            "上次没有正常停机（断电、死机或被强制结束），已检查全部日志 / the last run did not end in order (power cut, crash or kill); the whole journal was checked"
        );
    }
    if let Some(torn) = report.torn {
        tracing::warn!(
            segment = torn.segment,
            offset = torn.offset,
            bytes = torn.bytes,
            "日志末尾有一次没写完的写入，已清除；它没有被确认过，手机会再送 / an unfinished write at the end of the journal was cut off; nobody was told that it had succeeded, and the phones send it again"
        );
    }
    let seconds = format!("{:.1}", took.as_secs_f64());
    match &report.index {
        IndexState::Ready | IndexState::Rebuilt(Why::Asked) => {}
        IndexState::CaughtUp(frames) => tracing::info!(
            frames,
            seconds,
            "索引落后于日志，已补上 / the index was behind the journal and has caught up"
        ),
        IndexState::Rebuilt(why) => tracing::warn!(
            seconds,
            "{}，已用日志重建索引 / {}; it was rebuilt from the journal",
            reason_zh(why),
            reason_en(why)
        ),
    }
}

/// Why the index is rebuilt, in Chinese.
pub fn reason_zh(why: &Why) -> String {
    match why {
        Why::Missing => "没有索引".to_owned(),
        Why::NotClosed => "机器停机时索引还开着，不能相信".to_owned(),
        Why::Altered => "索引的文件在停机期间变了".to_owned(),
        Why::WouldNotOpen(cause) => format!("索引打不开（{cause}）"),
        Why::AheadOfJournal => {
            "索引比日志新：日志是旧的，或末尾丢失了。如果不是恢复过旧备份，请检查磁盘".to_owned()
        }
        Why::OtherJournal => "索引属于另一份日志".to_owned(),
        Why::Bloated => "索引占用的空间过大".to_owned(),
        Why::Asked => "要求重建索引".to_owned(),
    }
}

/// Why the index is rebuilt, in English.
pub fn reason_en(why: &Why) -> String {
    match why {
        Why::Missing => "there was no index".to_owned(),
        Why::NotClosed => {
            "the index was open when the machine stopped, and is not trusted".to_owned()
        }
        Why::Altered => "the index's files have altered since it was closed".to_owned(),
        Why::WouldNotOpen(cause) => format!("the index does not open ({cause})"),
        Why::AheadOfJournal => "the index knew more than the journal: the journal is an old one, or its end was lost. Unless an old copy was put back, check the disk".to_owned(),
        Why::OtherJournal => "the index was of another journal".to_owned(),
        Why::Bloated => "the index had grown out of proportion".to_owned(),
        Why::Asked => "it was asked for".to_owned(),
    }
}
