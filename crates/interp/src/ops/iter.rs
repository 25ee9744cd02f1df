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
//! | `STRING` | str, next index (raw), tag |
//! | `GENERATOR`, `DICT_KEYS`, `DICT_VALUES`, `LIST_ITERATOR`, `RANGE_ITERATOR` | an exact one, EMPTY, tag |
//! | `PAIRS` | an iterator that makes tuples of two: see `next_pair` |
//!
//! Nobody else can see them, so ranges, lists, tuples and strings need no iterator object.

use taipan_bytecode::Op;
use taipan_runtime::types::dict::{DictItemIterator, DictKeyIterator, DictValueIterator};
use taipan_runtime::types::iterators::enumerate::Enumerate;
use taipan_runtime::types::iterators::range::RangeIterator;
use taipan_runtime::types::iterators::sequence::ListIterator;
use taipan_runtime::types::iterators::zip::Zip;
use taipan_runtime::types::list::List;
use taipan_runtime::types::range::Range;
use taipan_runtime::types::str::Str;
use taipan_runtime::types::tuple::Tuple;
use taipan_runtime::{Context, Result, Value};

use crate::cache::Pc;
use crate::dispatch::{Decode, Flow, Handler, Narrow, State, handler_of, outlined_of, tail};
use crate::frame::flag;
use crate::generator;
use crate::types::generator::Generator;
use crate::unwind::unwind;

const RANGE: u64 = 1;
const LIST: u64 = 2;
const TUPLE: u64 = 3;
const OBJECT: u64 = 4;
const GENERATOR: u64 = 5;
const LIST_ITERATOR: u64 = 6;
const PAIRS: u64 = 7;
const RANGE_ITERATOR: u64 = 8;
const STRING: u64 = 10;
const DICT_KEYS: u64 = 11;
const DICT_VALUES: u64 = 12;
/// The bits that tell a range from the others, which are smaller than `TAG_COUNT`.
const RANGE_BITS: u64 = 7;
const TAG_COUNT: usize = 16;

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
    } else if cx.is_exact::<Str>(source) {
        STRING
    } else {
        OBJECT
    };
    let iterator = if tag == OBJECT && !made {
        if super::operator::iter(s, source) {
            return Flow::Go;
        }
        match s.enter().iter(source) {
            Ok(iterator) => iterator,
            Err(_) => return unwind(s),
        }
    } else {
        source
    };
    if tag == OBJECT {
        return begin(s, iterator);
    }
    s.set(first, iterator);
    s.set_bits(first + 1, 0);
    s.set_bits(first + 2, tag);
    s.next()
}

/// The loop drives this iterator.
pub(super) fn begin(s: &mut State, iterator: Value) -> Flow {
    let first = s.a();
    s.set(first, iterator);
    s.set_bits(first + 1, 0);
    s.set_bits(first + 2, tag_of(s.cx(), iterator));
    s.next()
}

/// How an iterator is driven.
fn tag_of(cx: &Context, iterator: Value) -> u64 {
    if cx.is_exact::<Generator>(iterator) {
        GENERATOR
    } else if cx.is_exact::<ListIterator>(iterator) {
        LIST_ITERATOR
    } else if cx.is_exact::<RangeIterator>(iterator) {
        RANGE_ITERATOR
    } else if cx.is_exact::<DictKeyIterator>(iterator) {
        DICT_KEYS
    } else if cx.is_exact::<DictValueIterator>(iterator) {
        DICT_VALUES
    } else if makes_pairs(cx, iterator) {
        PAIRS
    } else {
        OBJECT
    }
}

/// Does it make tuples of two? A zip may learn that it is to be strict.
fn makes_pairs(cx: &Context, iterator: Value) -> bool {
    cx.is_exact::<DictItemIterator>(iterator)
        || cx.is_exact::<Enumerate>(iterator)
        || cx.exact::<Zip>(iterator).is_some_and(|zip| zip.is_of_two())
}

/// The handlers of `FOR_ITER` by tag.
struct ByTag<D>(std::marker::PhantomData<D>);

impl<D: Decode + 'static> ByTag<D> {
    const HANDLERS: &'static [Handler; TAG_COUNT] = &{
        let mut handlers = [outlined_of(slow_for_iter); TAG_COUNT];
        handlers[LIST as usize] = handler_of(for_iter_list::<D>);
        handlers[TUPLE as usize] = handler_of(for_iter_tuple::<D>);
        handlers[OBJECT as usize] = outlined_of(for_iter_object);
        handlers[GENERATOR as usize] = handler_of(for_iter_generator::<D>);
        handlers[LIST_ITERATOR as usize] = handler_of(for_iter_list_iterator::<D>);
        handlers[RANGE_ITERATOR as usize] = handler_of(for_iter_range_iterator::<D>);
        handlers[STRING as usize] = handler_of(for_iter_string::<D>);
        handlers[DICT_KEYS as usize] = outlined_of(for_iter_dict);
        handlers[DICT_VALUES as usize] = outlined_of(for_iter_dict);
        handlers[PAIRS as usize] = outlined_of(for_iter_pairs);
        handlers
    };
}

fn slow_get_iter_object(s: &mut State) -> Flow {
    let source = s.value(s.b());
    if super::operator::iter(s, source) {
        return Flow::Go;
    }
    let result = s.enter().iter(source);
    s.finish(s.a(), result)
}

#[inline(always)]
pub(crate) fn for_iter<D: Decode + 'static>(s: &mut State) -> Flow {
    let first = D::a(s.w);
    let step = s.bits(first + 2);
    if step & RANGE_BITS != RANGE {
        return Flow::Tail(ByTag::<D>::HANDLERS[step as usize % TAG_COUNT]);
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
    tail(slow_for_iter)
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

/// A generator, which runs on top of this frame.
#[inline(always)]
fn for_iter_generator<D: Decode>(s: &mut State) -> Flow {
    if !D::WIDE
        && !s.interrupted()
        && let Some(generator) = s.get(D::a(s.w)).and_then(Value::downcast::<Generator>)
        && generator::resume_plain(s, generator, (D::b(s.w) as u64) << 8 | flag::LOOP)
    {
        return Flow::Go;
    }
    tail(slow_for_iter_generator)
}

fn slow_for_iter_generator(s: &mut State) -> Flow {
    if !s.interrupted() && resumed_inline(s) {
        return Flow::Go;
    }
    slow_for_iter(s)
}

#[inline(always)]
fn for_iter_list_iterator<D: Decode>(s: &mut State) -> Flow {
    if !s.interrupted()
        && let Some(iterator) = s.get(D::a(s.w)).and_then(Value::downcast::<ListIterator>)
    {
        return match iterator.advance() {
            Some(item) => {
                s.set(D::b(s.w), item);
                s.jump()
            }
            None => Flow::Next(2),
        };
    }
    tail(slow_for_iter)
}

#[inline(always)]
fn for_iter_range_iterator<D: Decode>(s: &mut State) -> Flow {
    if !s.interrupted()
        && let Some(iterator) = s.get(D::a(s.w)).and_then(Value::downcast::<RangeIterator>)
    {
        return match iterator.advance_small() {
            Some(Some(item)) => {
                s.set(D::b(s.w), item);
                s.jump()
            }
            Some(None) => tail(slow_for_iter),
            None => Flow::Next(2),
        };
    }
    tail(slow_for_iter)
}

#[inline(always)]
fn for_iter_string<D: Decode>(s: &mut State) -> Flow {
    let first = D::a(s.w);
    if !s.interrupted()
        && let Some(text) = s.get(first).and_then(Value::downcast::<Str>)
    {
        let index = s.bits(first + 1) as usize;
        if index >= text.len() {
            return Flow::Next(2);
        }
        s.set_bits(first + 1, index as u64 + 1);
        s.set(D::b(s.w), s.cx().new_char(text.char_at(index)).value());
        return s.jump();
    }
    tail(slow_for_iter)
}

/// The keys or values of a dict.
fn for_iter_dict(s: &mut State) -> Flow {
    if s.interrupted() {
        return slow_for_iter(s);
    }
    let iterator = s.value(s.a());
    let cx = s.enter();
    let next = if let Some(keys) = iterator.downcast::<DictKeyIterator>() {
        keys.next_key(cx)
    } else if let Some(values) = iterator.downcast::<DictValueIterator>() {
        values.next_value(cx)
    } else {
        cx.next(iterator)
    };
    match next {
        Ok(Some(item)) => {
            s.set(s.b(), item);
            s.jump()
        }
        Ok(None) => Flow::Next(2),
        Err(_) => unwind(s),
    }
}

/// An iterator that makes tuples of two, of which the loop's body first takes two variables: the tuple need not be made.
fn for_iter_pairs(s: &mut State) -> Flow {
    let iterator = s.value(s.a());
    let Some((target, body)) = unpacked(s).filter(|_| makes_pairs(s.cx(), iterator)) else {
        return for_iter_object(s);
    };
    if s.interrupted() {
        return slow_for_iter(s);
    }
    match next_pair(s.enter(), iterator) {
        Ok(Some((first, second))) => {
            s.set(target, first);
            s.set(target + 1, second);
            s.pc = body;
            Flow::Go
        }
        Ok(None) => Flow::Next(2),
        Err(_) => unwind(s),
    }
}

/// Where the body puts the parts of what the iterator gives, and how it goes on, if that is all that it does with it.
fn unpacked(s: &State) -> Option<(usize, Pc)> {
    let body = s.pc.jump_target(1);
    let word = body.word(0) as u64;
    let unpacks = word as u8 == Op::UnpackSeq as u8
        && Narrow::b(word) == s.b()
        && Narrow::c(word) == 2
        // A variable would have to get the tuple, and whoever traces would miss an instruction.
        && s.b() >= s.private().locals()
        && !s.cx().locals.traced.get();
    unpacks.then(|| (Narrow::a(word), body.add(1)))
}

fn next_pair(cx: &mut Context, iterator: Value) -> Result<Option<(Value, Value)>> {
    if let Some(items) = iterator.downcast::<DictItemIterator>() {
        items.next_pair(cx)
    } else if let Some(enumerate) = iterator.downcast::<Enumerate>() {
        enumerate.next_pair(cx)
    } else if let Some(zip) = iterator.downcast::<Zip>() {
        zip.next_pair(cx)
    } else {
        Ok(None)
    }
}

/// Any other iterator.
fn for_iter_object(s: &mut State) -> Flow {
    if s.interrupted() {
        return slow_for_iter(s);
    }
    let iterator = s.value(s.a());
    if super::operator::next(s, iterator) {
        return Flow::Go;
    }
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
    let tag = s.bits(first + 2);
    let next = match tag {
        LIST | TUPLE | STRING => next_of_sequence(s, first, tag),
        range if range & RANGE_BITS == RANGE => next_of_range(s, first),
        GENERATOR if resumed_inline(s) => return Flow::Go,
        _ => return next_of_object(s, first),
    };
    match next {
        Some(item) => {
            s.set(s.b(), item);
            s.jump()
        }
        None => s.next(),
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
    let item = match tag {
        LIST => object.downcast::<List>().and_then(|list| list.get(index as usize)),
        STRING => {
            let text = object.downcast::<Str>().filter(|text| (index as usize) < text.len());
            text.map(|text| s.cx().new_char(text.char_at(index as usize)).value())
        }
        _ => object.downcast::<Tuple>().and_then(|tuple| tuple.items().get(index as usize).copied()),
    };
    s.set_bits(first + 1, if item.is_some() { index + 1 } else { u64::MAX >> 1 });
    item
}

/// Resumes the generator that the loop drives on top of this frame.
fn resumed_inline(s: &mut State) -> bool {
    match s.cx().exact::<Generator>(s.value(s.a())) {
        Some(generator) => generator::resume_inline(s, generator, Value::NONE, loop_word(s)),
        None => false,
    }
}

/// Asks an iterator by its slot.
fn next_of_object(s: &mut State, first: usize) -> Flow {
    let iterator = s.value(first);
    match s.enter().next(iterator) {
        Ok(Some(item)) => {
            s.set(s.b(), item);
            s.jump()
        }
        Ok(None) => s.next(),
        Err(_) => unwind(s),
    }
}
