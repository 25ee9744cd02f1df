//! Which weak references exist for which object, by address.
//!
//! The table holds addresses, not references: it keeps nothing alive. The collector names the cells that die
//! (`sweep`), among them weak references themselves; once it is final which of those are revived for a
//! finalizer, it says so (`settle`).
//! Invariant: every address in the table is that of a live cell whenever a mutator runs.

use std::collections::{HashMap, VecDeque};
use std::ptr::NonNull;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};

use taipan_gc::{Header, Marker};

use crate::buffer::GVec;
use crate::identity::Identity;
use crate::layout::{Object, kind};
use crate::object::Gc;
use crate::types::type_::Class;
use crate::types::weakref::WeakRef;
use crate::value::Value;

#[derive(Default)]
struct Table {
    /// Referent to its weak references, in order of creation.
    refs: HashMap<Identity, Vec<Identity>>,
    /// Weak references that were found dying in this collection.
    limbo: Vec<Identity>,
    /// Cleared references whose callbacks are to run; roots.
    callbacks: VecDeque<Identity>,
}

static TABLE: Mutex<Option<Table>> = Mutex::new(None);
static PENDING: AtomicBool = AtomicBool::new(false);

/// No safepoint is reached while the guard lives, so the collector never waits for it.
fn lock() -> MutexGuard<'static, Option<Table>> {
    TABLE.lock().unwrap_or_else(PoisonError::into_inner)
}

fn weak(reference: Identity) -> Option<Gc<WeakRef>> {
    reference.value()?.downcast()
}

fn is_plain_of(reference: &Gc<WeakRef>, class: Gc<Class>) -> bool {
    reference.is_plain() && crate::shape::record(reference.value().shape()).class() == class
}

/// The reference without callback of exactly this class, if there is one.
pub(super) fn plain_ref(referent: Value, class: Gc<Class>) -> Option<Gc<WeakRef>> {
    let table = lock();
    let refs = table.as_ref()?.refs.get(&Identity::of(referent))?;
    refs.iter().filter_map(|entry| weak(*entry)).find(|reference| is_plain_of(reference, class))
}

/// Registers `new`; if another thread was faster with a shared one of class `shared`, gives that instead.
pub(super) fn insert(referent: Value, new: Gc<WeakRef>, shared: Option<Gc<Class>>) -> Gc<WeakRef> {
    let mut table = lock();
    let refs = table.get_or_insert_default().refs.entry(Identity::of(referent)).or_default();
    if let Some(class) = shared
        && let Some(existing) = refs.iter().filter_map(|entry| weak(*entry)).find(|r| is_plain_of(r, class))
    {
        return existing;
    }
    refs.push(Identity::of(new.value()));
    for value in [referent, new.value()] {
        if let Some(cell) = value.as_cell() {
            taipan_gc::set_weakref(cell);
        }
    }
    new
}

/// The weak references to an object: the shared one, the shared proxy, then the newest first.
pub fn references(referent: Value) -> GVec<Value> {
    let (mut found, class) = (GVec::new(), WeakRef::class_cell().get());
    let table = lock();
    let Some(refs) = table.as_ref().and_then(|table| table.refs.get(&Identity::of(referent))) else {
        return found;
    };
    let (plain, others): (Vec<_>, Vec<_>) =
        refs.iter().filter_map(|entry| weak(*entry)).partition(|reference| is_plain_of(reference, class));
    found.extend(plain.iter().map(|reference| reference.value()));
    found.extend(others.iter().rev().map(|reference| reference.value()));
    found
}

/// How many weak references to an object there are.
pub fn count(referent: Value) -> usize {
    lock().as_ref().and_then(|table| table.refs.get(&Identity::of(referent))).map_or(0, Vec::len)
}

/// The world is stopped and these cells die: clears the references to them and queues their callbacks.
pub fn sweep(dying: &[NonNull<Header>]) {
    let mut guard = lock();
    let Some(table) = guard.as_mut() else { return };
    for cell in dying {
        let value = Value::from_cell(*cell);
        if value.kind() == kind::WEAKREF {
            table.limbo.push(Identity::of(value));
        }
        let Some(refs) = table.refs.remove(&Identity::of(value)) else { continue };
        for entry in refs.into_iter().rev() {
            let (Some(reference), Some(own)) = (weak(entry), entry.value().and_then(Value::as_cell)) else {
                continue;
            };
            reference.referent.store(0, Ordering::Release);
            // A reference that dies together with its referent does not call back.
            if reference.callback().is_some() && taipan_gc::is_marked(own) {
                table.callbacks.push_back(entry);
                PENDING.store(true, Ordering::Release);
            }
        }
    }
}

/// It is final which cells die: forgets the dead references, watches the revived ones again.
pub fn settle() {
    let mut guard = lock();
    let Some(table) = guard.as_mut() else { return };
    for entry in std::mem::take(&mut table.limbo) {
        let (Some(reference), Some(cell)) = (weak(entry), entry.value().and_then(Value::as_cell)) else {
            continue;
        };
        let Some(referent) = reference.referent() else { continue };
        if taipan_gc::is_marked(cell) {
            taipan_gc::set_weakref(cell);
        } else if let Some(refs) = table.refs.get_mut(&Identity::of(referent)) {
            refs.retain(|candidate| *candidate != entry);
            if refs.is_empty() {
                table.refs.remove(&Identity::of(referent));
            }
        }
    }
}

/// Keeps the references alive whose callbacks are to run.
pub fn trace_callbacks(marker: &mut Marker) {
    if let Some(table) = lock().as_ref() {
        table.callbacks.iter().for_each(|entry| marker.value(Value::option_bits(entry.value())));
    }
}

/// Whether callbacks wait.
#[inline]
pub fn has_callbacks() -> bool {
    PENDING.load(Ordering::Acquire)
}

/// The next reference whose callback should run, with the callback.
pub fn take_callback() -> Option<(Value, Value)> {
    let mut guard = lock();
    let table = guard.as_mut()?;
    while let Some(entry) = table.callbacks.pop_front() {
        if let Some(reference) = weak(entry)
            && let Some(callback) = reference.callback.swap(None)
        {
            return Some((reference.value(), callback));
        }
    }
    PENDING.store(false, Ordering::Release);
    None
}
