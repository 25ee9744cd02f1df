//! Arguments of the methods of `Connection` that CPython is about to change: those that are to be passed by position or by
//! name only. CPython: what Argument Clinic writes for `Modules/_sqlite/connection.c`.
//!
//! Invariant: a warning comes before the arguments are looked at.

use taipan_host::path;
use taipan_runtime::exception;
use taipan_runtime::native::bind::{self, Callee, Owner};
use taipan_runtime::native::{Param, ParamKind, Signature};
use taipan_runtime::prelude::*;
use taipan_runtime::types::bytes::Bytes;

use crate::connection::{Connection, Isolation, Options, autocommit_from};
use crate::constants::LEGACY_TRANSACTION_CONTROL;
use crate::exceptions;

/// `SQLITE_MAX_FUNCTION_ARG`: as many arguments as a function may have.
const MOST_ARGUMENTS: i32 = 1000;

pub(crate) const fn param(name: &'static str, kind: ParamKind, required: bool) -> Param {
    Param { name, kind, required }
}

/// Parameters that may be named, `required` of them first, and then those that must be.
pub(crate) const fn signature(
    text: &'static str,
    params: &'static [Param],
    positional: u8,
    required: u8,
) -> Signature {
    Signature {
        text,
        params,
        positional,
        positional_only: 0,
        required,
        var_args: false,
        var_keywords: false,
        keyword_only: params.len() as u8 - positional,
        by_position: true,
        unnamed: false,
    }
}

/// Binds what a method got once more, by a signature that says less than the method accepts: what is passed by name is
/// warned of.
pub(crate) fn bound(
    cx: &mut Context,
    this: Value,
    name: &'static str,
    signature: &'static Signature,
    args: Gc<Tuple>,
    kwargs: Gc<Dict>,
    call: fn(&mut Context, &[Option<Value>]) -> Result,
) -> Result {
    let mut values: GVec<Value> = GVec::from_slice(args.items());
    let mut names: GVec<Value> = GVec::new();
    for (key, value) in kwargs.entries(cx) {
        names.push(key);
        values.push(value);
    }
    let names = (!names.is_empty()).then(|| cx.new_tuple(&names));
    let callee = Callee { name, owner: Owner::Receiver(this) };
    bind::call(cx, callee, Some(this), signature, Args::new(&values, names), call)
}

/// Warns of arguments passed by name that will have to be passed by position.
fn warn_named(cx: &mut Context, method: &str, args: Gc<Tuple>, names: &[&str]) -> Result<()> {
    if args.len() >= names.len() {
        return Ok(());
    }
    let quoted: Vec<String> = names.iter().map(|name| format!("'{name}'")).collect();
    let (plural, listed) = match quoted.as_slice() {
        [one] => ("", one.clone()),
        [first @ .., last] => ("s", format!("{} and {last}", first.join(", "))),
        [] => return Ok(()),
    };
    let message = format!(
        "Passing keyword argument{plural} {listed} to _sqlite3.Connection.{method}() is deprecated. Parameter{plural} \
         {listed} will become positional-only in Python 3.15."
    );
    cx.warn(exception::deprecation_warning, &message, 1)
}

pub(crate) fn text_argument(cx: &mut Context, value: Option<Value>, name: &'static str) -> Result<Gc<Str>> {
    Gc::<Str>::from_arg(cx, bind::present(value), name)
}

/// A number of arguments that a function of SQL can have.
pub(crate) fn check_argument_count(cx: &mut Context, name: &str, count: i32) -> Result<()> {
    if (-1..=MOST_ARGUMENTS).contains(&count) {
        return Ok(());
    }
    let message = format!("'{name}' must be between -1 and {MOST_ARGUMENTS}, not {count}");
    Err(exceptions::programming_error(cx, &message))
}

/// `os.fsencode` of the file's name.
fn file_name(cx: &mut Context, value: Value) -> Result<std::ffi::CString> {
    let value = path::fspath(cx, value)?;
    let bytes = match (value.downcast::<Str>(), value.downcast::<Bytes>()) {
        (Some(text), _) => path::encode(cx, text)?,
        (None, Some(bytes)) => bytes.as_slice().to_vec(),
        (None, None) => return Err(cx.type_error("expected str, bytes or os.PathLike object")),
    };
    std::ffi::CString::new(bytes).map_err(|_| cx.value_error("embedded null byte"))
}

const POSITIONAL: &str = "deprecated. Parameters 'timeout', 'detect_types', 'isolation_level', 'check_same_thread', \
                          'factory', 'cached_statements' and 'uri' will become keyword-only parameters in Python 3.15.";

/// Warns of arguments to open a database that are passed by position.
pub(crate) fn warn_positional(cx: &mut Context, count: usize, function: &str) -> Result<()> {
    if !(2..=8).contains(&count) {
        return Ok(());
    }
    let message = format!("Passing more than 1 positional argument to {function}() is {POSITIONAL}");
    cx.warn(exception::deprecation_warning, &message, 1)
}

pub(crate) fn init(cx: &mut Context, args: &[Option<Value>]) -> Result {
    let this = bind::expect_self::<Connection>(cx, args[0])?;
    let database = bind::present(args[1]);
    let timeout = match args[2] {
        Some(timeout) => f64::from_arg(cx, timeout, "timeout")?,
        None => 5.0,
    };
    let number = |cx: &mut Context, value: Option<Value>, otherwise: i32| match value {
        Some(value) => i32::from_arg(cx, value, ""),
        None => Ok(otherwise),
    };
    let detect_types = number(cx, args[3], 0)?;
    let isolation = match args[4] {
        Some(level) => Isolation::from_value(cx, level)?,
        None => Isolation::Default,
    };
    let checks_thread = match args[5] {
        Some(value) => cx.truth(value)?,
        None => true,
    };
    let cached_statements = number(cx, args[7], 128)?;
    let is_uri = match args[8] {
        Some(value) => cx.truth(value)?,
        None => false,
    };
    let autocommit = match args[9] {
        Some(value) => autocommit_from(cx, value)?,
        None => LEGACY_TRANSACTION_CONTROL,
    };
    cx.audit("sqlite3.connect", |_| [database])?;
    let path = file_name(cx, database)?;
    let options = Options {
        path,
        timeout,
        detect_types,
        isolation,
        checks_thread,
        cached_statements,
        is_uri,
        autocommit,
    };
    Connection::open(this, cx, options)?;
    Ok(Value::NONE)
}

/// `warn_named`, if enough is passed to be called at all: else the error says more.
pub(crate) fn warn_named_if_bound(
    cx: &mut Context,
    method: &str,
    args: Gc<Tuple>,
    kwargs: Gc<Dict>,
    names: &[&str],
) -> Result<()> {
    let is_named = names.iter().skip(args.len()).all(|name| kwargs.get_str(cx, cx.intern(name)).is_some());
    if is_named { warn_named(cx, method, args, names) } else { Ok(()) }
}
