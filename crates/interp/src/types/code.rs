//! `code`: compiled code as an object. CPython: `Objects/codeobject.c`.
//! Invariant: the data never changes; `pool` is made once and keeps the identity of constants.

use std::sync::OnceLock;
use std::sync::atomic::{AtomicU64, Ordering};

use taipan_bytecode::{Code as Data, Const, LocalKind, Location, SharedCode, Text, code_flag};
use taipan_macros::{Trace, class};
use taipan_runtime::buffer::GVec;
use taipan_runtime::layout::Opaque;
use taipan_runtime::lock::Guarded;
use taipan_runtime::protocol::compare::CompareOp;
use taipan_runtime::slots::TypedSlot;
use taipan_runtime::types::bytes::Bytes;
use taipan_runtime::types::dict::Dict;
use taipan_runtime::types::str::Str;
use taipan_runtime::types::tuple::Tuple;
use taipan_runtime::{Context, Gc, Result, Value};

use crate::cache::{self, Private, Shared};
use crate::constant;
use crate::construct::{Body, Counts, Titles, Variables, construct};
use crate::trace::Lines;
use crate::trace::monitor::{Local, LocalEvents};

/// The body of a code object.
#[derive(Trace)]
pub struct Code {
    data: Shared,
    /// Names, then constants.
    pool: TypedSlot<Tuple>,
    /// Name and qualified name, once they have been asked for.
    name: TypedSlot<Str>,
    qualname: TypedSlot<Str>,
    /// The names of the parameters, once they have been asked for.
    parameters: TypedSlot<Tuple>,
    private: Guarded<Vec<Private>>,
    /// Address of the one of them that was asked for last, 0 if there is none.
    recent: AtomicU64,
    /// Where lines begin, once somebody traces.
    lines: Opaque<OnceLock<Lines>>,
    /// What tools of `sys.monitoring` want of this code.
    local_events: LocalEvents,
    /// Modules that inline caches of this code know by their addresses, which must not become another's.
    modules: Guarded<GVec<Value>>,
}

impl Code {
    /// The object of compiled code.
    pub fn new(cx: &Context, data: SharedCode) -> Gc<Code> {
        cx.new_object(Code {
            data: Shared(data),
            pool: TypedSlot::EMPTY,
            name: TypedSlot::EMPTY,
            qualname: TypedSlot::EMPTY,
            parameters: TypedSlot::EMPTY,
            private: Guarded::new(Vec::new()),
            recent: AtomicU64::new(0),
            lines: Opaque(OnceLock::new()),
            local_events: Opaque(Local::default()),
            modules: Guarded::new(GVec::new()),
        })
    }

    /// The compiled code.
    #[inline(always)]
    pub fn data(&self) -> &Data {
        &self.data.0
    }

    /// The compiled code, to keep.
    pub fn shared(&self) -> SharedCode {
        self.data.0.clone()
    }

    /// Keeps a module alive that an inline cache is about to know by its address.
    pub(crate) fn keep_module(&self, cx: &Context, module: Value) {
        let mut modules = self.modules.lock(cx);
        if !modules.contains(&module) {
            modules.push(module);
        }
    }

    /// Where lines begin.
    pub(crate) fn lines(&self) -> &Lines {
        self.lines.get_or_init(|| Lines::of(self.data()))
    }

    pub(crate) fn local_events(&self) -> &Local {
        &self.local_events
    }

    /// Names and constants as objects.
    pub fn pool(&self, cx: &Context) -> Gc<Tuple> {
        self.pool.load().unwrap_or_else(|| cx.new_tuple(&[]))
    }

    /// The interned names of the parameters, `*args` and `**kwargs` last.
    pub(crate) fn parameter_names(&self, cx: &Context) -> Gc<Tuple> {
        self.parameters.load().unwrap_or_else(|| {
            let data = self.data();
            let locals = &data.locals[..data.parameter_count() as usize];
            let names = name_tuple(cx, locals.iter().map(|local| &*local.name).collect());
            self.parameters.store(names);
            names
        })
    }

    /// The names that functions of this code have.
    pub(crate) fn function_names(&self, cx: &Context) -> (Gc<Str>, Gc<Str>) {
        let kept = |slot: &TypedSlot<Str>, text: &str| {
            slot.load().unwrap_or_else(|| {
                let name = cx.intern(text);
                slot.store(name);
                name
            })
        };
        (kept(&self.name, self.data.0.name()), kept(&self.qualname, self.data.0.qualname()))
    }

    /// Makes the pool at first use.
    pub fn prepare(&self, cx: &mut Context) -> Gc<Tuple> {
        if let Some(pool) = self.pool.load() {
            return pool;
        }
        let data = self.data();
        let mut items = taipan_runtime::buffer::GVec::new();
        for name in &data.names {
            items.push(cx.intern(name).value());
        }
        for constant in &data.consts {
            items.push(constant::value_of(cx, constant));
        }
        let pool = cx.new_tuple(&items);
        // Constants keep their identity: the first pool stays.
        match self.pool.slot().compare_exchange(None, Some(pool.value())) {
            Ok(()) => pool,
            Err(_) => self.pool.load().unwrap_or(pool),
        }
    }

    /// The name with this pool index.
    pub fn name_at(&self, cx: &Context, index: usize) -> Gc<Str> {
        let name = self.pool(cx).items().get(index).and_then(|name| name.downcast::<Str>());
        name.unwrap_or_else(|| cx.intern(""))
    }

    /// The private code of this code with these namespaces, made at first use.
    pub(crate) fn private(
        &self,
        cx: &mut Context,
        this: Gc<Code>,
        globals: Gc<Dict>,
        builtins: Value,
    ) -> Private {
        if let Some(recent) = self.recent_private(globals, builtins) {
            return recent;
        }
        let private = self.search_private(cx, this, globals, builtins);
        self.recent.store(private.bits(), Ordering::Release);
        private
    }

    /// The private code that was asked for last, if it is the one for these globals and builtins.
    #[inline]
    pub(crate) fn recent_private(&self, globals: Gc<Dict>, builtins: Value) -> Option<Private> {
        let bits = self.recent.load(Ordering::Acquire);
        let recent = (bits != 0).then(|| Private::from_address(bits))?;
        (recent.globals() == globals && recent.builtins() == builtins).then_some(recent)
    }

    fn search_private(
        &self,
        cx: &mut Context,
        this: Gc<Code>,
        globals: Gc<Dict>,
        builtins: Value,
    ) -> Private {
        let same = |candidate: &&Private| candidate.globals() == globals && candidate.builtins() == builtins;
        if let Some(found) = self.private.lock(cx).iter().find(same) {
            return *found;
        }
        self.prepare(cx);
        let built = cache::build(cx, this, globals, builtins);
        let mut all = self.private.lock(cx);
        match all.iter().find(same) {
            Some(found) => *found,
            None => {
                if all.is_empty() {
                    cache::register_blocks(cx, this);
                }
                all.push(built);
                built
            }
        }
    }

    /// All private code of this code.
    pub(crate) fn private_blocks(&self) -> &Guarded<Vec<Private>> {
        &self.private
    }

    /// Does a call make a generator, coroutine or async generator?
    pub fn is_generator(&self) -> bool {
        let kinds = code_flag::GENERATOR | code_flag::COROUTINE | code_flag::ASYNC_GENERATOR;
        self.data().flags & kinds != 0
    }

    fn names_of(&self, cx: &Context, wanted: impl Fn(LocalKind) -> bool) -> Gc<Tuple> {
        let names: Vec<&str> =
            self.data().locals.iter().filter(|local| wanted(local.kind)).map(|local| &*local.name).collect();
        name_tuple(cx, names)
    }

    /// The docstring of a function's code.
    pub fn docstring(&self, cx: &mut Context) -> Value {
        if let Some(text) = self.data.0.docstring_in_image() {
            return constant::text_value(cx, &Text::from_wtf8(text));
        }
        let data = self.data();
        if !data.has_docstring {
            return Value::NONE;
        }
        self.prepare(cx).items().get(data.names.len()).copied().unwrap_or(Value::NONE)
    }
}

fn name_tuple(cx: &Context, names: Vec<&str>) -> Gc<Tuple> {
    let mut values = taipan_runtime::buffer::GVec::new();
    values.extend(names.into_iter().map(|name| cx.intern(name).value()));
    cx.new_tuple(&values)
}

/// Parameters come first in `co_varnames` even when closures capture them.
/// Tells audit hooks of code made from parts: instructions, file and name, and the numbers.
pub(crate) fn audit_new(cx: &mut Context, titles: [Value; 3], numbers: [i64; 6]) -> Result<()> {
    cx.audit("code.__new__", |cx| {
        let ([code, filename, name], [a, b, c, d, e, f]) = (titles, numbers.map(|number| cx.new_int(number)));
        [code, filename, name, a, b, c, d, e, f]
    })
}

fn is_variable(data: &Data, index: usize, kind: LocalKind) -> bool {
    index < data.parameter_count() as usize || kind == LocalKind::Fast
}

/// Create a code object.  Not for mere mortals.
#[class(name = "code", kind = CODE, by_kind, flags = HAS_WEAKREF)]
impl Code {
    #[new(
        "(argcount, posonlyargcount, kwonlyargcount, nlocals, stacksize, flags, codestring, constants, names, varnames, filename, name, qualname, firstlineno, linetable, exceptiontable, freevars=<absent>, cellvars=<absent>, /)"
    )]
    fn new_from_parts(
        cx: &mut Context,
        _class: Gc<taipan_runtime::types::type_::Class>,
        argcount: i32,
        posonlyargcount: i32,
        kwonlyargcount: i32,
        nlocals: i32,
        stacksize: i32,
        flags: i32,
        codestring: Gc<Bytes>,
        constants: Gc<Tuple>,
        names: Gc<Tuple>,
        varnames: Gc<Tuple>,
        filename: Gc<Str>,
        name: Gc<Str>,
        qualname: Gc<Str>,
        firstlineno: i32,
        linetable: Gc<Bytes>,
        exceptiontable: Gc<Bytes>,
        freevars: Option<Gc<Tuple>>,
        cellvars: Option<Gc<Tuple>>,
    ) -> Result<Gc<Code>> {
        audit_new(
            cx,
            [codestring.value(), filename.value(), name.value()],
            [argcount, posonlyargcount, kwonlyargcount, nlocals, stacksize, flags].map(i64::from),
        )?;
        let counts = Counts {
            arguments: argcount,
            positional_only: posonlyargcount,
            keyword_only: kwonlyargcount,
            locals: nlocals,
            stack: stacksize,
            flags,
            first_line: firstlineno,
        };
        let (free, cells) = (freevars.unwrap_or(cx.new_tuple(&[])), cellvars.unwrap_or(cx.new_tuple(&[])));
        let variables = Variables { own: varnames, cells, free };
        let text = |text: Gc<Str>| text.to_str().into_owned();
        let titles = Titles { filename: text(filename), name: text(name), qualname: text(qualname) };
        let body = Body {
            instructions: codestring,
            constants,
            names,
            locations: linetable,
            exceptions: exceptiontable,
        };
        construct(cx, counts, variables, titles, body)
    }

    #[slot(repr)]
    fn repr(this: Gc<Self>, cx: &mut Context) -> Result {
        let data = this.data();
        let text = format!(
            "<code object {} at {:#x}, file \"{}\", line {}>",
            data.name,
            this.address(),
            &*data.filename,
            data.first_line
        );
        Ok(cx.new_str(&text).value())
    }

    #[slot(compare)]
    fn compare(cx: &mut Context, a: Value, b: Value, op: CompareOp) -> Result {
        let (Some(x), Some(y)) = (a.downcast::<Code>(), b.downcast::<Code>()) else {
            return Ok(Value::NOT_IMPLEMENTED);
        };
        let equal = match op {
            CompareOp::Eq => true,
            CompareOp::Ne => false,
            _ => return Ok(Value::NOT_IMPLEMENTED),
        };
        let same = x == y || Const::Code(x.shared()).same(&Const::Code(y.shared())) || same_code(cx, x, y)?;
        Ok(Value::bool(same == equal))
    }

    #[slot(hash)]
    fn hash(&self, cx: &mut Context) -> Result<i64> {
        use std::hash::{Hash, Hasher};
        let data = self.data();
        let mut state = std::collections::hash_map::DefaultHasher::new();
        (&data.name, data.arg_count, data.posonly_count, data.kwonly_count, data.flags, data.first_line)
            .hash(&mut state);
        data.words.hash(&mut state);
        let _ = cx;
        Ok((state.finish() >> 2) as i64)
    }

    #[getter]
    fn co_argcount(&self) -> u32 {
        self.data().arg_count
    }

    #[getter]
    fn co_posonlyargcount(&self) -> u32 {
        self.data().posonly_count
    }

    #[getter]
    fn co_kwonlyargcount(&self) -> u32 {
        self.data().kwonly_count
    }

    #[getter]
    fn co_nlocals(&self) -> usize {
        let data = self.data();
        data.locals.iter().enumerate().filter(|(i, local)| is_variable(data, *i, local.kind)).count()
    }

    #[getter]
    fn co_stacksize(&self) -> usize {
        let data = self.data();
        data.nregs as usize - data.locals.len().min(data.nregs as usize)
    }

    #[getter]
    fn co_flags(&self) -> u32 {
        self.data().flags
    }

    #[getter]
    fn co_code(&self, cx: &Context) -> Value {
        let bytes: Vec<u8> = self.data().words.iter().flat_map(|word| word.to_le_bytes()).collect();
        cx.new_bytes(&bytes).value()
    }

    #[getter(name = "_co_code_adaptive")]
    fn adaptive(&self, cx: &Context) -> Value {
        self.co_code(cx)
    }

    #[getter]
    fn co_consts(&self, cx: &mut Context) -> Gc<Tuple> {
        let names = self.data().names.len();
        let pool = self.prepare(cx);
        cx.new_tuple(&pool.items()[names..])
    }

    #[getter]
    fn co_names(&self, cx: &mut Context) -> Gc<Tuple> {
        let names = self.data().names.len();
        let pool = self.prepare(cx);
        cx.new_tuple(&pool.items()[..names])
    }

    #[getter]
    fn co_varnames(&self, cx: &Context) -> Gc<Tuple> {
        let data = self.data();
        let locals = data.locals.iter().enumerate();
        let names =
            locals.filter(|(i, local)| is_variable(data, *i, local.kind)).map(|(_, local)| &*local.name);
        name_tuple(cx, names.collect())
    }

    #[getter]
    fn co_cellvars(&self, cx: &Context) -> Gc<Tuple> {
        self.names_of(cx, |kind| kind == LocalKind::Cell)
    }

    #[getter]
    fn co_freevars(&self, cx: &Context) -> Gc<Tuple> {
        self.names_of(cx, |kind| kind == LocalKind::Free)
    }

    #[getter]
    fn co_filename(&self, cx: &Context) -> Gc<Str> {
        cx.intern(&self.data().filename)
    }

    #[getter]
    fn co_name(&self, cx: &Context) -> Gc<Str> {
        cx.intern(&self.data().name)
    }

    #[getter]
    fn co_qualname(&self, cx: &Context) -> Gc<Str> {
        cx.intern(&self.data().qualname)
    }

    #[getter]
    fn co_firstlineno(&self) -> u32 {
        self.data().first_line
    }

    #[getter]
    fn co_linetable(&self, cx: &Context) -> Value {
        cx.new_bytes(self.data().locations.as_bytes()).value()
    }

    #[getter]
    fn co_exceptiontable(&self, cx: &Context) -> Value {
        let rows = self.data().exceptions.iter().flat_map(|row| [row.start, row.end, row.handler, row.exc]);
        let bytes: Vec<u8> = rows.flat_map(u32::to_le_bytes).collect();
        cx.new_bytes(&bytes).value()
    }

    #[function("()")]
    fn co_positions(this: Gc<Self>, cx: &Context) -> Gc<PositionsIterator> {
        cx.new_object(PositionsIterator { code: TypedSlot::new(this), next: Guarded::new(0) })
    }

    /// The table of lines in its old form: pairs of steps in bytes of code and in lines. CPython: `decode_linetable`.
    #[getter]
    fn co_lnotab(&self, cx: &mut Context) -> Result {
        let message = "co_lnotab is deprecated, use co_lines instead.";
        cx.warn(taipan_runtime::exception::deprecation_warning, message, 1)?;
        let data = self.data();
        let (mut offset, mut line, mut table) = (0, data.first_line as i64, Vec::new());
        for (start, _, at) in data.locations.runs().filter(|run| run.2.line != 0) {
            let (mut bytes, mut lines) = (start as i64 * 2 - offset, at.line as i64 - line);
            if lines == 0 {
                continue;
            }
            (offset, line) = (offset + bytes, line + lines);
            while bytes > 255 {
                table.extend([255, 0]);
                bytes -= 255;
            }
            while !(-128..=127).contains(&lines) {
                let step = lines.clamp(-128, 127);
                table.extend([bytes as u8, step as i8 as u8]);
                (bytes, lines) = (0, lines - step);
            }
            table.extend([bytes as u8, lines as i8 as u8]);
        }
        Ok(cx.new_bytes(&table).value())
    }

    /// The branches of the code: (offset, where it goes on to the left, to the right).
    #[function("()")]
    fn co_branches(&self, cx: &mut Context) -> Result {
        let list = cx.new_list(&[]);
        for instruction in taipan_bytecode::instructions(&self.data().words) {
            let Some((left, right)) = crate::trace::monitor::ways(self, &instruction) else { continue };
            let offsets = [instruction.start as i64, left, right].map(|word| Value::int(word * 2));
            let branch = cx.new_tuple(&offsets).value();
            list.push(cx, branch);
        }
        cx.iter(list.value())
    }

    #[function("()")]
    fn co_lines(this: Gc<Self>, cx: &Context) -> Gc<LinesIterator> {
        cx.new_object(LinesIterator { code: TypedSlot::new(this), next: Guarded::new(None) })
    }

    /// Return a copy of the code object with new values for the specified fields.
    #[function("(**kwargs)")]
    fn replace(this: Gc<Self>, cx: &mut Context, kwargs: Gc<Dict>) -> Result<Gc<Code>> {
        crate::replace::replace(cx, this, kwargs)
    }

    /// The same as replace().
    #[function("(**kwargs)")]
    fn __replace__(this: Gc<Self>, cx: &mut Context, kwargs: Gc<Dict>) -> Result<Gc<Code>> {
        crate::replace::replace(cx, this, kwargs)
    }

    #[function("(oparg)")]
    fn _varname_from_oparg(&self, cx: &Context, oparg: usize) -> Result<Gc<Str>> {
        match self.data().locals.get(oparg) {
            Some(local) => Ok(cx.intern(&local.name)),
            None => Err(cx.index_error("tuple index out of range")),
        }
    }
}

/// Code objects are equal if everything that can be observed of them is.
fn same_code(cx: &mut Context, x: Gc<Code>, y: Gc<Code>) -> Result<bool> {
    let (a, b) = (x.data(), y.data());
    let plain = a.name == b.name
        && a.qualname == b.qualname
        && a.first_line == b.first_line
        && (a.flags, a.arg_count, a.posonly_count, a.kwonly_count)
            == (b.flags, b.arg_count, b.posonly_count, b.kwonly_count)
        && a.words == b.words
        && a.locals == b.locals
        && a.exceptions == b.exceptions
        && a.locations == b.locations
        && a.names == b.names
        && a.consts.len() == b.consts.len();
    if !plain {
        return Ok(false);
    }
    for (left, right) in a.consts.iter().zip(&b.consts) {
        let equal = match (left, right) {
            (Const::Code(left), Const::Code(right)) if !left.is(right) => {
                let (left, right) = (Code::new(cx, left.clone()), Code::new(cx, right.clone()));
                cx.check_recursion(" in comparison")?;
                same_code(cx, left, right)?
            }
            _ => left.same(right),
        };
        if !equal {
            return Ok(false);
        }
    }
    Ok(true)
}

/// A line or column, None where there is none.
fn number_or_none(known: bool, number: u32) -> Value {
    if known { Value::int(number as i64) } else { Value::NONE }
}

/// The iterator of `co_positions()`: one entry per instruction word.
#[derive(Trace)]
pub struct PositionsIterator {
    code: TypedSlot<Code>,
    next: Guarded<u32>,
}

#[class(name = "positions_iterator", flags = DISALLOW_NEW)]
impl PositionsIterator {
    #[slot(iter)]
    fn iter(this: Gc<Self>, _cx: &mut Context) -> Value {
        this.value()
    }

    #[slot(next)]
    fn next(&self, cx: &mut Context) -> Option<Value> {
        let code = self.code.load()?;
        let index = {
            let mut next = self.next.lock(cx);
            *next += 1;
            *next - 1
        };
        if index as usize >= code.data().words.len() {
            return None;
        }
        let at: Location = code.data().locations.at(index);
        let known = at.line != 0;
        let parts = match crate::options().no_debug_ranges {
            false => {
                [at.line, at.end_line, at.column, at.end_column].map(|number| number_or_none(known, number))
            }
            true => {
                let line = number_or_none(known, at.line);
                [line, line, Value::NONE, Value::NONE]
            }
        };
        Some(cx.new_tuple(&parts).value())
    }
}

/// The iterator of `co_lines()`: (start, end, line) in bytes of `co_code`'s instruction numbering. First comes the head,
/// where CPython has the instruction that starts a frame.
#[derive(Trace)]
pub struct LinesIterator {
    code: TypedSlot<Code>,
    /// The word that comes next; None before the head.
    next: Guarded<Option<u32>>,
}

#[class(name = "line_iterator", flags = DISALLOW_NEW)]
impl LinesIterator {
    #[slot(iter)]
    fn iter(this: Gc<Self>, _cx: &mut Context) -> Value {
        this.value()
    }

    #[slot(next)]
    fn next(&self, cx: &mut Context) -> Option<Value> {
        let code = self.code.load()?;
        let data = code.data();
        let from = *self.next.lock(cx);
        if data.locations.as_bytes().is_empty() {
            return None;
        }
        if from.is_none() && data.head_offset() < 0 {
            *self.next.lock(cx) = Some(0);
            let line = Value::int(data.head_line() as i64);
            return Some(cx.new_tuple(&[Value::int(data.head_offset()), Value::int(0), line]).value());
        }
        let from = from.unwrap_or(0);
        let mut found: Option<(u32, u32, u32)> = None;
        for (start, end, at) in data.locations.runs() {
            match &mut found {
                None if end > from => found = Some((start.max(from), end, at.line)),
                Some((_, last, line)) if *line == at.line => *last = end,
                Some(_) => break,
                None => {}
            }
        }
        let (start, end, line) = found?;
        *self.next.lock(cx) = Some(end);
        let parts = [
            Value::int(start as i64 * 2),
            Value::int(end as i64 * 2),
            number_or_none(line != 0 || data.is_bare(), line),
        ];
        Some(cx.new_tuple(&parts).value())
    }
}
