//! `GlobalList`: a list of callbacks that a native module keeps for the whole process (`atexit`, `os.register_at_fork`).
//!
//! Invariant: once made, the list is a root and never another one.

use std::sync::atomic::{AtomicU64, Ordering};

use crate::prelude::*;

/// A static place for a list that is made when it is first needed.
#[derive(Debug, Default)]
pub struct GlobalList(AtomicU64);

impl GlobalList {
    pub const fn new() -> GlobalList {
        GlobalList(AtomicU64::new(0))
    }

    /// The list, if anybody has asked for it.
    pub fn get(&self) -> Option<Gc<List>> {
        Value::from_bits(self.0.load(Ordering::Acquire)).and_then(Value::downcast::<List>)
    }

    /// The list; two threads that ask at once get the same one.
    pub fn get_or_new(&'static self, cx: &Context) -> Gc<List> {
        if let Some(found) = self.get() {
            return found;
        }
        let new = cx.new_list(&[]);
        match self.0.compare_exchange(0, new.value().bits(), Ordering::AcqRel, Ordering::Acquire) {
            Ok(_) => {
                crate::add_root(&self.0);
                new
            }
            Err(_) => self.get().expect("the other thread made the list"),
        }
    }
}
