//! What survives and what dies.

use super::*;

#[test]
fn reachable_survive_and_unreachable_die() {
    let rig = Rig::new();
    apart(|| {
        let root = rig.node(1, 2);
        root.set(0, Some(Node::new(rig.heap(), Space::Final, 2, 0)));
        rig.root(root);
        for id in 100..200 {
            Node::new(rig.heap(), Space::Final, id, 1);
        }
    });
    rig.collect();
    let dropped = sorted(&DUMMY.dropped);
    assert!(dropped.len() >= 98, "{} of 100 died", dropped.len());
    assert!(!dropped.contains(&2));
    rig.unroot_all();
    rig.collect();
    assert!(sorted(&DUMMY.dropped).contains(&2));
}

#[test]
fn a_list_lives_through_stress() {
    let rig = Rig::stressed(Stress { alloc: 50, ..Stress::default() });
    let head = rig.node(0, 1);
    rig.root(head);
    let mut last = head;
    for id in 1..2000 {
        let next = rig.node(id, 1);
        last.set(0, Some(next));
        last = next;
        crate::safepoint(rig.thread(), rig.heap());
    }
    let mut count = 0;
    let mut node = Some(head);
    while let Some(this) = node {
        assert_eq!(this.id(), count);
        count += 1;
        node = this.get(0);
    }
    assert_eq!(count, 2000);
}
