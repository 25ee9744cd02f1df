//! The interpreter loop: machine state, the table of handlers and the two drivers. CPython: `Python/ceval.c`.
//!
//! Handlers are functions from `&mut State` to `Flow`. In optimised builds each is wrapped into an
//! `extern "sysv64"` function that ends in a sibling call to the next handler; other builds call them from a loop.
//! Invariant: `State` is only made here, from verified private code and a pushed frame, so register and word
//! accesses through it stay inside both.
#![allow(unsafe_code)]

use std::sync::atomic::Ordering;

use taipan_bytecode::op::NO_CACHE;
use taipan_bytecode::{Op, for_each_op};
use taipan_runtime::{Context, Gc, Value};

use crate::cache::{Cache, Pc, Private};
use crate::frame::{self, Frame, flag};
use crate::ops;
use crate::types::code::Code;
use crate::types::function::Function;

/// What a handler wants next.
pub(crate) enum Flow {
    /// The instruction this many words on.
    Next(usize),
    /// The instruction at `state.pc`.
    Go,
    /// Another handler, on the same instruction.
    Tail(Handler),
    /// Leave the loop with this word (EMPTY: an exception is pending).
    Exit(u64),
}

/// The machine's registers while a handler runs.
#[derive(Clone, Copy)]
pub(crate) struct State {
    pub(crate) pc: Pc,
    regs: *mut u64,
    cx: *mut Context,
    /// The instruction word; the EXT word, if there was one, in the upper half.
    pub(crate) w: u64,
}

/// How operands are decoded: narrow instructions have 8-bit fields.
pub(crate) trait Decode {
    const WIDE: bool;
    fn a(w: u64) -> usize;
    fn b(w: u64) -> usize;
    fn c(w: u64) -> usize;
}

pub(crate) struct Narrow;
pub(crate) struct Wide;

impl Decode for Narrow {
    const WIDE: bool = false;
    #[inline(always)]
    fn a(w: u64) -> usize {
        (w >> 8 & 0xFF) as usize
    }
    #[inline(always)]
    fn b(w: u64) -> usize {
        (w >> 16 & 0xFF) as usize
    }
    #[inline(always)]
    fn c(w: u64) -> usize {
        (w >> 24 & 0xFF) as usize
    }
}

impl Decode for Wide {
    const WIDE: bool = true;
    #[inline(always)]
    fn a(w: u64) -> usize {
        Narrow::a(w) | Narrow::a(w >> 32) << 8
    }
    #[inline(always)]
    fn b(w: u64) -> usize {
        Narrow::b(w) | Narrow::b(w >> 32) << 8
    }
    #[inline(always)]
    fn c(w: u64) -> usize {
        Narrow::c(w) | Narrow::c(w >> 32) << 8
    }
}

impl State {
    #[inline(always)]
    pub(crate) fn frame(&self) -> Frame {
        // SAFETY: `regs` is the frame that runs.
        unsafe { Frame::new(self.regs) }
    }

    #[inline(always)]
    pub(crate) fn set_frame(&mut self, frame: Frame) {
        self.regs = frame.regs();
    }

    /// The bits of register `index`.
    #[inline(always)]
    pub(crate) fn bits(&self, index: usize) -> u64 {
        // SAFETY: verified operands lie inside the frame, which nobody else writes.
        unsafe { *self.regs.add(index) }
    }

    #[inline(always)]
    pub(crate) fn set_bits(&mut self, index: usize, bits: u64) {
        // SAFETY: as in `bits`.
        unsafe { *self.regs.add(index) = bits }
    }

    #[inline(always)]
    pub(crate) fn set(&mut self, index: usize, value: Value) {
        self.set_bits(index, value.bits());
    }

    #[inline(always)]
    pub(crate) fn get(&self, index: usize) -> Option<Value> {
        Value::from_bits(self.bits(index))
    }

    /// Register `index`, which the compiler knows to be bound.
    #[inline(always)]
    pub(crate) fn value(&self, index: usize) -> Value {
        self.get(index).unwrap_or(Value::NONE)
    }

    /// Operands in either width (slow paths).
    #[inline(always)]
    pub(crate) fn a(&self) -> usize {
        Wide::a(self.w)
    }

    #[inline(always)]
    pub(crate) fn b(&self) -> usize {
        Wide::b(self.w)
    }

    #[inline(always)]
    pub(crate) fn c(&self) -> usize {
        Wide::c(self.w)
    }

    /// The signed 8-bit operand in field B.
    #[inline(always)]
    pub(crate) fn simm_b(&self) -> i64 {
        (self.w >> 16) as i8 as i64
    }

    /// The signed 8-bit operand in field C.
    #[inline(always)]
    pub(crate) fn simm_c(&self) -> i64 {
        (self.w >> 24) as i8 as i64
    }

    /// Was there an EXT?
    #[inline(always)]
    pub(crate) fn is_wide(&self) -> bool {
        self.w >> 32 != 0
    }

    /// The meta word for a frame that this instruction pushes, whose result goes to its field A.
    pub(crate) fn call_word(&self) -> u64 {
        let w = self.w;
        if self.is_wide() { (w & 0xFFFF_FFFF) | flag::WIDE | (w >> 40 & 0xFF) << 48 } else { w & 0xFFFF_FFFF }
    }

    pub(crate) fn op(&self) -> Op {
        Op::from_u8(self.w as u8).unwrap_or(Op::Nop)
    }

    /// The pool index of the name in extra word 1.
    pub(crate) fn name_index(&self) -> usize {
        let high = if self.op().info().operands.len() == 3 { 0 } else { self.c() };
        (self.pc.word(1) >> 16) as usize | high << 16
    }

    /// The interned name in extra word 1.
    pub(crate) fn name(&self) -> Gc<taipan_runtime::types::str::Str> {
        self.code().name_at(self.cx(), self.name_index())
    }

    pub(crate) fn code(&self) -> Gc<Code> {
        self.private().code()
    }

    #[inline(always)]
    pub(crate) fn private(&self) -> Private {
        self.frame().private()
    }

    pub(crate) fn function(&self) -> Gc<Function> {
        self.frame().function()
    }

    /// The context for `&Context` work: allocation that neither raises nor runs Python.
    #[inline(always)]
    pub(crate) fn cx<'a>(&self) -> &'a Context {
        // SAFETY: the context outlives the loop that runs on it.
        unsafe { &*self.cx }
    }

    /// The context for work that takes locks. A thread that waits for one counts as stopped, so the collector must know the
    /// frame as soon as there are other threads.
    #[inline(always)]
    pub(crate) fn locking_cx<'a>(&self) -> &'a Context {
        if taipan_gc::multi_threaded() {
            let frame = self.frame();
            frame.save_pc(self.pc.add(1));
            frame::publish(self.cx(), frame);
        }
        self.cx()
    }

    /// Publishes the frame and gives the context for anything that may raise or run Python.
    #[inline(always)]
    pub(crate) fn enter<'a>(&mut self) -> &'a mut Context {
        let frame = self.frame();
        frame.save_pc(self.pc.add(1));
        frame::publish(self.cx(), frame);
        // SAFETY: the loop holds the thread's only `&mut Context` and lends it to one handler at a time.
        unsafe { &mut *self.cx }
    }

    /// Publishes the frame and runs what may need more memory than there is, outside of any native function or slot.
    pub(crate) fn guarded<T>(
        &mut self,
        f: impl FnOnce(&mut Context) -> taipan_runtime::Result<T>,
    ) -> taipan_runtime::Result<T> {
        taipan_runtime::native::bind::guarded(self.enter(), f)
    }

    /// As `enter`, where everything from `end` on is free.
    #[inline(always)]
    pub(crate) fn enter_below<'a>(&mut self, end: Frame) -> &'a mut Context {
        let frame = self.frame();
        frame.save_pc(self.pc.add(1));
        let cx = self.cx();
        cx.frame.set(frame.regs());
        frame::publish_top(cx, end.regs());
        // SAFETY: as in `enter`.
        unsafe { &mut *self.cx }
    }

    #[inline(always)]
    pub(crate) fn interrupted(&self) -> bool {
        self.cx().thread().interrupt.load(Ordering::Relaxed) != 0
    }

    /// The next instruction; length from the table (slow paths).
    #[inline]
    pub(crate) fn next(&self) -> Flow {
        Flow::Next(self.op().len())
    }

    /// The instruction after this one.
    pub(crate) fn next_pc(&self) -> Pc {
        self.pc.add(self.op().len())
    }

    /// Takes the jump in extra word 1.
    #[inline(always)]
    pub(crate) fn jump(&mut self) -> Flow {
        self.pc = self.pc.jump_target(1);
        Flow::Go
    }

    /// Rewrites the opcode, unless quickening is off or the instruction is wide.
    pub(crate) fn quicken(&self, op: Op) {
        if !self.is_wide() && crate::specialize() {
            self.pc.quicken(op);
        }
    }

    /// The instruction's cache, for a site that may be quickened.
    pub(crate) fn quickenable_cache(&self) -> Option<&'static Cache> {
        if self.is_wide() || !crate::specialize() || self.pc.word(1) as u16 == NO_CACHE {
            return None;
        }
        self.pc.cache()
    }

    /// Stores a result and goes on, or unwinds.
    #[inline(always)]
    pub(crate) fn finish(&mut self, dst: usize, result: taipan_runtime::Result) -> Flow {
        match result {
            Ok(value) => {
                self.set(dst, value);
                self.next()
            }
            Err(_) => crate::unwind::unwind(self),
        }
    }

    /// Goes on, or unwinds.
    #[inline(always)]
    pub(crate) fn finish_unit(&mut self, result: taipan_runtime::Result<()>) -> Flow {
        match result {
            Ok(()) => self.next(),
            Err(_) => crate::unwind::unwind(self),
        }
    }
}

/// A handler as a value of its own type, so that a driver can be made for it at compile time.
pub(crate) trait Operation: Fn(&mut State) -> Flow + Copy + 'static {}
impl<F: Fn(&mut State) -> Flow + Copy + 'static> Operation for F {}

/// Conjures the handler function of a zero-sized function item type.
#[inline(always)]
fn conjure<F: Operation>() -> F {
    const { assert!(size_of::<F>() == 0) };
    // SAFETY: a zero-sized Copy type without invariants (a function item) has exactly one value.
    unsafe { std::mem::transmute_copy::<(), F>(&()) }
}

/// Goes on with a slow path for the same instruction: `tail(slow_add)`. Only handlers that are inlined into
/// their driver may do so; a slow path calls another one as a function.
#[inline(always)]
pub(crate) fn tail<F: Operation>(slow: F) -> Flow {
    Flow::Tail(outlined_of(slow))
}

/// Runs a rarely needed function on the state. It works on a copy and answers in registers, so that the caller's state
/// need not lie in memory, where it would also leave room for stale words.
#[inline(always)]
pub(crate) fn outline<F: Operation>(s: &mut State, rare: F) -> Flow {
    let _ = rare;
    let (pc, regs) = step::<F>(s.pc, s.regs, s.cx, s.w);
    if pc.bits() == 0 {
        return Flow::Exit(regs as u64);
    }
    s.pc = pc;
    s.regs = regs;
    Flow::Go
}

/// Runs a slow path in a frame of its own, so that the handler that jumps to it spills nothing and the address of the
/// state does not escape into a function that has to end in a jump. The answer: where to go on, and in which frame; or
/// no pc and the word with which the loop ends.
#[inline(never)]
fn step<F: Operation>(pc: Pc, regs: *mut u64, cx: *mut Context, w: u64) -> (Pc, *mut u64) {
    let mut state = State { pc, regs, cx, w };
    match conjure::<F>()(&mut state) {
        Flow::Next(words) => (state.pc.add(words), state.regs),
        Flow::Go => (state.pc, state.regs),
        Flow::Exit(bits) => (Pc::from_bits(0), bits as *mut u64),
        Flow::Tail(_) => unreachable!("slow paths call each other as functions"),
    }
}

#[cfg(tail_calls)]
mod driver {
    //! Sibling calls: every handler ends in a jump to the next one.

    use super::{Context, Flow, Operation, Pc, State, conjure, step};

    /// The argument order (pc, regs, cx, w, table) keeps operand decoding free of register shuffles.
    #[derive(Clone, Copy)]
    #[repr(transparent)]
    pub(crate) struct Handler(
        unsafe extern "sysv64" fn(Pc, *mut u64, *mut Context, u64, *const Handler) -> u64,
    );

    unsafe extern "sysv64" fn entry<F: Operation>(
        pc: Pc,
        regs: *mut u64,
        cx: *mut Context,
        w: u64,
        table: *const Handler,
    ) -> u64 {
        let mut state = State { pc, regs, cx, w };
        let pc = match conjure::<F>()(&mut state) {
            Flow::Next(words) => state.pc.add(words),
            Flow::Go => state.pc,
            // SAFETY: the state is as this handler got or left it.
            Flow::Tail(handler) => return unsafe { handler.0(state.pc, state.regs, cx, state.w, table) },
            Flow::Exit(bits) => return bits,
        };
        let w = pc.word(0) as u64;
        // SAFETY: the narrow half of the table has an entry for every byte.
        unsafe { ((*table.add((w & 0xFF) as usize)).0)(pc, state.regs, cx, w, table) }
    }

    unsafe extern "sysv64" fn outlined<F: Operation>(
        pc: Pc,
        regs: *mut u64,
        cx: *mut Context,
        w: u64,
        table: *const Handler,
    ) -> u64 {
        let (pc, regs) = step::<F>(pc, regs, cx, w);
        if pc.bits() == 0 {
            return regs as u64;
        }
        let w = pc.word(0) as u64;
        // SAFETY: the narrow half of the table has an entry for every byte.
        unsafe { ((*table.add((w & 0xFF) as usize)).0)(pc, regs, cx, w, table) }
    }

    #[inline(always)]
    pub(crate) const fn outlined_of<F: Operation>(_: F) -> Handler {
        Handler(outlined::<F>)
    }

    /// The instruction after an EXT word, through the wide half of the table.
    pub(crate) unsafe extern "sysv64" fn extended(
        pc: Pc,
        regs: *mut u64,
        cx: *mut Context,
        w: u64,
        table: *const Handler,
    ) -> u64 {
        let pc = pc.add(1);
        let w = w << 32 | pc.word(0) as u64;
        // SAFETY: the wide half of the table has an entry for every byte.
        unsafe { ((*table.add(256 + (w & 0xFF) as usize)).0)(pc, regs, cx, w, table) }
    }

    pub(super) const EXTENDED: Handler = Handler(extended);

    /// Reports the instruction at `pc` in a frame of its own; whether another one is to run instead.
    #[inline(never)]
    fn step_traced(pc: Pc, regs: *mut u64, cx: *mut Context, w: u64) -> (Pc, *mut u64, bool) {
        let mut state = State { pc, regs, cx, w };
        match crate::trace::instruction(&mut state) {
            None => (state.pc, state.regs, false),
            Some(Flow::Exit(bits)) => (Pc::from_bits(0), bits as *mut u64, true),
            Some(Flow::Next(words)) => (state.pc.add(words), state.regs, true),
            Some(_) => (state.pc, state.regs, true),
        }
    }

    /// The one handler of the table of threads that report what they run.
    unsafe extern "sysv64" fn traced(
        pc: Pc,
        regs: *mut u64,
        cx: *mut Context,
        w: u64,
        table: *const Handler,
    ) -> u64 {
        let (pc, regs, other) = step_traced(pc, regs, cx, w);
        if pc.bits() == 0 {
            return regs as u64;
        }
        if other {
            let w = pc.word(0) as u64;
            // SAFETY: the narrow half of the table has an entry for every byte.
            return unsafe { ((*table.add((w & 0xFF) as usize)).0)(pc, regs, cx, w, table) };
        }
        // SAFETY: the state is as this handler got it.
        unsafe { (super::TABLE[(w & 0xFF) as usize].0)(pc, regs, cx, w, table) }
    }

    pub(super) const TRACE: Handler = Handler(traced);

    #[inline(always)]
    pub(crate) const fn handler_of<F: Operation>(_: F) -> Handler {
        Handler(entry::<F>)
    }

    pub(super) fn run(state: State, table: &'static [Handler; 512]) -> u64 {
        let w = state.pc.word(0) as u64;
        let table = table.as_ptr();
        // SAFETY: the state is a pushed frame of verified code; the table outlives everything.
        unsafe { ((*table.add((w & 0xFF) as usize)).0)(state.pc, state.regs, state.cx, w, table) }
    }
}

#[cfg(not(tail_calls))]
mod driver {
    //! A loop that calls handlers through the table.

    use super::{Flow, Operation, State, conjure};

    #[derive(Clone, Copy)]
    #[repr(transparent)]
    pub(crate) struct Handler(fn(&mut State) -> Flow);

    fn entry<F: Operation>(state: &mut State) -> Flow {
        conjure::<F>()(state)
    }

    pub(crate) const fn outlined_of<F: Operation>(_: F) -> Handler {
        Handler(entry::<F>)
    }

    fn extended(state: &mut State) -> Flow {
        state.pc = state.pc.add(1);
        state.w = state.w << 32 | state.pc.word(0) as u64;
        Flow::Tail(super::TABLE[256 + (state.w & 0xFF) as usize])
    }

    pub(super) const EXTENDED: Handler = Handler(extended);

    /// The one handler of the table of threads that report what they run.
    fn traced(state: &mut State) -> Flow {
        match crate::trace::instruction(state) {
            None => Flow::Tail(super::TABLE[(state.w & 0xFF) as usize]),
            Some(flow) => flow,
        }
    }

    pub(super) const TRACE: Handler = Handler(traced);

    pub(crate) const fn handler_of<F: Operation>(_: F) -> Handler {
        Handler(entry::<F>)
    }

    pub(super) fn run(mut state: State, table: &'static [Handler; 512]) -> u64 {
        loop {
            state.w = state.pc.word(0) as u64;
            let mut flow = table[(state.w & 0xFF) as usize].0(&mut state);
            loop {
                match flow {
                    Flow::Next(words) => state.pc = state.pc.add(words),
                    Flow::Go => {}
                    Flow::Tail(handler) => {
                        flow = handler.0(&mut state);
                        continue;
                    }
                    Flow::Exit(bits) => return bits,
                }
                break;
            }
        }
    }
}

/// Ends the process when a panic comes out of the interpreter's loop: its frames cannot be unwound.
struct NoPanic;

impl Drop for NoPanic {
    fn drop(&mut self) {
        std::process::abort();
    }
}

pub(crate) use driver::{Handler, handler_of, outlined_of};

macro_rules! define_table {
    (
        generic { $($(#[$doc:meta])* $name:ident $snake:ident ($($operand:ident : $role:ident),*) [$($extra:ident)*] $raises:ident;)* }
        quickened { $($(#[$qdoc:meta])* $qname:ident $qsnake:ident ($($qoperand:ident : $qrole:ident),*) [$($qextra:ident)*] $qraises:ident;)* }
    ) => {
        /// Handlers by opcode: 256 narrow ones, then 256 that follow an EXT.
        static TABLE: [Handler; 512] = {
            let mut table = [handler_of(ops::undefined); 512];
            $(
                table[Op::$name as usize] = handler_of(ops::$snake::<Narrow>);
                table[256 + Op::$name as usize] = handler_of(ops::$snake::<Wide>);
            )*
            $(table[Op::$qname as usize] = handler_of(ops::$qsnake::<Narrow>);)*
            table[Op::Ext as usize] = driver::EXTENDED;
            table
        };
    };
}
for_each_op!(define_table);

/// The table of threads that report what they run: each instruction goes through one handler, which then goes on with the
/// plain one. The wide half is that of the plain table, as the handler has seen the EXT.
static TRACED: [Handler; 512] = {
    let mut table = TABLE;
    let mut op = 0;
    while op < 256 {
        table[op] = driver::TRACE;
        op += 1;
    }
    table
};

/// Runs `frame` from `pc` until it returns to native code: the result, or EMPTY with an exception pending.
#[inline]
pub(crate) fn run(cx: &mut Context, frame: Frame, pc: Pc) -> Option<Value> {
    let state = State { pc, regs: frame.regs(), cx, w: 0 };
    if !crate::trace::is_quiet(state.cx()) {
        return run_state(state);
    }
    let guard = NoPanic;
    let bits = driver::run(state, &TABLE);
    std::mem::forget(guard);
    if bits == crate::trace::SWITCH || !crate::trace::is_quiet(state.cx()) {
        return run_on(state, bits);
    }
    Value::from_bits(bits)
}

/// Something has begun to be reported while a loop ran: it has ended with `bits`, or is to be entered again.
#[cold]
#[inline(never)]
fn run_on(mut state: State, bits: u64) -> Option<Value> {
    if bits != crate::trace::SWITCH {
        crate::trace::leave_loop(state.cx(), state.cx().locals.traced.get());
        return Value::from_bits(bits);
    }
    let top = Frame::top(state.cx())?;
    state.set_frame(top);
    state.pc = top.saved_pc();
    run_state(state)
}

/// Runs a loop, and another one on the other table whenever it ends to be switched.
#[inline(never)]
fn run_state(mut state: State) -> Option<Value> {
    loop {
        let locals = &state.cx().locals;
        let active = crate::trace::enter_loop(state.cx(), state.frame());
        let outer = locals.traced.replace(active);
        let guard = NoPanic;
        let bits = driver::run(state, if active { &TRACED } else { &TABLE });
        std::mem::forget(guard);
        locals.traced.set(outer);
        if bits != crate::trace::SWITCH {
            crate::trace::leave_loop(state.cx(), outer);
            return Value::from_bits(bits);
        }
        let top = Frame::top(state.cx())?;
        state.set_frame(top);
        state.pc = top.saved_pc();
    }
}

/// The same, but the instruction at `pc` has raised the pending exception, which was thrown into the frame's generator.
pub(crate) fn run_raising(cx: &mut Context, frame: Frame, pc: Pc) -> Option<Value> {
    let mut state = State { pc, regs: frame.regs(), cx, w: 0 };
    let locals = &state.cx().locals;
    let active = crate::trace::enter_loop(state.cx(), frame);
    let outer = locals.traced.replace(active);
    if active {
        crate::trace::thrown(&mut state);
    }
    let flow = crate::unwind::unwind(&mut state);
    locals.traced.set(outer);
    match flow {
        Flow::Exit(crate::trace::SWITCH) => state.pc = frame.saved_pc(),
        Flow::Exit(bits) => return Value::from_bits(bits),
        _ => {}
    }
    run_state(state)
}
