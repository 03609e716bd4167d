//! What packs are made of, by frame and by kind of document.

use std::collections::BTreeMap;
use std::io::Write;

use sync::body::{Encoding, inflate};
use sync::{DocumentFrame, Frame, FrameReader};

use crate::figures::Figures;
use crate::phone::Trip;

/// As the server compresses its responses.
const BROTLI_QUALITY: u32 = 5;
const BROTLI_WINDOW: u32 = 18;
const PACK_BYTES_MAX: usize = 64 << 20;

/// Frames of one sort.
#[derive(Clone, Debug, Default)]
struct Sort {
    frames: usize,
    /// The frames one after another, as they stand in the pack.
    bytes: Vec<u8>,
    /// Of these bytes, summaries, heads and chunks of documents.
    summaries: usize,
    heads: usize,
    chunks: usize,
}

/// Writes one row for each sort of frame, up and down.
pub fn tell(case: &str, trips: &[Trip], figures: &mut Figures) {
    let mut up = BTreeMap::new();
    let mut down = BTreeMap::new();
    for trip in trips {
        let request = inflate(Encoding::Gzip, &trip.exchange.body, PACK_BYTES_MAX);
        let reader = || FrameReader::for_response(trip.exchange.common().cloned());
        sort(reader(), &request, &mut up);
        sort(reader(), &trip.down_pack, &mut down);
    }
    for (direction, sorts) in [("up", up), ("down", down)] {
        for (name, sort) in sorts {
            tell_sort(&format!("{case}:{direction}:{name}"), &sort, figures);
        }
    }
}

fn tell_sort(case: &str, sort: &Sort, figures: &mut Figures) {
    figures.add_whole(case, "frames", sort.frames, "");
    figures.add_whole(case, "pack", sort.bytes.len(), "B");
    figures.add_whole(case, "summaries", sort.summaries, "B");
    figures.add_whole(case, "heads", sort.heads, "B");
    figures.add_whole(case, "chunks", sort.chunks, "B");
    // Compressed alone: what this sort would be without its neighbours. The sum is not the body's
    // length, but nearly.
    figures.add_whole(case, "alone_br", brotli_length(&sort.bytes), "B");
}

fn sort(mut reader: FrameReader, pack: &[u8], sorts: &mut BTreeMap<String, Sort>) {
    reader.push(pack);
    while let Ok(Some(frame)) = reader.next_frame() {
        let sort = sorts.entry(name_of(&frame)).or_default();
        sort.frames += 1;
        sort.bytes.extend(length_mark(reader.last_body().len()));
        sort.bytes.extend_from_slice(reader.last_body());
        match &frame {
            Frame::Document(document) => {
                sort.summaries += document.summary.as_ref().map_or(0, String::len);
                sort.heads += 32 * document.heads.len();
                sort.chunks += document.chunks.len();
            }
            Frame::Change(change) => sort.chunks += change.bytes.len(),
            _ => {}
        }
    }
}

fn name_of(frame: &Frame) -> String {
    let name = match frame {
        Frame::Hello(_) => "hello",
        Frame::Change(_) => "changes",
        Frame::Want(_) => "wants",
        Frame::Receipt(_) => "receipts",
        Frame::Document(DocumentFrame { kind, .. }) => {
            return format!("{}-documents", kind.as_str());
        }
        Frame::Feed(_) => "feeds",
        Frame::People(_) => "people",
        Frame::End(_) => "end",
        Frame::Notice(_) => "notices",
        Frame::LeanChange(_) => "changes",
        Frame::Compare(_) | Frame::Compared(_) => "comparisons",
        Frame::Start(_) => "starts",
        Frame::Receipts(_) => "receipts",
        Frame::News(news) => return format!("{}-news", news.kind.as_str()),
        Frame::Rows(rows) => {
            let kind = rows.first().map_or("no", |row| row.kind.as_str());
            return format!("{kind}-rows");
        }
    };
    name.to_owned()
}

/// The length before a frame, LEB128.
fn length_mark(mut length: usize) -> Vec<u8> {
    let mut mark = Vec::new();
    while length >= 0x80 {
        mark.push((length & 0x7f) as u8 | 0x80);
        length >>= 7;
    }
    mark.push(length as u8);
    mark
}

fn brotli_length(bytes: &[u8]) -> usize {
    let mut compressed = Vec::new();
    let mut writer =
        brotli::CompressorWriter::new(&mut compressed, 4096, BROTLI_QUALITY, BROTLI_WINDOW);
    // Writing to memory does not fail.
    let _ = writer.write_all(bytes).and_then(|()| writer.flush());
    drop(writer);
    compressed.len()
}
