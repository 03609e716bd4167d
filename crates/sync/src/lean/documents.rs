//! Ids of documents, where most are visits whose id follows from a device and a
//! time.

use minicbor::Decoder;
use minicbor::data::Type;
use minicbor::decode::Error as Bad;
use model::{DeviceId, DocumentId, visit_id, visit_made_at_ms};

use super::Common;
use crate::cbor::{self, Writer, Written};

/// Stands in a column for a document that no device's clock gave its id.
const PLAIN: u8 = 255;

/// A document in a request: of the sending device, or any other.
pub(super) fn write_own(writer: &mut Writer, document: DocumentId, common: &Common) -> Written {
    match visit_made_at_ms(common.device, document) {
        Some(ms) => writer.i64(common.clock_ms.wrapping_sub(ms))?.ok(),
        None => writer.bytes(document.as_bytes())?.ok(),
    }
}

pub(super) fn read_own(
    reader: &mut Decoder<'_>,
    common: Option<&Common>,
) -> Result<DocumentId, Bad> {
    if reader.datatype()? == Type::Bytes {
        return reader.decode();
    }
    let common = common.ok_or_else(|| Bad::message("a document without its device"))?;
    let ms = common.clock_ms.wrapping_sub(reader.i64()?);
    Ok(visit_id(common.device, ms))
}

/// A document in a response. `devices` are those that may have made it.
pub(super) fn write_one(
    writer: &mut Writer,
    document: DocumentId,
    devices: &[DeviceId],
    clock_ms: i64,
) -> Written {
    match made(document, devices) {
        Some((device, ms)) => writer
            .array(2)?
            .bytes(devices[device].as_bytes())?
            .i64(clock_ms.wrapping_sub(ms))?
            .ok(),
        None => writer.bytes(document.as_bytes())?.ok(),
    }
}

pub(super) fn read_one(reader: &mut Decoder<'_>, clock_ms: i64) -> Result<DocumentId, Bad> {
    if reader.datatype()? == Type::Bytes {
        return reader.decode();
    }
    let unknown = cbor::array_of(reader, 2)?;
    let device = reader.decode()?;
    let ms = clock_ms.wrapping_sub(reader.i64()?);
    cbor::skip(reader, unknown)?;
    Ok(visit_id(device, ms))
}

fn made(document: DocumentId, devices: &[DeviceId]) -> Option<(usize, i64)> {
    Makers::new(devices).of(document)
}

/// Finds who made a visit. Who made the one before is asked first: a worker's
/// visits come together.
struct Makers<'a> {
    devices: &'a [DeviceId],
    order: Vec<usize>,
}

impl<'a> Makers<'a> {
    fn new(devices: &'a [DeviceId]) -> Self {
        let count = devices.len().min(usize::from(PLAIN));
        Self {
            devices,
            order: (0..count).collect(),
        }
    }

    fn of(&mut self, document: DocumentId) -> Option<(usize, i64)> {
        const VERSION_7: u8 = 0x70;
        if document.as_bytes()[6] & 0xf0 != VERSION_7 {
            return None;
        }
        let mut order = self.order.iter().enumerate();
        let (place, device, ms) = order.find_map(|(place, device)| {
            let ms = visit_made_at_ms(self.devices[*device], document)?;
            Some((place, *device, ms))
        })?;
        self.order[..=place].rotate_right(1);
        Some((device, ms))
    }
}

/// Many documents.
pub(super) fn write_column(
    writer: &mut Writer,
    documents: &[DocumentId],
    devices: &[DeviceId],
    clock_ms: i64,
) -> Written {
    let mut makers = Makers::new(devices);
    let made: Vec<_> = documents.iter().map(|id| makers.of(*id)).collect();
    let mut used: Vec<usize> = made.iter().flatten().map(|(device, _)| *device).collect();
    used.sort_unstable();
    used.dedup();
    let device_bytes: Vec<u8> = used
        .iter()
        .flat_map(|device| *devices[*device].as_bytes())
        .collect();
    let which: Vec<u8> = made
        .iter()
        .map(|made| made.map_or(PLAIN, |(device, _)| place_in(&used, device)))
        .collect();
    let offsets: Vec<i64> = made
        .iter()
        .flatten()
        .map(|(_, ms)| clock_ms.wrapping_sub(*ms))
        .collect();
    let plain: Vec<u8> = documents
        .iter()
        .zip(&made)
        .filter(|(_, made)| made.is_none())
        .flat_map(|(id, _)| *id.as_bytes())
        .collect();
    writer.array(4)?.bytes(&device_bytes)?.bytes(&which)?;
    writer.array(offsets.len() as u64)?;
    cbor::write_differences(writer, offsets)?;
    writer.bytes(&plain)?.ok()
}

fn place_in(used: &[usize], device: usize) -> u8 {
    // At most 255 devices are looked at, so the place is below `PLAIN`.
    used.iter()
        .position(|one| *one == device)
        .and_then(|place| u8::try_from(place).ok())
        .unwrap_or(PLAIN)
}

pub(super) fn read_column(reader: &mut Decoder<'_>, clock_ms: i64) -> Result<Vec<DocumentId>, Bad> {
    let unknown = cbor::array_of(reader, 4)?;
    let devices = ids(reader.bytes()?)?;
    let which = reader.bytes()?;
    let length = cbor::array(reader)?;
    let mut offsets = cbor::read_differences(reader, length)?.into_iter();
    let mut plain = ids(reader.bytes()?)?.into_iter();
    cbor::skip(reader, unknown)?;
    let mut document = |place: u8| {
        if place == PLAIN {
            return plain.next().map(DocumentId::from_bytes);
        }
        let device = DeviceId::from_bytes(*devices.get(usize::from(place))?);
        Some(visit_id(device, clock_ms.wrapping_sub(offsets.next()?)))
    };
    which
        .iter()
        .map(|place| document(*place).ok_or_else(|| Bad::message("too few ids")))
        .collect()
}

fn ids(bytes: &[u8]) -> Result<Vec<[u8; 16]>, Bad> {
    let (ids, rest) = bytes.as_chunks::<16>();
    match rest {
        [] => Ok(ids.to_vec()),
        _ => Err(Bad::message("ids that are not 16 bytes each")),
    }
}
