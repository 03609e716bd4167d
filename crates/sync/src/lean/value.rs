//! JSON as CBOR: what summaries are written in. A text that is an id in its
//! usual form is its 16 bytes.

use minicbor::Decoder;
use minicbor::data::Type;
use minicbor::decode::Error as Bad;
use serde_json::{Map, Number, Value};
use uuid::Uuid;

use crate::cbor::{self, Writer, Written};

/// How deep arrays and maps may lie in each other.
const DEPTH_MAX: usize = 16;

pub(super) fn write(writer: &mut Writer, value: &Value) -> Written {
    match value {
        Value::Null => writer.null()?.ok(),
        Value::Bool(value) => writer.bool(*value)?.ok(),
        Value::Number(number) => write_number(writer, number),
        Value::String(text) => match id(text) {
            Some(uuid) => writer.bytes(uuid.as_bytes())?.ok(),
            None => writer.str(text)?.ok(),
        },
        Value::Array(items) => {
            writer.array(items.len() as u64)?;
            items.iter().try_for_each(|item| write(writer, item))
        }
        Value::Object(map) => write_map(writer, map),
    }
}

pub(super) fn write_map(writer: &mut Writer, map: &Map<String, Value>) -> Written {
    writer.map(map.len() as u64)?;
    map.iter().try_for_each(|(key, value)| {
        writer.str(key)?;
        write(writer, value)
    })
}

fn write_number(writer: &mut Writer, number: &Number) -> Written {
    match (number.as_i64(), number.as_u64()) {
        (Some(whole), _) => writer.i64(whole)?.ok(),
        (_, Some(whole)) => writer.u64(whole)?.ok(),
        _ => writer.f64(number.as_f64().unwrap_or_default())?.ok(),
    }
}

pub(super) fn read(reader: &mut Decoder<'_>) -> Result<Value, Bad> {
    read_at(reader, 0)
}

fn read_at(reader: &mut Decoder<'_>, depth: usize) -> Result<Value, Bad> {
    if depth > DEPTH_MAX {
        return Err(Bad::message("a value that is nested too deep"));
    }
    Ok(match reader.datatype()? {
        Type::Null => {
            reader.null()?;
            Value::Null
        }
        Type::Bool => Value::Bool(reader.bool()?),
        Type::F16 | Type::F32 | Type::F64 => {
            Number::from_f64(reader.f64()?).map_or(Value::Null, Value::Number)
        }
        Type::String => Value::String(reader.str()?.to_owned()),
        Type::Bytes => Value::String(text_of(reader.bytes()?)?),
        Type::Array => Value::Array(cbor::list(reader, |reader| read_at(reader, depth + 1))?),
        Type::Map => Value::Object(read_map(reader, depth)?),
        _ => Value::Number(reader.i64()?.into()),
    })
}

fn read_map(reader: &mut Decoder<'_>, depth: usize) -> Result<Map<String, Value>, Bad> {
    let length = reader
        .map()?
        .ok_or_else(|| Bad::message("a map of indefinite length"))?;
    let mut map = Map::new();
    for _ in 0..length {
        let key = reader.str()?.to_owned();
        map.insert(key, read_at(reader, depth + 1)?);
    }
    Ok(map)
}

fn id(text: &str) -> Option<Uuid> {
    let uuid = Uuid::try_parse(text).ok()?;
    let mut buffer = Uuid::encode_buffer();
    (uuid.as_hyphenated().encode_lower(&mut buffer) == text).then_some(uuid)
}

fn text_of(bytes: &[u8]) -> Result<String, Bad> {
    let uuid = Uuid::from_slice(bytes).map_err(|_| Bad::message("an id has 16 bytes"))?;
    Ok(uuid.as_hyphenated().to_string())
}
