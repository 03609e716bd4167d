//! Tells bodies from heads in one direction of an HTTP/1.1 connection. Pure.

/// Reads along one direction of a connection.
#[derive(Debug, Default)]
pub struct Heads {
    part: Part,
    /// The head or chunk mark so far.
    line: Vec<u8>,
}

/// What was in some bytes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Found {
    /// Bytes of bodies.
    pub body: u64,
    /// Messages that began.
    pub messages: u64,
}

/// Where in a message the next byte is.
#[derive(Debug, Default, PartialEq, Eq)]
enum Part {
    #[default]
    Between,
    Head,
    /// So many bytes of a body are left.
    Body(u64),
    ChunkMark,
    Chunk(u64),
    ChunkEnd,
    /// After the last chunk, up to the empty line.
    Trailer,
    /// No HTTP any more: all that follows is body.
    Other,
}

impl Heads {
    /// Whether the connection has left HTTP for a websocket.
    pub fn has_left_http(&self) -> bool {
        self.part == Part::Other
    }

    /// Reads on.
    pub fn read(&mut self, mut bytes: &[u8]) -> Found {
        let mut found = Found::default();
        while !bytes.is_empty() {
            let taken = self.step(bytes, &mut found);
            bytes = &bytes[taken..];
        }
        found
    }

    /// Takes some of the bytes, which are not empty, and says how many.
    fn step(&mut self, bytes: &[u8], found: &mut Found) -> usize {
        match &mut self.part {
            Part::Other => {
                found.body += bytes.len() as u64;
                bytes.len()
            }
            Part::Body(left) | Part::Chunk(left) => {
                let taken = bytes
                    .len()
                    .min(usize::try_from(*left).unwrap_or(usize::MAX));
                *left -= taken as u64;
                found.body += taken as u64;
                if *left == 0 {
                    let was_chunk = matches!(self.part, Part::Chunk(_));
                    self.part = if was_chunk {
                        Part::ChunkEnd
                    } else {
                        Part::Between
                    };
                }
                taken
            }
            Part::Between => {
                found.messages += 1;
                self.part = Part::Head;
                0
            }
            Part::Head | Part::ChunkMark | Part::ChunkEnd | Part::Trailer => {
                self.line.push(bytes[0]);
                self.end_line();
                1
            }
        }
    }

    /// Goes on where a head, a mark or a line has ended.
    fn end_line(&mut self) {
        let end: &[u8] = match self.part {
            Part::Head => b"\r\n\r\n",
            _ => b"\r\n",
        };
        if !self.line.ends_with(end) {
            return;
        }
        let line = std::mem::take(&mut self.line);
        let text = String::from_utf8_lossy(&line);
        let text = text.trim_end();
        self.part = match self.part {
            Part::Head => after_head(text),
            Part::ChunkMark => match length(text, 16) {
                0 => Part::Trailer,
                bytes => Part::Chunk(bytes),
            },
            Part::Trailer if text.is_empty() => Part::Between,
            Part::Trailer => Part::Trailer,
            _ => Part::ChunkMark,
        };
    }
}

fn after_head(head: &str) -> Part {
    let head = head.to_ascii_lowercase();
    let value = |name: &str| {
        let mut lines = head.lines().filter_map(|line| line.split_once(':'));
        let found = lines.find(|(found, _)| *found == name);
        found.map(|(_, value)| value.trim())
    };
    // Asked for and, by every server here, granted.
    if value("upgrade") == Some("websocket") {
        return Part::Other;
    }
    if value("transfer-encoding") == Some("chunked") {
        return Part::ChunkMark;
    }
    match value("content-length").map_or(0, |text| length(text, 10)) {
        0 => Part::Between,
        bytes => Part::Body(bytes),
    }
}

/// A length, 0 where it does not read: then the bytes count as heads.
fn length(text: &str, radix: u32) -> u64 {
    let digits = text.split(';').next().unwrap_or_default();
    u64::from_str_radix(digits.trim(), radix).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    const STREAMS: [(&str, u64, u64); 5] = [
        ("GET / HTTP/1.1\r\nhost: a\r\n\r\n", 0, 1),
        (
            "POST / HTTP/1.1\r\nContent-Length: 5\r\n\r\nhelloPOST / HTTP/1.1\r\ncontent-length: 2\r\n\r\nhi",
            7,
            2,
        ),
        (
            "HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n5\r\nhello\r\na;x=y\r\n0123456789\r\n0\r\n\r\nHTTP/1.1 304 Not Modified\r\n\r\n",
            15,
            2,
        ),
        (
            "HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n0\r\ntrailer: x\r\n\r\n",
            0,
            1,
        ),
        (
            "HTTP/1.1 101 Switching Protocols\r\nupgrade: websocket\r\n\r\nanything\r\n\r\nat all",
            18,
            1,
        ),
    ];

    #[test]
    fn bodies_are_told_from_heads_wherever_the_bytes_are_cut() {
        for (stream, body, messages) in STREAMS {
            for size in 1..=stream.len() {
                let mut heads = Heads::default();
                let mut found = Found::default();
                for piece in stream.as_bytes().chunks(size) {
                    let more = heads.read(piece);
                    found.body += more.body;
                    found.messages += more.messages;
                }
                assert_eq!(found, Found { body, messages }, "{stream} by {size}");
            }
        }
    }
}
