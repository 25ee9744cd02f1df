//! `frame`: a frame of running code as an object. CPython: `Objects/frameobject.c`, PEP 667.
//!
//! It is made when somebody asks. While the frame runs it reads the registers on the VM stack; a generator that
//! is suspended lends its saved registers; when the frame dies it keeps a copy.
//! Invariant: `live` names a frame on the VM stack exactly as long as that frame is pushed; the words of a frame that
//! another thread has pushed are only looked at while that thread is stopped (`look`). What a register holds depends on
//! the word that runs, so both are looked at in one stop (`Still`).

use std::sync::atomic::{AtomicBool, AtomicU8, AtomicU32, AtomicU64, Ordering};

use taipan_bytecode::{Code as Data, HiddenRange, LocalKind};
use taipan_macros::{Trace, class};
use taipan_runtime::buffer::GVec;
use taipan_runtime::slots::{Slot, TypedSlot};
use taipan_runtime::types::dict::Dict;
use taipan_runtime::types::tuple::Tuple;
use taipan_runtime::{Context, Gc, Result, Value};

use crate::frame::{Frame as Live, Registers, flag};
use crate::trace::jump::{self, Leave};
use crate::types::code::Code;
use crate::types::function::Function;
use taipan_runtime::types::cell::Cell;

/// The body of a frame object.
#[derive(Trace)]
pub struct Frame {
    /// Address of the registers on the VM stack; 0 when the frame is not running.
    live: AtomicU64,
    /// Copies of the registers when it is not.
    saved: Registers,
    function: TypedSlot<Function>,
    code: TypedSlot<Code>,
    namespace: Slot,
    back: TypedSlot<Frame>,
    /// The generator whose frame this is.
    generator: Slot,
    /// Word of the last instruction while the frame is not on the stack.
    word: AtomicU32,
    finished: AtomicBool,
    trace: Slot,
    trace_lines: AtomicBool,
    trace_opcodes: AtomicBool,
    /// Where opcodes have begun to be wanted, while the frame waits for a call: the word + 1.
    opcodes_since: AtomicU32,
    extra_locals: TypedSlot<Dict>,
    /// Whether the start of the frame (or of a generator's round) is past, for tracing.
    started: AtomicBool,
    /// The line that was reached last, and the instruction.
    last_line: AtomicU32,
    last_word: AtomicU32,
    /// Where the last line that was reached begins.
    last_begin: AtomicU32,
    /// What to show while a start is reported: see `show`.
    shown: AtomicU8,
    /// The native call that runs: a pair of the callable and its first argument.
    calling: Slot,
    /// The word of a jump that may have happened, plus 1.
    jumping: AtomicU32,
    /// Whether a trace function may set `f_lineno` now (a `Leave`), and the word that it chose, plus 1.
    leave: AtomicU8,
    jump: AtomicU32,
}

/// What a frame shows as its place while it is traced.
pub(crate) mod show {
    /// Where it is.
    pub(crate) const PLACE: u8 = 0;
    /// The head of the function: it starts.
    pub(crate) const HEAD: u8 = 1;
    /// Where it was: a generator goes on.
    pub(crate) const LAST: u8 = 2;
}

/// A variable that a frame shows.
#[derive(Clone, Copy)]
struct Variable {
    register: usize,
    /// Does a cell in the register hold it?
    captured: bool,
}

impl Variable {
    /// The variable of that name that can be seen at `word`: that of a comprehension that runs, inner ones first, or else
    /// the code's own.
    fn find(data: &Data, word: u32, name: &str) -> Option<Variable> {
        let hidden = hidden_at(data, word).find(|range| &*range.name == name);
        if let Some(range) = hidden {
            return Some(Variable { register: range.register as usize, captured: range.cell });
        }
        let register = data.locals.iter().position(|local| &*local.name == name)?;
        Some(Variable { register, captured: data.locals[register].kind != LocalKind::Fast })
    }
}

/// The variables of comprehensions that run at `word`.
fn hidden_at(data: &Data, word: u32) -> impl Iterator<Item = &HiddenRange> {
    data.hidden.iter().filter(move |range| range.start <= word && word < range.end)
}

/// A frame that does not go on while this is in use.
#[derive(Clone, Copy)]
struct Still<'a> {
    object: &'a Frame,
    live: Option<Live>,
}

impl Still<'_> {
    fn word(self) -> u32 {
        match self.live {
            Some(frame) => frame.word_index(),
            None => self.object.word.load(Ordering::Acquire),
        }
    }

    fn get(self, index: usize) -> Option<Value> {
        match (self.live, self.object.suspended_generator()) {
            (Some(frame), _) => frame.get(index),
            (None, Some(generator)) => crate::generator::saved_register(generator, index),
            (None, None) => self.object.saved.get(index),
        }
    }

    fn set(self, index: usize, value: Option<Value>) {
        match (self.live, self.object.suspended_generator()) {
            (Some(frame), _) => frame.set(index, value),
            (None, Some(generator)) => crate::generator::set_saved_register(generator, index, value),
            (None, None) => self.object.saved.set(index, value),
        }
    }

    /// The value of a variable, through its cell.
    fn variable(self, variable: Variable) -> Option<Value> {
        let value = self.get(variable.register)?;
        match value.downcast::<Cell>() {
            Some(cell) if variable.captured => cell.get(),
            _ => Some(value),
        }
    }

    fn set_variable(self, variable: Variable, value: Value) {
        match self.get(variable.register).and_then(Value::downcast::<Cell>) {
            Some(cell) if variable.captured => cell.set(Some(value)),
            _ => self.set(variable.register, Some(value)),
        }
    }
}

/// The object of a frame on the VM stack, made if need be.
pub(crate) fn object_of(cx: &Context, frame: Live) -> Gc<Frame> {
    frame.object().unwrap_or_else(|| attach(frame, blank(cx)))
}

/// Is it on the stack of another thread?
fn is_foreign(cx: &Context, frame: Live) -> bool {
    !cx.thread().vm_stack().contains(&(frame.regs() as usize))
}

/// Makes `blank` the object of a frame on the VM stack, unless the frame has got one from somewhere else.
fn attach(frame: Live, blank: Gc<Frame>) -> Gc<Frame> {
    if let Some(object) = frame.object() {
        return object;
    }
    crate::generator::settle(frame);
    if frame.is_generator()
        && let Some(object) = frame.companion().and_then(crate::generator::frame_object)
    {
        object.live.store(frame.regs() as u64, Ordering::Release);
        frame.set_object(object);
        return object;
    }
    let object = blank;
    object.function.store(frame.function());
    object.code.store(frame.private().code());
    object.live.store(frame.regs() as u64, Ordering::Release);
    object.namespace.store_option(frame.namespace());
    if frame.is_generator()
        && let Some(generator) = frame.companion()
    {
        object.generator.store(generator);
        crate::generator::set_frame_object(generator, object);
    }
    frame.set_object(object);
    object
}

/// A frame object that is not running yet.
pub(crate) fn make(cx: &Context, function: Gc<Function>, code: Gc<Code>) -> Gc<Frame> {
    let object = blank(cx);
    object.function.store(function);
    object.code.store(code);
    object
}

/// A frame object of no frame yet.
fn blank(cx: &Context) -> Gc<Frame> {
    cx.new_object(Frame {
        live: AtomicU64::new(0),
        saved: Registers::NONE,
        function: TypedSlot::EMPTY,
        code: TypedSlot::EMPTY,
        namespace: Slot::EMPTY,
        back: TypedSlot::EMPTY,
        generator: Slot::EMPTY,
        word: AtomicU32::new(0),
        finished: AtomicBool::new(false),
        trace: Slot::EMPTY,
        trace_lines: AtomicBool::new(true),
        trace_opcodes: AtomicBool::new(false),
        opcodes_since: AtomicU32::new(0),
        extra_locals: TypedSlot::EMPTY,
        started: AtomicBool::new(false),
        last_line: AtomicU32::new(0),
        last_word: AtomicU32::new(0),
        last_begin: AtomicU32::new(0),
        shown: AtomicU8::new(show::PLACE),
        calling: Slot::EMPTY,
        jumping: AtomicU32::new(0),
        leave: AtomicU8::new(Leave::Untraced as u8),
        jump: AtomicU32::new(0),
    })
}

/// What is to be known of a frame of a stopped thread, as plain numbers: nothing can be allocated meanwhile.
pub(crate) struct Picture {
    function: Gc<Function>,
    code: Gc<Code>,
    namespace: Option<Value>,
    word: u32,
    // Traced: the thread that notes them reaches no safepoint until they are in an object.
    registers: Vec<Option<Value>>,
}

impl Picture {
    /// The frame is this thread's or that of a stopped one.
    pub(crate) fn of(frame: Live) -> Picture {
        crate::generator::settle(frame);
        let private = frame.private();
        Picture {
            function: frame.function(),
            code: private.code(),
            namespace: frame.namespace(),
            word: frame.word_index(),
            registers: (0..private.locals()).map(|index| frame.get(index)).collect(),
        }
    }

    /// An object that shows it, above `back`.
    pub(crate) fn object(&self, cx: &Context, back: Option<Gc<Frame>>) -> Gc<Frame> {
        let object = make(cx, self.function, self.code);
        object.namespace.store_option(self.namespace);
        object.saved.allocate(cx, self.registers.len());
        for (index, value) in self.registers.iter().enumerate() {
            object.saved.set(index, *value);
        }
        object.word.store(self.word, Ordering::Release);
        object.back.store_option(back);
        object.finished.store(true, Ordering::Release);
        object
    }
}

/// The frame dies: its object keeps what can still be asked for.
pub(crate) fn detach(cx: &Context, frame: Live) {
    let Some(object) = frame.object() else { return };
    let locals = frame.private().locals();
    object.saved.allocate(cx, locals);
    frame.copy_registers(locals, &object.saved);
    object.word.store(frame.word_index(), Ordering::Release);
    // A generator's frame belongs to whoever resumed it last, but no longer.
    if let Some(previous) = frame.previous().filter(|_| frame.meta() & flag::GENERATOR == 0) {
        object.back.store(object_of(cx, previous));
    }
    object.finished.store(true, Ordering::Release);
    object.live.store(0, Ordering::Release);
}

impl Frame {
    /// The frame on the VM stack. What it points to may be gone at once unless this thread has pushed it.
    fn running(&self) -> Option<Live> {
        match self.live.load(Ordering::Acquire) {
            0 => None,
            bits => Some(Live::from_address(bits)),
        }
    }

    /// Does another thread run it at this moment?
    pub(crate) fn runs_elsewhere(&self, cx: &Context) -> bool {
        self.running().is_some_and(|frame| is_foreign(cx, frame))
    }

    /// The generator that keeps the registers while the frame is not on a stack.
    fn suspended_generator(&self) -> Option<Value> {
        self.generator.load().filter(|_| !self.finished.load(Ordering::Acquire))
    }

    /// Lets `read` look at the frame as it is at one moment: at this thread's own just so, at one that another thread runs
    /// or may resume with the world stopped, so that it can neither return nor change meanwhile. Nothing may be allocated
    /// in there.
    fn look<R>(&self, cx: &Context, read: impl FnOnce(Still<'_>) -> R) -> R {
        let changes = match self.running() {
            Some(frame) => is_foreign(cx, frame),
            None => taipan_gc::multi_threaded() && self.suspended_generator().is_some(),
        };
        let read = || read(Still { object: self, live: self.running() });
        if changes { taipan_gc::stop_the_world(cx.thread(), read) } else { read() }
    }

    /// A generator's frame leaves the stack but may come back.
    pub(crate) fn suspend(&self, word: u32) {
        self.word.store(word, Ordering::Release);
        self.started.store(false, Ordering::Relaxed);
        self.live.store(0, Ordering::Release);
    }

    /// A generator's frame is pushed again.
    pub(crate) fn resumed(&self, frame: Live) {
        self.live.store(frame.regs() as u64, Ordering::Release);
    }

    /// Makes it the frame of a generator that does not run.
    pub(crate) fn of_generator(&self, generator: Value, word: u32) {
        self.generator.store(generator);
        self.word.store(word, Ordering::Release);
    }

    pub(crate) fn code(&self) -> Gc<Code> {
        self.code.load().expect("a frame has code")
    }

    pub(crate) fn function(&self) -> Gc<Function> {
        self.function.load().expect("a frame has a function")
    }

    fn word(&self, cx: &Context) -> u32 {
        match self.running() {
            None => self.word.load(Ordering::Acquire),
            Some(_) => self.look(cx, |still| still.word()),
        }
    }

    pub(crate) fn line(&self, cx: &Context) -> u32 {
        match self.shown.load(Ordering::Relaxed) {
            show::HEAD => return self.code().data().head_line(),
            show::LAST => return self.last_line.load(Ordering::Relaxed),
            _ => {}
        }
        match self.code().data().locations.at(self.pending_word(cx)).line {
            // What the compiler adds belongs to the line that ran before.
            0 => self.last_line.load(Ordering::Relaxed),
            line => line,
        }
    }

    /// Has the frame a variable of that name now, bound or not?
    pub(crate) fn has_variable(&self, cx: &Context, name: &str) -> bool {
        let code = self.code();
        Variable::find(code.data(), self.word(cx), name).is_some()
    }

    /// The names of all variables that can be seen.
    pub(crate) fn variable_names(&self, cx: &Context) -> Vec<String> {
        let code = self.code();
        let data = code.data();
        let hidden = hidden_at(data, self.word(cx)).map(|range| range.name.to_string());
        hidden.chain(data.locals.iter().map(|local| local.name.to_string())).collect()
    }

    /// The value of the variable of that name.
    pub(crate) fn variable(&self, cx: &Context, name: &str) -> Option<Value> {
        let code = self.code();
        let data = code.data();
        self.look(cx, |still| still.variable(Variable::find(data, still.word(), name)?))
    }

    /// Binds the variable of that name. False if there is none.
    pub(crate) fn set_variable(&self, cx: &Context, name: &str, value: Value) -> bool {
        let code = self.code();
        let data = code.data();
        self.look(cx, |still| {
            let found = Variable::find(data, still.word(), name);
            found.inspect(|variable| still.set_variable(*variable, value)).is_some()
        })
    }

    /// Stores the variables that are bound now in `dict`: those of comprehensions that run, inner ones first, then those of
    /// the code. A name that a comprehension hides is listed once.
    fn variables_into(&self, cx: &Context, dict: Gc<Dict>) {
        let code = self.code();
        let data = code.data();
        let room = data.hidden.len() + data.locals.len();
        let mut values: GVec<Option<Value>> = GVec::with_capacity(room);
        let mut names: Vec<&taipan_bytecode::Name> = Vec::with_capacity(room);
        self.look(cx, |still| {
            let word = still.word();
            let mut seen = |name, variable| {
                if !names.contains(&name) {
                    names.push(name);
                    values.push(still.variable(variable));
                }
            };
            for range in hidden_at(data, word) {
                seen(&range.name, Variable { register: range.register as usize, captured: range.cell });
            }
            for (register, local) in data.locals.iter().enumerate() {
                seen(&local.name, Variable { register, captured: local.kind != LocalKind::Fast });
            }
        });
        for (name, value) in names.iter().zip(values.iter()) {
            if let Some(value) = value {
                dict.set_str(cx, cx.intern(name), *value);
            }
        }
    }

    /// Values that `f_locals` holds beyond the code's variables.
    pub(crate) fn extra_locals(&self, cx: &Context) -> Gc<Dict> {
        if let Some(dict) = self.extra_locals.load() {
            return dict;
        }
        let dict = cx.new_dict();
        match self.extra_locals.slot().compare_exchange(None, Some(dict.value())) {
            Ok(()) => dict,
            Err(_) => self.extra_locals.load().unwrap_or(dict),
        }
    }

    /// The namespace of module code and class bodies.
    pub(crate) fn namespace(&self) -> Option<Value> {
        self.namespace.load()
    }

    /// What `locals()` gives in this frame: the namespace, or a fresh dict of the variables.
    pub(crate) fn snapshot(&self, cx: &mut Context) -> Result {
        if let Some(namespace) = self.namespace() {
            return Ok(namespace);
        }
        let dict = cx.new_dict();
        self.variables_into(cx, dict);
        if let Some(extra) = self.extra_locals.load() {
            for (key, value) in extra.entries(cx) {
                dict.set(cx, key, value)?;
            }
        }
        Ok(dict.value())
    }
}

/// What tracing keeps of a frame. Only the thread that runs it asks.
impl Frame {
    /// The frame had started before anybody looked.
    pub(crate) fn note_started(&self, cx: &Context) {
        // What was seen of it when it was looked at before is out of date.
        self.calling.clear();
        self.set_jumping(None);
        if !self.started.swap(true, Ordering::Relaxed) {
            self.last_line.store(self.line(cx), Ordering::Relaxed);
            self.last_word.store(self.word(cx), Ordering::Relaxed);
            self.last_begin.store(self.word(cx), Ordering::Relaxed);
        }
    }

    /// Whether this is the first instruction of the frame, or of a generator's round.
    pub(crate) fn begin(&self) -> bool {
        !self.started.swap(true, Ordering::Relaxed)
    }

    /// Execution has come to `word` of `line`, where a line may begin; the line, if it is to be reported: it is another
    /// one, or was come to by a backward jump.
    pub(crate) fn reach(&self, line: u32, word: u32, begins: bool) -> Option<u32> {
        if line == 0 {
            return None;
        }
        let last_word = self.last_word.swap(word, Ordering::Relaxed);
        if !begins {
            return None;
        }
        self.last_begin.store(word, Ordering::Relaxed);
        let last_line = self.last_line.swap(line, Ordering::Relaxed);
        (line != last_line || word <= last_word).then_some(line)
    }

    /// Chooses what the frame shows as its place: one of `show`.
    pub(crate) fn show(&self, what: u8) {
        self.shown.store(what, Ordering::Relaxed);
    }

    pub(crate) fn trace_function(&self) -> Option<Value> {
        self.trace.load()
    }

    pub(crate) fn set_trace_function(&self, function: Option<Value>) {
        self.trace.store_option(function);
    }

    pub(crate) fn wants_lines(&self) -> bool {
        self.trace_lines.load(Ordering::Relaxed) && self.trace.load().is_some()
    }

    pub(crate) fn wants_opcodes(&self) -> bool {
        self.trace_opcodes.load(Ordering::Relaxed) && self.trace.load().is_some()
    }

    pub(crate) fn set_calling(&self, pair: Option<Value>) {
        self.calling.store_option(pair);
    }

    /// The native call that has ended: the callable and its first argument.
    pub(crate) fn take_calling(&self) -> Option<(Value, Value)> {
        self.calling.load()?;
        let pair = self.calling.swap(None)?.downcast::<Tuple>()?;
        Some((pair.get(0)?, pair.get(1)?))
    }

    pub(crate) fn set_jumping(&self, word: Option<u32>) {
        self.jumping.store(word.map_or(0, |word| word + 1), Ordering::Relaxed);
    }

    pub(crate) fn take_jumping(&self) -> Option<u32> {
        self.jumping.swap(0, Ordering::Relaxed).checked_sub(1)
    }

    pub(crate) fn leave(&self) -> Leave {
        Leave::from_u8(self.leave.load(Ordering::Relaxed))
    }

    pub(crate) fn set_leave(&self, leave: Leave) {
        self.leave.store(leave as u8, Ordering::Relaxed);
    }

    pub(crate) fn set_jump(&self, word: u32) {
        self.jump.store(word + 1, Ordering::Relaxed);
    }

    /// Where it is, or will be once the trace function returns.
    pub(crate) fn pending_word(&self, cx: &Context) -> u32 {
        self.jump.load(Ordering::Relaxed).checked_sub(1).unwrap_or_else(|| self.word(cx))
    }

    /// The place at which opcodes have begun to be wanted since this was asked last.
    pub(crate) fn take_opcodes_since(&self) -> Option<u32> {
        self.opcodes_since.swap(0, Ordering::Relaxed).checked_sub(1)
    }

    /// How many of its variables are unbound, with those of comprehensions, which are variables of the frame in CPython.
    pub(crate) fn unbound(&self, cx: &Context) -> usize {
        let code = self.code();
        let data = code.data();
        let mut own: Vec<&str> = data.hidden.iter().map(|range| &*range.name).collect();
        own.sort_unstable();
        own.dedup();
        own.retain(|name| data.locals.iter().all(|local| &*local.name != *name));
        let unbound =
            |still: Still<'_>| (0..data.locals.len()).filter(|index| still.get(*index).is_none()).count();
        own.len() + self.look(cx, unbound)
    }

    pub(crate) fn bind_to_none(&self, cx: &Context) {
        let code = self.code();
        let data = code.data();
        self.look(cx, |still| {
            for index in 0..data.locals.len() {
                if still.get(index).is_none() {
                    still.set(index, Some(Value::NONE));
                }
            }
        });
    }

    /// The word that a trace function has chosen to go on at.
    pub(crate) fn take_jump(&self) -> Option<u32> {
        self.jump.swap(0, Ordering::Relaxed).checked_sub(1)
    }
}

#[class(name = "frame", kind = FRAME, by_kind, flags = DISALLOW_NEW)]
impl Frame {
    #[slot(repr)]
    fn repr(this: Gc<Self>, cx: &mut Context) -> Result {
        let code = this.code();
        let file = cx.new_str(&code.data().filename).value();
        let file = cx.repr(file)?;
        let text = format!(
            "<frame at {:#x}, file {}, line {}, code {}>",
            this.address(),
            file.to_str(),
            this.line(cx),
            code.data().name
        );
        Ok(cx.new_str(&text).value())
    }

    #[getter]
    fn f_back(&self, cx: &Context) -> Option<Gc<Frame>> {
        match self.running() {
            None => self.back.load(),
            Some(frame) if !is_foreign(cx, frame) => frame.previous().map(|back| object_of(cx, back)),
            Some(_) => {
                // The object of a frame that has none yet is made before the world stops.
                let blank = blank(cx);
                self.look(cx, |still| match still.live {
                    Some(frame) => frame.previous().map(|back| attach(back, blank)),
                    None => self.back.load(),
                })
            }
        }
    }

    #[getter]
    fn f_code(this: Gc<Self>, cx: &mut Context) -> Result<Gc<Code>> {
        crate::audit_read(cx, this.value(), "f_code")?;
        Ok(this.code())
    }

    #[getter]
    fn f_builtins(&self) -> Value {
        self.function().builtins()
    }

    #[getter]
    fn f_globals(&self) -> Gc<Dict> {
        self.function().globals()
    }

    #[getter]
    fn f_locals(this: Gc<Self>, cx: &mut Context) -> Result {
        match this.namespace() {
            Some(namespace) => Ok(namespace),
            None => Ok(crate::types::locals_proxy::LocalsProxy::new(cx, this).value()),
        }
    }

    #[getter]
    fn f_lasti(&self, cx: &Context) -> i64 {
        let word = self.word(cx);
        let unplaced = || self.code().data().locations.at(word).line == 0;
        match self.shown.load(Ordering::Relaxed) {
            show::HEAD => self.code().data().head_offset(),
            show::LAST => self.last_begin.load(Ordering::Relaxed) as i64 * 2,
            _ if self.last_line.load(Ordering::Relaxed) != 0 && unplaced() => {
                self.last_begin.load(Ordering::Relaxed) as i64 * 2
            }
            _ => word as i64 * 2,
        }
    }

    #[getter]
    fn f_lineno(&self, cx: &Context) -> Option<u32> {
        match self.line(cx) {
            0 if self.shown.load(Ordering::Relaxed) != show::HEAD && !self.code().data().is_bare() => None,
            line => Some(line),
        }
    }

    #[setter]
    fn set_f_lineno(this: Gc<Self>, cx: &mut Context, value: Option<Value>) -> Result<()> {
        match value {
            Some(value) => jump::set_line(cx, this, value),
            None => {
                Err(cx.attribute_error_message("attribute 'f_lineno' of 'frame' objects cannot be deleted"))
            }
        }
    }

    #[getter]
    fn f_generator(&self) -> Option<Value> {
        self.generator.load()
    }

    #[getter]
    fn f_trace(&self) -> Option<Value> {
        self.trace.load()
    }

    #[setter]
    fn set_f_trace(&self, value: Option<Value>) {
        self.trace.store_option(value.and_then(Value::not_none));
    }

    #[getter]
    fn f_trace_lines(&self) -> bool {
        self.trace_lines.load(Ordering::Relaxed)
    }

    #[setter]
    fn set_f_trace_lines(&self, cx: &mut Context, value: Option<Value>) -> Result<()> {
        let on = value == Some(Value::TRUE);
        let Some(value) = value else { return Err(cx.type_error("can't delete numeric/char attribute")) };
        if !value.is_bool() {
            return Err(cx.type_error("attribute value type must be bool"));
        }
        self.trace_lines.store(on, Ordering::Relaxed);
        Ok(())
    }

    #[getter]
    fn f_trace_opcodes(&self) -> bool {
        self.trace_opcodes.load(Ordering::Relaxed)
    }

    #[setter]
    fn set_f_trace_opcodes(&self, cx: &mut Context, value: Option<Value>) -> Result<()> {
        let on = value == Some(Value::TRUE);
        let Some(value) = value else {
            let message = "attribute 'f_trace_opcodes' of 'frame' objects cannot be deleted";
            return Err(cx.attribute_error_message(message));
        };
        if !value.is_bool() {
            return Err(cx.type_error("attribute value type must be bool"));
        }
        if on && !self.trace_opcodes.load(Ordering::Relaxed) {
            self.opcodes_since.store(self.word(cx) + 1, Ordering::Relaxed);
        }
        self.trace_opcodes.store(on, Ordering::Relaxed);
        Ok(())
    }

    /// Clear all references held by the frame.
    #[function("()")]
    fn clear(this: Gc<Self>, cx: &mut Context) -> Result<()> {
        if this.running().is_some() {
            return Err(cx.runtime_error("cannot clear an executing frame"));
        }
        if let Some(generator) = this.generator.load()
            && !this.finished.load(Ordering::Acquire)
        {
            return crate::generator::clear_frame(cx, generator);
        }
        this.saved.clear();
        this.extra_locals.store_option(None);
        Ok(())
    }
}
