//! `writer`: lines from records. CPython: `csv_writerow` in `Modules/_csv.c`.
//!
//! Invariant: a line is whole before the file's `write` hears of it.

use taipan_runtime::prelude::*;
use taipan_runtime::types::str::StrBuilder;

use super::ERROR;
use super::dialect::{Dialect, Quoting};

/// Body of `_csv.writer`.
#[derive(Trace)]
pub struct Writer {
    write: Value,
    dialect: Gc<Dialect>,
}

impl Writer {
    pub(super) fn new(write: Value, dialect: Gc<Dialect>) -> Writer {
        Writer { write, dialect }
    }

    fn write_row(&self, cx: &mut Context, row: Value) -> Result {
        let fields = match cx.iter(row) {
            Ok(fields) => fields,
            Err(raised) if cx.pending_is_type_error(&raised) => {
                cx.take_exception(raised);
                let found = cx.type_name(row);
                return Err(ERROR.raise(cx, format!("iterable expected, not {found}")));
            }
            Err(raised) => return Err(raised),
        };
        let quoting = self.dialect.quoting.0;
        let mut line = Line { text: StrBuilder::new(), count: 0 };
        let mut last_is_none = false;
        while let Some(field) = cx.next(fields)? {
            let quoted = match quoting {
                Quoting::All => true,
                Quoting::NonNumeric => !cx.is_number(field),
                Quoting::Strings => field.downcast::<Str>().is_some(),
                Quoting::NotNull => !field.is_none(),
                Quoting::Minimal | Quoting::None => false,
            };
            last_is_none = field.is_none();
            let text = match field.downcast::<Str>() {
                Some(text) => Some(text),
                None if last_is_none => None,
                None => Some(cx.str(field)?),
            };
            line.append(cx, &self.dialect, text, quoted)?;
        }
        if line.count > 0 && line.text.is_empty() {
            // The line of a single empty field would read as no field at all.
            let unquotable = quoting == Quoting::None
                || (last_is_none && matches!(quoting, Quoting::Strings | Quoting::NotNull));
            if unquotable {
                return Err(ERROR.raise(cx, "single empty field record must be quoted"));
            }
            line.count -= 1;
            line.append(cx, &self.dialect, None, true)?;
        }
        line.text.push(self.dialect.lineterminator);
        let text = line.text.finish(cx).value();
        cx.call(self.write, &[text])
    }
}

/// CSV writer
///
/// Writer objects are responsible for generating tabular data
/// in CSV format from sequence input.
#[class(name = "writer", module = "_csv", flags = DISALLOW_NEW)]
impl Writer {
    /// Construct and write a CSV record from an iterable of fields.
    ///
    /// Non-string elements will be converted to string.
    #[function("(row, /)")]
    fn writerow(&self, cx: &mut Context, row: Value) -> Result {
        self.write_row(cx, row)
    }

    /// Construct and write a series of iterables to a csv file.
    ///
    /// Non-string elements will be converted to string.
    #[function("(rows, /)")]
    fn writerows(&self, cx: &mut Context, rows: Value) -> Result<()> {
        let rows = cx.iter(rows)?;
        while let Some(row) = cx.next(rows)? {
            self.write_row(cx, row)?;
        }
        Ok(())
    }

    #[member]
    fn dialect(&self) -> Value {
        self.dialect.value()
    }
}

/// The line that is being joined.
struct Line {
    text: StrBuilder,
    count: usize,
}

impl Line {
    /// Appends a field; None is an empty one.
    fn append(
        &mut self,
        cx: &mut Context,
        dialect: &Dialect,
        field: Option<Gc<Str>>,
        quoted: bool,
    ) -> Result<()> {
        let mut quoted = quoted;
        let quoting = dialect.quoting.0;
        if field.is_none_or(|field| field.is_empty()) && dialect.delimiter == 0x20 && dialect.skipinitialspace
        {
            let unquotable = quoting == Quoting::None
                || (field.is_none() && matches!(quoting, Quoting::Strings | Quoting::NotNull));
            if unquotable {
                let message =
                    "empty field must be quoted if delimiter is a space and skipinitialspace is true";
                return Err(ERROR.raise(cx, message));
            }
            quoted = true;
        }
        if self.count > 0 {
            self.text.push_char(dialect.delimiter);
        }
        self.count += 1;
        let Some(field) = field else {
            if quoted {
                self.quote(dialect);
                self.quote(dialect);
            }
            return Ok(());
        };
        if !field.chars().any(|c| is_special(dialect, c)) {
            if quoted {
                self.quote(dialect);
            }
            self.text.push(field);
            if quoted {
                self.quote(dialect);
            }
            return Ok(());
        }
        let content = escaped(cx, dialect, field, &mut quoted)?;
        if quoted {
            self.quote(dialect);
        }
        content.units().codes().for_each(|c| self.text.push_char(c));
        if quoted {
            self.quote(dialect);
        }
        Ok(())
    }

    fn quote(&mut self, dialect: &Dialect) {
        if let Some(quote) = dialect.quotechar {
            self.text.push_char(quote);
        }
    }
}

/// Whether a character cannot stand in a field as it is.
fn is_special(dialect: &Dialect, c: u32) -> bool {
    c == dialect.delimiter
        || Some(c) == dialect.escapechar
        || Some(c) == dialect.quotechar
        || matches!(c, 0x0a | 0x0d)
        || dialect.lineterminator.chars().any(|end| end == c)
}

/// The field with its escapes; `quoted` becomes true where quotes are needed.
fn escaped(cx: &mut Context, dialect: &Dialect, field: Gc<Str>, quoted: &mut bool) -> Result<StrBuilder> {
    let mut text = StrBuilder::with_capacity(field.len() + 8);
    for c in field.chars() {
        if is_special(dialect, c) {
            let is_quote = Some(c) == dialect.quotechar;
            let escape = if dialect.quoting.0 == Quoting::None {
                true
            } else if is_quote {
                if dialect.doublequote {
                    text.push_char(c);
                }
                !dialect.doublequote
            } else {
                Some(c) == dialect.escapechar
            };
            if escape {
                let Some(escapechar) = dialect.escapechar else {
                    return Err(ERROR.raise(cx, "need to escape, but no escapechar set"));
                };
                text.push_char(escapechar);
            } else {
                *quoted = true;
            }
        }
        text.push_char(c);
    }
    Ok(text)
}
