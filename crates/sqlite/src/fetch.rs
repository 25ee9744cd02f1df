//! Reading rows. CPython: `_pysqlite_fetch_one_row` and `pysqlite_cursor_iternext` in `Modules/_sqlite/cursor.c`.
//!
//! Invariant: a row is read before the statement goes on; a row that could not be converted can be read again.

use std::sync::atomic::Ordering;

use taipan_runtime::codecs::{decode_utf8, errors::ErrorMode};
use taipan_runtime::exception;
use taipan_runtime::prelude::*;
use taipan_runtime::types::bytearray::ByteArray;
use taipan_runtime::types::bytes::Bytes;

use crate::connection::Connection;
use crate::cursor::{Cursor, Running};
use crate::exceptions::{self, Kind};
use crate::sys::{Datum, Entry, Statement, code};

/// The next row, as the row factory makes it.
pub(crate) fn next(this: Gc<Cursor>, cx: &mut Context) -> Result<Option<Value>> {
    let connection = this.check(cx)?;
    let hold = Cursor::hold(this, cx)?;
    let row = match this.take_running() {
        Some(running) => {
            let database = running.statement.statement().database();
            Connection::enter_database(connection, cx, &database, |cx, entry| {
                go_on(this, cx, connection, entry, running)
            })?
        }
        None => this.next_kept(),
    };
    drop(hold);
    made(this, cx, row)
}

/// Up to `limit` rows.
pub(crate) fn some(this: Gc<Cursor>, cx: &mut Context, limit: usize) -> Result<Gc<List>> {
    /// So many rows are read before others may use the connection.
    const BATCH: usize = 1000;
    let rows = cx.new_list(&[]);
    while rows.len() < limit {
        let connection = this.check(cx)?;
        if let Some(row) = this.next_kept() {
            if let Some(row) = made(this, cx, Some(row))? {
                rows.push(cx, row);
            }
            continue;
        }
        let before = rows.len();
        let Some(database) = this.running_database() else { break };
        let more = Connection::enter_database(connection, cx, &database, |cx, entry| {
            while rows.len() < limit && rows.len() - before < BATCH {
                this.check(cx)?;
                let hold = Cursor::hold(this, cx)?;
                let row = advance(this, cx, connection, entry)?;
                drop(hold);
                let Some(row) = made(this, cx, row)? else { return Ok(false) };
                rows.push(cx, row);
                cx.poll()?;
            }
            Ok(true)
        })?;
        if !more {
            break;
        }
    }
    Ok(rows)
}

#[inline]
fn made(this: Gc<Cursor>, cx: &mut Context, row: Option<Value>) -> Result<Option<Value>> {
    match (row, this.row_factory_value()) {
        (Some(row), Some(factory)) => cx.call(factory, &[this.value(), row]).map(Some),
        (row, _) => Ok(row),
    }
}

/// Reads the present row and goes on to the next one.
fn advance(
    this: Gc<Cursor>,
    cx: &mut Context,
    connection: Gc<Connection>,
    entry: &Entry<'_>,
) -> Result<Option<Value>> {
    match this.take_running() {
        Some(running) => go_on(this, cx, connection, entry, running),
        None => Ok(None),
    }
}

fn go_on(
    this: Gc<Cursor>,
    cx: &mut Context,
    connection: Gc<Connection>,
    entry: &Entry<'_>,
    running: Running,
) -> Result<Option<Value>> {
    let statement = running.statement.statement();
    let row = match read(this, cx, connection, entry, statement) {
        Ok(row) => row,
        Err(raised) => {
            this.put_running(running);
            return Err(raised);
        }
    };
    let result = entry.native(cx, |native| statement.step(native));
    match result {
        code::ROW => this.put_running(running),
        code::DONE => ended(this, cx, entry, &running),
        _ => {
            connection.drop_callback_error(cx);
            let failed = exceptions::check_last(cx, entry);
            entry.native(cx, |native| statement.reset(native));
            failed?;
            return Ok(Some(row));
        }
    }
    if let Some(error) = connection.take_callback_error() {
        return Err(cx.reraise(error));
    }
    Ok(Some(row))
}

fn ended(this: Gc<Cursor>, cx: &mut Context, entry: &Entry<'_>, running: &Running) {
    if running.is_dml {
        this.rowcount.store(entry.changes(), Ordering::Relaxed);
    }
    entry.native(cx, |native| running.statement.statement().reset(native));
}

/// Runs a statement to its end now and keeps its rows. One that writes outside of a transaction is committed when it ends,
/// and with it whatever else has been written: that must not wait for a cursor that nobody reads to be collected.
pub(crate) fn keep_all(
    this: Gc<Cursor>,
    cx: &mut Context,
    connection: Gc<Connection>,
    entry: &Entry<'_>,
    statement: &Statement,
    is_dml: bool,
) -> Result<i32> {
    let rows = cx.new_list(&[]);
    loop {
        let row = read(this, cx, connection, entry, statement)?;
        rows.push(cx, row);
        match entry.native(cx, |native| statement.step(native)) {
            code::ROW => cx.poll()?,
            code::DONE => break,
            failed => return Ok(failed),
        }
    }
    let rowcount = if is_dml { entry.changes() } else { -1 };
    entry.native(cx, |native| statement.reset(native));
    this.keep_rows(rows, rowcount);
    Ok(code::DONE)
}

/// The present row as a tuple.
fn read(
    this: Gc<Cursor>,
    cx: &mut Context,
    connection: Gc<Connection>,
    entry: &Entry<'_>,
    statement: &Statement,
) -> Result {
    // Few values stay on the native stack, which the collector sees as well as the heap.
    const FEW: usize = 12;
    let count = statement.data_count(entry);
    let converters = if connection.detect_types() == 0 { None } else { this.converters.load() };
    let mut few = [Value::NONE; FEW];
    let mut many = GVec::new();
    for index in 0..count {
        let converter = converters.and_then(|all| all.get(index)?.not_none());
        let value = match converter {
            Some(converter) => converted(cx, entry, statement, index, converter)?,
            None => plain(cx, connection, entry, statement, index)?,
        };
        if count <= FEW {
            few[index] = value;
        } else {
            many.push(value);
        }
    }
    let values: &[Value] = if count <= FEW { &few[..count] } else { &many };
    Ok(cx.new_tuple(values).value())
}

/// A column as its converter makes it from bytes.
fn converted(
    cx: &mut Context,
    entry: &Entry<'_>,
    statement: &Statement,
    index: usize,
    converter: Value,
) -> Result {
    let bytes = match statement.column_bytes(entry, cx, index) {
        Datum::Blob(bytes) => cx.new_bytes(bytes).value(),
        Datum::NoMemory => return Err(cx.memory_error()),
        _ => return Ok(Value::NONE),
    };
    cx.call(converter, &[bytes])
}

/// What a text that is no plain `str` needs.
enum Text {
    Made(Value),
    Factory(Vec<u8>),
    Invalid(Vec<u8>),
}

/// A column as its own type says.
#[inline]
fn plain(
    cx: &mut Context,
    connection: Gc<Connection>,
    entry: &Entry<'_>,
    statement: &Statement,
    index: usize,
) -> Result {
    let text = match statement.column(entry, cx, index) {
        Datum::Null => return Ok(Value::NONE),
        Datum::Integer(value) => return Ok(cx.new_int(value)),
        Datum::Real(value) => return Ok(cx.new_float(value)),
        Datum::Blob(bytes) => return Ok(cx.new_bytes(bytes).value()),
        Datum::NoMemory => return Err(cx.memory_error()),
        Datum::Text(bytes) => decoded(cx, connection, bytes),
    };
    match text {
        Text::Made(value) => Ok(value),
        Text::Factory(bytes) => {
            let bytes = cx.new_bytes(&bytes).value();
            let factory = connection.text_factory_value();
            cx.call(factory, &[bytes])
        }
        Text::Invalid(bytes) => {
            let name = statement.column_name(entry, index).unwrap_or_default();
            Err(not_utf8(cx, &name, &bytes))
        }
    }
}

/// Texts become what the text factory says.
#[inline]
fn decoded(cx: &Context, connection: Gc<Connection>, bytes: &[u8]) -> Text {
    let factory = connection.text_factory_value();
    if factory == Str::class_cell().get().value() {
        return match std::str::from_utf8(bytes) {
            Ok(text) => Text::Made(cx.new_str(text).value()),
            Err(_) => Text::Invalid(bytes.to_vec()),
        };
    }
    if factory == Bytes::class_cell().get().value() {
        return Text::Made(cx.new_bytes(bytes).value());
    }
    if factory == ByteArray::class_cell().get().value() {
        return Text::Made(ByteArray::new_from(cx, bytes.to_vec()).value());
    }
    Text::Factory(bytes.to_vec())
}

#[cold]
fn not_utf8(cx: &mut Context, name: &[u8], text: &[u8]) -> Raised {
    /// The message's length in bytes.
    const LONGEST: usize = 198;
    // Python's own decoder agrees that this is wrong, surrogates excepted.
    match decode_utf8(cx, text, ErrorMode::of_option(None)) {
        Ok(_) => {}
        Err(raised) => match cx.swallow(raised, exception::unicode_decode_error) {
            Ok(_) => {}
            Err(raised) => return raised,
        },
    }
    let shown = text.split(|byte| *byte == 0).next().unwrap_or_default();
    let parts: [&[u8]; 5] = [b"Could not decode to UTF-8 column '", name, b"' with text '", shown, b"'"];
    let message: Vec<u8> = parts.concat();
    let message: String = message
        .iter()
        .take(LONGEST)
        .map(|byte| if byte.is_ascii() { char::from(*byte) } else { char::REPLACEMENT_CHARACTER })
        .collect();
    exceptions::raise(cx, Kind::Operational, &message)
}
