//! What a frame of version 2 says, as JSON.

use serde_json::{Value, json};
use sync::frame::*;

pub fn to_json(frame: &Frame) -> Value {
    match frame {
        Frame::Hello(hello) => json!({
            "frame": "hello", "version": hello.version, "clock_ms": hello.clock_ms,
            "feeds": hello.feeds.iter().map(|state| json!({
                "feed": state.feed, "cursor": state.cursor, "digest": state.digest,
                "history": state.history, "complete": state.complete,
                "past": state.past.map(|past| (past.rank, past.seq)),
            })).collect::<Vec<_>>(),
            "people": hello.people_version, "app": hello.app,
        }),
        Frame::Compare(compare) => json!({
            "frame": "compare", "feed": compare.feed, "digests": compare.digests.to_vec(),
        }),
        Frame::Start(start) => {
            json!({"frame": "start", "feed": start.feed, "history": start.history})
        }
        Frame::Receipts(run) => json!({
            "frame": "receipts", "first": run.first, "count": run.count, "seq": run.seq, "check": run.check,
        }),
        Frame::Feed(place) => json!({
            "frame": "feed", "feed": place.feed, "cursor": place.cursor, "digest": place.digest,
            "more": place.more, "head": place.head,
        }),
        Frame::End(end) => json!({
            "frame": "end", "server_time": end.server_time_ms, "signature": end.signature.map(hex::encode),
        }),
        Frame::News(news) => json!({
            "frame": "news", "document": news.document, "kind": news.kind, "feed": news.feed,
            "seq": news.seq, "digest": news.digest, "whole": news.whole,
            "summary": match &news.summary {
                NewsSummary::Unchanged => Value::Null,
                NewsSummary::Whole(json) => json!({"whole": json}),
                NewsSummary::Patch(json) => json!({"patch": json}),
            },
            "changes": news.changes.iter().map(|one| hex::encode(one.as_bytes())).collect::<Vec<_>>(),
        }),
        Frame::Rows(rows) => json!({
            "frame": "rows",
            "rows": rows.iter().map(|row| json!({
                "document": row.document, "kind": row.kind, "feed": row.feed, "seq": row.seq,
                "digest": row.digest, "summary": row.summary,
                "seen": row.seen.as_ref().map(|seen| json!({"at": seen.at, "outcome": seen.outcome})),
            })).collect::<Vec<_>>(),
        }),
        Frame::Compared(compared) => json!({
            "frame": "compared", "feed": compared.feed, "digest": compared.digest,
            "differing": hex::encode(compared.differing),
        }),
        other => panic!("not a frame of version 2: {other:?}"),
    }
}
