//! The lock of a database: held by one thread, which may take it again (a callback of SQLite uses its own connection).
//!
//! Invariant: `depth` is zero exactly when nobody holds the lock. Whoever waits does so in state NATIVE: the holder may run
//! Python, and a collection waits for it.

use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};

#[derive(Default)]
struct State {
    owner: u64,
    depth: u32,
}

#[derive(Default)]
pub(super) struct Lock {
    state: Mutex<State>,
    free: Condvar,
}

impl Lock {
    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Takes the lock for thread `me`, if another thread does not hold it.
    pub(super) fn try_take(&self, me: u64) -> bool {
        let mut state = self.state();
        let may = state.depth == 0 || state.owner == me;
        if may {
            state.owner = me;
            state.depth += 1;
        }
        may
    }

    /// Takes the lock, waiting for it.
    pub(super) fn take(&self, me: u64) {
        let mut state = self.state();
        while state.depth > 0 && state.owner != me {
            state = self.free.wait(state).unwrap_or_else(PoisonError::into_inner);
        }
        state.owner = me;
        state.depth += 1;
    }

    /// Gives back what was taken last.
    pub(super) fn give(&self) {
        let mut state = self.state();
        state.depth -= 1;
        if state.depth == 0 {
            drop(state);
            self.free.notify_one();
        }
    }

    /// How often the holder, who asks, has taken it.
    pub(super) fn depth(&self) -> u32 {
        self.state().depth
    }
}

#[cfg(test)]
mod tests {
    use super::Lock;

    #[test]
    fn one_thread_takes_it_again_and_another_waits() {
        let lock = Lock::default();
        assert!(lock.try_take(1) && lock.try_take(1));
        assert!(!lock.try_take(2));
        std::thread::scope(|scope| {
            let waiter = scope.spawn(|| {
                lock.take(2);
                let depth = lock.depth();
                lock.give();
                depth
            });
            lock.give();
            assert_eq!(lock.depth(), 1);
            lock.give();
            assert_eq!(waiter.join().expect("the other thread ends"), 1);
        });
        assert!(lock.try_take(3));
    }
}
