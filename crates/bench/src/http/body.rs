//! Bodies of answers: of a known length, or in chunks.

use crate::BenchError;

use super::{Counting, header};

/// Reads a body to its end.
pub fn whole(
    stream: &mut Counting,
    headers: &[(String, String)],
    path: &str,
) -> Result<Vec<u8>, BenchError> {
    let mut body = Vec::new();
    if header(headers, "transfer-encoding") == "chunked" {
        while chunk(stream, &mut body)? {}
        return Ok(body);
    }
    let length = header(headers, "content-length").parse();
    let length = length.map_err(|_| BenchError::answer(path, "a body without a length"))?;
    stream.bytes(length, &mut body)?;
    Ok(body)
}

/// Appends the next chunk; `false` when it was the last, empty one.
fn chunk(stream: &mut Counting, body: &mut Vec<u8>) -> Result<bool, BenchError> {
    let line = stream.line()?;
    let length = usize::from_str_radix(&line, 16);
    let length = length.map_err(|_| BenchError::answer("a chunk", format!("length “{line}”")))?;
    stream.bytes(length, body)?;
    stream.line()?;
    Ok(length > 0)
}

/// The lines of an answer that never ends.
pub struct Stream {
    stream: Counting,
    waiting: Vec<u8>,
}

impl Stream {
    pub(super) fn new(stream: Counting) -> Self {
        Self {
            stream,
            waiting: Vec::new(),
        }
    }

    /// The next line; `None` at the end.
    pub fn next_line(&mut self) -> Result<Option<String>, BenchError> {
        loop {
            if let Some(end) = self.waiting.iter().position(|byte| *byte == b'\n') {
                let line: Vec<u8> = self.waiting.drain(..=end).collect();
                return Ok(Some(String::from_utf8_lossy(&line).trim_end().to_owned()));
            }
            if !chunk(&mut self.stream, &mut self.waiting)? {
                return Ok(None);
            }
        }
    }
}
