//! The small part of CBOR that frames are written in: definite arrays of
//! integers, bytes, text, booleans and null. What a frame means is in `frame`.

use std::convert::Infallible;

use minicbor::decode::Error as Bad;
use minicbor::{Decoder, Encoder};

/// Writes to memory.
pub(crate) type Writer = Encoder<Vec<u8>>;
/// The result of writing to memory, which has no way to fail.
pub(crate) type Written = Result<(), minicbor::encode::Error<Infallible>>;

/// Collects what `write` puts down.
pub(crate) fn to_vec(write: impl FnOnce(&mut Writer) -> Written) -> Vec<u8> {
    let mut writer = Encoder::new(Vec::new());
    // The only errors are those of the writer, and a `Vec` has none (its error
    // type is `Infallible`), so nothing is ever lost here.
    let written = write(&mut writer);
    debug_assert!(written.is_ok());
    writer.into_writer()
}

/// Opens an array and says how many items it has. Arrays of indefinite length
/// are not part of the protocol.
pub(crate) fn array(reader: &mut Decoder<'_>) -> Result<u64, Bad> {
    reader
        .array()?
        .ok_or_else(|| Bad::message("an array of indefinite length"))
}

/// Opens an array with at least `known` items and says how many more there are.
pub(crate) fn array_of(reader: &mut Decoder<'_>, known: u64) -> Result<u64, Bad> {
    array(reader)?
        .checked_sub(known)
        .ok_or_else(|| Bad::message("an array with too few items"))
}

/// Passes over items that this version does not know.
pub(crate) fn skip(reader: &mut Decoder<'_>, items: u64) -> Result<(), Bad> {
    // Every item takes a byte at least, so a claimed number that the bytes do
    // not hold ends in an error and not in a long loop.
    for _ in 0..items {
        reader.skip()?;
    }
    Ok(())
}

/// Reads an array of like things. `item` reads one of them.
pub(crate) fn list<'b, T>(
    reader: &mut Decoder<'b>,
    mut item: impl FnMut(&mut Decoder<'b>) -> Result<T, Bad>,
) -> Result<Vec<T>, Bad> {
    let length = array(reader)?;
    // The claimed length is not trusted with memory before the items are there.
    let mut items = Vec::new();
    for _ in 0..length {
        items.push(item(reader)?);
    }
    Ok(items)
}

/// Reads text or null.
pub(crate) fn text_or_null(reader: &mut Decoder<'_>) -> Result<Option<String>, Bad> {
    if reader.datatype()? == minicbor::data::Type::Null {
        reader.null()?;
        return Ok(None);
    }
    Ok(Some(reader.str()?.to_owned()))
}

/// Writes text or null.
pub(crate) fn write_text_or_null(writer: &mut Writer, text: Option<&str>) -> Written {
    match text {
        Some(text) => writer.str(text)?.ok(),
        None => writer.null()?.ok(),
    }
}

/// Reads a byte string of a fixed length.
pub(crate) fn fixed<const N: usize>(reader: &mut Decoder<'_>) -> Result<[u8; N], Bad> {
    reader
        .bytes()?
        .try_into()
        .map_err(|_| Bad::message("a byte string of another length"))
}

/// Writes integers, each as the difference to the one before (the first to 0).
/// The array around them is the caller's.
pub(crate) fn write_differences(
    writer: &mut Writer,
    integers: impl IntoIterator<Item = i64>,
) -> Written {
    let mut before = 0_i64;
    for integer in integers {
        writer.i64(integer.wrapping_sub(before))?;
        before = integer;
    }
    Ok(())
}

/// Reads what [`write_differences`] wrote.
pub(crate) fn read_differences(reader: &mut Decoder<'_>, length: u64) -> Result<Vec<i64>, Bad> {
    let mut before = 0_i64;
    // The claimed length is not trusted with memory before the items are there.
    let mut integers = Vec::new();
    for _ in 0..length {
        before = before.wrapping_add(reader.i64()?);
        integers.push(before);
    }
    Ok(integers)
}
