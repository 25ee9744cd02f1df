//! How fast is allocation, compared with bumping a pointer? `cargo run --release -p taipan-gc --example alloc_bench`
//!
//! Each figure is the best of several rounds, in nanoseconds per cell, header and one field stored, collections included.
//! The last part is the torture: three threads, 10^9 cells in all (`QUICK=1` makes it 10^7), a tenth of them under stress. `PART=marking` and `PART=torture`
//! run one part alone.
#![allow(unsafe_code, clippy::print_stdout)]

use std::ptr::NonNull;
use std::sync::atomic::{AtomicU64, Ordering::Relaxed};

use taipan_gc::dummy::{self, Node};
use taipan_gc::{Audit, AuditAlloc, Header, LocalHeap, Rooted, Space, Stress, Thread, VmStack};

#[global_allocator]
static ALLOCATOR: AuditAlloc = AuditAlloc;

const CELLS: u64 = 20_000_000;

fn main() {
    dummy::init();
    match std::env::var("PART").as_deref() {
        Ok("marking") => return marking(),
        Ok("torture") => return torture(),
        _ => {}
    }
    let attached = taipan_gc::attach(VmStack::NONE);
    let (thread, heap) = (attached.thread(), attached.heap());
    let words = [3, 4, 6, 12, 30];
    println!(
        "ns per cell of                                  {}",
        words.map(|n| format!("{:>7}", n * 8)).concat()
    );
    row("pure bump in 32 MB", words, |words| bump(words, 32 << 20));
    row("pure bump in 256 KB", words, |words| bump(words, 256 << 10));
    row("heap, everything dies", words, |words| churn(thread, heap, words).0);
    row("heap, everything dies, collections apart", words, |words| churn(thread, heap, words).1);
    for every in [2, 4, 16] {
        let live = fragment(thread, heap, every);
        let title = format!("heap where one cell of {every} lives");
        row(&title, [4], |words| churn(thread, heap, words).0);
        row(&format!("{title}, collections apart"), [4], |words| churn(thread, heap, words).1);
        drop(live);
    }
    drop(attached);
    marking();
    torture();
}

fn row<const N: usize>(title: &str, words: [usize; N], f: impl Fn(usize) -> f64) {
    let best = |words| (0..5).map(|_| f(words)).fold(f64::MAX, f64::min);
    println!("{title:<52}{}", words.map(|words| format!("{:7.2}", best(words))).concat());
}

/// Stores what a constructor would.
#[inline(always)]
fn construct(cell: NonNull<u8>, id: u64) {
    let cell = cell.cast::<Header>();
    // SAFETY: each cell of this program has a header and at least two words.
    unsafe {
        cell.write(Header::new(1, dummy::kind::NODE));
        cell.cast::<AtomicU64>().add(1).as_ref().store(id, Relaxed);
    }
}

/// The best any allocator can do: a cursor through memory that is zeroed in portions and used again and again.
fn bump(words: usize, bytes: usize) -> f64 {
    let portion = 16 << 10;
    let memory: &'static mut [u64] = Vec::leak(vec![1u64; bytes / 8]);
    let start = memory.as_mut_ptr() as usize;
    let (mut cursor, mut limit, mut next) = (start, start, start);
    let size = words * 8;
    let time = timed(|| {
        for id in 0..CELLS {
            if cursor + size > limit {
                next = if next + portion > start + bytes { start } else { next };
                cursor = next;
                limit = cursor + portion;
                next = limit;
                // SAFETY: inside the leaked vector.
                unsafe { std::ptr::write_bytes(cursor as *mut u8, 0, portion) };
            }
            construct(NonNull::new(cursor as *mut u8).unwrap(), id);
            cursor += size;
        }
    });
    // SAFETY: the vector was leaked above and nothing refers to it any more.
    drop(unsafe { Vec::from_raw_parts(start as *mut u64, bytes / 8, bytes / 8) });
    time * 1e9 / CELLS as f64
}

#[inline(always)]
fn poll(thread: &Thread, heap: &LocalHeap) {
    if thread.interrupt.load(Relaxed) != 0 {
        taipan_gc::safepoint(thread, heap);
    }
}

/// Cells that nothing keeps, with a poll for each as a loop of the machine has. The second figure leaves the collections
/// out, each taken as long as one that is timed alone.
fn churn(thread: &Thread, heap: &LocalHeap, words: usize) -> (f64, f64) {
    let collect = || {
        timed(|| {
            taipan_gc::collect(thread, heap);
        })
    };
    let pause = (0..3).map(|_| collect()).fold(f64::MAX, f64::min);
    let before = taipan_gc::stats().collections;
    let all = timed(|| {
        for id in 0..CELLS {
            construct(heap.alloc(Space::Leaf, words * 8), id);
            poll(thread, heap);
        }
    });
    let pauses = (taipan_gc::stats().collections - before) as f64 * pause;
    (all * 1e9 / CELLS as f64, (all - pauses) * 1e9 / CELLS as f64)
}

/// Fills 64 MB with cells of 32 bytes and keeps one of `every`.
fn fragment(thread: &Thread, heap: &LocalHeap, every: u64) -> Rooted {
    let count = (64 << 20) / 32;
    let keeper = heap.alloc(Space::Raw, (count / every + 1) as usize * 8).cast::<u64>();
    let root = Rooted::new(keeper.as_ptr() as u64);
    for id in 0..count {
        let cell = heap.alloc(Space::Leaf, 32);
        construct(cell, id);
        if id % every == 0 {
            // SAFETY: the buffer has a word for each kept cell.
            unsafe { keeper.add((id / every) as usize).write(cell.as_ptr() as u64) };
        }
        poll(thread, heap);
    }
    root
}

/// How long the pause is for a live graph.
fn marking() {
    let attached = taipan_gc::attach(VmStack::NONE);
    let (thread, heap) = (attached.thread(), attached.heap());
    for (title, random) in [("in order", false), ("at random", true)] {
        let count = 4_000_000u64;
        let table = heap.alloc(Space::Raw, count as usize * 8).cast::<u64>();
        let root = Rooted::new(table.as_ptr() as u64);
        let mut seed = 1u64;
        for id in 0..count {
            let node = Node::new(heap, Space::Scan, id, 2);
            // SAFETY: the table has `count` words, and the first `id` hold nodes.
            unsafe {
                for slot in 0..2 {
                    seed = seed.wrapping_mul(6364136223846793005).wrapping_add(1442695040888963407);
                    let back = if random { (seed >> 33) % (id + 1) } else { id.saturating_sub(1 + slot) };
                    let target = NonNull::new(table.add(back as usize).read() as *mut Header);
                    node.set(slot as usize, target.map(Node));
                }
                table.add(id as usize).write(node.bits());
            }
            poll(thread, heap);
        }
        let best = (0..5)
            .map(|_| {
                timed(|| {
                    taipan_gc::collect(thread, heap);
                })
            })
            .fold(f64::MAX, f64::min);
        let live = taipan_gc::stats().live_bytes >> 20;
        let nanos = best * 1e9 / count as f64;
        println!(
            "pause with {count} live nodes linked {title}: {:.1} ms, {live} MB, {nanos:.1} ns a node",
            best * 1e3
        );
        drop(root);
    }
}

/// Seconds of this thread's processor time, which other programs disturb less than the clock on the wall.
fn timed(f: impl FnOnce()) -> f64 {
    timed_by(libc::CLOCK_THREAD_CPUTIME_ID, f)
}

fn timed_by(clock: libc::clockid_t, f: impl FnOnce()) -> f64 {
    let now = || {
        let mut time = libc::timespec { tv_sec: 0, tv_nsec: 0 };
        // SAFETY: fills the record it is given.
        unsafe { libc::clock_gettime(clock, &mut time) };
        time.tv_sec as f64 + time.tv_nsec as f64 / 1e9
    };
    let start = now();
    f();
    now() - start
}

/// Three threads that keep a window of lists alive and check it.
fn torture() {
    let scale = if std::env::var_os("QUICK").is_some() { 1 } else { 100 };
    for (title, stress, audit, cells) in [
        ("no stress", Stress::default(), Audit::Off, 3_000_000 * scale),
        (
            "GC_STRESS=alloc:1000000 and audit",
            Stress { alloc: 1_000_000, ..Stress::default() },
            Audit::Report,
            333_334 * scale,
        ),
    ] {
        taipan_gc::set_stress(stress);
        taipan_gc::set_audit(audit);
        let before = taipan_gc::stats();
        let time = timed_by(libc::CLOCK_PROCESS_CPUTIME_ID, || {
            std::thread::scope(|scope| {
                (0..3).for_each(|seed| drop(scope.spawn(move || mutate(cells, seed))))
            });
        });
        let collections = taipan_gc::stats().collections - before.collections;
        println!(
            "three threads, {title}: {} million cells, {:.1} ns of processor time a cell, {collections} collections, \
             {} finds of the auditor",
            3 * cells / 1_000_000,
            time * 1e9 / (3 * cells) as f64,
            taipan_gc::audit_findings(),
        );
    }
    taipan_gc::set_stress(Stress::default());
    taipan_gc::set_audit(Audit::Off);
}

fn mutate(cells: u64, seed: u64) {
    let attached = taipan_gc::attach(VmStack::NONE);
    let (thread, heap) = (attached.thread(), attached.heap());
    let window: Vec<Rooted> = (0..64).map(|_| Rooted::new(0)).collect();
    let mut random = seed + 1;
    let mut id = 0;
    while id < cells {
        random = random.wrapping_mul(6364136223846793005).wrapping_add(1442695040888963407);
        let (first, length) = (id, 1 + (random >> 33) % 64);
        let slots = 1 + (random >> 45) as usize % 6;
        let mut list: Option<Node> = None;
        while id < first + length {
            let node = Node::new(heap, Space::Scan, id, slots);
            node.set(0, list);
            list = Some(node);
            id += 1;
            poll(thread, heap);
        }
        let slot = &window[(random >> 50) as usize % 64];
        check(slot.get());
        slot.set(list.map_or(0, Node::bits));
    }
}

/// A list must be as it was made: ids that fall by one.
fn check(head: u64) {
    let mut node = NonNull::new(head as *mut Header).map(Node);
    while let Some(this) = node {
        node = this.get(0);
        assert!(node.is_none_or(|next| next.id() + 1 == this.id()), "a list is broken");
    }
}
