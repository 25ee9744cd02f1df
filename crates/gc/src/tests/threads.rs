//! Several mutators: allocating, collecting, blocking, joining, leaving.

use std::sync::atomic::{AtomicBool, AtomicU64, AtomicUsize, Ordering::Relaxed, Ordering::SeqCst};
use std::time::{Duration, Instant};

use super::*;
use crate::{Rooted, blocking, handshake, safepoint};

fn poll(thread: &Thread, heap: &LocalHeap) {
    if thread.interrupt.load(Relaxed) != 0 {
        safepoint(thread, heap);
    }
}

/// Waits for a condition as a thread that others may stop.
fn wait_until(rig: &Rig, condition: impl Fn() -> bool) {
    blocking(rig.thread(), || {
        while !condition() {
            std::thread::yield_now();
        }
    });
}

/// Ends the loops of other threads, also when an assertion fails here.
struct SetOnDrop<'a>(&'a AtomicBool);

impl Drop for SetOnDrop<'_> {
    fn drop(&mut self) {
        self.0.store(true, SeqCst);
    }
}

/// A mutator: keeps a window of lists alive, checks them, lets the rest die.
fn mutate(rounds: u64, seed: u64) {
    let attached = crate::attach(VmStack::NONE);
    let (thread, heap) = (attached.thread(), attached.heap());
    let window: Vec<Rooted> = (0..16).map(|_| Rooted::new(0)).collect();
    let mut random = Random(seed);
    for round in 0..rounds {
        let length = random.below(40) + 1;
        let mut list: Option<Node> = None;
        for index in 0..length {
            let node = Node::new(heap, Space::Scan, round * 1000 + index, 1 + random.below(5) as usize);
            node.set(0, list);
            list = Some(node);
            poll(thread, heap);
        }
        window[random.below(16) as usize].set(list.unwrap().bits());
        let checked = window[random.below(16) as usize].get();
        let mut node = std::ptr::NonNull::new(checked as *mut crate::Header).map(Node);
        while let Some(this) = node {
            if let Some(next) = this.get(0) {
                assert_eq!(this.id(), next.id() + 1);
            }
            node = this.get(0);
        }
        poll(thread, heap);
    }
}

fn three_mutators(stress: Stress, rounds: u64) {
    let rig = Rig::stressed(stress);
    crate::set_multi_threaded();
    let before = crate::stats().collections;
    blocking(rig.thread(), || {
        std::thread::scope(|scope| {
            for seed in 1..=3 {
                scope.spawn(move || mutate(rounds, seed));
            }
        });
    });
    assert!(crate::multi_threaded());
    let collections = crate::stats().collections - before;
    assert!(collections > 3, "{collections} collections");
}

#[test]
fn three_threads_collect_at_safepoints() {
    three_mutators(Stress { safepoint: 97, ..Stress::default() }, 300);
}

#[test]
fn three_threads_collect_on_allocation() {
    three_mutators(Stress { alloc: 211, ..Stress::default() }, 500);
}

#[test]
fn three_threads_collect_by_bytes() {
    three_mutators(Stress { bytes: 20_000, ..Stress::default() }, 500);
}

#[test]
fn three_threads_collect_when_due() {
    three_mutators(Stress::default(), 130_000);
}

#[test]
fn a_blocked_thread_does_not_hold_up_a_collection() {
    let rig = Rig::new();
    crate::set_multi_threaded();
    let (blocked, release) = (AtomicBool::new(false), AtomicBool::new(false));
    std::thread::scope(|scope| {
        let sleeper = scope.spawn(|| {
            let attached = crate::attach(VmStack::NONE);
            let node = Node::new(attached.heap(), Space::Final, 77, 0);
            let kept = std::hint::black_box(node.bits());
            blocking(attached.thread(), || {
                blocked.store(true, SeqCst);
                while !release.load(SeqCst) {
                    std::thread::sleep(Duration::from_millis(1));
                }
            });
            assert_eq!(Node(std::ptr::NonNull::new(kept as *mut crate::Header).unwrap()).id(), 77);
        });
        let release = SetOnDrop(&release);
        wait_until(&rig, || blocked.load(SeqCst));
        let start = Instant::now();
        for _ in 0..20 {
            rig.collect();
        }
        assert!(start.elapsed() < Duration::from_secs(5));
        assert_eq!(sorted(&DUMMY.dropped), [], "the sleeper's frame is a root");
        drop(release);
        blocking(rig.thread(), || sleeper.join().unwrap());
    });
}

#[test]
fn a_callback_may_run_inside_a_blocking_call() {
    let rig = Rig::new();
    let node = blocking(rig.thread(), || {
        assert!(!rig.thread().is_running());
        let node = crate::running(rig.thread(), || {
            assert!(rig.thread().is_running());
            rig.collect();
            rig.node(5, 0)
        });
        assert!(!rig.thread().is_running());
        node
    });
    assert!(rig.thread().is_running());
    assert_eq!(node.id(), 5);
}

#[test]
fn a_panic_leaves_the_world_running() {
    let rig = Rig::new();
    let panicked = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| {
        blocking(rig.thread(), || {
            std::panic::resume_unwind(Box::new(()));
        })
    }));
    assert!(panicked.is_err() && rig.thread().is_running());
    let panicked = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| {
        crate::stop_the_world(rig.thread(), || {
            std::panic::resume_unwind(Box::new(()));
        })
    }));
    assert!(panicked.is_err() && rig.thread().is_running());
    rig.collect();
}

#[test]
fn a_handshake_sees_every_thread_stopped() {
    let rig = Rig::new();
    crate::set_multi_threaded();
    let (stop, counters) = (AtomicBool::new(false), [const { AtomicU64::new(0) }; 3]);
    std::thread::scope(|scope| {
        for counter in &counters {
            let stop = &stop;
            scope.spawn(move || {
                let attached = crate::attach(VmStack::NONE);
                while !stop.load(Relaxed) {
                    counter.fetch_add(1, Relaxed);
                    poll(attached.thread(), attached.heap());
                }
            });
        }
        let _stop = SetOnDrop(&stop);
        wait_until(&rig, || counters.iter().all(|counter| counter.load(Relaxed) > 0));
        for _ in 0..50 {
            let seen = AtomicUsize::new(0);
            handshake(rig.thread(), |thread| {
                assert!(!thread.is_running());
                seen.fetch_add(1, Relaxed);
            });
            assert_eq!(seen.load(Relaxed), 4);
            crate::stop_the_world(rig.thread(), || {
                let before: Vec<u64> = counters.iter().map(|counter| counter.load(Relaxed)).collect();
                std::thread::sleep(Duration::from_micros(200));
                let after: Vec<u64> = counters.iter().map(|counter| counter.load(Relaxed)).collect();
                assert_eq!(before, after);
            });
        }
    });
}

#[test]
fn threads_come_and_go_while_others_collect() {
    let rig = Rig::new();
    crate::set_multi_threaded();
    let done = AtomicUsize::new(0);
    std::thread::scope(|scope| {
        for start in 0..4 {
            let done = &done;
            scope.spawn(move || {
                for round in 0..50 {
                    let attached = crate::attach(VmStack::reserve(64 << 10).unwrap());
                    for id in 0..100 {
                        Node::new(attached.heap(), Space::Final, start * 10_000 + round * 100 + id, 3);
                        poll(attached.thread(), attached.heap());
                    }
                }
                done.fetch_add(1, SeqCst);
            });
        }
        while done.load(SeqCst) < 4 {
            rig.collect();
        }
    });
    rig.collect();
    assert!(sorted(&DUMMY.dropped).len() >= 19_900);
}

#[test]
fn limits_follow_interrupts() {
    let rig = Rig::new();
    let thread = rig.thread();
    let limit = thread.stack_limit();
    assert_eq!(thread.limit.load(Relaxed), limit);
    thread.request(crate::interrupt::SIGNAL | crate::interrupt::ASYNC_EXC);
    assert_eq!(thread.limit.load(Relaxed), 0);
    thread.clear(crate::interrupt::SIGNAL);
    assert_eq!(thread.limit.load(Relaxed), 0);
    thread.clear(crate::interrupt::ASYNC_EXC);
    assert_eq!(thread.limit.load(Relaxed), limit);
    thread.set_stack_limit(limit - 4096);
    assert_eq!(thread.limit.load(Relaxed), limit - 4096);
}

#[test]
fn a_forked_child_goes_on_alone() {
    let rig = Rig::new();
    crate::set_multi_threaded();
    let (started, stop) = (AtomicUsize::new(0), AtomicBool::new(false));
    std::thread::scope(|scope| {
        let mut workers = Vec::new();
        for _ in 0..3 {
            let worker = scope.spawn(|| {
                let attached = crate::attach(VmStack::NONE);
                started.fetch_add(1, SeqCst);
                while !stop.load(Relaxed) {
                    Node::new(attached.heap(), Space::Scan, 1, 5);
                    poll(attached.thread(), attached.heap());
                }
            });
            workers.push(worker);
        }
        let stop = SetOnDrop(&stop);
        wait_until(&rig, || started.load(SeqCst) == 3);
        let kept = rig.node(42, 1);
        rig.root(kept);
        for _ in 0..10 {
            let guard = crate::before_fork(rig.thread());
            // SAFETY: the child uses the collector, makes no call that needs another thread's lock, and exits.
            let child = unsafe { libc::fork() };
            if child == 0 {
                crate::after_fork_child(guard);
                let mut last = kept;
                for id in 0..20_000 {
                    let next = rig.node(id, 1);
                    last.set(0, Some(next));
                    last = next;
                }
                rig.collect();
                rig.collect();
                // SAFETY: ends the child without running the parent's destructors.
                unsafe { libc::_exit(if kept.get(0).is_some_and(|next| next.id() == 0) { 42 } else { 1 }) };
            }
            drop(guard);
            let mut status = 0;
            // SAFETY: waits for the child that was just made.
            blocking(rig.thread(), || unsafe { libc::waitpid(child, &mut status, 0) });
            assert!(libc::WIFEXITED(status), "status {status:#x}");
            assert_eq!(libc::WEXITSTATUS(status), 42);
        }
        drop(stop);
        blocking(rig.thread(), || workers.into_iter().for_each(|worker| worker.join().unwrap()));
    });
}
