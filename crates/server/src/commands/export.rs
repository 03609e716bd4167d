//! `export`: every document as a file any Automerge opens, and as JSON any person can read.

use std::fs::{self, File};
use std::io::{BufWriter, Write};
use std::path::{Path, PathBuf};

use automerge::{Automerge, ObjId, ObjType, ROOT, ReadDoc, ScalarValue, Value};
use model::{ChangeHash, DocumentId, FeedId, Kind};
use serde::Serialize;
use serde_json::{Map, json};

use super::{Listener, Said};
use crate::failure::Failure;
use crate::office::{Office, documents};
use crate::progress::Step;

const EXPORTING: &str = "导出 exporting";
/// Nested deeper than any schema; a document that goes on beneath is cut off there.
const DEPTH_MAX: usize = 64;

/// One document's line in `index.json`.
#[derive(Serialize)]
struct Line {
    id: DocumentId,
    kind: Kind,
    feed: FeedId,
    file: String,
    heads: Vec<ChangeHash>,
    first_received_at: i64,
    received_at: i64,
}

/// Writes everything into an empty folder.
pub fn execute(office: &Office, folder: &Path, say: Listener<'_>) -> Result<(), Failure> {
    let failed = |path: &Path, error: std::io::Error| {
        let path = path.display();
        Failure::new(
            &format!("写不了 {path}（{error}）"),
            &format!("{path} cannot be written"),
        )
    };
    fs::create_dir_all(folder).map_err(|error| failed(folder, error))?;
    if fs::read_dir(folder)
        .map_err(|error| failed(folder, error))?
        .next()
        .is_some()
    {
        return Err(Failure::new(
            "导出的文件夹必须是空的",
            "the folder to export to must be empty",
        ));
    }
    let mut rows = Vec::new();
    office
        .store
        .summaries(&mut |row| rows.push(store::SummaryRow { json: None, ..row }))?;
    let total = rows.len() as u64;
    let mut lines = Vec::with_capacity(rows.len());
    for (done, row) in (0..).zip(rows) {
        say(Said::Progress(Step::new(EXPORTING, done, total)));
        let Some(stored) = office.store.document(row.document)? else {
            continue;
        };
        let file = file_name(&row.kind, row.document);
        let path = folder.join(&file);
        let document = documents::open(&stored).map_err(|error| Failure::of(&error))?;
        write_document(&path, &documents::whole(&stored), &document)
            .map_err(|error| failed(&path, error))?;
        lines.push(Line {
            id: row.document,
            kind: row.kind,
            feed: stored.home_feed,
            file,
            heads: documents::heads(&document),
            first_received_at: row.first_received_at,
            received_at: row.received_at,
        });
    }
    let path = folder.join("index.json");
    write_json(&path, &lines).map_err(|error| failed(&path, error))?;
    let (count, place) = (lines.len(), folder.display());
    say(Said::Line(format!(
        "已导出 {count} 份文档到 {place} / {count} documents exported to {place}"
    )));
    Ok(())
}

/// `<kind>/<id>.automerge`, with slashes whatever the system's separator is. A kind this program
/// does not know may be any text, so it does not name a folder.
fn file_name(kind: &Kind, document: DocumentId) -> String {
    match kind {
        Kind::Other(_) => format!("other/{document}.automerge"),
        kind => format!("{kind}/{document}.automerge"),
    }
}

fn write_document(path: &PathBuf, bytes: &[u8], document: &Automerge) -> std::io::Result<()> {
    if let Some(folder) = path.parent() {
        fs::create_dir_all(folder)?;
    }
    fs::write(path, bytes)?;
    write_json(
        &path.with_extension("json"),
        &hydrate(document, &ROOT, ObjType::Map, 0),
    )
}

fn write_json(path: &Path, value: &impl Serialize) -> std::io::Result<()> {
    let mut file = BufWriter::new(File::create(path)?);
    serde_json::to_writer_pretty(&mut file, value)?;
    file.write_all(b"\n")?;
    file.into_inner()
        .map_err(std::io::IntoInnerError::into_error)?
        .sync_all()
}

/// The document as plain JSON, each field with the value Automerge shows.
fn hydrate(document: &Automerge, object: &ObjId, kind: ObjType, depth: usize) -> serde_json::Value {
    let value = |value: Value<'_>, id: ObjId| match value {
        Value::Object(kind) if depth < DEPTH_MAX => hydrate(document, &id, kind, depth + 1),
        Value::Object(_) => serde_json::Value::Null,
        Value::Scalar(scalar) => plain(&scalar),
    };
    match kind {
        ObjType::Text => json!(document.text(object).unwrap_or_default()),
        ObjType::List => {
            let items = (0..document.length(object))
                .filter_map(|place| document.get(object, place).ok()?);
            items.map(|(item, id)| value(item, id)).collect()
        }
        ObjType::Map | ObjType::Table => {
            let keys = document.keys(object);
            let fields = keys.filter_map(|key| {
                let (field, id) = document.get(object, key.as_str()).ok()??;
                Some((key, value(field, id)))
            });
            serde_json::Value::Object(fields.collect::<Map<_, _>>())
        }
    }
}

fn plain(scalar: &ScalarValue) -> serde_json::Value {
    match scalar {
        ScalarValue::Str(text) => json!(text.as_str()),
        ScalarValue::Int(number) | ScalarValue::Timestamp(number) => json!(number),
        ScalarValue::Uint(number) => json!(number),
        ScalarValue::F64(number) => json!(number),
        ScalarValue::Counter(counter) => json!(i64::from(counter)),
        ScalarValue::Boolean(truth) => json!(truth),
        ScalarValue::Bytes(bytes) => json!({"bytes": hex::encode(bytes)}),
        ScalarValue::Unknown { bytes, .. } => json!({"unknown": hex::encode(bytes)}),
        ScalarValue::Null => serde_json::Value::Null,
    }
}
