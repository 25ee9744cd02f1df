//! Random graphs against a shadow: what the shadow says is reachable lives with all its references, the rest dies.

use std::collections::{HashMap, HashSet};

use super::*;
use crate::dummy::DISGUISE;

/// A cell of the graph as the shadow knows it. The address is disguised from the scan.
struct Shadow {
    disguised: u64,
    slots: Vec<Option<u64>>,
}

struct Graph<'a> {
    rig: &'a Rig,
    random: Random,
    cells: HashMap<u64, Shadow>,
    roots: Vec<u64>,
    next: u64,
}

impl Graph<'_> {
    fn node(&self, id: u64) -> Node {
        Node(std::ptr::NonNull::new((self.cells[&id].disguised ^ DISGUISE) as *mut crate::Header).unwrap())
    }

    fn any(&mut self) -> Option<u64> {
        let reachable = self.reachable();
        let mut ids: Vec<u64> = reachable.into_iter().collect();
        ids.sort_unstable();
        (!ids.is_empty()).then(|| ids[self.random.below(ids.len() as u64) as usize])
    }

    fn add(&mut self) {
        let slots = match self.random.below(20) {
            0 => 2000,
            1..4 => 100,
            other => other as usize,
        };
        let id = self.next;
        self.next += 1;
        let node = Node::new(self.rig.heap(), Space::Final, id, slots);
        self.cells.insert(id, Shadow { disguised: node.bits() ^ DISGUISE, slots: vec![None; slots] });
        if self.roots.len() < 5 || self.random.below(4) == 0 {
            self.roots.push(id);
        }
        for _ in 0..3 {
            self.link(Some(id));
        }
    }

    fn link(&mut self, to: Option<u64>) {
        let Some(from) = self.any() else { return };
        let slots = self.cells[&from].slots.len() as u64;
        if slots > 0 {
            let slot = self.random.below(slots) as usize;
            self.node(from).set(slot, to.map(|to| self.node(to)));
            self.cells.get_mut(&from).unwrap().slots[slot] = to;
        }
    }

    fn drop_root(&mut self) {
        if !self.roots.is_empty() {
            let index = self.random.below(self.roots.len() as u64) as usize;
            self.roots.swap_remove(index);
        }
    }

    fn publish_roots(&self) {
        *crate::lock(&DUMMY.roots) = self.roots.iter().map(|&id| self.node(id).bits()).collect();
    }

    fn reachable(&self) -> HashSet<u64> {
        let mut reached = HashSet::new();
        let mut pending = self.roots.clone();
        while let Some(id) = pending.pop() {
            if reached.insert(id) {
                pending.extend(self.cells[&id].slots.iter().flatten());
            }
        }
        reached
    }

    /// Collects and compares. Returns how many cells should have died but did not.
    fn check(&mut self) -> usize {
        self.publish_roots();
        let reachable = self.reachable();
        crate::lock(&DUMMY.dropped).clear();
        apart(|| self.rig.collect());
        let dropped: HashSet<u64> = crate::lock(&DUMMY.dropped).iter().copied().collect();
        for id in &reachable {
            assert!(!dropped.contains(id), "the reachable cell {id} was dropped");
            let node = self.node(*id);
            assert_eq!(node.id(), *id);
            for (slot, target) in self.cells[id].slots.iter().enumerate() {
                assert_eq!(node.get(slot).map(Node::id), *target, "slot {slot} of {id}");
            }
        }
        self.cells.retain(|id, _| !dropped.contains(id));
        self.cells.len() - reachable.len()
    }
}

fn compare(stress: Stress) {
    let seed = seed();
    let rig = Rig::stressed(stress);
    let mut graph =
        Graph { rig: &rig, random: Random(seed), cells: HashMap::new(), roots: Vec::new(), next: 0 };
    for _ in 0..30 {
        apart(|| {
            for _ in 0..30 {
                graph.add();
                graph.publish_roots();
                crate::safepoint(rig.thread(), rig.heap());
            }
            for _ in 0..20 {
                let to = graph.any().filter(|id| id % 2 == 0);
                graph.link(to);
            }
            for _ in 0..8 {
                graph.drop_root();
            }
        });
        let late = graph.check();
        // A stale word on the stack may keep a cell, and with it what that reaches.
        assert!(late * 2 <= graph.next as usize, "{late} cells are not reachable but live, seed {seed}");
    }
    graph.roots.clear();
    graph.publish_roots();
    apart(|| graph.check());
    let late = apart(|| graph.check());
    assert!(late <= 200, "{late} cells live without roots, seed {seed}");
}

#[test]
fn random_graphs() {
    compare(Stress::default());
}

#[test]
fn random_graphs_with_quarantine() {
    compare(Stress { alloc: 1 << 40, ..Stress::default() });
}
