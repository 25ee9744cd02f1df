//! Generators and coroutines. CPython: `RETURN_GENERATOR`, `YIELD_VALUE`, `SEND`, `GET_AWAITABLE`, `GET_ANEXT`.

use taipan_runtime::exception::hierarchy;
use taipan_runtime::{Context, Result, Value};

use crate::dispatch::{Decode, Flow, State, tail};
use crate::generator;
use crate::types::async_generator::{self, AsyncGenerator};
use crate::types::coroutine;
use crate::types::generator::{Generator, Kind};
use crate::unwind::unwind_again;

super::outlined! {
    generator_start => generator::start;
    async_yield => slow_async_yield;
    yield_from => generator::delegate;
    get_yield_from_iter => slow_get_yield_from_iter;
    get_awaitable => slow_get_awaitable;
    get_aiter => slow_get_aiter;
    get_anext => slow_get_anext;
    end_async_for => slow_end_async_for;
}

#[inline(always)]
pub(crate) fn yield_<D: Decode>(s: &mut State) -> Flow {
    if !D::WIDE
        && let Some(flow) = generator::suspend_plain(s, s.bits(D::b(s.w)), D::c(s.w))
    {
        return flow;
    }
    tail(slow_yield)
}

fn slow_yield(s: &mut State) -> Flow {
    let (value, live) = (s.value(s.b()), s.c());
    generator::suspend(s, value, live)
}

fn slow_async_yield(s: &mut State) -> Flow {
    let (value, live) = (s.value(s.b()), s.c());
    s.enter();
    let wrapped = async_generator::wrap(s.cx(), value);
    generator::suspend(s, wrapped, live)
}

fn slow_get_yield_from_iter(s: &mut State) -> Flow {
    let source = s.value(s.b());
    let in_coroutine = generator::is_awaitable_code(s.private());
    let kind = source.downcast::<Generator>().map(|generator| generator.kind());
    if kind.is_none() && super::operator::iter(s, source) {
        return Flow::Go;
    }
    let cx = s.enter();
    let result = match kind {
        Some(Kind::Generator) => Ok(source),
        Some(Kind::Coroutine) if in_coroutine => Ok(source),
        Some(Kind::Coroutine) => {
            Err(cx.type_error("cannot 'yield from' a coroutine object in a non-coroutine generator"))
        }
        _ => cx.iter(source),
    };
    s.finish(s.a(), result)
}

fn slow_get_awaitable(s: &mut State) -> Flow {
    let (source, why) = (s.value(s.b()), s.c());
    let cx = s.enter();
    let result = awaitable(cx, source, why);
    s.finish(s.a(), result)
}

fn awaitable(cx: &mut Context, source: Value, why: usize) -> Result {
    let iterator = match coroutine::awaitable_iterator(cx, source) {
        Ok(iterator) => iterator,
        Err(raised) => {
            let has_await =
                cx.class_of(source).slots.await_.is_set() || source.downcast::<Generator>().is_some();
            let method = match why {
                1 => "__aenter__",
                2 => "__aexit__",
                _ => return Err(raised),
            };
            if has_await || !cx.error_matches(&raised, hierarchy::type_error) {
                return Err(raised);
            }
            cx.take_exception(raised);
            let name = cx.type_name(source);
            return Err(cx.type_error(format!(
                "'async with' received an object from {method} that does not implement __await__: {name}"
            )));
        }
    };
    if let Some(inner) = iterator.downcast::<Generator>()
        && inner.kind() == Kind::Coroutine
        && inner.delegate().is_some()
    {
        return Err(cx.runtime_error("coroutine is being awaited already"));
    }
    Ok(iterator)
}

fn slow_get_aiter(s: &mut State) -> Flow {
    let source = s.value(s.b());
    let cx = s.enter();
    let result = async_iterator(cx, source);
    s.finish(s.a(), result)
}

fn async_iterator(cx: &mut Context, source: Value) -> Result {
    let name = cx.type_name(source);
    let Some(aiter) = cx.class_of(source).slots.aiter.get() else {
        return Err(
            cx.type_error(format!("'async for' requires an object with __aiter__ method, got {name}"))
        );
    };
    let iterator = aiter(cx, source)?;
    if !cx.class_of(iterator).slots.anext.is_set() {
        let got = cx.type_name(iterator);
        return Err(cx.type_error(format!(
            "'async for' received an object from __aiter__ that does not implement __anext__: {got}"
        )));
    }
    Ok(iterator)
}

fn slow_get_anext(s: &mut State) -> Flow {
    let source = s.value(s.b());
    let cx = s.enter();
    let result = next_awaitable(cx, source);
    s.finish(s.a(), result)
}

fn next_awaitable(cx: &mut Context, source: Value) -> Result {
    let name = cx.type_name(source);
    let Some(anext) = cx.class_of(source).slots.anext.get() else {
        return Err(
            cx.type_error(format!("'async for' requires an iterator with __anext__ method, got {name}"))
        );
    };
    let next = anext(cx, source)?;
    if cx.is_exact::<AsyncGenerator>(source) {
        return Ok(next);
    }
    match coroutine::awaitable_iterator(cx, next) {
        Ok(iterator) => Ok(iterator),
        Err(raised) => {
            let cause = cx.take_exception(raised);
            let got = cx.type_name(next);
            let message = format!("'async for' received an invalid object from __anext__: {got}");
            let message = cx.new_str(&message).value();
            let error = cx.new_exception(hierarchy::type_error, &[message]);
            Err(cx.raise_with(error, Some(cause)))
        }
    }
}

fn slow_end_async_for(s: &mut State) -> Flow {
    let exception = s.value(s.a());
    let cx = s.enter();
    if cx.is_exception_of(exception, hierarchy::stop_async_iteration) {
        return s.next();
    }
    let _raised = cx.reraise(exception);
    unwind_again(s)
}
