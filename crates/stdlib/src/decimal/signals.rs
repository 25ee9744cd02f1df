//! Signals: the exception classes, and the bits of a context that stand for them. CPython: `signal_map`, `cond_map` and
//! `dec_addstatus` in `Modules/_decimal/_decimal.c`.
//!
//! Invariant: the classes are made once for the process.

use taipan_num::decimal::Status;
use taipan_runtime::exception::{self, ClassFn};
use taipan_runtime::prelude::*;
use taipan_runtime::types::type_::type_class;

use super::state;

/// A float took part in a comparison or a construction.
pub(super) const FLOAT_OPERATION: Status = Status(0x400);
/// Every condition that makes an operation invalid.
pub(super) const ANY_INVALID: Status = Status(0x3ba);
/// The conditions without a usable result.
pub(super) const ERRORS: Status = Status(ANY_INVALID.0 | Status::DIVISION_BY_ZERO.0);
/// What a context traps at first.
pub(super) const DEFAULT_TRAPS: u32 = ANY_INVALID.0 | Status::DIVISION_BY_ZERO.0 | Status::OVERFLOW.0;

/// A class of the module.
pub(super) struct Signal {
    pub(super) name: &'static str,
    pub(super) flag: Status,
    /// Bases among the classes of the module, by number.
    bases: &'static [usize],
    /// A built-in base behind them.
    native: Option<ClassFn>,
}

/// How many of the classes are signals, behind the first one.
pub(super) const SIGNALS: usize = 9;
const CLASSES: usize = 1 + SIGNALS + 4;
const EXCEPTION: usize = 0;
const INVALID_OPERATION: usize = 1;

const fn class(name: &'static str, flag: Status, bases: &'static [usize]) -> Signal {
    Signal { name, flag, bases, native: None }
}

const fn native(signal: Signal, native: ClassFn) -> Signal {
    Signal { name: signal.name, flag: signal.flag, bases: signal.bases, native: Some(native) }
}

/// The classes: the base of all, the signals in the order in which CPython asks for them, the conditions.
static TABLE: [Signal; CLASSES] = [
    native(class("DecimalException", Status(0), &[]), exception::arithmetic_error),
    class("InvalidOperation", ANY_INVALID, &[EXCEPTION]),
    native(class("FloatOperation", FLOAT_OPERATION, &[EXCEPTION]), exception::type_error),
    native(class("DivisionByZero", Status::DIVISION_BY_ZERO, &[EXCEPTION]), exception::zero_division_error),
    class("Overflow", Status::OVERFLOW, &[7, 8]),
    class("Underflow", Status::UNDERFLOW, &[7, 8, 6]),
    class("Subnormal", Status::SUBNORMAL, &[EXCEPTION]),
    class("Inexact", Status::INEXACT, &[EXCEPTION]),
    class("Rounded", Status::ROUNDED, &[EXCEPTION]),
    class("Clamped", Status::CLAMPED, &[EXCEPTION]),
    class("ConversionSyntax", Status::CONVERSION_SYNTAX, &[INVALID_OPERATION]),
    class("DivisionImpossible", Status::DIVISION_IMPOSSIBLE, &[INVALID_OPERATION]),
    native(
        class("DivisionUndefined", Status::DIVISION_UNDEFINED, &[INVALID_OPERATION]),
        exception::zero_division_error,
    ),
    class("InvalidContext", Status::INVALID_CONTEXT, &[INVALID_OPERATION]),
];

/// The order in which a class's bases are there.
const ORDER: [usize; CLASSES] = [0, 9, 1, 3, 2, 7, 8, 6, 4, 5, 10, 11, 12, 13];

/// What a context's repr calls the conditions, by the number of their bit.
pub(super) const SHOWN: [(u32, &str); 15] = [
    (0x1, "Clamped"),
    (0x2, "InvalidOperation"),
    (0x4, "DivisionByZero"),
    (0x8, "InvalidOperation"),
    (0x10, "InvalidOperation"),
    (0x20, "InvalidOperation"),
    (0x40, "Inexact"),
    (0x80, "InvalidOperation"),
    (0x100, "InvalidOperation"),
    (0x200, "InvalidOperation"),
    (0x400, "FloatOperation"),
    (0x800, "Overflow"),
    (0x1000, "Rounded"),
    (0x2000, "Subnormal"),
    (0x4000, "Underflow"),
];

const INVALID_SIGNALS: &str = "valid values for signals are:
  [InvalidOperation, FloatOperation, DivisionByZero,
   Overflow, Underflow, Subnormal, Inexact, Rounded,
   Clamped]";

/// The signals, without the base of all and the conditions.
pub(super) fn all() -> &'static [Signal] {
    &TABLE[1..=SIGNALS]
}

/// Makes the classes.
pub(super) fn make(cx: &mut Context) -> Result<Gc<Tuple>> {
    let mut made = [Value::NONE; CLASSES];
    for number in ORDER {
        let signal = &TABLE[number];
        let mut bases = [Value::NONE; 4];
        let mut count = 0;
        for base in signal.bases {
            bases[count] = made[*base];
            count += 1;
        }
        if let Some(native) = signal.native {
            bases[count] = native().ensure(cx).value();
            count += 1;
        }
        let bases = cx.new_tuple(&bases[..count]).value();
        let namespace = cx.new_dict();
        let module = cx.intern("decimal").value();
        namespace.set_str(cx, cx.name(id::__module__), module);
        let name = cx.intern(signal.name).value();
        made[number] = cx.call(type_class().value(), &[name, bases, namespace.value()])?;
    }
    Ok(cx.new_tuple(&made))
}

/// Puts the classes into the module.
pub(super) fn add_to(cx: &Context, module: Gc<Module>, classes: Gc<Tuple>) {
    for (signal, class) in TABLE.iter().zip(classes.items()) {
        module.dict().set_str(cx, cx.intern(signal.name), *class);
    }
}

/// The classes of the signals, in order.
pub(super) fn classes(cx: &Context) -> Gc<Tuple> {
    state::get(cx).classes()
}

/// The classes of signals whose bits are set.
pub(super) fn list_of_signals(cx: &Context, flags: u32) -> Value {
    list(cx, flags, 1..SIGNALS + 1)
}

/// The same with the conditions for the first signal: what an exception's argument is.
fn list_of_conditions(cx: &Context, flags: u32) -> Value {
    let list = cx.new_list(&[]);
    let classes = classes(cx);
    if flags & Status::INVALID_OPERATION.0 != 0 {
        list.push(cx, classes.items()[INVALID_OPERATION]);
    }
    for number in (SIGNALS + 1..CLASSES).chain(2..SIGNALS + 1) {
        if flags & TABLE[number].flag.0 != 0 {
            list.push(cx, classes.items()[number]);
        }
    }
    list.value()
}

fn list(cx: &Context, flags: u32, numbers: std::ops::Range<usize>) -> Value {
    let list = cx.new_list(&[]);
    let classes = classes(cx);
    for number in numbers {
        if flags & TABLE[number].flag.0 != 0 {
            list.push(cx, classes.items()[number]);
        }
    }
    list.value()
}

/// The bits of a signal's class.
pub(super) fn flag_of(cx: &Context, class: Value) -> Result<u32> {
    let found = classes(cx).items()[1..=SIGNALS].iter().position(|known| *known == class);
    match found {
        Some(number) => Ok(TABLE[number + 1].flag.0),
        None => Err(cx.key_error(cx.new_str(INVALID_SIGNALS).value())),
    }
}

/// The bits of the signals in a list.
pub(super) fn flags_of_list(cx: &Context, list: Gc<List>) -> Result<u32> {
    list.snapshot(cx).iter().try_fold(0, |flags, class| Ok(flags | flag_of(cx, *class)?))
}

/// The bits that a dict of all signals sets.
pub(super) fn flags_of_dict(cx: &mut Context, value: Value) -> Result<u32> {
    let Some(dict) = value.downcast::<Dict>() else {
        return Err(cx.type_error("argument must be a signal dict"));
    };
    let invalid = |cx: &Context| cx.key_error(cx.new_str("invalid signal dict").value());
    if dict.len() != SIGNALS {
        return Err(invalid(cx));
    }
    let classes = classes(cx);
    let mut flags = 0;
    for (class, signal) in classes.items()[1..=SIGNALS].iter().zip(all()) {
        match dict.get(cx, *class)? {
            Some(value) => {
                if cx.truth(value)? {
                    flags |= signal.flag.0;
                }
            }
            None => return Err(invalid(cx)),
        }
    }
    Ok(flags)
}

/// Raises the exception of conditions that are trapped.
#[cold]
pub(super) fn raise(cx: &mut Context, trapped: u32) -> Raised {
    let Some(number) = (1..=SIGNALS).find(|number| trapped & TABLE[*number].flag.0 != 0) else {
        return cx.runtime_error("internal error in flags_as_exception");
    };
    let (class, argument) = (classes(cx).items()[number], list_of_conditions(cx, trapped));
    match cx.call(class, &[argument]) {
        Ok(error) => cx.raise(error),
        Err(raised) => raised,
    }
}
