//! Running statements. CPython: `_pysqlite_query_execute` and `pysqlite_cursor_executescript_impl` in
//! `Modules/_sqlite/cursor.c`.
//!
//! Invariant: the database is not locked while the parameters of the next run are asked for, which may take any time.

use std::ffi::CString;
use std::sync::atomic::Ordering;

use taipan_runtime::exception;
use taipan_runtime::prelude::*;

use crate::connection::Connection;
use crate::constants::{LEGACY_TRANSACTION_CONTROL, PARSE_COLNAMES, PARSE_DECLTYPES};
use crate::cursor::{Cursor, Running, went_well};
use crate::exceptions::{self, Kind};
use crate::statement::{Compiled, SQL_LENGTH, compile};
use crate::sys::{Entry, Native, code};
use crate::{adapt, bind, fetch, patience};

/// `execute`.
pub(crate) fn one(this: Gc<Cursor>, cx: &mut Context, sql: Gc<Str>, parameters: Option<Value>) -> Result<()> {
    let connection = this.check(cx)?;
    let hold = Cursor::hold(this, cx)?;
    let result = Connection::enter(connection, cx, |cx, entry| {
        let compiled = begin(this, cx, connection, entry, sql, false)?;
        let parameters = match parameters {
            Some(parameters) => parameters,
            None => cx.new_tuple(&[]).value(),
        };
        if !compiled.statement.is_readonly() {
            patience::prepare(cx);
        }
        let ran = run(this, cx, connection, entry, &compiled, parameters);
        match ran {
            Ok(true) => {}
            // There was nothing to run.
            Ok(false) => return Ok(()),
            Err(raised) => {
                entry.native(cx, |native| compiled.statement.reset(native));
                return Err(raised);
            }
        }
        let rowid = entry.last_rowid();
        let rowid = cx.new_int(rowid);
        this.set_lastrowid(rowid);
        Ok(())
    });
    finish(this, hold, result)
}

/// `executemany`.
pub(crate) fn many(this: Gc<Cursor>, cx: &mut Context, sql: Gc<Str>, parameters: Value) -> Result<()> {
    let connection = this.check(cx)?;
    let hold = Cursor::hold(this, cx)?;
    let result = run_all(this, cx, connection, sql, parameters);
    if result.is_err() {
        drop(this.take_running());
    }
    finish(this, hold, result)
}

fn run_all(
    this: Gc<Cursor>,
    cx: &mut Context,
    connection: Gc<Connection>,
    sql: Gc<Str>,
    parameters: Value,
) -> Result<()> {
    let iterator = cx.iter(parameters)?;
    let mut compiled =
        Connection::enter(connection, cx, |cx, entry| begin(this, cx, connection, entry, sql, true))?;
    while let Some(parameters) = cx.next(iterator)? {
        Connection::enter(connection, cx, |cx, entry| {
            // Rows that the run before has left are not fetched.
            this.reset(cx, entry);
            if compiled.statement.is_busy(entry) {
                // Another cursor has taken it meanwhile.
                compiled = compile(cx, entry, sql)?;
            }
            let ran = run(this, cx, connection, entry, &compiled, parameters);
            if ran.is_err() {
                entry.native(cx, |native| compiled.statement.reset(native));
            }
            ran
        })?;
        cx.poll()?;
    }
    Ok(())
}

fn finish(this: Gc<Cursor>, hold: crate::cursor::Hold, result: Result<()>) -> Result<()> {
    if result.is_err() {
        this.rowcount.store(-1, Ordering::Relaxed);
    }
    drop(hold);
    result
}

/// Compiles the text, or finds it in the cache, and begins a transaction if one is needed.
fn begin(
    this: Gc<Cursor>,
    cx: &mut Context,
    connection: Gc<Connection>,
    entry: &Entry<'_>,
    sql: Gc<Str>,
    is_multiple: bool,
) -> Result<Compiled> {
    this.set_description(Value::NONE);
    this.reset(cx, entry);
    let mut compiled = connection.cached(cx, entry, sql)?;
    if is_multiple && compiled.statement.is_readonly() {
        let message = "executemany() can only execute DML statements.";
        return Err(exceptions::programming_error(cx, message));
    }
    if compiled.statement.is_busy(entry) {
        // Another cursor has it.
        compiled = compile(cx, entry, sql)?;
    }
    let statement = &compiled.statement;
    entry.native(cx, |native| statement.reset(native));
    this.rowcount.store(if compiled.is_dml { 0 } else { -1 }, Ordering::Relaxed);
    if compiled.is_dml && entry.is_autocommit() && connection.is_legacy() {
        connection.begin_transaction(cx, entry)?;
    }
    Ok(compiled)
}

/// Runs a statement to its first row or its end. False if there is no statement.
#[inline(never)]
fn run(
    this: Gc<Cursor>,
    cx: &mut Context,
    connection: Gc<Connection>,
    entry: &Entry<'_>,
    compiled: &Compiled,
    parameters: Value,
) -> Result<bool> {
    let statement = &compiled.statement;
    bind::all(cx, entry, statement, parameters)?;
    let step = |native: &Native<'_>| statement.step(native);
    let result = match statement.is_readonly() || compiled.is_dml {
        true => patience::wait(cx, entry, step)?,
        false => patience::wait_alone(cx, entry, step)?,
    };
    if !went_well(result) {
        return failed(cx, connection, entry).map(|()| false);
    }
    if let Some(error) = connection.take_callback_error() {
        return Err(cx.reraise(error));
    }
    if connection.detect_types() != 0
        && let Err(raised) = build_converters(this, cx, connection, entry, compiled)
    {
        return Err(converters_failed(cx, raised));
    }
    if this.description().is_none() {
        describe(this, cx, connection, entry, compiled)?;
    }
    if result == code::DONE {
        if compiled.is_dml {
            this.rowcount.fetch_add(entry.changes(), Ordering::Relaxed);
        }
        entry.native(cx, |native| statement.reset(native));
    } else if !statement.is_readonly() && entry.is_autocommit() {
        let result = fetch::keep_all(this, cx, connection, entry, statement, compiled.is_dml)?;
        if !went_well(result) {
            return failed(cx, connection, entry).map(|()| false);
        }
    } else {
        this.put_running(Running { statement: statement.begin_use(entry), is_dml: compiled.is_dml });
    }
    Ok(true)
}

/// Raises what SQLite says; what a callback raised as well is not raised.
fn failed(cx: &mut Context, connection: Gc<Connection>, entry: &Entry<'_>) -> Result<()> {
    connection.drop_callback_error(cx);
    exceptions::check_last(cx, entry)
}

/// CPython: `_PyErr_FormatFromCause`.
fn converters_failed(cx: &mut Context, raised: Raised) -> Raised {
    let cause = cx.take_exception(raised);
    let raised = exceptions::raise(cx, Kind::Operational, "Error while building row_cast_map");
    let error = cx.take_exception(raised);
    cx.raise_with(error, Some(cause))
}

/// The converters of the columns' types. CPython: `pysqlite_build_row_cast_map`.
fn build_converters(
    this: Gc<Cursor>,
    cx: &mut Context,
    connection: Gc<Connection>,
    entry: &Entry<'_>,
    compiled: &Compiled,
) -> Result<()> {
    let detect = connection.detect_types();
    let list = cx.new_list(&[]);
    for index in 0..compiled.statement.column_count(entry) {
        let mut converter = None;
        if detect & PARSE_COLNAMES != 0 {
            let name = compiled.statement.column_name(entry, index).ok_or_else(|| cx.memory_error())?;
            if let Some(kind) = bracketed(&name) {
                converter = adapt::converter(cx, kind)?;
            }
        }
        if converter.is_none()
            && detect & PARSE_DECLTYPES != 0
            && let Some(declared) = compiled.statement.column_type(entry, index)
        {
            // 'INTEGER NOT NULL' and 'NUMBER(10)' are known by their first words.
            let end = declared.iter().position(|byte| matches!(byte, b' ' | b'('));
            converter = adapt::converter(cx, &declared[..end.unwrap_or(declared.len())])?;
        }
        list.push(cx, converter.unwrap_or(Value::NONE));
    }
    let items = list.snapshot(cx);
    this.converters.store(cx.new_tuple(&items));
    Ok(())
}

/// What stands between the last opening bracket before the first closing one, and that one.
fn bracketed(name: &[u8]) -> Option<&[u8]> {
    let mut start = None;
    for (index, byte) in name.iter().enumerate() {
        match (byte, start) {
            (b'[', _) => start = Some(index + 1),
            (b']', Some(start)) => return Some(&name[start..index]),
            _ => {}
        }
    }
    None
}

/// A column's name without the type that is added in brackets. CPython: `_pysqlite_build_column_name`.
fn plain_name(name: &[u8], detect: i32) -> &[u8] {
    if detect & PARSE_COLNAMES == 0 {
        return name;
    }
    match name.iter().position(|byte| *byte == b'[') {
        Some(at) if at > 0 && name[at - 1] == b' ' => &name[..at - 1],
        Some(at) => &name[..at],
        None => name,
    }
}

fn describe(
    this: Gc<Cursor>,
    cx: &mut Context,
    connection: Gc<Connection>,
    entry: &Entry<'_>,
    compiled: &Compiled,
) -> Result<()> {
    let count = compiled.statement.column_count(entry);
    if count == 0 {
        return Ok(());
    }
    let columns = cx.new_list(&[]);
    for index in 0..count {
        let name = compiled.statement.column_name(entry, index).ok_or_else(|| cx.memory_error())?;
        let name = plain_name(&name, connection.detect_types());
        let mode = taipan_runtime::codecs::errors::ErrorMode::of_option(None);
        let name = taipan_runtime::codecs::decode_utf8(cx, name, mode)?.value();
        let none = Value::NONE;
        let column = cx.new_tuple(&[name, none, none, none, none, none, none]).value();
        columns.push(cx, column);
    }
    let items = columns.snapshot(cx);
    let description = cx.new_tuple(&items).value();
    this.set_description(description);
    Ok(())
}

/// `executescript`.
pub(crate) fn script(this: Gc<Cursor>, cx: &mut Context, script: Gc<Str>) -> Result<()> {
    let Ok(script) = CString::new(script.to_utf8(cx)?.into_owned()) else {
        return Err(cx.value_error("embedded null character"));
    };
    let connection = this.check(cx)?;
    let hold = Cursor::hold(this, cx)?;
    let result = Connection::enter(connection, cx, |cx, entry| {
        let longest = entry.limit(SQL_LENGTH, -1);
        let size = script.as_bytes().len();
        if size as i64 > i64::from(longest) {
            return Err(exceptions::raise(cx, Kind::Data, "query string is too large"));
        }
        if connection.autocommit_mode() == LEGACY_TRANSACTION_CONTROL && !entry.is_autocommit() {
            connection.run(cx, entry, c"COMMIT")?;
        }
        let mut at = 0;
        while at < size {
            let prepared = patience::wait(cx, entry, |native| native.prepare(&script, at))?;
            let Ok((statement, end)) = prepared else {
                return exceptions::check_last(cx, entry);
            };
            let mut result = code::OK;
            if !statement.is_empty() {
                result = patience::wait(cx, entry, |native| statement.step(native))?;
                while result == code::ROW {
                    result = entry.native(cx, |native| statement.step(native));
                    cx.poll()?;
                }
                result = entry.native(cx, |native| match result {
                    code::DONE => statement.finish(native),
                    _ => {
                        let failed = statement.reset(native);
                        if failed == code::OK { result } else { failed }
                    }
                });
            }
            if result != code::OK {
                connection.drop_callback_error(cx);
                return exceptions::check_last(cx, entry);
            }
            at = end;
            cx.poll()?;
        }
        match connection.take_callback_error() {
            Some(error) => Err(cx.reraise(error)),
            None => Ok(()),
        }
    });
    drop(hold);
    result
}

/// A text of SQL's as C wants it, for names of tables, functions and the like.
pub(crate) fn c_string(cx: &mut Context, text: Gc<Str>) -> Result<CString> {
    let text = text.to_utf8(cx)?.into_owned();
    CString::new(text).map_err(|_| cx.raise_message(exception::value_error, "embedded null character"))
}
