//! `lock` and `RLock`. CPython: `Modules/_threadmodule.c`.
//!
//! Invariant: `state` is 0 when free, 1 when held, 2 when held and somebody waits. Waiting is `wait::park`'s.

use std::sync::atomic::{AtomicU32, AtomicU64, AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use taipan_runtime::parking;
use taipan_runtime::prelude::*;

use crate::time::nanoseconds;
use crate::wait::park;

const FREE: u32 = 0;
const HELD: u32 = 1;
const CONTENDED: u32 = 2;

/// Longest timeout in seconds that `acquire` takes.
pub(super) const TIMEOUT_MAX: f64 = 9_223_372_036.0;

/// A lock word that threads wait for.
#[derive(Trace, Default)]
pub(super) struct Word(AtomicU32);

impl Word {
    pub(super) fn try_take(&self) -> bool {
        self.0.compare_exchange(FREE, HELD, Ordering::Acquire, Ordering::Relaxed).is_ok()
    }

    pub(super) fn is_held(&self) -> bool {
        self.0.load(Ordering::Acquire) != FREE
    }

    /// Takes the lock before `deadline` (`None` = forever). False when time ran out.
    pub(super) fn take(&self, cx: &mut Context, deadline: Option<Instant>) -> Result<bool> {
        if self.try_take() {
            return Ok(true);
        }
        loop {
            if self.0.swap(CONTENDED, Ordering::Acquire) == FREE {
                return Ok(true);
            }
            if deadline.is_some_and(|deadline| Instant::now() >= deadline) {
                return Ok(false);
            }
            park(cx, &self.0, CONTENDED, deadline)?;
        }
    }

    /// False when it was free already.
    pub(super) fn release(&self) -> bool {
        match self.0.swap(FREE, Ordering::Release) {
            FREE => false,
            HELD => true,
            _ => {
                parking::wake(&self.0);
                true
            }
        }
    }

    fn reset(&self) {
        self.0.store(FREE, Ordering::Release);
    }
}

/// The deadline that `acquire(blocking, timeout)` asks for: `None` = do not wait.
fn deadline(cx: &mut Context, blocking: bool, timeout: Value) -> Result<Option<Option<Instant>>> {
    let forever = timeout.as_small_int() == Some(-1) || timeout.as_immediate_float() == Some(-1.0);
    if !blocking {
        if !forever {
            return Err(cx.value_error("can't specify a timeout for a non-blocking call"));
        }
        return Ok(None);
    }
    if forever {
        return Ok(Some(None));
    }
    let nanos = nanoseconds(cx, timeout, true)?;
    if nanos < 0 {
        return Err(cx.value_error("timeout value must be a non-negative number"));
    }
    if nanos as f64 > TIMEOUT_MAX * 1e9 {
        return Err(cx.overflow_error("timeout value is too large"));
    }
    Ok(Some(Instant::now().checked_add(Duration::from_nanos(nanos as u64))))
}

/// The body of `lock`.
#[derive(Trace)]
pub struct Lock {
    pub(super) word: Word,
}

impl Lock {
    pub(super) fn new(cx: &Context) -> Gc<Lock> {
        cx.new_object(Lock { word: Word::default() })
    }
}

/// A lock is a synchronization primitive.  To create a lock,
/// call threading.Lock().
#[class(name = "lock", module = "_thread", flags = HAS_WEAKREF)]
impl Lock {
    #[new("()")]
    fn make(cx: &mut Context, class: Gc<Class>) -> Gc<Lock> {
        cx.new_instance(class, Lock { word: Word::default() })
    }

    /// Lock the lock.
    #[function("(blocking=True, timeout=-1)")]
    fn acquire(&self, cx: &mut Context, blocking: bool, timeout: Value) -> Result<bool> {
        match deadline(cx, blocking, timeout)? {
            None => Ok(self.word.try_take()),
            Some(deadline) => self.word.take(cx, deadline),
        }
    }

    /// An obsolete synonym of acquire().
    #[function("(blocking=True, timeout=-1)")]
    fn acquire_lock(&self, cx: &mut Context, blocking: bool, timeout: Value) -> Result<bool> {
        self.acquire(cx, blocking, timeout)
    }

    /// Release the lock.
    #[function("()")]
    fn release(&self, cx: &mut Context) -> Result<()> {
        if self.word.release() { Ok(()) } else { Err(cx.runtime_error("release unlocked lock")) }
    }

    /// An obsolete synonym of release().
    #[function("()")]
    fn release_lock(&self, cx: &mut Context) -> Result<()> {
        self.release(cx)
    }

    /// Return whether the lock is in the locked state.
    #[function("()")]
    fn locked(&self) -> bool {
        self.word.is_held()
    }

    /// An obsolete synonym of locked().
    #[function("()")]
    fn locked_lock(&self) -> bool {
        self.word.is_held()
    }

    #[function("()")]
    fn __enter__(&self, cx: &mut Context) -> Result<bool> {
        self.word.take(cx, None)
    }

    #[function("(*args)")]
    fn __exit__(&self, cx: &mut Context, args: Value) -> Result<()> {
        let _ = args;
        self.release(cx)
    }

    #[function("()")]
    fn _at_fork_reinit(&self) {
        self.word.reset();
    }

    #[slot(repr)]
    fn repr(this: Gc<Self>, cx: &mut Context) -> Value {
        let state = if this.word.is_held() { "locked" } else { "unlocked" };
        cx.new_str(&format!("<{state} _thread.lock object at {:#x}>", this.address())).value()
    }
}

/// The body of `RLock`.
#[derive(Trace, Default)]
pub struct RLock {
    word: Word,
    owner: AtomicU64,
    count: AtomicUsize,
}

impl RLock {
    fn is_mine(&self) -> bool {
        self.owner.load(Ordering::Relaxed) == super::ident()
    }

    fn enter(&self, cx: &mut Context, deadline: Option<Option<Instant>>) -> Result<bool> {
        if self.is_mine() {
            self.count.fetch_add(1, Ordering::Relaxed);
            return Ok(true);
        }
        let taken = match deadline {
            None => self.word.try_take(),
            Some(deadline) => self.word.take(cx, deadline)?,
        };
        if taken {
            self.owner.store(super::ident(), Ordering::Relaxed);
            self.count.store(1, Ordering::Relaxed);
        }
        Ok(taken)
    }

    fn leave(&self, cx: &mut Context) -> Result<()> {
        if !self.is_mine() {
            return Err(cx.runtime_error("cannot release un-acquired lock"));
        }
        if self.count.fetch_sub(1, Ordering::Relaxed) == 1 {
            self.owner.store(0, Ordering::Relaxed);
            self.word.release();
        }
        Ok(())
    }
}

#[class(name = "RLock", module = "_thread", flags = BASETYPE | HAS_WEAKREF)]
impl RLock {
    #[new("()")]
    fn make(cx: &mut Context, class: Gc<Class>) -> Gc<RLock> {
        cx.new_instance(class, RLock::default())
    }

    /// Lock the lock.
    #[function("(blocking=True, timeout=-1)")]
    fn acquire(&self, cx: &mut Context, blocking: bool, timeout: Value) -> Result<bool> {
        let deadline = deadline(cx, blocking, timeout)?;
        self.enter(cx, deadline)
    }

    /// Release the lock.
    #[function("()")]
    fn release(&self, cx: &mut Context) -> Result<()> {
        self.leave(cx)
    }

    /// Return a boolean indicating whether this object is locked right now.
    #[function("()")]
    fn locked(&self) -> bool {
        self.word.is_held()
    }

    #[function("()")]
    fn __enter__(&self, cx: &mut Context) -> Result<bool> {
        self.enter(cx, Some(None))
    }

    #[function("(*args)")]
    fn __exit__(&self, cx: &mut Context, args: Value) -> Result<()> {
        let _ = args;
        self.leave(cx)
    }

    /// For internal use by `threading.Condition`.
    #[function("()")]
    fn _is_owned(&self) -> bool {
        self.is_mine()
    }

    /// For internal use by reentrancy tests.
    #[function("()")]
    fn _recursion_count(&self) -> usize {
        if self.is_mine() { self.count.load(Ordering::Relaxed) } else { 0 }
    }

    /// For internal use by `threading.Condition`.
    #[function("()")]
    fn _release_save(&self, cx: &mut Context) -> Result<(usize, u64)> {
        if !self.is_mine() {
            return Err(cx.runtime_error("cannot release un-acquired lock"));
        }
        let count = self.count.swap(0, Ordering::Relaxed);
        let owner = self.owner.swap(0, Ordering::Relaxed);
        self.word.release();
        Ok((count, owner))
    }

    /// For internal use by `threading.Condition`.
    #[function("(state, /)")]
    fn _acquire_restore(&self, cx: &mut Context, state: Gc<Tuple>) -> Result<()> {
        let [count, owner] = *state.items() else { return Err(cx.type_error("illegal RLock state")) };
        let (count, owner) = (cx.index_isize(count)?, cx.index_i128(owner)?);
        self.word.take(cx, None)?;
        self.count.store(count.max(0) as usize, Ordering::Relaxed);
        self.owner.store(owner as u64, Ordering::Relaxed);
        Ok(())
    }

    #[function("()")]
    fn _at_fork_reinit(&self) {
        self.count.store(0, Ordering::Relaxed);
        self.owner.store(0, Ordering::Relaxed);
        self.word.reset();
    }

    #[slot(repr)]
    fn repr(this: Gc<Self>, cx: &mut Context) -> Value {
        let count = this.count.load(Ordering::Relaxed);
        let state = if count > 0 { "locked" } else { "unlocked" };
        let name = cx.type_name(this.value());
        let owner = this.owner.load(Ordering::Relaxed);
        let text = format!("<{state} {name} object owner={owner} count={count} at {:#x}>", this.address());
        cx.new_str(&text).value()
    }
}
