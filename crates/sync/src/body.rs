//! Bodies as they travel: packs under one compression. The shell of the server
//! does this as a stream; here are whole bodies, for the phone in memory.

use std::io::{Read, Write};

/// How a body is compressed, as `Content-Encoding` says it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Encoding {
    /// Not at all.
    Plain,
    /// `gzip`
    Gzip,
    /// `br`
    Brotli,
}

impl Encoding {
    /// The encoding that a `Content-Encoding` header names; `None` for one that
    /// is not spoken here. No header, or an empty one, is plain.
    pub fn named(name: &str) -> Option<Self> {
        match name {
            "" | "identity" => Some(Encoding::Plain),
            "gzip" => Some(Encoding::Gzip),
            "br" => Some(Encoding::Brotli),
            _ => None,
        }
    }
}

/// Compresses a request's pack as a browser does.
pub fn gzip(pack: &[u8]) -> Vec<u8> {
    let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::default());
    // Writing to memory does not fail; if it did, plain bytes would be read by
    // the server as no gzip at all, and the phone would try again.
    match encoder.write_all(pack).and_then(|()| encoder.finish()) {
        Ok(body) => body,
        Err(_) => pack.to_vec(),
    }
}

/// Decompresses a body that may have been cut off anywhere: gives as much of the
/// pack as can be had, at most `limit` bytes.
pub fn inflate(encoding: Encoding, body: &[u8], limit: usize) -> Vec<u8> {
    match encoding {
        Encoding::Plain => body[..body.len().min(limit)].to_vec(),
        Encoding::Gzip => read_until_cut(flate2::bufread::GzDecoder::new(body), limit),
        Encoding::Brotli => read_until_cut(brotli::Decompressor::new(body, 4096), limit),
    }
}

fn read_until_cut(mut decoder: impl Read, limit: usize) -> Vec<u8> {
    let mut pack = Vec::new();
    let mut buffer = [0; 4096];
    while let Ok(length @ 1..) = decoder.read(&mut buffer) {
        let room = limit - pack.len();
        pack.extend_from_slice(&buffer[..length.min(room)]);
        if length >= room {
            break;
        }
    }
    pack
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_body_cut_anywhere_gives_a_beginning_of_the_pack() {
        let pack: Vec<u8> = (0..30_000_u32)
            .flat_map(|n| (n * n).to_le_bytes())
            .collect();
        let mut brotli_body = Vec::new();
        let mut encoder = brotli::CompressorWriter::new(&mut brotli_body, 4096, 5, 18);
        for piece in pack.chunks(5_000) {
            encoder.write_all(piece).unwrap();
            encoder.flush().unwrap();
        }
        drop(encoder);
        let bodies = [
            (Encoding::Plain, pack.clone()),
            (Encoding::Gzip, gzip(&pack)),
            (Encoding::Brotli, brotli_body),
        ];
        for (encoding, body) in bodies {
            let mut longest = 0;
            for cut in (0..body.len()).step_by(997).chain([body.len()]) {
                let got = inflate(encoding, &body[..cut], usize::MAX);
                assert!(pack.starts_with(&got), "{encoding:?} cut at {cut}");
                longest = longest.max(got.len());
            }
            assert_eq!(longest, pack.len(), "{encoding:?}");
            assert_eq!(inflate(encoding, &body, 10).len(), 10);
        }
    }
}
