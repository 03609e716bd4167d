//! Counts what a change's body claims to hold, without unfolding it. Columns
//! are run-length encoded, so a handful of bytes can stand for 2^60 operations,
//! and Automerge walks them one by one (or collects them) while it parses.
//!
//! Whether the operations make sense is not looked at here.

use model::{Reason, limits};

use crate::leb128::Cursor;

/// The longest map key, in bytes. A run repeats its key for nothing, so a long
/// one would grow with every path that is built of it.
const KEY_BYTES: usize = 128;

/// Operations may each replace several concurrent ones, but not without end.
const PREDECESSORS: u64 = 2 * limits::CHANGE_OPERATIONS as u64;

/// The columns of a change, by their number on the wire: id shifted left by
/// four, plus type. Unknown ones are refused: Automerge would drop them when it
/// saves a document, and with them the change's hash.
mod column {
    pub const OBJECT_ACTOR: u64 = 0x01;
    pub const OBJECT_COUNTER: u64 = 0x02;
    pub const KEY_ACTOR: u64 = 0x11;
    pub const KEY_COUNTER: u64 = 0x13;
    pub const KEY_TEXT: u64 = 0x15;
    pub const INSERT: u64 = 0x34;
    pub const ACTION: u64 = 0x42;
    pub const VALUE_META: u64 = 0x56;
    pub const VALUE: u64 = 0x57;
    pub const PREDECESSOR_COUNT: u64 = 0x70;
    pub const PREDECESSOR_ACTOR: u64 = 0x71;
    pub const PREDECESSOR_COUNTER: u64 = 0x73;
    pub const MARK_EXPAND: u64 = 0x94;
    pub const MARK_NAME: u64 = 0xa5;
}

/// Checks that the body of a change is laid out as a change and holds no more
/// than it may.
pub(super) fn check(body: &[u8]) -> Result<(), Reason> {
    let Columns(columns) = columns(body).ok_or(Reason::Malformed)?;
    let find = |wanted| {
        let found = columns.iter().find(|(column, _)| *column == wanted);
        found.map_or(&[][..], |(_, data)| *data)
    };
    let mut operations = Tally::default();
    operations
        .numbers(find(column::ACTION), false)
        .ok_or(Reason::Malformed)?;
    if operations.items > limits::CHANGE_OPERATIONS as u64 {
        return Err(Reason::TooManyOperations);
    }
    let mut counts = Tally::default();
    counts
        .numbers(find(column::PREDECESSOR_COUNT), false)
        .ok_or(Reason::Malformed)?;
    if counts.sum > u128::from(PREDECESSORS) {
        return Err(Reason::TooManyOperations);
    }
    for (column, data) in columns {
        let most = match column {
            column::PREDECESSOR_ACTOR | column::PREDECESSOR_COUNTER => counts.sum,
            _ => u128::from(operations.items),
        };
        check_column(column, data, most)?;
    }
    Ok(())
}

/// Each column with its bytes.
struct Columns<'a>(Vec<(u64, &'a [u8])>);

/// Walks over the fields before the columns and cuts the columns apart. Bytes
/// after the columns are none that this program would write; they are refused.
fn columns(body: &[u8]) -> Option<Columns<'_>> {
    let mut cursor = Cursor::new(body);
    let dependencies = cursor.unsigned()?;
    cursor.take(dependencies.checked_mul(32)?)?;
    let _actor = cursor.prefixed()?;
    let _seq = cursor.unsigned()?;
    let _start = cursor.unsigned()?;
    let _time = cursor.signed()?;
    let _message = cursor.prefixed()?;
    for _ in 0..cursor.unsigned()? {
        cursor.prefixed()?;
    }
    let mut lengths = Vec::new();
    let mut before = None;
    for _ in 0..cursor.unsigned()? {
        let column = cursor.unsigned()?;
        // Ascending, so none comes twice.
        if before >= Some(column) {
            return None;
        }
        before = Some(column);
        lengths.push((column, cursor.unsigned()?));
    }
    let mut columns = Vec::with_capacity(lengths.len());
    for (column, length) in lengths {
        columns.push((column, cursor.take(length)?));
    }
    cursor.is_empty().then_some(Columns(columns))
}

/// Checks that one column reads and has at most `most` items.
fn check_column(column: u64, data: &[u8], most: u128) -> Result<(), Reason> {
    let mut tally = Tally::default();
    let read = match column {
        column::OBJECT_ACTOR
        | column::OBJECT_COUNTER
        | column::KEY_ACTOR
        | column::ACTION
        | column::VALUE_META
        | column::PREDECESSOR_COUNT
        | column::PREDECESSOR_ACTOR => tally.numbers(data, false),
        column::KEY_COUNTER | column::PREDECESSOR_COUNTER => tally.numbers(data, true),
        column::KEY_TEXT => tally.texts(data),
        column::INSERT => tally.booleans(data),
        // The lengths in the column before say how these bytes are cut.
        column::VALUE => Some(()),
        // No kind of document has marks.
        column::MARK_EXPAND | column::MARK_NAME => return Err(Reason::NotReadable),
        _ => None,
    };
    read.ok_or(Reason::Malformed)?;
    if tally.longest > KEY_BYTES {
        return Err(Reason::TooLarge);
    }
    if u128::from(tally.items) > most {
        return Err(Reason::Malformed);
    }
    Ok(())
}

/// What a column holds, counted run by run.
#[derive(Default)]
struct Tally {
    items: u64,
    /// Of the values of unsigned columns.
    sum: u128,
    /// The longest text.
    longest: usize,
}

impl Tally {
    fn numbers(&mut self, data: &[u8], signed: bool) -> Option<()> {
        self.runs(data, |cursor, tally, times| {
            if signed {
                cursor.signed()?;
            } else {
                tally.sum += u128::from(cursor.unsigned()?) * u128::from(times);
            }
            Some(())
        })
    }

    fn texts(&mut self, data: &[u8]) -> Option<()> {
        self.runs(data, |cursor, tally, _| {
            tally.longest = tally.longest.max(cursor.prefixed()?.len());
            Some(())
        })
    }

    /// Runs of false and true, by turns.
    fn booleans(&mut self, data: &[u8]) -> Option<()> {
        let mut cursor = Cursor::new(data);
        while !cursor.is_empty() {
            self.items = self.items.checked_add(cursor.unsigned()?)?;
        }
        Some(())
    }

    /// Walks over the runs: a positive number of one value repeated, a negative
    /// number of values that follow, or 0 and a number of nulls.
    fn runs<'a>(
        &mut self,
        data: &'a [u8],
        mut value: impl FnMut(&mut Cursor<'a>, &mut Self, u64) -> Option<()>,
    ) -> Option<()> {
        let mut cursor = Cursor::new(data);
        while !cursor.is_empty() {
            let run = cursor.signed()?;
            let length = match run {
                0 => cursor.unsigned()?,
                _ => run.unsigned_abs(),
            };
            if run > 0 {
                value(&mut cursor, self, length)?;
            } else if run < 0 {
                // Every value takes a byte at least, so this ends with the data.
                for _ in 0..length {
                    value(&mut cursor, self, 1)?;
                }
            }
            self.items = self.items.checked_add(length)?;
        }
        Some(())
    }
}
