//! The table of interned strings, one per process.
//!
//! CPython: `PyUnicode_InternInPlace`. Invariant: of all interned strings with one text there is one
//! object, so interned strings are equal exactly when they are the same. Entries are weak: an interned
//! cell carries the weak-reference flag, and the collector tells `forget` about those that die, in the
//! pause and before any thread can look them up again.

use std::cell::Cell;
use std::ptr::NonNull;
use std::sync::{LazyLock, Mutex, PoisonError};

use hashbrown::HashTable;
use taipan_gc::Header;

use super::raw::{Str, Units};
use crate::context::Context;
use crate::identity::Identity;
use crate::object::Gc;
use crate::value::Value;

const SHARDS: usize = 16;

/// Interned strings, each of which knows its hash.
type Shard = HashTable<Identity>;

static TABLE: LazyLock<[Mutex<Shard>; SHARDS]> = LazyLock::new(|| {
    crate::vm::vm().add_sweeper(sweep);
    std::array::from_fn(|_| Mutex::default())
});

fn shard(hash: u64) -> std::sync::MutexGuard<'static, Shard> {
    TABLE[(hash >> 7) as usize % SHARDS].lock().unwrap_or_else(PoisonError::into_inner)
}

fn live(entry: Identity) -> Gc<Str> {
    entry.value().and_then(Value::downcast).expect("the table holds strings")
}

/// The hash of an entry, for a table that grows.
fn hash_of(entry: &Identity) -> u64 {
    live(*entry).cached_hash().unwrap_or(0) as u64
}

/// Makes a string of no table the one of its text.
fn enter(shard: &mut Shard, s: Gc<Str>, hash: u64) {
    taipan_gc::set_weakref(NonNull::from(s.header()));
    s.mark_interned();
    shard.insert_unique(hash, Identity::of(s.value()), hash_of);
}

/// The interned string with the text of `s`, which must be an exact `str`; `s` itself if there is none yet.
pub fn intern(cx: &Context, s: Gc<Str>) -> Gc<Str> {
    if s.is_interned() {
        return s;
    }
    let hash = s.hash(cx) as u64;
    let mut shard = shard(hash);
    if let Some(entry) = shard.find(hash, |entry| live(*entry).equals(&s)) {
        return live(*entry);
    }
    enter(&mut shard, s, hash);
    s
}

const KEPT_NAMES: usize = 256;

/// What a thread interned last, found by where the text lies: natives ask for the same few names again and again. It keeps
/// no string alive, so every collection empties it. An entry has the bits of a string, or 0.
pub struct NameCache(Box<[Cell<u64>]>);

impl Default for NameCache {
    fn default() -> Self {
        NameCache((0..KEPT_NAMES).map(|_| Cell::new(0)).collect())
    }
}

impl NameCache {
    /// Forgets everything. The thread is this one or stopped.
    pub(crate) fn clear(&self) {
        self.0.iter().for_each(|entry| entry.set(0));
    }

    #[inline]
    fn entry(&self, text: &str) -> &Cell<u64> {
        let place = (text.as_ptr().addr() ^ text.len() << 32).wrapping_mul(0x9e37_79b9_7f4a_7c15);
        &self.0[place >> 56]
    }
}

fn has_text(s: Gc<Str>, text: &str) -> bool {
    matches!(s.units(), Units::One(bytes) if bytes == text.as_bytes())
}

/// The interned string with this text.
#[inline]
pub fn intern_text(cx: &Context, text: &str) -> Gc<Str> {
    let kept = cx.locals.names.entry(text);
    if let Some(s) = Value::from_bits(kept.get()).and_then(Value::downcast::<Str>)
        && has_text(s, text)
        && text.is_ascii()
    {
        return s;
    }
    let found = find_text(cx, text);
    kept.set(found.value().bits());
    found
}

fn find_text(cx: &Context, text: &str) -> Gc<Str> {
    // The shortest strings exist once and are interned when they are made.
    if !text.is_ascii() || text.len() < 2 {
        return intern(cx, cx.new_str(text));
    }
    let hash = super::hash_bytes(cx, text.as_bytes());
    let mut shard = shard(hash as u64);
    if let Some(entry) = shard.find(hash as u64, |entry| has_text(live(*entry), text)) {
        return live(*entry);
    }
    // Allocation does not collect, so nobody waits for this lock in a pause.
    let new = cx.new_ascii(text.as_bytes());
    new.cache_hash(hash);
    enter(&mut shard, new, hash as u64);
    new
}

/// Takes dying strings out of the table. Called in the collector's pause.
fn sweep(dying: &[NonNull<Header>]) {
    for s in dying.iter().filter_map(|cell| Value::from_cell(*cell).downcast::<Str>()) {
        if s.is_interned() {
            forget(s);
            // A finalizer may bring it back; then it is a string like any other.
            s.clear_interned();
        }
    }
}

fn forget(dying: Gc<Str>) {
    let Some(hash) = dying.cached_hash() else { return };
    let own = Identity::of(dying.value());
    if let Ok(entry) = shard(hash as u64).find_entry(hash as u64, |known| *known == own) {
        entry.remove();
    }
}

/// Number of interned strings.
pub fn count() -> usize {
    TABLE.iter().map(|shard| shard.lock().unwrap_or_else(PoisonError::into_inner).len()).sum()
}
