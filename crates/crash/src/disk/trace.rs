//! Lines of strace into calls with the moments at which they began and ended.

use std::collections::HashMap;

use crate::CrashError;

/// A moment: the number of a line, counted over all traces of a recording.
pub type Moment = usize;

/// The end of a call that never came back.
pub const NEVER: Moment = Moment::MAX;

/// One call of the program.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Call {
    /// The call had no effect before.
    pub began: Moment,
    /// Its effect is there from now on; [`NEVER`] if the program was killed in it.
    pub ended: Moment,
    /// Such as `pwrite64`.
    pub name: String,
    /// Its arguments as strace writes them.
    pub arguments: Vec<String>,
    /// What it gave back; `None` if it never did.
    pub result: Option<i64>,
}

impl Call {
    /// An argument; empty if there is none.
    pub fn argument(&self, nth: usize) -> &str {
        self.arguments.get(nth).map_or("", String::as_str)
    }

    /// An argument that is a number.
    pub fn number(&self, nth: usize) -> Result<u64, CrashError> {
        let number = self.argument(nth).parse();
        number.map_err(|_| self.unreadable())
    }

    /// An argument that is text or bytes.
    pub fn bytes(&self, nth: usize) -> Result<Vec<u8>, CrashError> {
        quoted(self.argument(nth)).ok_or_else(|| self.unreadable())
    }

    /// The bytes of a call that writes several pieces at once.
    pub fn pieces(&self, nth: usize) -> Result<Vec<u8>, CrashError> {
        let mut all = Vec::new();
        for piece in self.argument(nth).split("iov_base=").skip(1) {
            let end = piece[1..].find('"').map(|end| end + 2);
            let piece = end.and_then(|end| quoted(&piece[..end]));
            all.extend(piece.ok_or_else(|| self.unreadable())?);
        }
        Ok(all)
    }

    /// The error for a call that is not understood.
    pub fn unreadable(&self) -> CrashError {
        let arguments: String = self.arguments.join(", ").chars().take(200).collect();
        CrashError::Trace(format!("{}({arguments}) = {:?}", self.name, self.result))
    }
}

/// The calls in the order in which they came back (`close`: began), then those
/// that never did.
/// `first` is the moment of the first line.
pub fn read(text: &str, first: Moment) -> Result<(Vec<Call>, Moment), CrashError> {
    let mut calls = Vec::new();
    let mut open: HashMap<&str, Call> = HashMap::new();
    let mut moment = first;
    for line in text.lines() {
        moment += 1;
        let (thread, line) = line.split_once(' ').unwrap_or_default();
        let line = line.trim_start();
        if line.starts_with("+++") || line.starts_with("---") {
            continue;
        }
        let unreadable = || CrashError::Trace(line.chars().take(200).collect());
        if let Some(rest) = line.strip_prefix("<... ") {
            let (_, rest) = rest.split_once(" resumed>").ok_or_else(unreadable)?;
            let mut call = open.remove(thread).ok_or_else(unreadable)?;
            let (rest, result) = split_result(rest).ok_or_else(unreadable)?;
            let more = split_arguments(rest.strip_suffix(')').unwrap_or(rest));
            call.arguments.extend(more);
            (call.ended, call.result) = (moment, result);
            calls.push(call);
            continue;
        }
        let (name, rest) = line.split_once('(').ok_or_else(unreadable)?;
        let call = |arguments: &str, ended, result| Call {
            began: moment,
            ended,
            name: name.to_owned(),
            arguments: split_arguments(arguments),
            result,
        };
        if let Some(arguments) = rest.strip_suffix("<unfinished ...>") {
            open.insert(thread, call(arguments.trim_end(), NEVER, None));
            continue;
        }
        let (arguments, result) = split_result(rest).ok_or_else(unreadable)?;
        let arguments = arguments.strip_suffix(')').ok_or_else(unreadable)?;
        let ended = if result.is_some() { moment } else { NEVER };
        calls.push(call(arguments, ended, result));
    }
    calls.extend(open.into_values());
    // A number that is being closed can be given out again before the line that says so.
    calls.sort_by_key(|call| match call.name.as_str() {
        "close" => (call.began, call.began),
        _ => (call.ended, call.began),
    });
    Ok((calls, moment))
}

/// `…) = 5 (words)` into what stands before the equals sign and the number;
/// no number for `?`, which a killed program leaves.
fn split_result(text: &str) -> Option<(&str, Option<i64>)> {
    let (before, after) = text.rsplit_once(" = ")?;
    let number = after.split([' ', '\n']).next()?;
    let result = match number.strip_prefix("0x") {
        Some(digits) => i64::from_str_radix(digits, 16).ok(),
        None => number.parse().ok(),
    };
    (result.is_some() || number == "?").then(|| (before.trim_end(), result))
}

/// Splits at the commas that stand in no quotes and no brackets.
fn split_arguments(text: &str) -> Vec<String> {
    let mut arguments = Vec::new();
    let (mut start, mut depth, mut is_quoted) = (0, 0_usize, false);
    for (at, byte) in text.bytes().enumerate() {
        match byte {
            b'"' => is_quoted = !is_quoted,
            b'[' | b'{' if !is_quoted => depth += 1,
            b']' | b'}' if !is_quoted => depth = depth.saturating_sub(1),
            b',' if !is_quoted && depth == 0 => {
                arguments.push(text[start..at].trim().to_owned());
                start = at + 1;
            }
            _ => {}
        }
    }
    let last = text[start..].trim();
    if !last.is_empty() {
        arguments.push(last.to_owned());
    }
    arguments
}

/// `"\x61\x62"` as bytes. A text that strace cut short is not read.
fn quoted(text: &str) -> Option<Vec<u8>> {
    let digits = text.strip_prefix('"')?.strip_suffix('"')?;
    let digits = digits.as_bytes();
    let (pieces, rest) = digits.as_chunks::<4>();
    let digit = |byte: u8| char::from(byte).to_digit(16);
    let byte = |piece: &[u8; 4]| {
        let [b'\\', b'x', high, low] = *piece else {
            return None;
        };
        Some((digit(high)? * 16 + digit(low)?) as u8)
    };
    rest.is_empty()
        .then(|| pieces.iter().map(byte).collect())
        .flatten()
}

#[cfg(test)]
mod tests {
    use super::*;

    const TRACE: &str = "\
7 openat(AT_FDCWD, \"\\x2f\\x64\", O_RDWR|O_CREAT|O_CLOEXEC, 0666) = 4
8 pwrite64(4, \"\\x61\\x62\", 2, 96 <unfinished ...>
7 fsync(5) = -1 EIO (Input/output error)
8 <... pwrite64 resumed>) = 2
8 writev(9, [{iov_base=\"\\x61\", iov_len=1}, {iov_base=\"\\x62\\x63\", iov_len=2}], 2) = 3
7 fdatasync(4 <unfinished ...>
7 write(4, \"\", 0) = ?
8 +++ killed by SIGKILL +++
";

    #[test]
    fn a_call_lasts_from_its_first_line_to_the_one_it_came_back_in() {
        let (calls, moments) = read(TRACE, 100).unwrap();
        let seen: Vec<_> = calls
            .iter()
            .map(|call| (call.name.as_str(), call.began, call.ended, call.result))
            .collect();
        assert_eq!(
            seen[..4],
            [
                ("openat", 101, 101, Some(4)),
                ("fsync", 103, 103, Some(-1)),
                ("pwrite64", 102, 104, Some(2)),
                ("writev", 105, 105, Some(3)),
            ]
        );
        let never = [("fdatasync", 106, NEVER, None), ("write", 107, NEVER, None)];
        assert_eq!(seen[4..], never);
        assert_eq!(moments, 108);
    }

    #[test]
    fn bytes_and_pieces_are_read_and_a_shortened_text_is_not() {
        let (calls, _) = read(TRACE, 0).unwrap();
        assert_eq!(calls[0].bytes(1).unwrap(), b"/d");
        assert_eq!(calls[2].bytes(1).unwrap(), b"ab");
        assert_eq!(calls[2].number(3).unwrap(), 96);
        assert_eq!(calls[3].pieces(1).unwrap(), b"abc");
        let (calls, _) = read("7 write(4, \"\\x61\"..., 9) = 9\n", 0).unwrap();
        assert!(calls[0].bytes(1).is_err());
    }
}
