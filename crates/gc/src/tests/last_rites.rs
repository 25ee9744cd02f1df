//! Weak references and finalizers.

use super::*;
use crate::{Rooted, flag, set_finalizer, set_weakref, take_finalizable};

fn take_all() -> Vec<u64> {
    std::iter::from_fn(|| take_finalizable().map(|cell| Node(cell).id())).collect()
}

/// Makes `count` nodes with finalizers, linked by `edges`, that nothing refers to.
fn dying(rig: &Rig, count: u64, edges: &[(u64, u64)]) {
    apart(|| {
        // Addresses in malloc memory are no roots.
        let nodes: Vec<Node> = (0..count).map(|id| rig.node(id, 4)).collect();
        for node in &nodes {
            set_finalizer(node.0);
        }
        for &(from, to) in edges {
            let from = nodes[from as usize];
            let slot = (0..4).find(|&slot| from.get(slot).is_none()).unwrap();
            from.set(slot, Some(nodes[to as usize]));
        }
    });
    apart(|| ());
}

fn collect_and_take(rig: &Rig) -> Vec<u64> {
    apart(|| rig.collect());
    apart(take_all)
}

#[test]
fn outer_before_inner() {
    let rig = Rig::new();
    // As a text layer around a buffer around a file.
    dying(&rig, 3, &[(0, 1), (1, 2)]);
    assert_eq!(collect_and_take(&rig), [0]);
    assert_eq!(collect_and_take(&rig), [1]);
    assert_eq!(collect_and_take(&rig), [2]);
    assert_eq!(collect_and_take(&rig), []);
}

#[test]
fn independent_objects_in_order_of_registration() {
    let rig = Rig::new();
    dying(&rig, 50, &[]);
    assert_eq!(collect_and_take(&rig), (0..50).collect::<Vec<_>>());
}

#[test]
fn a_cycle_is_finalized_together() {
    let rig = Rig::new();
    dying(&rig, 3, &[(0, 1), (1, 2), (2, 0)]);
    assert_eq!(collect_and_take(&rig), [0, 1, 2]);
    assert_eq!(collect_and_take(&rig), []);
}

#[test]
fn a_cycle_waits_for_what_reaches_it() {
    let rig = Rig::new();
    // 0 reaches the cycle 1-2, which reaches 3; 4 refers to itself; 5 stands alone.
    dying(&rig, 6, &[(0, 1), (1, 2), (2, 1), (2, 3), (4, 4)]);
    assert_eq!(collect_and_take(&rig), [0, 4, 5]);
    assert_eq!(collect_and_take(&rig), [1, 2]);
    assert_eq!(collect_and_take(&rig), [3]);
}

#[test]
fn reaching_through_plain_objects_counts() {
    let rig = Rig::new();
    apart(|| {
        let (outer, inner) = (rig.node(1, 1), rig.node(2, 0));
        set_finalizer(inner.0);
        set_finalizer(outer.0);
        let sack = Node::sack(rig.heap(), 9, 4);
        // SAFETY: the buffer has four words.
        unsafe { sack.buffer().add(2).write(inner.bits()) };
        outer.set(0, Some(sack));
    });
    assert_eq!(collect_and_take(&rig), [1]);
    assert_eq!(collect_and_take(&rig), [2]);
}

#[test]
fn those_that_wait_keep_their_place() {
    let rig = Rig::new();
    // 0 waits for 3, while 1 and 2 die later.
    let rooted: Vec<Rooted> = apart(|| {
        let nodes: Vec<Node> = (0..4).map(|id| rig.node(id, 1)).collect();
        nodes.iter().for_each(|node| set_finalizer(node.0));
        nodes[3].set(0, Some(nodes[0]));
        nodes[1..3].iter().map(|node| Rooted::new(node.bits())).collect()
    });
    assert_eq!(collect_and_take(&rig), [3]);
    drop(rooted);
    assert_eq!(collect_and_take(&rig), [0, 1, 2]);
}

#[test]
fn revived_objects_keep_what_they_reach() {
    let rig = Rig::new();
    apart(|| {
        let object = rig.node(1, 1);
        object.set(0, Some(Node::new(rig.heap(), Space::Final, 2, 0)));
        set_finalizer(object.0);
        set_finalizer(object.0);
    });
    apart(|| rig.collect());
    apart(|| rig.collect());
    assert_eq!(sorted(&DUMMY.dropped), [], "the queue is a root");
    let rooted = apart(|| {
        let object = Node(take_finalizable().unwrap());
        assert!(!object.header().has(flag::FINALIZER));
        assert_eq!(take_finalizable(), None);
        Rooted::new(object.bits())
    });
    apart(|| rig.collect());
    assert_eq!(sorted(&DUMMY.dropped), []);
    drop(rooted);
    assert_eq!(collect_and_take(&rig), [], "a finalizer runs once");
    assert_eq!(sorted(&DUMMY.dropped), [2]);
}

#[test]
fn the_machine_is_told() {
    let rig = Rig::new();
    let before = DUMMY.ready.load(std::sync::atomic::Ordering::Relaxed);
    rig.thread().clear(crate::interrupt::FINALIZE);
    dying(&rig, 1, &[]);
    apart(|| rig.collect());
    assert_eq!(DUMMY.ready.load(std::sync::atomic::Ordering::Relaxed), before + 1);
    let interrupt = rig.thread().interrupt.load(std::sync::atomic::Ordering::Relaxed);
    assert_ne!(interrupt & crate::interrupt::FINALIZE, 0);
    assert!(crate::has_finalizable());
    take_all();
    assert!(!crate::has_finalizable());
    rig.thread().clear(crate::interrupt::FINALIZE);
}

#[test]
fn weak_references_are_cleared_before_finalizers_run() {
    let rig = Rig::new();
    let kept = apart(|| {
        let (kept, finalized, inner, plain) =
            (rig.node(1, 0), rig.node(2, 1), rig.node(3, 0), rig.node(4, 0));
        for node in [kept, finalized, inner, plain] {
            set_weakref(node.0);
            set_weakref(node.0);
        }
        set_finalizer(finalized.0);
        finalized.set(0, Some(inner));
        Rooted::new(kept.bits())
    });
    apart(|| rig.collect());
    assert_eq!(sorted(&DUMMY.cleared), [2, 3, 4]);
    let finalized = apart(|| {
        let node = Node(take_finalizable().unwrap());
        assert!(!node.header().has(flag::WEAKREF));
        set_weakref(node.0);
        Rooted::new(node.bits())
    });
    apart(|| rig.collect());
    assert_eq!(sorted(&DUMMY.cleared), [2, 3, 4]);
    drop((kept, finalized));
    apart(|| rig.collect());
    assert_eq!(sorted(&DUMMY.cleared), [1, 2, 2, 3, 4]);
}

#[test]
fn a_chain_of_thousands_does_not_recurse() {
    let rig = Rig::new();
    apart(|| {
        let mut last = rig.node(0, 1);
        set_finalizer(last.0);
        for id in 1..50_000 {
            let next = rig.node(id, 1);
            set_finalizer(next.0);
            next.set(0, Some(last));
            last = next;
        }
    });
    assert_eq!(collect_and_take(&rig), [49_999]);
    assert_eq!(collect_and_take(&rig), [49_998]);
}

#[test]
fn when_all_is_settled_the_revived_count_as_alive() {
    let rig = Rig::new();
    apart(|| {
        let (finalized, inner, plain) = (rig.node(1, 1), rig.node(2, 0), rig.node(3, 0));
        set_finalizer(finalized.0);
        finalized.set(0, Some(inner));
        *crate::lock(&DUMMY.watched) =
            [finalized, inner, plain].map(|node| (node.bits() ^ crate::dummy::DISGUISE, false)).to_vec();
    });
    apart(|| rig.collect());
    let lives: Vec<bool> = crate::lock(&DUMMY.watched).drain(..).map(|(_, lives)| lives).collect();
    assert_eq!(lives, [true, true, false]);
}
