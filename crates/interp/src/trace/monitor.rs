//! The tools of `sys.monitoring`: which events they want, where, and whom to call. PEP 669.
//! CPython: `Python/instrumentation.c`.
//!
//! Invariant: events are numbered as in CPython; what a tool wants is one bit for each.

use std::collections::HashSet;
use std::sync::atomic::{AtomicBool, AtomicU32, AtomicU64, AtomicUsize, Ordering::Relaxed};
use std::sync::{Mutex, MutexGuard, PoisonError};

use taipan_bytecode::op::Extra;
use taipan_bytecode::{Instruction, Op};
use taipan_gc::interrupt;
use taipan_runtime::instance::Instance;
use taipan_runtime::layout::Opaque;
use taipan_runtime::types::list::List;
use taipan_runtime::{Context, Gc, Result, Value};

use super::events::{Place, quietly};
use super::jump::Leave;
use crate::frame::Frame;

use crate::types::code::Code;

/// How many tools there may be.
pub(crate) const TOOLS: usize = 6;

/// What can be reported.
#[repr(u8)]
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Event {
    PyStart,
    PyResume,
    PyReturn,
    PyYield,
    Call,
    Line,
    Instruction,
    Jump,
    BranchLeft,
    BranchRight,
    StopIteration,
    Raise,
    ExceptionHandled,
    PyUnwind,
    PyThrow,
    Reraise,
    CReturn,
    CRaise,
    /// Left or right, by one callback.
    Branch,
}

/// Their names, in the order of their numbers.
pub(crate) const NAMES: [&str; EVENTS] = [
    "PY_START",
    "PY_RESUME",
    "PY_RETURN",
    "PY_YIELD",
    "CALL",
    "LINE",
    "INSTRUCTION",
    "JUMP",
    "BRANCH_LEFT",
    "BRANCH_RIGHT",
    "STOP_ITERATION",
    "RAISE",
    "EXCEPTION_HANDLED",
    "PY_UNWIND",
    "PY_THROW",
    "RERAISE",
    "C_RETURN",
    "C_RAISE",
    "BRANCH",
];
pub(crate) const EVENTS: usize = 19;
/// Events below this number can be wanted for single code objects and switched off at single places.
pub(crate) const LOCAL_EVENTS: usize = Event::Raise as usize;

impl Event {
    pub(crate) const fn bit(self) -> u32 {
        1 << self as u8
    }
}

const CALLS: u32 = Event::Call.bit() | Event::CReturn.bit() | Event::CRaise.bit();
const C_ENDS: u32 = Event::CReturn.bit() | Event::CRaise.bit();
const BRANCHES: u32 = Event::BranchLeft.bit() | Event::BranchRight.bit();

/// What each tool wants everywhere.
static GLOBAL: [AtomicU32; TOOLS] = [const { AtomicU32::new(0) }; TOOLS];
/// The union of these.
static ANYWHERE: AtomicU32 = AtomicU32::new(0);
/// Number of code objects for which some tool wants something.
static CODES: AtomicUsize = AtomicUsize::new(0);
static ACTIVE: AtomicBool = AtomicBool::new(false);
/// Counts the calls of `restart_events`.
static RESTARTS: AtomicUsize = AtomicUsize::new(0);
/// The list of names, callbacks and the two marks. A root.
static STATE: AtomicU64 = AtomicU64::new(0);
static NEW_STATE: Mutex<()> = Mutex::new(());

/// Places of `STATE`.
const DISABLE: usize = TOOLS;
const MISSING: usize = TOOLS + 1;
const CALLBACKS: usize = TOOLS + 2;

/// What is wanted of one code object.
#[derive(Default)]
pub(crate) struct Local {
    wanted: [AtomicU32; TOOLS],
    anything: AtomicU32,
    disabled: Mutex<Disabled>,
}

/// Places of a code object where a tool does not want an event any more.
#[derive(Default)]
struct Disabled {
    /// The value of `RESTARTS` that they belong to.
    restarts: usize,
    places: HashSet<(u8, u8, u32)>,
}

/// A code object's part of the state.
pub(crate) type LocalEvents = Opaque<Local>;

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Memory is traced from now on, or no more: its tracer wants to know where each instruction is.
pub(crate) fn memory_changed(cx: &Context) {
    changed(cx);
}

/// Does any tool want anything, or does somebody trace memory?
#[inline]
pub(crate) fn is_active() -> bool {
    ACTIVE.load(Relaxed)
}

/// The events that some tool wants of this code.
#[inline]
pub(crate) fn events_of(code: &Code) -> u32 {
    ANYWHERE.load(Relaxed) | code.local_events().anything.load(Relaxed)
}

/// The list of names, callbacks and marks.
fn state(cx: &Context) -> Gc<List> {
    let found =
        || Value::from_bits(STATE.load(std::sync::atomic::Ordering::Acquire)).and_then(Value::downcast);
    if let Some(list) = found() {
        return list;
    }
    let mut items = [Value::NONE; CALLBACKS + TOOLS * EVENTS];
    items[DISABLE] = cx.new_object(Instance).value();
    items[MISSING] = cx.new_object(Instance).value();
    let list = cx.new_list(&items);
    let _lock = lock(&NEW_STATE);
    if let Some(list) = found() {
        return list;
    }
    taipan_gc::add_root(&STATE);
    STATE.store(list.value().bits(), std::sync::atomic::Ordering::Release);
    list
}

fn item(cx: &Context, index: usize) -> Value {
    state(cx).get(index).unwrap_or(Value::NONE)
}

/// `sys.monitoring.DISABLE`.
pub(crate) fn disable(cx: &Context) -> Value {
    item(cx, DISABLE)
}

/// `sys.monitoring.MISSING`.
pub(crate) fn missing(cx: &Context) -> Value {
    item(cx, MISSING)
}

/// The name of a tool; None if it is not in use.
pub(crate) fn tool(cx: &Context, tool: usize) -> Value {
    item(cx, tool)
}

pub(crate) fn set_tool(cx: &Context, tool: usize, name: Value) {
    state(cx).set(cx, tool, name);
}

/// Sets the callback of a tool for an event and gives the previous one.
pub(crate) fn register(cx: &Context, tool: usize, event: usize, callback: Value) -> Value {
    let index = CALLBACKS + tool * EVENTS + event;
    let previous = item(cx, index);
    state(cx).set(cx, index, callback);
    previous
}

/// What a set of events means: with `BRANCH` come both branches, with `CALL` its ends. None if it is impossible.
pub(crate) fn normalize(events: u32) -> Option<u32> {
    if events & C_ENDS != 0 && events & CALLS != CALLS {
        return None;
    }
    let events = events & !C_ENDS;
    let branch = Event::Branch.bit();
    Some(if events & branch != 0 { events & !branch | BRANCHES } else { events })
}

/// What a tool wants everywhere.
pub(crate) fn events(tool: usize) -> u32 {
    GLOBAL[tool].load(Relaxed)
}

pub(crate) fn set_events(cx: &Context, tool: usize, events: u32) {
    GLOBAL[tool].store(events, Relaxed);
    ANYWHERE.store(GLOBAL.iter().fold(0, |all, events| all | events.load(Relaxed)), Relaxed);
    changed(cx);
}

/// What a tool wants of one code object.
pub(crate) fn local_events(code: &Code, tool: usize) -> u32 {
    code.local_events().wanted[tool].load(Relaxed)
}

pub(crate) fn set_local_events(cx: &Context, code: &Code, tool: usize, events: u32) {
    store_local_events(code, tool, events);
    changed(cx);
}

/// Forgets what a tool wants of single code objects.
pub(crate) fn clear_local_events(cx: &Context, tool: usize) {
    if CODES.load(Relaxed) == 0 {
        return;
    }
    taipan_gc::each_cell(cx.thread(), |cell, space, _| {
        if matches!(space, taipan_gc::Space::Final)
            && let Some(code) = Value::from_cell(cell).downcast::<Code>()
        {
            store_local_events(&code, tool, 0);
        }
    });
}

fn store_local_events(code: &Code, tool: usize, events: u32) {
    let local = code.local_events();
    local.wanted[tool].store(events, Relaxed);
    let all = local.wanted.iter().fold(0, |all, events| all | events.load(Relaxed));
    match (local.anything.swap(all, Relaxed), all) {
        (0, 0) => {}
        (0, _) => drop(CODES.fetch_add(1, Relaxed)),
        (_, 0) => drop(CODES.fetch_sub(1, Relaxed)),
        _ => {}
    }
}

/// Has all threads look at what they are to report.
fn changed(cx: &Context) {
    let tools = ANYWHERE.load(Relaxed) != 0 || CODES.load(Relaxed) != 0;
    ACTIVE.store(tools || crate::memory::is_on(), Relaxed);
    super::next_generation();
    if is_active() {
        super::mark(cx, Frame::top(cx));
    }
    taipan_runtime::vm::each_context(cx, |other| {
        if super::must_switch(other) {
            other.thread().request(interrupt::PROFILE);
        }
        super::forget_marks(other);
    });
}

/// Makes all places report again.
pub(crate) fn restart() {
    RESTARTS.fetch_add(1, Relaxed);
}

/// Calls the callbacks for an event at a place with (code, offset, arguments).
pub(super) fn fire(cx: &mut Context, place: Place, event: Event, arguments: &[Value]) -> Result<()> {
    let needed =
        if matches!(event, Event::CReturn | Event::CRaise) { Event::Call.bit() } else { event.bit() };
    if events_of(&place.code) & needed == 0 {
        return Ok(());
    }
    let mut all = [Value::NONE; 5];
    all[0] = place.code.value();
    all[1] = Value::int(place.word as i64 * 2);
    all[2..2 + arguments.len()].copy_from_slice(arguments);
    call(cx, place, event, needed, &all[..2 + arguments.len()])
}

/// The same for a line: (code, line).
pub(super) fn fire_line(cx: &mut Context, place: Place, line: u32) -> Result<()> {
    if events_of(&place.code) & Event::Line.bit() == 0 {
        return Ok(());
    }
    let all = [place.code.value(), Value::int(line as i64)];
    call(cx, place, Event::Line, Event::Line.bit(), &all)
}

/// An instruction is about to run.
pub(super) fn instruction(cx: &mut Context, place: Place) -> Result<()> {
    fire(cx, place, Event::Instruction, &[])
}

fn call(cx: &mut Context, place: Place, event: Event, needed: u32, arguments: &[Value]) -> Result<()> {
    for tool in 0..TOOLS {
        let wanted = GLOBAL[tool].load(Relaxed) | place.code.local_events().wanted[tool].load(Relaxed);
        if wanted & needed == 0 || is_disabled(&place, tool, event) {
            continue;
        }
        call_one(cx, place, tool, event, event, arguments)?;
        if matches!(event, Event::BranchLeft | Event::BranchRight) {
            call_one(cx, place, tool, event, Event::Branch, arguments)?;
        }
    }
    Ok(())
}

/// Calls the callback that a tool has registered for `registered`.
fn call_one(
    cx: &mut Context,
    place: Place,
    tool: usize,
    event: Event,
    registered: Event,
    arguments: &[Value],
) -> Result<()> {
    let callback = item(cx, CALLBACKS + tool * EVENTS + registered as usize);
    if callback.is_none() {
        return Ok(());
    }
    let result = quietly(cx, |cx| cx.call(callback, arguments))?;
    if result != disable(cx) {
        return Ok(());
    }
    if event as usize >= LOCAL_EVENTS && needed_locally(event) {
        register(cx, tool, registered as usize, Value::NONE);
        let name = NAMES[registered as usize];
        return Err(cx.value_error(format!("Cannot disable {name} events. Callback removed.")));
    }
    let restarts = RESTARTS.load(Relaxed);
    let mut disabled = lock(&place.code.local_events().disabled);
    if disabled.restarts != restarts {
        *disabled = Disabled { restarts, ..Disabled::default() };
    }
    // The ends of calls go with the calls.
    let event = if event as usize >= LOCAL_EVENTS { Event::Call } else { event };
    disabled.places.insert((tool as u8, event as u8, place.word));
    Ok(())
}

/// Is it an event that cannot be switched off at a place? The ends of calls can: they go with the calls.
fn needed_locally(event: Event) -> bool {
    !matches!(event, Event::CReturn | Event::CRaise)
}

fn is_disabled(place: &Place, tool: usize, event: Event) -> bool {
    let event = if matches!(event, Event::CReturn | Event::CRaise) { Event::Call } else { event };
    let disabled = lock(&place.code.local_events().disabled);
    disabled.restarts == RESTARTS.load(Relaxed)
        && disabled.places.contains(&(tool as u8, event as u8, place.word))
}

/// A jump may be about to happen: the next instruction of the frame will tell.
pub(super) fn before_jump(place: Place, instruction: &Instruction) {
    let wanted = events_of(&place.code) & (BRANCHES | Event::Jump.bit());
    if wanted != 0 && instruction.word(Extra::jump).is_some() {
        place.object.set_jumping(Some(place.word));
    }
}

/// The first instruction after one that may have jumped.
pub(super) fn after_jump(cx: &mut Context, frame: Frame, place: Place) -> Result<()> {
    let code = place.code.data();
    let Some(from) = place.object.take_jumping() else { return after_body(cx, frame, place) };
    let Some(jump) = taipan_bytecode::decode(&code.words, from) else { return Ok(()) };
    let here = place.word as i64;
    let to_head = place.code.lines().is_loop_head(place.word);
    let (event, to) = match ways(&place.code, &jump) {
        None if is_structural(&place.code, &jump) => return Ok(()),
        None => (Event::Jump, here),
        Some((left, _)) if jump.op == Op::ForIter && jump.target() == Some(here) => (Event::BranchLeft, left),
        // The way that leads to the head of a loop does so by a jump of its own.
        Some((left, _)) if to_head && jump.op != Op::ForIter && left == jump.start as i64 + 1 => {
            report_jump(cx, frame, place, Event::BranchLeft, from, left)?;
            (Event::Jump, here)
        }
        Some(_) if to_head && jump.op == Op::ForIter => {
            report_jump(cx, frame, place, Event::BranchRight, from, jump.start as i64 + 1)?;
            (Event::Jump, here)
        }
        Some((left, _)) if left == here => (Event::BranchLeft, left),
        Some((_, right)) => (Event::BranchRight, right),
    };
    report_jump(cx, frame, place, event, from, to)
}

/// The end of a loop's body, where CPython's code jumps to the head, which stands behind the body here.
fn after_body(cx: &mut Context, frame: Frame, place: Place) -> Result<()> {
    if events_of(&place.code) & Event::Jump.bit() == 0 || !place.code.lines().is_loop_head(place.word) {
        return Ok(());
    }
    let all = taipan_bytecode::instructions(&place.code.data().words);
    match all.take_while(|instruction| instruction.start < place.word).last() {
        Some(last) => report_jump(cx, frame, place, Event::Jump, last.start, place.word as i64),
        None => Ok(()),
    }
}

/// Reports a jump while the frame is still where it jumps from.
fn report_jump(cx: &mut Context, frame: Frame, place: Place, event: Event, from: u32, to: i64) -> Result<()> {
    frame.be_at(from);
    place.object.set_leave(Leave::Granted);
    let result = fire(cx, Place { word: from, ..place }, event, &[Value::int(to * 2)]);
    place.object.set_leave(Leave::Untraced);
    frame.be_at(place.word);
    result
}

/// Where a branch goes on to the left and to the right; None for what is no branch.
pub(crate) fn ways(code: &Code, instruction: &Instruction) -> Option<(i64, i64)> {
    let (target, next) = (instruction.target()?, instruction.end as i64);
    let within = instruction.start as i64 + 1;
    match instruction.op {
        Op::Jmp | Op::Loop => None,
        // The next item is to the left, where the instruction stores it; the end of a loop to the right.
        Op::ForIter => Some((within, next)),
        // CPython turns a condition round whose one way ends the body of a loop.
        _ if target <= instruction.start as i64 && code.lines().is_loop_head(instruction.end) => {
            Some((within, target))
        }
        _ if target > instruction.start as i64 && code.lines().is_loop_head(target as u32) => {
            Some((within, next))
        }
        // A condition that closes a loop jumps to the left.
        _ if target <= instruction.start as i64 => Some((target, next)),
        _ => Some((next, target)),
    }
}

/// Is it a jump that CPython's code does not have: over a handler, which CPython puts at the end, or to the condition
/// of a loop, which it puts at the head?
fn is_structural(code: &Code, jump: &Instruction) -> bool {
    let data = code.data();
    let Some(target) = jump.target().filter(|_| jump.op == Op::Jmp) else { return false };
    data.exceptions.iter().any(|row| row.handler == jump.end)
        || target > jump.start as i64
            && code.lines().is_loop_head(target as u32)
            && enters(code, jump, target)
}

/// Does a jump lead from in front of a loop's body to the head behind it?
fn enters(code: &Code, jump: &Instruction, head: i64) -> bool {
    taipan_bytecode::instructions(&code.data().words)
        .any(|back| back.start as i64 >= head && back.target() == Some(jump.end as i64))
}
