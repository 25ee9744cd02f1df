//! Loops. CPython: `GET_ITER`, `FOR_ITER` and its specialisations.
//!
//! An iterator takes three registers that only these two ops read. The low bits of the third say what they are:
//!
//! | tag | registers |
//! | --- | --- |
//! | `RANGE` | next int, rounds left (raw), step << 3 or tag |
//! | `LIST` | list, next index (raw), tag |
//! | `TUPLE` | tuple, next index (raw), tag |
//! | `OBJECT` | iterator, EMPTY, tag |
//!
//! Nobody else can see them, so no iterator object is needed.

use taipan_runtime::Value;
use taipan_runtime::types::list::List;
use taipan_runtime::types::range::Range;
use taipan_runtime::types::tuple::Tuple;

use crate::dispatch::{Decode, Flow, State, other, tail};
use crate::frame::flag;
use crate::generator::{self, Input, Outcome};
use crate::types::generator::Generator;
use crate::unwind::unwind;

const RANGE: u64 = 1;
const LIST: u64 = 2;
const TUPLE: u64 = 3;
const OBJECT: u64 = 4;
const TAGS: u64 = 7;

super::outlined! {
    get_iter => slow_get_iter;
    get_iter_object => slow_get_iter_object;
}

fn slow_get_iter(s: &mut State) -> Flow {
    let (first, source) = (s.a(), s.value(s.b()));
    let cx = s.locking_cx();
    if let Some(range) = cx.exact::<Range>(source)
        && let Some((start, rounds, step)) = range.as_small()
        && (-(1 << 60)..1 << 60).contains(&step)
    {
        s.set_bits(first, start as u64);
        s.set_bits(first + 1, rounds);
        s.set_bits(first + 2, (step << 3) as u64 | RANGE);
        return s.next();
    }
    // A generator expression's argument is an iterator already.
    let made = s.c() == 1;
    let tag = if made {
        OBJECT
    } else if cx.is_exact::<List>(source) {
        LIST
    } else if cx.is_exact::<Tuple>(source) {
        TUPLE
    } else {
        OBJECT
    };
    let iterator = if tag == OBJECT && !made {
        match s.enter().iter(source) {
            Ok(iterator) => iterator,
            Err(_) => return unwind(s),
        }
    } else {
        source
    };
    s.set(first, iterator);
    s.set_bits(first + 1, 0);
    s.set_bits(first + 2, tag);
    s.next()
}

fn slow_get_iter_object(s: &mut State) -> Flow {
    let source = s.value(s.b());
    let result = s.enter().iter(source);
    s.finish(s.a(), result)
}

#[inline(always)]
pub(crate) fn for_iter<D: Decode + 'static>(s: &mut State) -> Flow {
    let first = D::a(s.w);
    let step = s.bits(first + 2);
    if step & TAGS != RANGE {
        return other(for_iter_list::<D>);
    }
    let left = s.bits(first + 1);
    if left == 0 {
        return Flow::Next(2);
    }
    if s.interrupted() {
        return tail(slow_for_iter);
    }
    let current = s.bits(first) as i64;
    s.set_bits(first + 1, left - 1);
    s.set_bits(first, current.wrapping_add(step as i64 >> 3) as u64);
    s.set_bits(D::b(s.w), (current as u64) << 1 | 1);
    s.jump()
}

#[inline(always)]
pub(crate) fn for_iter_list<D: Decode + 'static>(s: &mut State) -> Flow {
    let first = D::a(s.w);
    if s.bits(first + 2) == LIST
        && !s.interrupted()
        && let Some(list) = s.get(first).and_then(Value::downcast::<List>)
    {
        let index = s.bits(first + 1);
        return match list.get(index as usize) {
            Some(item) => {
                s.set_bits(first + 1, index + 1);
                s.set(D::b(s.w), item);
                s.jump()
            }
            None => {
                // Exhausted for good, even if the list grows.
                s.set_bits(first + 1, u64::MAX >> 1);
                Flow::Next(2)
            }
        };
    }
    if s.bits(first + 2) == OBJECT && !s.interrupted() {
        return tail(for_iter_object);
    }
    other(for_iter_tuple::<D>)
}

#[inline(always)]
pub(crate) fn for_iter_tuple<D: Decode + 'static>(s: &mut State) -> Flow {
    let first = D::a(s.w);
    if s.bits(first + 2) == TUPLE
        && !s.interrupted()
        && let Some(tuple) = s.get(first).and_then(Value::downcast::<Tuple>)
    {
        let index = s.bits(first + 1);
        return match tuple.items().get(index as usize) {
            Some(item) => {
                s.set_bits(first + 1, index + 1);
                s.set(D::b(s.w), *item);
                s.jump()
            }
            None => Flow::Next(2),
        };
    }
    tail(slow_for_iter)
}

/// A generator, which runs on top of this frame, or any other iterator.
fn for_iter_object(s: &mut State) -> Flow {
    if let Some(generator) = s.cx().exact::<Generator>(s.value(s.a()))
        && generator::resume_inline(s, generator, Value::NONE, loop_word(s))
    {
        return Flow::Go;
    }
    let iterator = s.value(s.a());
    let cx = s.enter();
    match cx.next(iterator) {
        Ok(Some(item)) => {
            s.set(s.b(), item);
            s.jump()
        }
        Ok(None) => Flow::Next(2),
        Err(_) => unwind(s),
    }
}

fn slow_for_iter(s: &mut State) -> Flow {
    let first = s.a();
    if s.interrupted() && s.enter().poll().is_err() {
        return unwind(s);
    }
    let tag = s.bits(first + 2) & TAGS;
    let next = match tag {
        RANGE => Ok(next_of_range(s, first)),
        LIST | TUPLE => Ok(next_of_sequence(s, first, tag)),
        _ => next_of_object(s, first),
    };
    match next {
        Ok(Some(item)) => {
            s.set(s.b(), item);
            s.jump()
        }
        Ok(None) => s.next(),
        Err(_) => unwind(s),
    }
}

/// The meta word for the frame of a generator that this loop resumes: its values go to the loop's variable.
fn loop_word(s: &State) -> u64 {
    let target = s.b() as u64;
    let high = if s.is_wide() { flag::WIDE | (target >> 8) << 48 } else { 0 };
    (target & 0xFF) << 8 | high | flag::LOOP
}

fn next_of_range(s: &mut State, first: usize) -> Option<Value> {
    let (current, left, step) = (s.bits(first) as i64, s.bits(first + 1), s.bits(first + 2) as i64 >> 3);
    let left = left.checked_sub(1)?;
    s.set_bits(first + 1, left);
    s.set_bits(first, current.wrapping_add(step) as u64);
    Some(Value::int(current))
}

fn next_of_sequence(s: &mut State, first: usize, tag: u64) -> Option<Value> {
    let (object, index) = (s.value(first), s.bits(first + 1));
    let item = if tag == LIST {
        object.downcast::<List>().and_then(|list| list.get(index as usize))
    } else {
        object.downcast::<Tuple>().and_then(|tuple| tuple.items().get(index as usize).copied())
    };
    s.set_bits(first + 1, if item.is_some() { index + 1 } else { u64::MAX >> 1 });
    item
}

fn next_of_object(s: &mut State, first: usize) -> taipan_runtime::Result<Option<Value>> {
    let iterator = s.value(first);
    let cx = s.enter();
    if let Some(generator) = cx.exact::<Generator>(iterator) {
        return generator::resume(cx, generator, Input::Send(Value::NONE)).map(|outcome| match outcome {
            Outcome::Yielded(value) => Some(value),
            Outcome::Returned(_) => None,
        });
    }
    cx.next(iterator)
}
