//! `_ThreadHandle`: whether a thread has ended, and waiting for it.
//!
//! Invariant: the state only moves forward: fresh, starting, running, done.

use std::sync::atomic::{AtomicU32, AtomicU64, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use taipan_runtime::prelude::*;
use taipan_runtime::{Rooted, parking};

use crate::time::nanoseconds;
use crate::wait::park;

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

/// A started thread, and whether `_shutdown` waits for it.
struct Started {
    handle: Rooted,
    waits: bool,
}

impl Started {
    fn handle(&self) -> Option<Gc<ThreadHandle>> {
        Value::from_bits(self.handle.get()).and_then(Value::downcast::<ThreadHandle>)
    }
}

/// Threads that have been started and are not known to have ended.
static STARTED: Mutex<Vec<Started>> = Mutex::new(Vec::new());

fn started() -> MutexGuard<'static, Vec<Started>> {
    STARTED.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Notes a thread that is about to start; `_shutdown` waits for it unless it is a daemon.
pub(super) fn remember(handle: Gc<ThreadHandle>, daemon: bool) {
    let mut list = started();
    list.retain(|known| known.handle().is_some_and(|known| !known.is_done()));
    list.push(Started { handle: Rooted::new(handle.value().bits()), waits: !daemon });
}

/// Whether a thread with this identifier runs.
pub(super) fn is_running(ident: u64) -> bool {
    started()
        .iter()
        .any(|known| known.handle().is_some_and(|known| known.ident_number() == ident && !known.is_done()))
}

pub(super) fn join_remembered(cx: &mut Context) -> Result<()> {
    loop {
        let next = started().iter().filter(|known| known.waits).find_map(|known| {
            let handle = known.handle()?;
            let own = handle.ident_number() == super::ident();
            (!own && !matches!(handle.state.load(Ordering::Acquire), DONE | FRESH)).then_some(handle)
        });
        match next {
            Some(handle) => {
                handle.wait_done(cx, None)?;
            }
            None => return Ok(()),
        }
    }
}

/// In a forked child: the other threads have ended.
pub(super) fn after_fork() {
    for handle in started().iter().filter_map(Started::handle) {
        if handle.ident_number() != super::ident() && !handle.is_fresh() {
            handle.state.store(DONE, Ordering::Release);
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
            if deadline.is_some_and(|deadline| Instant::now() >= deadline) {
                return Ok(false);
            }
            park(cx, &self.state, state, deadline)?;
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
