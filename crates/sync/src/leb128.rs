//! Bytes and LEB128 numbers in a slice. Reading never panics and takes no memory,
//! whatever the bytes are.

/// Writes an unsigned number in as few bytes as it can be.
pub(crate) fn write(out: &mut Vec<u8>, mut value: u64) {
    while value >= 0x80 {
        out.push(value as u8 | 0x80);
        value >>= 7;
    }
    out.push(value as u8);
}

/// Writes bytes behind their length.
pub(crate) fn write_prefixed(out: &mut Vec<u8>, bytes: &[u8]) {
    write(out, bytes.len() as u64);
    out.extend_from_slice(bytes);
}

/// A place in a slice. Every reader gives `None` when the bytes do not hold
/// what is asked for.
#[derive(Clone, Debug)]
pub(crate) struct Cursor<'a> {
    bytes: &'a [u8],
    minimal: bool,
}

impl<'a> Cursor<'a> {
    pub fn new(bytes: &'a [u8]) -> Self {
        Self {
            bytes,
            minimal: true,
        }
    }

    pub fn is_empty(&self) -> bool {
        self.bytes.is_empty()
    }

    /// Whether every number so far was spelled in as few bytes as it can be.
    pub fn was_minimal(&self) -> bool {
        self.minimal
    }

    /// Everything that is left.
    pub fn rest(&mut self) -> &'a [u8] {
        std::mem::take(&mut self.bytes)
    }

    pub fn take(&mut self, length: u64) -> Option<&'a [u8]> {
        let length = usize::try_from(length).ok()?;
        let (taken, rest) = self.bytes.split_at_checked(length)?;
        self.bytes = rest;
        Some(taken)
    }

    pub fn byte(&mut self) -> Option<u8> {
        let (first, rest) = self.bytes.split_first()?;
        self.bytes = rest;
        Some(*first)
    }

    /// Bytes behind their length.
    pub fn prefixed(&mut self) -> Option<&'a [u8]> {
        let length = self.unsigned()?;
        self.take(length)
    }

    pub fn unsigned(&mut self) -> Option<u64> {
        let mut value: u64 = 0;
        for shift in (0..64).step_by(7) {
            let byte = self.byte()?;
            let bits = u64::from(byte & 0x7f);
            if shift == 63 && bits > 1 {
                return None;
            }
            value |= bits << shift;
            if byte & 0x80 == 0 {
                self.minimal &= byte != 0 || shift == 0;
                return Some(value);
            }
        }
        None
    }

    pub fn signed(&mut self) -> Option<i64> {
        let mut value: i64 = 0;
        for shift in (0..64).step_by(7) {
            let byte = self.byte()?;
            if shift == 63 && byte != 0 && byte != 0x7f {
                return None;
            }
            value |= i64::from(byte & 0x7f) << shift;
            if byte & 0x80 == 0 {
                let negative = byte & 0x40 != 0;
                if negative && shift + 7 < 64 {
                    value |= -1 << (shift + 7);
                }
                return Some(value);
            }
        }
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_read_as_they_are_written_up_to_the_widest() {
        let unsigned: [(&[u8], u64); 4] = [
            (&[0x00], 0),
            (&[0x7f], 127),
            (&[0x81, 0x01], 129),
            (
                &[0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x01],
                u64::MAX,
            ),
        ];
        for (bytes, value) in unsigned {
            assert_eq!(Cursor::new(bytes).unsigned(), Some(value));
        }
        let signed: [(&[u8], i64); 5] = [
            (&[0x00], 0),
            (&[0x7f], -1),
            (&[0x3f], 63),
            (&[0xc0, 0x00], 64),
            (
                &[0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x7f],
                i64::MIN,
            ),
        ];
        for (bytes, value) in signed {
            assert_eq!(Cursor::new(bytes).signed(), Some(value));
        }
    }

    #[test]
    fn numbers_that_do_not_fit_or_do_not_end_are_not_read() {
        for bytes in [&[0x80; 11][..], &[0x80], &[0xff; 10], &[]] {
            assert_eq!(Cursor::new(bytes).unsigned(), None);
            assert_eq!(Cursor::new(bytes).signed(), None);
        }
    }
}
