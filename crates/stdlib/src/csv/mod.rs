//! `_csv`: records of fields in lines of text. CPython: `Modules/_csv.c`, PEP 305.
//!
//! Invariant: a dialect never changes; readers and writers keep nothing between two records but the line number.

mod dialect;
mod reader;
mod writer;

use std::sync::atomic::{AtomicI64, AtomicU64, Ordering};

use taipan_runtime::exception;
use taipan_runtime::prelude::*;

use crate::module_exception::ModuleException;
use dialect::Dialect;
use reader::Reader;
use writer::Writer;

/// `csv.Error`.
static ERROR: ModuleException = ModuleException::new("_csv", "Error", exception::exception);

/// The dict of registered dialects; a root once it is there.
static DIALECTS: AtomicU64 = AtomicU64::new(0);

/// The most characters that a field may have when it is read.
static FIELD_LIMIT: AtomicI64 = AtomicI64::new(128 * 1024);

fn dialects(cx: &Context) -> Gc<Dict> {
    if let Some(dict) = Value::from_bits(DIALECTS.load(Ordering::Acquire)).and_then(Value::downcast::<Dict>) {
        return dict;
    }
    let dict = cx.new_dict();
    match DIALECTS.compare_exchange(0, dict.value().bits(), Ordering::AcqRel, Ordering::Acquire) {
        Ok(_) => {
            taipan_runtime::add_root(&DIALECTS);
            dict
        }
        Err(bits) => Value::from_bits(bits).and_then(Value::downcast::<Dict>).unwrap_or(dict),
    }
}

/// The dialect registered under a name.
fn registered(cx: &mut Context, name: Value) -> Result {
    match dialects(cx).get(cx, name)? {
        Some(dialect) => Ok(dialect),
        None => Err(ERROR.raise(cx, "unknown dialect")),
    }
}

/// The two positional arguments of `reader` and its like, of which the second, a dialect, may be missing.
fn one_or_two(cx: &Context, name: &str, args: Gc<Tuple>) -> Result<(Value, Option<Value>)> {
    match *args.items() {
        [first] => Ok((first, None)),
        [first, dialect] => Ok((first, Some(dialect))),
        [] => Err(cx.type_error(format!("{name} expected at least 1 argument, got 0"))),
        ref other => Err(cx.type_error(format!("{name} expected at most 2 arguments, got {}", other.len()))),
    }
}

pub struct Csv;

/// CSV parsing and writing.
#[module("_csv", classes(Dialect))]
impl Csv {
    #[constant]
    const QUOTE_MINIMAL: i32 = 0;
    #[constant]
    const QUOTE_ALL: i32 = 1;
    #[constant]
    const QUOTE_NONNUMERIC: i32 = 2;
    #[constant]
    const QUOTE_NONE: i32 = 3;
    #[constant]
    const QUOTE_STRINGS: i32 = 4;
    #[constant]
    const QUOTE_NOTNULL: i32 = 5;

    #[exec]
    fn exec(cx: &mut Context, module: Gc<Module>) -> Result<()> {
        ERROR.add_to(cx, module)?;
        let (reader, writer) = (Reader::class_cell().ensure(cx), Writer::class_cell().ensure(cx));
        module.dict().set_str(cx, cx.intern("Reader"), reader.value());
        module.dict().set_str(cx, cx.intern("Writer"), writer.value());
        module.dict().set_str(cx, cx.intern("_dialects"), dialects(cx).value());
        Ok(())
    }

    /// Return a reader object that will process lines from the given iterable.
    ///
    /// The "iterable" argument can be any object that returns a line
    /// of input for each iteration, such as a file object or a list.  The
    /// optional "dialect" argument defines a CSV dialect.  The function
    /// also accepts optional keyword arguments which override settings
    /// provided by the dialect.
    ///
    /// The returned object is an iterator.  Each iteration returns a row
    /// of the CSV file (which can span multiple input lines).
    #[function("(*args, **kwargs)", text = "(iterable, /, dialect='excel', **fmtparams)")]
    fn reader(cx: &mut Context, args: Gc<Tuple>, kwargs: Gc<Dict>) -> Result<Gc<Reader>> {
        let (iterable, dialect) = one_or_two(cx, "reader", args)?;
        let lines = cx.iter(iterable)?;
        let dialect = dialect::make(cx, dialect, kwargs)?;
        Ok(cx.new_object(Reader::new(lines, dialect)))
    }

    /// Return a writer object that will write user data on the given file object.
    ///
    /// The "fileobj" argument can be any object that supports the file API.
    /// The optional "dialect" argument defines a CSV dialect.  The function
    /// also accepts optional keyword arguments which override settings
    /// provided by the dialect.
    #[function("(*args, **kwargs)", text = "(fileobj, /, dialect='excel', **fmtparams)")]
    fn writer(cx: &mut Context, args: Gc<Tuple>, kwargs: Gc<Dict>) -> Result<Gc<Writer>> {
        let (file, dialect) = one_or_two(cx, "writer", args)?;
        let write = cx.lookup_attr_str(file, "write")?.filter(|write| cx.is_callable(*write));
        let Some(write) = write else {
            return Err(cx.type_error("argument 1 must have a \"write\" method"));
        };
        let dialect = dialect::make(cx, dialect, kwargs)?;
        Ok(cx.new_object(Writer::new(write, dialect)))
    }

    /// Return a list of all known dialect names.
    #[function("()")]
    fn list_dialects(cx: &mut Context) -> Value {
        let names = dialects(cx).keys(cx);
        cx.new_list(&names).value()
    }

    /// Create a mapping from a string name to a CVS dialect.
    ///
    /// The optional "dialect" argument specifies the base dialect instance
    /// or the name of the registered dialect.  The function also accepts
    /// optional keyword arguments which override settings provided by the
    /// dialect.
    #[function("(*args, **kwargs)", text = "(name, /, dialect='excel', **fmtparams)")]
    fn register_dialect(cx: &mut Context, args: Gc<Tuple>, kwargs: Gc<Dict>) -> Result<()> {
        let (name, dialect) = one_or_two(cx, "register_dialect", args)?;
        if name.downcast::<Str>().is_none() {
            return Err(cx.type_error("dialect name must be a string"));
        }
        let dialect = dialect::make(cx, dialect, kwargs)?;
        dialects(cx).set(cx, name, dialect.value())
    }

    /// Delete the name/dialect mapping associated with a string name.
    #[function("(name)")]
    fn unregister_dialect(cx: &mut Context, name: Value) -> Result<()> {
        match dialects(cx).remove(cx, name)? {
            Some(_) => Ok(()),
            None => Err(ERROR.raise(cx, "unknown dialect")),
        }
    }

    /// Return the dialect instance associated with name.
    #[function("(name)")]
    fn get_dialect(cx: &mut Context, name: Value) -> Result {
        registered(cx, name)
    }

    /// Sets an upper limit on parsed fields.
    ///
    /// Returns old limit. If limit is not given, no new limit is set and
    /// the old limit is returned
    #[function("(new_limit=<absent>)")]
    fn field_size_limit(cx: &mut Context, new_limit: Option<Value>) -> Result<i64> {
        let Some(limit) = new_limit else { return Ok(FIELD_LIMIT.load(Ordering::Relaxed)) };
        if !cx.is_int(limit) || limit.is_bool() {
            return Err(cx.type_error("limit must be an integer"));
        }
        let limit = isize::from_arg(cx, limit, "new_limit")?;
        Ok(FIELD_LIMIT.swap(limit as i64, Ordering::Relaxed))
    }
}
