//! `reader`: records from lines. CPython: `Reader_iternext` in `Modules/_csv.c`.
//!
//! Invariant: a record is read by one call, with all its state on the stack, so that a line's iterator may use the
//! reader again.

use std::sync::atomic::{AtomicU64, Ordering};

use taipan_runtime::prelude::*;
use taipan_runtime::types::float::Float;
use taipan_runtime::types::str::{StrBuilder, Units};

use super::dialect::{Dialect, Quoting};
use super::{ERROR, FIELD_LIMIT};

/// Body of `_csv.reader`.
#[derive(Trace)]
pub struct Reader {
    lines: Value,
    dialect: Gc<Dialect>,
    line_num: AtomicU64,
}

impl Reader {
    pub(super) fn new(lines: Value, dialect: Gc<Dialect>) -> Reader {
        Reader { lines, dialect, line_num: AtomicU64::new(0) }
    }
}

/// CSV reader
///
/// Reader objects are responsible for reading and parsing tabular data
/// in CSV format.
#[class(name = "reader", module = "_csv", flags = DISALLOW_NEW)]
impl Reader {
    #[slot(iter)]
    fn iter(this: Gc<Self>) -> Value {
        this.value()
    }

    #[slot(next)]
    fn next(this: Gc<Self>, cx: &mut Context) -> Result<Option<Value>> {
        let mut record = Record::new(this.dialect);
        loop {
            let Some(line) = cx.next(this.lines)? else {
                if record.field.is_empty() && record.state != State::InQuotedField {
                    return Ok(None);
                }
                if this.dialect.strict {
                    return Err(ERROR.raise(cx, "unexpected end of data"));
                }
                record.save_field(cx)?;
                break;
            };
            let Some(text) = line.downcast::<Str>() else {
                let found = cx.type_name(line);
                let message = format!(
                    "iterator should return strings, not {found} (the file should be opened in text mode)"
                );
                return Err(ERROR.raise(cx, message));
            };
            this.line_num.fetch_add(1, Ordering::Relaxed);
            record.line(cx, text)?;
            if record.state == State::StartRecord {
                break;
            }
        }
        Ok(Some(cx.new_list(&record.fields).value()))
    }

    #[member]
    fn dialect(&self) -> Value {
        self.dialect.value()
    }

    #[member]
    fn line_num(&self) -> u64 {
        self.line_num.load(Ordering::Relaxed)
    }
}

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum State {
    StartRecord,
    StartField,
    EscapedChar,
    InField,
    InQuotedField,
    EscapeInQuotedField,
    QuoteInQuotedField,
    EatLineEnd,
    AfterEscapedLineEnd,
}

/// The record that is being read.
struct Record {
    dialect: Gc<Dialect>,
    state: State,
    fields: GVec<Value>,
    field: StrBuilder,
    /// Whether the field began without a quote.
    unquoted: bool,
}

/// A character of a line, or the end of the line.
type Char = Option<u32>;

const NEW_LINE: Char = Some(0x0a);
const RETURN: Char = Some(0x0d);

impl Record {
    fn new(dialect: Gc<Dialect>) -> Record {
        Record {
            dialect,
            state: State::StartRecord,
            fields: GVec::new(),
            field: StrBuilder::new(),
            unquoted: false,
        }
    }

    fn line(&mut self, cx: &mut Context, line: Gc<Str>) -> Result<()> {
        if let Units::One(bytes) = line.units() {
            let mut at = 0;
            while at < bytes.len() {
                let run = self.plain_run(&bytes[at..]);
                if run > 0 {
                    self.check_limit(cx, run)?;
                    self.field.push_latin1(&bytes[at..at + run]);
                    at += run;
                } else {
                    self.step(cx, Some(u32::from(bytes[at])))?;
                    at += 1;
                }
            }
        } else {
            for index in 0..line.len() {
                self.step(cx, Some(line.char_at(index)))?;
            }
        }
        self.step(cx, None)
    }

    /// How many bytes belong to the field as they are.
    fn plain_run(&self, bytes: &[u8]) -> usize {
        let dialect = &*self.dialect;
        let is = |byte: u8, special: Option<u32>| special == Some(u32::from(byte));
        let plain: &dyn Fn(&u8) -> bool = match self.state {
            State::InField => &|byte| {
                !matches!(byte, b'\n' | b'\r')
                    && u32::from(*byte) != dialect.delimiter
                    && !is(*byte, dialect.escapechar)
            },
            State::InQuotedField => &|byte| !is(*byte, dialect.escapechar) && !is(*byte, dialect.quotechar),
            _ => return 0,
        };
        bytes.iter().take_while(|byte| plain(byte)).count()
    }

    fn check_limit(&self, cx: &mut Context, more: usize) -> Result<()> {
        let limit = FIELD_LIMIT.load(Ordering::Relaxed);
        if (self.field.len() + more) as i64 > limit {
            return Err(ERROR.raise(cx, format!("field larger than field limit ({limit})")));
        }
        Ok(())
    }

    fn add(&mut self, cx: &mut Context, c: u32) -> Result<()> {
        self.check_limit(cx, 1)?;
        self.field.push_char(c);
        Ok(())
    }

    fn save_field(&mut self, cx: &mut Context) -> Result<()> {
        let quoting = self.dialect.quoting.0;
        let field = std::mem::take(&mut self.field);
        let empty = field.is_empty();
        if self.unquoted && empty && matches!(quoting, Quoting::NotNull | Quoting::Strings) {
            self.fields.push(Value::NONE);
            return Ok(());
        }
        let mut value = field.finish(cx).value();
        if self.unquoted && !empty && matches!(quoting, Quoting::NonNumeric | Quoting::Strings) {
            value = cx.call(Float::class_cell().get().value(), &[value])?;
        }
        self.fields.push(value);
        Ok(())
    }

    /// Ends the record at a line's end.
    fn finish(&mut self, cx: &mut Context, c: Char) -> Result<()> {
        self.save_field(cx)?;
        self.state = if c.is_none() { State::StartRecord } else { State::EatLineEnd };
        Ok(())
    }

    /// Whether `c` is the character of a setting that may be none.
    fn is(c: Char, setting: Option<u32>) -> bool {
        c.is_some() && c == setting
    }

    fn step(&mut self, cx: &mut Context, c: Char) -> Result<()> {
        match self.state {
            State::StartRecord => match c {
                None => {}
                NEW_LINE | RETURN => self.state = State::EatLineEnd,
                _ => {
                    self.state = State::StartField;
                    return self.start_field(cx, c);
                }
            },
            State::StartField => return self.start_field(cx, c),
            State::EscapedChar => match c {
                NEW_LINE | RETURN => {
                    self.add(cx, c.unwrap_or_default())?;
                    self.state = State::AfterEscapedLineEnd;
                }
                _ => {
                    self.add(cx, c.unwrap_or(0x0a))?;
                    self.state = State::InField;
                }
            },
            State::AfterEscapedLineEnd if c.is_none() => {}
            State::AfterEscapedLineEnd | State::InField => return self.in_field(cx, c),
            State::InQuotedField => return self.in_quoted_field(cx, c),
            State::EscapeInQuotedField => {
                self.add(cx, c.unwrap_or(0x0a))?;
                self.state = State::InQuotedField;
            }
            State::QuoteInQuotedField => return self.behind_quote(cx, c),
            State::EatLineEnd => match c {
                NEW_LINE | RETURN => {}
                None => self.state = State::StartRecord,
                _ => {
                    let message = "new-line character seen in unquoted field - do you need to open the file with \
                                   newline=''?";
                    return Err(ERROR.raise(cx, message));
                }
            },
        }
        Ok(())
    }

    fn start_field(&mut self, cx: &mut Context, c: Char) -> Result<()> {
        self.unquoted = true;
        let dialect = self.dialect;
        match c {
            None | NEW_LINE | RETURN => return self.finish(cx, c),
            _ if Record::is(c, dialect.quotechar) && dialect.quoting.0 != Quoting::None => {
                self.unquoted = false;
                self.state = State::InQuotedField;
            }
            _ if Record::is(c, dialect.escapechar) => self.state = State::EscapedChar,
            Some(0x20) if dialect.skipinitialspace => {}
            Some(c) if c == dialect.delimiter => return self.save_field(cx),
            Some(c) => {
                self.add(cx, c)?;
                self.state = State::InField;
            }
        }
        Ok(())
    }

    fn in_field(&mut self, cx: &mut Context, c: Char) -> Result<()> {
        match c {
            None | NEW_LINE | RETURN => return self.finish(cx, c),
            _ if Record::is(c, self.dialect.escapechar) => self.state = State::EscapedChar,
            Some(c) if c == self.dialect.delimiter => {
                self.save_field(cx)?;
                self.state = State::StartField;
            }
            // Behind an escaped line end the state stays, so that the end of the input counts as unexpected.
            Some(c) => return self.add(cx, c),
        }
        Ok(())
    }

    fn in_quoted_field(&mut self, cx: &mut Context, c: Char) -> Result<()> {
        let dialect = self.dialect;
        match c {
            None => {}
            _ if Record::is(c, dialect.escapechar) => self.state = State::EscapeInQuotedField,
            _ if Record::is(c, dialect.quotechar) && dialect.quoting.0 != Quoting::None => {
                self.state = if dialect.doublequote { State::QuoteInQuotedField } else { State::InField };
            }
            Some(c) => return self.add(cx, c),
        }
        Ok(())
    }

    /// Behind a quote inside a quoted field: the field's end, or the first half of a quote.
    fn behind_quote(&mut self, cx: &mut Context, c: Char) -> Result<()> {
        let dialect = self.dialect;
        match c {
            Some(quote) if Record::is(c, dialect.quotechar) && dialect.quoting.0 != Quoting::None => {
                self.add(cx, quote)?;
                self.state = State::InQuotedField;
            }
            Some(c) if c == dialect.delimiter => {
                self.save_field(cx)?;
                self.state = State::StartField;
            }
            None | NEW_LINE | RETURN => return self.finish(cx, c),
            Some(c) if !dialect.strict => {
                self.add(cx, c)?;
                self.state = State::InField;
            }
            Some(_) => {
                let shown = |code: u32| char::from_u32(code).unwrap_or(char::REPLACEMENT_CHARACTER);
                let (delimiter, quote) =
                    (shown(dialect.delimiter), shown(dialect.quotechar.unwrap_or_default()));
                return Err(ERROR.raise(cx, format!("'{delimiter}' expected after '{quote}'")));
            }
        }
        Ok(())
    }
}
