//! Source positions of instructions, compactly. CPython's counterpart: `co_linetable`, `co_positions`.
//! Invariant: entries cover the words in order without gaps; columns are UTF-8 bytes from the line's start.

/// A source position; `line` 0 means none.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct Location {
    /// First line, from 1; 0 = the instruction has no position.
    pub line: u32,
    /// Last line.
    pub end_line: u32,
    /// First column, from 0.
    pub column: u32,
    /// The column after the last.
    pub end_column: u32,
}

impl Location {
    /// No position.
    pub const NONE: Location = Location { line: 0, end_line: 0, column: 0, end_column: 0 };
}

/// Positions of all words of a code object.
///
/// An entry is: varint(number of words << 1 | has a position), then, if it has, zigzag(line - previous line),
/// varint(end_line - line), varint(column), and zigzag(end_column - column) if on one line, else varint(end_column).
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct LocationTable {
    first_line: u32,
    bytes: Box<[u8]>,
}

impl LocationTable {
    /// From its parts, as `first_line` and `as_bytes` gave them.
    pub fn from_parts(first_line: u32, bytes: impl Into<Box<[u8]>>) -> LocationTable {
        LocationTable { first_line, bytes: bytes.into() }
    }

    /// The line that deltas start from.
    pub fn first_line(&self) -> u32 {
        self.first_line
    }

    /// The encoded entries.
    pub fn as_bytes(&self) -> &[u8] {
        &self.bytes
    }

    /// Runs of words with one position: (first word, word after the last, position).
    pub fn runs(&self) -> Runs<'_> {
        Runs { bytes: &self.bytes, word: 0, line: self.first_line }
    }

    /// Position of the instruction at word `pc`.
    pub fn at(&self, pc: u32) -> Location {
        self.runs().find(|&(_, end, _)| pc < end).map_or(Location::NONE, |(_, _, location)| location)
    }
}

/// Iterator over the entries of a table.
#[derive(Clone)]
pub struct Runs<'a> {
    bytes: &'a [u8],
    word: u32,
    line: u32,
}

impl Runs<'_> {
    fn varint(&mut self) -> Option<u32> {
        let (mut value, mut shift) = (0u32, 0);
        loop {
            let (&byte, rest) = self.bytes.split_first()?;
            self.bytes = rest;
            value |= ((byte & 0x7F) as u32).checked_shl(shift)?;
            if byte < 0x80 {
                return Some(value);
            }
            shift += 7;
        }
    }

    fn zigzag(&mut self) -> Option<i32> {
        let value = self.varint()?;
        Some((value >> 1) as i32 ^ -((value & 1) as i32))
    }
}

impl Iterator for Runs<'_> {
    type Item = (u32, u32, Location);

    fn next(&mut self) -> Option<Self::Item> {
        let head = self.varint()?;
        let start = self.word;
        self.word = start.wrapping_add(head >> 1);
        if head & 1 == 0 {
            return Some((start, self.word, Location::NONE));
        }
        let line = self.line.wrapping_add(self.zigzag()? as u32);
        let end_line = line.wrapping_add(self.varint()?);
        let column = self.varint()?;
        let end_column =
            if end_line == line { column.wrapping_add(self.zigzag()? as u32) } else { self.varint()? };
        self.line = line;
        Some((start, self.word, Location { line, end_line, column, end_column }))
    }
}

/// Builds a table from positions given in the order of the words.
pub struct LocationWriter {
    first_line: u32,
    line: u32,
    bytes: Vec<u8>,
    pending: Option<(u32, Location)>,
}

impl LocationWriter {
    /// A writer whose deltas start at `first_line`.
    pub fn new(first_line: u32) -> LocationWriter {
        LocationWriter { first_line, line: first_line, bytes: Vec::new(), pending: None }
    }

    /// The next `words` words have this position.
    pub fn push(&mut self, words: u32, location: Location) {
        if words == 0 {
            return;
        }
        match &mut self.pending {
            Some((n, last)) if *last == location => *n += words,
            _ => {
                self.flush();
                self.pending = Some((words, location));
            }
        }
    }

    /// The finished table.
    pub fn finish(mut self) -> LocationTable {
        self.flush();
        LocationTable { first_line: self.first_line, bytes: self.bytes.into() }
    }

    fn flush(&mut self) {
        let Some((words, at)) = self.pending.take() else { return };
        if at.line == 0 {
            return self.varint(words << 1);
        }
        self.varint(words << 1 | 1);
        self.zigzag(at.line.wrapping_sub(self.line) as i32);
        self.varint(at.end_line.saturating_sub(at.line));
        self.varint(at.column);
        if at.end_line <= at.line {
            self.zigzag(at.end_column.wrapping_sub(at.column) as i32);
        } else {
            self.varint(at.end_column);
        }
        self.line = at.line;
    }

    fn varint(&mut self, mut value: u32) {
        while value >= 0x80 {
            self.bytes.push(value as u8 | 0x80);
            value >>= 7;
        }
        self.bytes.push(value as u8);
    }

    fn zigzag(&mut self, value: i32) {
        self.varint((value << 1 ^ value >> 31) as u32);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn round_trip() {
        let a = Location { line: 5, end_line: 5, column: 4, end_column: 9 };
        let b = Location { line: 3, end_line: 7, column: 200, end_column: 1 };
        let mut writer = LocationWriter::new(4);
        for (n, l) in [(1, a), (2, a), (1, Location::NONE), (300, b), (1, a)] {
            writer.push(n, l);
        }
        let table = writer.finish();
        let runs: Vec<_> = table.runs().collect();
        assert_eq!(runs, [(0, 3, a), (3, 4, Location::NONE), (4, 304, b), (304, 305, a)]);
        assert_eq!(table.at(2), a);
        assert_eq!(table.at(303), b);
    }
}
