//! Summaries of many documents, key by key: what stands in one column is alike,
//! and is compressed together.

use minicbor::Decoder;
use minicbor::decode::Error as Bad;
use serde_json::{Map, Value};

use super::value;
use crate::cbor::{self, Writer, Written};

/// How a column is written.
const VALUES: u64 = 0;
const DIFFERENCES: u64 = 1;

pub(super) fn write(writer: &mut Writer, rows: &[Option<&Map<String, Value>>]) -> Written {
    let table = Table::of(rows);
    writer.array(4)?.array(table.keys.len() as u64)?;
    for key in &table.keys {
        writer.str(key)?;
    }
    writer.array(table.shapes.len() as u64)?;
    for shape in &table.shapes {
        writer.array(shape.len() as u64)?;
        for key in shape {
            writer.u64(*key as u64)?;
        }
    }
    writer.array(table.which.len() as u64)?;
    for shape in &table.which {
        writer.i64(shape.map_or(-1, |shape| shape as i64))?;
    }
    writer.array(table.columns.len() as u64)?;
    table
        .columns
        .iter()
        .try_for_each(|column| write_column(writer, column))
}

/// The rows, turned over.
#[derive(Default)]
struct Table<'a> {
    keys: Vec<&'a str>,
    shapes: Vec<Vec<usize>>,
    which: Vec<Option<usize>>,
    columns: Vec<Vec<&'a Value>>,
}

impl<'a> Table<'a> {
    fn of(rows: &[Option<&'a Map<String, Value>>]) -> Self {
        let mut table = Self::default();
        for row in rows {
            let shape = row.map(|row| {
                let shape = row.iter().map(|(key, value)| table.put(key, value));
                let shape: Vec<usize> = shape.collect();
                place_of(&mut table.shapes, shape)
            });
            table.which.push(shape);
        }
        table
    }

    fn put(&mut self, key: &'a str, value: &'a Value) -> usize {
        let place = place_of(&mut self.keys, key);
        self.columns.resize_with(self.keys.len(), Vec::new);
        self.columns[place].push(value);
        place
    }
}

fn place_of<T: PartialEq>(known: &mut Vec<T>, wanted: T) -> usize {
    let place = known.iter().position(|one| *one == wanted);
    place.unwrap_or_else(|| {
        known.push(wanted);
        known.len() - 1
    })
}

/// An integer that every reader adds up exactly, be its numbers doubles.
fn exact(value: &Value) -> Option<i64> {
    const BELOW: u64 = 1 << 52;
    value.as_i64().filter(|value| value.unsigned_abs() < BELOW)
}

fn write_column(writer: &mut Writer, column: &[&Value]) -> Written {
    let integers: Option<Vec<i64>> = column.iter().map(|value| exact(value)).collect();
    writer.array(column.len() as u64 + 1)?;
    let Some(integers) = integers else {
        writer.u64(VALUES)?;
        return column
            .iter()
            .try_for_each(|item| value::write(writer, item));
    };
    writer.u64(DIFFERENCES)?;
    cbor::write_differences(writer, integers)
}

/// Reads a table of so many rows.
pub(super) fn read(
    reader: &mut Decoder<'_>,
    rows: usize,
) -> Result<Vec<Option<Map<String, Value>>>, Bad> {
    let unknown = cbor::array_of(reader, 4)?;
    let keys = cbor::list(reader, |reader| Ok(reader.str()?.to_owned()))?;
    let place = |reader: &mut Decoder<'_>| reader.u64();
    let shapes: Vec<Vec<u64>> = cbor::list(reader, |reader| cbor::list(reader, place))?;
    let which = cbor::list(reader, |reader| reader.i64())?;
    if which.len() != rows {
        return Err(Bad::message("columns of different lengths"));
    }
    let columns = cbor::list(reader, read_column)?;
    cbor::skip(reader, unknown)?;
    let mut columns: Vec<_> = columns.into_iter().map(Vec::into_iter).collect();
    let mut row = |shape: i64| {
        let Ok(shape) = usize::try_from(shape) else {
            return Some(None);
        };
        let mut row = Map::new();
        for key in shapes.get(shape)? {
            let key = usize::try_from(*key).ok()?;
            row.insert(keys.get(key)?.clone(), columns.get_mut(key)?.next()?);
        }
        Some(Some(row))
    };
    which
        .into_iter()
        .map(|shape| row(shape).ok_or_else(|| Bad::message("a table with a hole")))
        .collect()
}

fn read_column(reader: &mut Decoder<'_>) -> Result<Vec<Value>, Bad> {
    let length = cbor::array_of(reader, 1)?;
    match reader.u64()? {
        VALUES => (0..length).map(|_| value::read(reader)).collect(),
        DIFFERENCES => {
            let integers = cbor::read_differences(reader, length)?;
            Ok(integers.into_iter().map(Value::from).collect())
        }
        _ => Err(Bad::message("an unknown kind of column")),
    }
}
