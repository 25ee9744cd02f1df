//! `_ThreadHandle`: whether a thread has ended, and waiting for it.
//!
//! Invariant: the state only moves forward: fresh, starting, running, done.

use std::sync::atomic::{AtomicU32, AtomicU64, Ordering};
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

use taipan_runtime::prelude::*;
use taipan_runtime::{Rooted, parking};

use crate::time::nanoseconds;

const FRESH: u32 = 0;
const STARTING: u32 = 1;
const RUNNING: u32 = 2;
const DONE: u32 = 3;

/// The body of `_ThreadHandle`.
#[derive(Trace)]
pub struct ThreadHandle {
    state: AtomicU32,
    ident: AtomicU64,
}

/// Non-daemon threads, which `_shutdown` waits for.
static REMEMBERED: Mutex<Vec<Rooted>> = Mutex::new(Vec::new());

pub(super) fn remember(handle: Gc<ThreadHandle>) {
    let mut list = REMEMBERED.lock().unwrap_or_else(PoisonError::into_inner);
    list.retain(|root| {
        let known = Value::from_bits(root.get()).and_then(Value::downcast::<ThreadHandle>);
        known.is_some_and(|known| known.state.load(Ordering::Acquire) != DONE)
    });
    list.push(Rooted::new(handle.value().bits()));
}

pub(super) fn join_remembered(cx: &mut Context) -> Result<()> {
    loop {
        let next = {
            let list = REMEMBERED.lock().unwrap_or_else(PoisonError::into_inner);
            list.iter().find_map(|root| {
                let handle = Value::from_bits(root.get()).and_then(Value::downcast::<ThreadHandle>)?;
                let own = handle.ident.load(Ordering::Relaxed) == super::ident();
                (!own && !matches!(handle.state.load(Ordering::Acquire), DONE | FRESH)).then_some(handle)
            })
        };
        match next {
            Some(handle) => {
                handle.wait_done(cx, None)?;
            }
            None => return Ok(()),
        }
    }
}

impl ThreadHandle {
    pub(super) fn new(cx: &Context) -> Gc<ThreadHandle> {
        cx.new_object(ThreadHandle { state: AtomicU32::new(FRESH), ident: AtomicU64::new(0) })
    }

    pub(super) fn of_ident(cx: &Context, ident: u64) -> Gc<ThreadHandle> {
        cx.new_object(ThreadHandle { state: AtomicU32::new(RUNNING), ident: AtomicU64::new(ident) })
    }

    pub(super) fn is_fresh(&self) -> bool {
        self.state.load(Ordering::Acquire) == FRESH
    }

    fn advance(&self, state: u32) {
        self.state.store(state, Ordering::Release);
        parking::wake(&self.state);
    }

    pub(super) fn set_starting(&self) {
        self.advance(STARTING);
    }

    pub(super) fn set_running(&self, ident: u64) {
        self.ident.store(ident, Ordering::Relaxed);
        self.advance(RUNNING);
    }

    pub(super) fn set_done(&self) {
        self.advance(DONE);
    }

    pub(super) fn ident_number(&self) -> u64 {
        self.ident.load(Ordering::Relaxed)
    }

    pub(super) fn wait_started(&self) {
        while self.state.load(Ordering::Acquire) == STARTING {
            parking::wait(&self.state, STARTING, None);
        }
    }

    /// Waits until the thread is done. False when time ran out.
    fn wait_done(&self, cx: &mut Context, deadline: Option<Instant>) -> Result<bool> {
        loop {
            let state = self.state.load(Ordering::Acquire);
            if state == DONE {
                return Ok(true);
            }
            let now = Instant::now();
            if deadline.is_some_and(|deadline| now >= deadline) {
                return Ok(false);
            }
            // In slices, so that signal handlers run on the main thread.
            let slice = now + Duration::from_millis(50);
            let until = deadline.map_or(slice, |deadline| deadline.min(slice));
            cx.blocking(|| parking::wait(&self.state, state, Some(until)));
            cx.poll()?;
        }
    }
}

#[class(name = "_ThreadHandle", module = "_thread")]
impl ThreadHandle {
    #[new("()")]
    fn make(cx: &mut Context, class: Gc<Class>) -> Gc<ThreadHandle> {
        cx.new_instance(class, ThreadHandle { state: AtomicU32::new(FRESH), ident: AtomicU64::new(0) })
    }

    #[getter]
    fn ident(&self) -> u64 {
        self.ident_number()
    }

    #[function("(timeout=None, /)")]
    fn join(&self, cx: &mut Context, timeout: Value) -> Result<()> {
        let deadline = match timeout.not_none() {
            None => None,
            Some(timeout) => {
                let nanos = nanoseconds(cx, timeout, true)?;
                if nanos < 0 { None } else { Instant::now().checked_add(Duration::from_nanos(nanos as u64)) }
            }
        };
        match self.state.load(Ordering::Acquire) {
            FRESH => return Err(cx.runtime_error("thread not started")),
            DONE => return Ok(()),
            _ => {}
        }
        if self.ident_number() == super::ident() {
            return Err(cx.runtime_error("Cannot join current thread"));
        }
        self.wait_done(cx, deadline).map(drop)
    }

    #[function("()")]
    fn is_done(&self) -> bool {
        self.state.load(Ordering::Acquire) == DONE
    }

    #[function("()", name = "_set_done")]
    fn set_done_(&self) {
        self.set_done();
    }

    #[slot(repr)]
    fn repr(this: Gc<Self>, cx: &mut Context) -> Value {
        let text = format!("<_ThreadHandle object: ident={}>", this.ident_number());
        cx.new_str(&text).value()
    }
}

/// `threading.excepthook`: prints what a thread's `run` raised.
pub(super) fn excepthook(cx: &mut Context, args: Value) -> Result<()> {
    let Some(args) = args.downcast::<Tuple>() else {
        return Err(cx.type_error("_thread._excepthook argument type must be ExceptHookArgs"));
    };
    let [class, exception, traceback, thread] = *args.items() else {
        return Err(cx.type_error("_thread._excepthook argument type must be ExceptHookArgs"));
    };
    if class == taipan_runtime::exception::system_exit().get().value() {
        return Ok(());
    }
    let Some(stderr) = cx.sys_attr("stderr").and_then(Value::not_none) else { return Ok(()) };
    let name = match thread.not_none() {
        Some(thread) => {
            let name = cx.get_attr_str(thread, "_name")?;
            cx.str(name)?.to_str().into_owned()
        }
        None => super::ident().to_string(),
    };
    let heading = cx.new_str(&format!("Exception in thread {name}:\n")).value();
    cx.call_method(stderr, "write", &[heading])?;
    let module = cx.import("traceback")?;
    let print = cx.get_attr_str(module, "print_exception")?;
    cx.call(print, &[class, exception, traceback])?;
    cx.call_method(stderr, "flush", &[]).map(drop)
}
