//! How a journal looks on disk: one line a record, `length checksum json`.
//!
//! Length and checksum are eight hexadecimal digits each. The checksum is the CRC-32 of IEEE 802.3 over the number of the
//! record, eight bytes with the lowest first, and then the JSON: a record that is doubled, lost or moved does not fit its
//! place. The first record has number 0 and names the format.

use crate::engine::{History, Record, RunHeader};
use crate::error::RuntimeError;
use serde::{Deserialize, Serialize};
use std::path::Path;

/// The format that is written. What is older is read for as long as this crate can; what is newer is refused.
const FORMAT: u32 = 1;

/// Two fields of eight digits, each with a blank behind it.
const PREFIX: usize = 18;

/// How many zero bytes in a row are a hole and no damaged byte.
const HOLE: usize = 8;

#[derive(Serialize, Deserialize)]
struct FirstLine<H> {
    format: u32,
    header: H,
}

/// The first line of a journal.
pub(super) fn first_line(header: &RunHeader) -> Result<Vec<u8>, RuntimeError> {
    line(0, &FirstLine { format: FORMAT, header })
}

/// The line of record `number`, which is 1 for the first one behind the header.
pub(super) fn record_line(number: u64, record: &Record) -> Result<Vec<u8>, RuntimeError> {
    line(number, record)
}

fn line(number: u64, value: &impl Serialize) -> Result<Vec<u8>, RuntimeError> {
    let json_error = |error: &dyn std::fmt::Display| RuntimeError::Json {
        what: "a record".to_owned(),
        action: "written",
        reason: error.to_string(),
    };
    let mut line = vec![b' '; PREFIX];
    serde_json::to_writer(&mut line, value).map_err(|error| json_error(&error))?;
    let json = &line[PREFIX..];
    let length = u32::try_from(json.len()).map_err(|_| json_error(&"it is longer than 4 GiB"))?;
    let prefix = format!("{length:08x} {:08x} ", checksum(number, json));
    line[..PREFIX].copy_from_slice(prefix.as_bytes());
    line.push(b'\n');
    Ok(line)
}

fn checksum(number: u64, json: &[u8]) -> u32 {
    let mut checksum = crc32fast::Hasher::new();
    checksum.update(&number.to_le_bytes());
    checksum.update(json);
    checksum.finalize()
}

/// What a journal says.
#[derive(Debug)]
pub(super) struct Parsed {
    pub(super) history: History,
    /// The number of the record that comes next.
    pub(super) next: u64,
    /// How many bytes are good. What is behind them is the torn tail of a write that never ended.
    pub(super) good: u64,
}

/// Reads a whole journal.
pub(super) fn parse(path: &Path, bytes: &[u8]) -> Result<Parsed, RuntimeError> {
    let corrupt = |offset: usize, reason: String| {
        Err(RuntimeError::Corrupt { path: path.to_owned(), offset: offset as u64, reason })
    };
    let first = match next_line(bytes, 0) {
        Ok(line) => line,
        Err(reason) => return corrupt(0, reason.to_owned()),
    };
    let FirstLine { format, header } = match serde_json::from_slice::<FirstLine<RunHeader>>(first) {
        Ok(first) => first,
        Err(error) => return corrupt(0, format!("the header is none: {error}")),
    };
    if format > FORMAT {
        return corrupt(0, format!("its format is {format}, and this version reads up to {FORMAT}"));
    }
    let mut offset = PREFIX + first.len() + 1;
    let (mut next, mut records) = (1, Vec::new());
    while offset < bytes.len() {
        let rest = &bytes[offset..];
        match next_line(rest, next) {
            Ok(json) => match serde_json::from_slice(json) {
                Ok(record) => records.push(record),
                Err(error) => return corrupt(offset, format!("record {next} is none: {error}")),
            },
            Err(_) if is_torn(rest) => break,
            Err(reason) => return corrupt(offset, format!("record {next}: {reason}")),
        }
        offset += PREFIX + length(rest).unwrap_or_default() + 1;
        next += 1;
    }
    Ok(Parsed { history: History { header, records }, next, good: offset as u64 })
}

/// The JSON of the line at the beginning of `bytes`.
fn next_line(bytes: &[u8], number: u64) -> Result<&[u8], &'static str> {
    let length = length(bytes).ok_or("it does not begin with a length and a checksum")?;
    let end = PREFIX + length;
    if bytes.get(end) != Some(&b'\n') {
        return Err("it does not end where its length says");
    }
    let json = &bytes[PREFIX..end];
    let written = hexadecimal(&bytes[9..17]);
    if written == Some(checksum(number, json)) { Ok(json) } else { Err("its checksum differs") }
}

fn length(bytes: &[u8]) -> Option<usize> {
    let prefix = bytes.get(..PREFIX)?;
    let length = hexadecimal(&prefix[..8])?;
    (prefix[8] == b' ' && prefix[17] == b' ').then_some(length as usize)
}

/// Lower case alone, so that no other byte says the same.
fn hexadecimal(digits: &[u8]) -> Option<u32> {
    let valid = digits.iter().all(|digit| matches!(digit, b'0'..=b'9' | b'a'..=b'f'));
    let text = std::str::from_utf8(digits).ok().filter(|_| valid)?;
    u32::from_str_radix(text, 16).ok()
}

/// Whether bad bytes at the end of a journal are what an interrupted write leaves: a line that misses its end, or bytes
/// that were never written and read as zero.
///
/// A line that is whole and has a wrong checksum is no such thing: it may have been confirmed once, and cutting it would
/// repeat an effect. JSON has no zero bytes, and a page that never got there has many.
fn is_torn(tail: &[u8]) -> bool {
    let written = tail.iter().rposition(|byte| *byte != 0).map_or(&[][..], |last| &tail[..=last]);
    let end = written.iter().position(|byte| *byte == b'\n');
    let is_one_line = end.is_none_or(|end| end + 1 == written.len());
    let is_short = end.is_none() && length(written).is_none_or(|length| written.len() <= PREFIX + length);
    is_one_line && (is_short || written.windows(HOLE).any(|bytes| bytes == [0; HOLE]))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::engine::{Entry, EntryKey, EntryKind};
    use crate::id::{RunId, Sequence};
    use crate::payload::Payload;

    const RECORDS: u64 = 3;

    fn record(number: u64) -> Record {
        let sequence = Sequence::root().child(u32::try_from(number).unwrap());
        let key = EntryKey { sequence, kind: EntryKind::Step, name: "a".into() };
        Record::Entry(Entry { key, data: Payload::encode(&number).unwrap() })
    }

    /// A journal of a header and three records, and where each line begins.
    fn journal() -> (Vec<u8>, Vec<usize>) {
        let header = RunHeader::new(RunId::new("r").unwrap(), "o", 1, Payload::null());
        let mut bytes = first_line(&header).unwrap();
        let mut starts = vec![0];
        for number in 1..=RECORDS {
            starts.push(bytes.len());
            bytes.extend(record_line(number, &record(number)).unwrap());
        }
        (bytes, starts)
    }

    fn read(bytes: &[u8]) -> Result<Parsed, RuntimeError> {
        parse(Path::new("j"), bytes)
    }

    #[test]
    fn what_is_written_is_read() {
        let (bytes, _) = journal();
        let parsed = read(&bytes).unwrap();
        assert_eq!(parsed.history.records, [record(1), record(2), record(3)]);
        assert_eq!((parsed.next, parsed.good), (4, bytes.len() as u64));
    }

    #[test]
    fn a_journal_that_is_cut_anywhere_keeps_its_whole_records() {
        let (bytes, starts) = journal();
        for cut in 0..bytes.len() {
            let whole = starts.iter().filter(|start| **start > 0 && **start <= cut).count();
            match read(&bytes[..cut]) {
                Ok(parsed) => {
                    assert_eq!(parsed.history.records.len() + 1, whole, "cut at {cut}");
                    assert_eq!(parsed.good, starts[whole] as u64, "cut at {cut}");
                }
                Err(error) => {
                    assert!(cut < starts[1] && matches!(error, RuntimeError::Corrupt { .. }), "{cut}: {error}");
                }
            }
        }
    }

    #[test]
    fn any_byte_that_is_flipped_is_damage_and_never_a_torn_tail() {
        let (bytes, starts) = journal();
        for at in 0..bytes.len() {
            for flip in [1, 4, 0x20, 0x80] {
                let mut damaged = bytes.clone();
                damaged[at] ^= flip;
                let start = starts.iter().rposition(|start| *start <= at).unwrap();
                match read(&damaged) {
                    Err(RuntimeError::Corrupt { offset, .. }) => {
                        assert_eq!(offset, starts[start] as u64, "{at} {flip}");
                    }
                    other => panic!("byte {at} ^ {flip}: {other:?}"),
                }
            }
        }
    }

    #[test]
    fn a_doubled_lost_or_moved_record_is_damage() {
        let (bytes, starts) = journal();
        let line = |number: usize| &bytes[starts[number]..starts.get(number + 1).copied().unwrap_or(bytes.len())];
        for order in [&[0, 1, 2, 3, 3][..], &[0, 2, 3], &[0, 2, 1, 3], &[1, 2, 3]] {
            let changed: Vec<u8> = order.iter().flat_map(|number| line(*number)).copied().collect();
            assert!(matches!(read(&changed), Err(RuntimeError::Corrupt { .. })), "{order:?}");
        }
    }

    #[test]
    fn a_tail_of_zeros_is_torn_and_zeros_before_good_records_are_damage() {
        let (bytes, starts) = journal();
        for from in starts[1]..bytes.len() {
            let mut zeroed = bytes.clone();
            zeroed[from..].fill(0);
            let whole = starts.iter().filter(|start| **start > 0 && **start <= from).count();
            assert_eq!(read(&zeroed).unwrap().good, starts[whole] as u64, "zeros from {from}");
        }
        let mut longer = bytes.clone();
        longer.extend([0; 4096]);
        assert_eq!(read(&longer).unwrap().good, bytes.len() as u64);
        // A page in the middle of the last write that never got there.
        let mut page = bytes.clone();
        page[starts[3] + 2..starts[3] + 30].fill(0);
        assert_eq!(read(&page).unwrap().good, starts[3] as u64);
        let mut before = bytes;
        before[starts[2]..starts[2] + 4].fill(0);
        assert!(matches!(read(&before), Err(RuntimeError::Corrupt { .. })));
    }

    #[test]
    fn a_newer_format_is_refused() {
        let (bytes, starts) = journal();
        let header = RunHeader::new(RunId::new("r").unwrap(), "o", 1, Payload::null());
        let mut newer = line(0, &FirstLine { format: 2, header }).unwrap();
        newer.extend(&bytes[starts[1]..]);
        assert!(read(&newer).unwrap_err().to_string().contains("its format is 2"));
    }
}
