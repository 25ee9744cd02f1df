//! Tests of the collector as a whole, on the dummy machine.
//!
//! Invariant: the heap is one per process, so each test holds the lock of `Rig` while it runs.

use std::sync::{Mutex, MutexGuard};

use crate::dummy::{self, DUMMY, Node};
use crate::{AttachedThread, LocalHeap, Space, Stress, Thread, VmStack};

mod graph;
mod last_rites;
mod oracle;
mod threads;

static ONE_AT_A_TIME: Mutex<()> = Mutex::new(());

/// The calling thread, attached, and the heap to itself.
struct Rig {
    attached: Option<AttachedThread>,
    _turn: MutexGuard<'static, ()>,
}

impl Rig {
    fn new() -> Rig {
        let turn = crate::lock(&ONE_AT_A_TIME);
        dummy::init();
        crate::set_stress(Stress::default());
        crate::lock(&DUMMY.roots).clear();
        let attached = Some(crate::attach(VmStack::reserve(1 << 20).unwrap()));
        let rig = Rig { attached, _turn: turn };
        crate::finalize::forget_all();
        rig.collect();
        crate::lock(&DUMMY.dropped).clear();
        crate::lock(&DUMMY.cleared).clear();
        rig
    }

    fn stressed(stress: Stress) -> Rig {
        let rig = Rig::new();
        crate::set_stress(stress);
        rig
    }

    fn heap(&self) -> &LocalHeap {
        self.attached.as_ref().unwrap().heap()
    }

    fn thread(&self) -> &'static Thread {
        self.attached.as_ref().unwrap().thread()
    }

    fn collect(&self) {
        crate::collect(self.thread(), self.heap());
    }

    fn node(&self, id: u64, slots: usize) -> Node {
        Node::new(self.heap(), Space::Scan, id, slots)
    }

    fn root(&self, node: Node) {
        crate::lock(&DUMMY.roots).push(node.bits());
    }

    fn unroot_all(&self) {
        crate::lock(&DUMMY.roots).clear();
    }
}

impl Drop for Rig {
    fn drop(&mut self) {
        crate::set_stress(Stress::default());
        self.unroot_all();
    }
}

/// Runs `f` in frames that are gone afterwards, so that what it leaves on the stack does not count.
#[inline(never)]
fn apart<R>(f: impl FnOnce() -> R) -> R {
    let mut room = [0u64; 512];
    std::hint::black_box(&mut room);
    f()
}

fn sorted(list: &Mutex<Vec<u64>>) -> Vec<u64> {
    let mut list = crate::lock(list).clone();
    list.sort_unstable();
    list
}

/// A seed from the environment, or a new one; printed, so that a failure can be repeated.
fn seed() -> u64 {
    let seed = std::env::var("SEED").ok().and_then(|text| text.parse().ok());
    let seed =
        seed.unwrap_or_else(|| std::time::UNIX_EPOCH.elapsed().map_or(1, |time| time.as_nanos() as u64));
    eprintln!("SEED={seed}");
    seed
}

/// A small generator of pseudo-random numbers.
struct Random(u64);

impl Random {
    fn below(&mut self, end: u64) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        (z ^ (z >> 31)) % end
    }
}
