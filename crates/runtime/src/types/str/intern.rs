//! The table of interned strings, one per process.
//!
//! CPython: `PyUnicode_InternInPlace`. Invariant: of all interned strings with one text there is one
//! object, so interned strings are equal exactly when they are the same. Entries are weak: an interned
//! cell carries the weak-reference flag, and the collector tells `forget` about those that die, in the
//! pause and before any thread can look them up again.

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

/// The interned string with this text.
pub fn intern_text(cx: &Context, text: &str) -> Gc<Str> {
    // The shortest strings exist once and are interned when they are made.
    if !text.is_ascii() || text.len() < 2 {
        return intern(cx, cx.new_str(text));
    }
    let hash = super::hash_bytes(cx, text.as_bytes());
    let mut shard = shard(hash as u64);
    let same =
        |entry: &Identity| matches!(live(*entry).units(), Units::One(bytes) if bytes == text.as_bytes());
    if let Some(entry) = shard.find(hash as u64, same) {
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
