//! A code object under construction: instructions with symbolic labels, registers, constants, handlers.
//! CPython's counterpart: `compiler_unit`, `Python/instruction_sequence.c`.
//! Invariant: instructions that control cannot reach are never recorded, so dead code costs nothing and needs no pass.

use std::collections::HashMap;

use taipan_bytecode::{Const, HiddenRange, Local, Location, Name, Op};

use crate::assigned::Assigned;
use crate::blocks::Block;
use crate::symbols::ScopeId;

pub(crate) type Reg = u32;

/// A place in the code that jumps and handlers name before it is known.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Label(pub(crate) u32);

/// What follows the first word.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Extra {
    None,
    Cache,
    CacheName(u32),
    Name(u32),
    Jump(Label),
    Const(u32),
    CacheConst(u32),
    Amount(u32),
}

/// An instruction. A `konst` operand stands in field 1 as the constant's number.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Ins {
    pub(crate) op: Op,
    pub(crate) fields: [u32; 3],
    pub(crate) extra: Extra,
    pub(crate) location: Location,
}

#[derive(Default)]
pub(crate) struct LabelState {
    /// The instruction that it stands before.
    pub(crate) position: Option<usize>,
    /// Locals that are bound on every path to it, as far as seen.
    pub(crate) assigned: Option<Assigned>,
}

/// A range of instructions whose exceptions go to a handler, while it is open.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Region {
    pub(crate) handler: Label,
    pub(crate) exc: Reg,
    pub(crate) start: usize,
}

/// A closed piece of a region.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Row {
    pub(crate) start: usize,
    pub(crate) end: usize,
    pub(crate) handler: Label,
    pub(crate) exc: Reg,
}

/// A comprehension that is being compiled into this unit.
pub(crate) struct Inlined {
    pub(crate) scope: ScopeId,
    /// Its own variables: register, and whether it holds a cell.
    pub(crate) variables: HashMap<Name, (Reg, bool)>,
}

#[derive(Default)]
struct ConstKey(u64);

pub(crate) struct Unit<'a> {
    pub(crate) scope: ScopeId,
    pub(crate) name: Name,
    pub(crate) qualname: Name,
    pub(crate) first_line: u32,
    pub(crate) flags: u32,
    pub(crate) posonly_count: u32,
    pub(crate) arg_count: u32,
    pub(crate) kwonly_count: u32,
    /// Class whose private names are mangled here.
    pub(crate) private: Option<Name>,
    /// `async def`, or a place that allows `await` for another reason.
    pub(crate) is_async: bool,
    pub(crate) has_docstring: bool,
    pub(crate) locals: Vec<Local>,
    /// Registers of fast locals.
    pub(crate) fast: HashMap<Name, Reg>,
    /// Registers of cells, own and free.
    pub(crate) cells: HashMap<Name, Reg>,
    pub(crate) inlined: Vec<Inlined>,
    pub(crate) hidden: Vec<(HiddenRange, usize, usize)>,
    pub(crate) ins: Vec<Ins>,
    /// Which instructions turned out not to be needed, once all are there.
    pub(crate) removed: Vec<bool>,
    pub(crate) labels: Vec<LabelState>,
    pub(crate) regions: Vec<Region>,
    pub(crate) rows: Vec<Row>,
    pub(crate) blocks: Vec<Block<'a>>,
    pub(crate) consts: Vec<Const>,
    const_index: HashMap<u64, Vec<u32>>,
    pub(crate) names: Vec<Name>,
    name_index: HashMap<Name, u32>,
    pub(crate) top: Reg,
    pub(crate) max: Reg,
    pub(crate) reachable: bool,
    pub(crate) assigned: Assigned,
    /// Locals that a `del` or the end of an `except` clause may unbind.
    pub(crate) volatile: Assigned,
    pub(crate) location: Location,
    pub(crate) conditional_depth: u32,
}

impl<'a> Unit<'a> {
    pub(crate) fn new(scope: ScopeId, name: Name, qualname: Name, first_line: u32) -> Unit<'a> {
        Unit {
            scope,
            name,
            qualname,
            first_line,
            flags: 0,
            posonly_count: 0,
            arg_count: 0,
            kwonly_count: 0,
            private: None,
            is_async: false,
            has_docstring: false,
            locals: Vec::new(),
            fast: HashMap::new(),
            cells: HashMap::new(),
            inlined: Vec::new(),
            hidden: Vec::new(),
            ins: Vec::new(),
            removed: Vec::new(),
            labels: Vec::new(),
            regions: Vec::new(),
            rows: Vec::new(),
            blocks: Vec::new(),
            consts: Vec::new(),
            const_index: HashMap::new(),
            names: Vec::new(),
            name_index: HashMap::new(),
            top: 0,
            max: 0,
            reachable: true,
            assigned: Assigned::default(),
            volatile: Assigned::default(),
            location: Location::NONE,
            conditional_depth: 0,
        }
    }

    /// Is it the code of a module, which begins at no line?
    pub(crate) fn is_module(&self) -> bool {
        self.scope == 0
    }

    // Registers.

    /// A new temporary on top of the others.
    pub(crate) fn temp(&mut self) -> Reg {
        self.temps(1)
    }

    /// `count` consecutive new temporaries.
    pub(crate) fn temps(&mut self, count: u32) -> Reg {
        let first = self.top;
        self.top += count;
        self.max = self.max.max(self.top);
        first
    }

    /// Frees the temporaries from `mark` on.
    pub(crate) fn release(&mut self, mark: Reg) {
        debug_assert!(mark <= self.top);
        self.top = mark;
    }

    /// Is it a register that Python code can see, so that only a finished value may be written to it?
    pub(crate) fn is_variable(&self, reg: Reg) -> bool {
        (reg as usize) < self.locals.len()
    }

    // Pool.

    pub(crate) fn konst(&mut self, value: Const) -> u32 {
        use std::hash::{DefaultHasher, Hasher};
        let mut hasher = DefaultHasher::new();
        value.hash_into(&mut hasher);
        let ConstKey(key) = ConstKey(hasher.finish());
        let bucket = self.const_index.entry(key).or_default();
        if let Some(&index) = bucket.iter().find(|&&index| self.consts[index as usize].same(&value)) {
            return index;
        }
        let index = self.consts.len() as u32;
        bucket.push(index);
        self.consts.push(value);
        index
    }

    pub(crate) fn name(&mut self, name: &Name) -> u32 {
        if let Some(&index) = self.name_index.get(name) {
            return index;
        }
        let index = self.names.len() as u32;
        self.names.push(name.clone());
        self.name_index.insert(name.clone(), index);
        index
    }

    // Emission.

    pub(crate) fn push(&mut self, op: Op, fields: [u32; 3], extra: Extra) {
        if self.reachable {
            self.ins.push(Ins { op, fields, extra, location: self.location });
            self.reachable = !op.is_terminal();
        }
    }

    pub(crate) fn op0(&mut self, op: Op) {
        self.push(op, [0; 3], Extra::None);
    }

    pub(crate) fn op1(&mut self, op: Op, a: u32) {
        self.push(op, [a, 0, 0], Extra::None);
    }

    pub(crate) fn op2(&mut self, op: Op, a: u32, b: u32) {
        self.push(op, [a, b, 0], Extra::None);
    }

    pub(crate) fn op3(&mut self, op: Op, a: u32, b: u32, c: u32) {
        self.push(op, [a, b, c], Extra::None);
    }

    pub(crate) fn mov(&mut self, dst: Reg, src: Reg) {
        if dst != src {
            self.op2(Op::Move, dst, src);
        }
    }

    /// Loads a constant.
    pub(crate) fn load(&mut self, dst: Reg, value: Const) {
        match value {
            Const::None => self.op1(Op::LoadNone, dst),
            Const::Bool(true) => self.op1(Op::LoadTrue, dst),
            Const::Bool(false) => self.op1(Op::LoadFalse, dst),
            Const::Int(value) if i16::try_from(value).is_ok() => {
                let bits = value as i16 as u16 as u32;
                self.op3(Op::LoadI, dst, bits & 0xFF, bits >> 8);
            }
            value => {
                let index = self.konst(value);
                self.op2(Op::LoadK, dst, index);
            }
        }
    }

    pub(crate) fn with_name(&mut self, op: Op, a: u32, b: u32, name: &Name) {
        let index = self.name(name);
        let extra = match op.info().extra {
            [taipan_bytecode::op::Extra::ic_name] => Extra::CacheName(index),
            _ => Extra::Name(index),
        };
        self.push(op, [a, b, 0], extra);
    }

    pub(crate) fn jump(&mut self, op: Op, a: u32, b: u32, label: Label) {
        if !self.reachable {
            return;
        }
        self.flow_to(label);
        self.push(op, [a, b, 0], Extra::Jump(label));
    }

    // Labels.

    pub(crate) fn label(&mut self) -> Label {
        self.labels.push(LabelState::default());
        Label(self.labels.len() as u32 - 1)
    }

    /// Control may go from here to the label.
    pub(crate) fn flow_to(&mut self, label: Label) {
        let state = &mut self.labels[label.0 as usize];
        if state.position.is_some() {
            return;
        }
        match &mut state.assigned {
            Some(assigned) => assigned.intersect(&self.assigned),
            none => *none = Some(self.assigned.clone()),
        }
    }

    /// The label stands here. Code after it is reachable if something jumps to it or falls into it.
    pub(crate) fn bind(&mut self, label: Label) {
        let position = self.ins.len();
        let state = &mut self.labels[label.0 as usize];
        debug_assert!(state.position.is_none());
        state.position = Some(position);
        match state.assigned.take() {
            Some(assigned) if self.reachable => self.assigned.intersect(&assigned),
            Some(assigned) => {
                self.assigned = assigned;
                self.reachable = true;
            }
            None => {}
        }
    }

    /// The label of a loop's body stands here: later code jumps back to it, having unbound what it may.
    pub(crate) fn bind_loop(&mut self, label: Label) {
        self.assigned.subtract(&self.volatile.clone());
        self.bind(label);
    }

    // Handlers.

    /// From here on, exceptions go to the handler.
    pub(crate) fn open(&mut self, handler: Label, exc: Reg) {
        if self.reachable {
            let mut assigned = self.assigned.clone();
            assigned.subtract(&self.volatile);
            let state = &mut self.labels[handler.0 as usize];
            match &mut state.assigned {
                Some(known) => known.intersect(&assigned),
                none => *none = Some(assigned),
            }
        }
        self.regions.push(Region { handler, exc, start: self.ins.len() });
    }

    /// The innermost region ends here.
    pub(crate) fn close(&mut self) {
        let region = self.regions.pop().expect("regions are paired");
        self.row(region);
    }

    fn row(&mut self, region: Region) {
        let end = self.ins.len();
        if region.start < end {
            self.rows.push(Row { start: region.start, end, handler: region.handler, exc: region.exc });
        }
    }

    /// Suspends all regions above the first `keep`.
    pub(crate) fn suspend(&mut self, keep: usize) -> Vec<Region> {
        let mut suspended = Vec::new();
        while self.regions.len() > keep {
            let region = self.regions.pop().expect("not empty");
            self.row(region);
            suspended.push(region);
        }
        suspended
    }

    /// Reopens what `suspend` returned.
    pub(crate) fn resume(&mut self, suspended: Vec<Region>) {
        let start = self.ins.len();
        self.regions.extend(suspended.into_iter().rev().map(|region| Region { start, ..region }));
    }
}
