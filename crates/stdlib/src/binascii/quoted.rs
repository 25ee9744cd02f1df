//! Quoted-printable (RFC 1521) and the encoding of headers (RFC 1522).
//!
//! Invariant: encoded lines are at most 76 characters long, soft line breaks included.

const LONGEST_LINE: usize = 76;

pub(super) fn decode(text: &[u8], header: bool) -> Vec<u8> {
    let digit = |at: usize| text.get(at).and_then(|d| char::from(*d).to_digit(16));
    let mut bytes = Vec::with_capacity(text.len());
    let mut at = 0;
    while let Some(&byte) = text.get(at) {
        at += 1;
        if byte != b'=' {
            bytes.push(if header && byte == b'_' { b' ' } else { byte });
            continue;
        }
        match text.get(at) {
            None => break,
            Some(b'\n' | b'\r') => {
                // A soft line break: up to and with the line feed.
                let line_feed = text[at..].iter().position(|b| *b == b'\n');
                at = line_feed.map_or(text.len(), |distance| at + distance + 1);
            }
            Some(b'=') => {
                bytes.push(b'=');
                at += 1;
            }
            Some(_) => match (digit(at), digit(at + 1)) {
                (Some(high), Some(low)) => {
                    bytes.push((high << 4 | low) as u8);
                    at += 2;
                }
                _ => bytes.push(b'='),
            },
        }
    }
    bytes
}

#[derive(Clone, Copy)]
pub(super) struct Options {
    /// Quote tabs and spaces too.
    pub(super) quote_tabs: bool,
    /// Line breaks are line breaks, not data.
    pub(super) text: bool,
    /// Spaces become underscores.
    pub(super) header: bool,
}

/// The output so far.
struct Lines {
    out: Vec<u8>,
    /// Length of the open line.
    line: usize,
    crlf: bool,
}

impl Lines {
    fn line_break(&mut self) {
        if self.crlf {
            self.out.push(b'\r');
        }
        self.out.push(b'\n');
        self.line = 0;
    }

    fn soft_break(&mut self) {
        self.out.push(b'=');
        self.line_break();
    }

    fn push_quoted(&mut self, byte: u8) {
        self.out.extend_from_slice(format!("={byte:02X}").as_bytes());
    }
}

pub(super) fn encode(bytes: &[u8], options: Options) -> Vec<u8> {
    let line_feed = bytes.iter().position(|b| *b == b'\n');
    let crlf = line_feed.is_some_and(|at| at > 0 && bytes[at - 1] == b'\r');
    let mut lines = Lines { out: Vec::with_capacity(bytes.len()), line: 0, crlf };
    let mut at = 0;
    while let Some(&byte) = bytes.get(at) {
        let next = bytes.get(at + 1).copied();
        if needs_quoting(byte, next, lines.line, options) {
            if lines.line + 3 >= LONGEST_LINE {
                lines.soft_break();
            }
            lines.push_quoted(byte);
            lines.line += 3;
            at += 1;
        } else if options.text && (byte == b'\n' || (byte == b'\r' && next == Some(b'\n'))) {
            // White space at the end of a line would get lost.
            if let Some(&last @ (b' ' | b'\t')) = lines.out.last() {
                lines.out.pop();
                lines.push_quoted(last);
            }
            lines.line_break();
            at += if byte == b'\r' { 2 } else { 1 };
        } else {
            if next.is_some_and(|next| next != b'\n') && lines.line + 1 >= LONGEST_LINE {
                lines.soft_break();
            }
            lines.line += 1;
            lines.out.push(if options.header && byte == b' ' { b'_' } else { byte });
            at += 1;
        }
    }
    lines.out
}

fn needs_quoting(byte: u8, next: Option<u8>, line: usize, options: Options) -> bool {
    match byte {
        b'=' | 127.. => true,
        b'_' => options.header,
        // A lone dot ends the text of a mail.
        b'.' => line == 0 && matches!(next, None | Some(b'\n' | b'\r' | 0)),
        b'\r' | b'\n' => !options.text,
        b'\t' | b' ' => next.is_none() || options.quote_tabs,
        byte => byte < 33,
    }
}
