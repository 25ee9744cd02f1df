//! Binding: from what a call passes to the fixed slice that a native expects, with CPython's words when
//! they do not fit. CPython: `Python/getargs.c` and what Argument Clinic generates.
//!
//! Invariant: a bound slice has exactly one entry per parameter (after self), in the signature's order.

use smallvec::SmallVec;

use crate::context::Context;
use crate::error::{Raised, Result};
use crate::layout::Object;
use crate::native::define::{NativeFn, ParamKind, Signature};
use crate::object::Gc;
use crate::types::module::Module;
use crate::types::str::Str;
use crate::types::tuple::Tuple;
use crate::types::type_::Class;
use crate::value::Value;

/// Unbound arguments, as in vectorcall: positional values, then the values of `names` in their order.
#[derive(Clone, Copy)]
pub struct Args<'a> {
    values: &'a [Value],
    names: Option<Gc<Tuple>>,
}

impl<'a> Args<'a> {
    pub const NONE: Args<'static> = Args { values: &[], names: None };

    #[inline(always)]
    pub fn new(values: &'a [Value], names: Option<Gc<Tuple>>) -> Args<'a> {
        Args { values, names }
    }

    #[inline(always)]
    pub fn positional_only(values: &'a [Value]) -> Args<'a> {
        Args { values, names: None }
    }

    /// All values: positional first, then keyword values.
    #[inline(always)]
    pub fn values(&self) -> &'a [Value] {
        self.values
    }

    #[inline(always)]
    pub fn names(&self) -> Option<Gc<Tuple>> {
        self.names
    }

    #[inline(always)]
    pub fn keyword_count(&self) -> usize {
        self.names.map_or(0, |names| names.items().len())
    }

    #[inline(always)]
    pub fn positional(&self) -> &'a [Value] {
        &self.values[..self.values.len() - self.keyword_count()]
    }

    /// Keyword names (any object when they come from `**mapping`, but checked to be str by the caller of
    /// the call protocol) with their values.
    pub fn keywords(&self) -> impl Iterator<Item = (Gc<Str>, Value)> + use<'a> {
        let first = self.values.len() - self.keyword_count();
        let (values, names) = (self.values, self.names);
        (0..values.len() - first).filter_map(move |i| {
            let name = names?.items().get(i)?.downcast::<Str>()?;
            Some((name, values[first + i]))
        })
    }

    pub fn is_empty(&self) -> bool {
        self.values.is_empty()
    }
}

/// A bound slice: room for most signatures without allocation. Lives on the stack, so its values are seen.
type Bound = SmallVec<[Option<Value>; 10]>;

/// What messages call a function.
#[derive(Clone, Copy)]
pub struct Callee<'a> {
    pub name: &'a str,
    pub owner: Owner,
}

/// Where a function belongs. CPython: `_PyObject_FunctionStr`.
#[derive(Clone, Copy)]
pub enum Owner {
    /// A function of the module of this name (a str), or of none.
    Module(Option<Value>),
    /// A method bound to this object.
    Receiver(Value),
    /// A method of this class.
    Class(Gc<Class>),
    /// The constructor of a type, which is worded otherwise.
    Constructor,
}

impl Callee<'_> {
    /// `list.append()`, `math.sin()`, `len()`.
    fn qualified(&self, cx: &Context) -> String {
        let owner = match self.owner {
            Owner::Constructor => None,
            Owner::Module(module) => {
                module.and_then(|module| module.downcast::<Str>()).filter(|m| !m.is("builtins"))
            }
            Owner::Class(class) => Some(class.qualname()),
            Owner::Receiver(this) if this.downcast::<Module>().is_some() => None,
            Owner::Receiver(this) => {
                Some(this.downcast::<Class>().unwrap_or_else(|| cx.class_of(this)).qualname())
            }
        };
        match owner {
            Some(owner) => format!("{}.{}()", owner.to_str(), self.name),
            None => format!("{}()", self.name),
        }
    }
}

/// Binds `args` to `signature` and calls.
pub fn call(
    cx: &mut Context,
    callee: Callee<'_>,
    this: Option<Value>,
    signature: &Signature,
    args: Args<'_>,
    native: NativeFn,
) -> Result {
    let offset = usize::from(this.is_some());
    let mut stack = [None; 12];
    let total = offset + signature.params.len();
    if total <= stack.len() {
        let bound = &mut stack[..total];
        bind_into(cx, callee, this, signature, args, bound)?;
        run(cx, native, bound)
    } else {
        let mut bound: Bound = SmallVec::from_elem(None, total);
        // Beyond the inline room the slice lies in malloc memory, which the collector does not see; the
        // values in it are also in `args` (on a scanned stack) or in `roots`.
        bind_into(cx, callee, this, signature, args, &mut bound)?;
        let roots: crate::buffer::GVec<Value> = bound.iter().flatten().copied().collect();
        let result = run(cx, native, &bound);
        drop(roots);
        result
    }
}

/// Calls a native.
#[inline]
pub fn run(cx: &mut Context, native: NativeFn, bound: &[Option<Value>]) -> Result {
    guarded(cx, |cx| native(cx, bound))
}

/// Runs native code. A panic in it is a mistake of ours; it becomes a SystemError, and the program goes on. An allocation
/// that memory does not suffice for becomes a MemoryError.
///
/// What the code held is given back while the stack unwinds: locks, stopped worlds, blocking calls. Frames that it had
/// the interpreter run are none of that, so no panic gets through the interpreter.
#[inline]
pub fn guarded<T>(cx: &mut Context, f: impl FnOnce(&mut Context) -> Result<T>) -> Result<T> {
    match std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| f(cx))) {
        Ok(result) => result,
        Err(payload) => Err(panicked(cx, payload.as_ref())),
    }
}

#[cold]
#[inline(never)]
fn panicked(cx: &Context, payload: &(dyn std::any::Any + Send)) -> Raised {
    if payload.is::<taipan_gc::OutOfMemory>() {
        cx.clear_exception();
        return cx.memory_error();
    }
    if taipan_gc::is_stressed() {
        // What stress looks for must not end as an exception that the program handles.
        std::process::abort();
    }
    let text = payload.downcast_ref::<&str>().copied();
    let text = text.or_else(|| payload.downcast_ref::<String>().map(String::as_str));
    cx.clear_exception();
    cx.system_error(format!("panic in native code: {}", text.unwrap_or("no message")))
}

fn bind_into(
    cx: &mut Context,
    callee: Callee<'_>,
    this: Option<Value>,
    signature: &Signature,
    args: Args<'_>,
    bound: &mut [Option<Value>],
) -> Result<()> {
    let offset = usize::from(this.is_some());
    if let Some(this) = this {
        bound[0] = Some(this);
    }
    let params = &mut bound[offset..];
    let positional = args.positional();
    let accepted = signature.positional as usize;
    if positional.len() > accepted && !signature.var_args {
        return Err(too_many(cx, callee, signature, args));
    }
    let direct = positional.len().min(accepted);
    for (slot, value) in params.iter_mut().zip(&positional[..direct]) {
        *slot = Some(*value);
    }
    if signature.by_position && args.names().is_none() {
        if positional.len() < signature.required as usize {
            return Err(missing(cx, callee, signature, positional.len(), args));
        }
        return Ok(());
    }
    bind_rest(cx, callee, signature, args, params)
}

/// Keyword arguments, `*args` and `**kwargs`.
#[inline(never)]
fn bind_rest(
    cx: &mut Context,
    callee: Callee<'_>,
    signature: &Signature,
    args: Args<'_>,
    params: &mut [Option<Value>],
) -> Result<()> {
    let name = callee.name;
    if signature.unnamed && args.values().len() > signature.positional as usize {
        return Err(wrong_count(cx, signature, args));
    }
    if positional_or_keyword(signature)
        && !matches!(name, SORTED | "sort")
        && let Some(raised) = beyond_all(cx, name, signature, args)
    {
        return Err(raised);
    }
    let positional = args.positional();
    let var_keywords = if signature.var_keywords { Some(cx.new_dict()) } else { None };
    for (index, param) in signature.params.iter().enumerate() {
        match param.kind {
            ParamKind::VarArgs => {
                let rest = positional.get(signature.positional as usize..).unwrap_or(&[]);
                params[index] = Some(cx.new_tuple(rest).value());
            }
            ParamKind::VarKeywords => params[index] = var_keywords.map(Gc::value),
            _ => {}
        }
    }
    let (mut unknown, mut twice) = (None, None);
    for (keyword, value) in args.keywords() {
        let text = keyword.to_str();
        let found = signature.params.iter().position(|param| {
            matches!(param.kind, ParamKind::Either | ParamKind::KeywordOnly) && param.name == text
        });
        match found {
            Some(index) if index < positional.len() && signature.params[index].kind == ParamKind::Either => {
                twice = twice.or(Some((index, keyword)));
            }
            Some(index) => params[index] = Some(value),
            None => match var_keywords {
                Some(dict) => dict.set_str(cx, keyword, value),
                None if positional_or_keyword(signature) => unknown = unknown.or(Some(keyword)),
                None => return Err(unexpected(cx, callee, signature, args, &text)),
            },
        }
    }
    // What is missing is told before what is too much.
    for (index, param) in signature.params.iter().enumerate() {
        if param.required && params[index].is_none() {
            return Err(missing(cx, callee, signature, index, args));
        }
    }
    if let Some((index, keyword)) = twice {
        let text = keyword.to_str();
        let name = if signature.unnamed { "function".to_owned() } else { format!("{name}()") };
        let message = format!("argument for {name} given by name ('{text}') and position ({})", index + 1);
        return Err(cx.type_error(message));
    }
    match unknown {
        Some(keyword) => Err(unexpected(cx, callee, signature, args, &keyword.to_str())),
        None => Ok(()),
    }
}

/// Whether there are parameters that may be passed by keyword.
fn positional_or_keyword(signature: &Signature) -> bool {
    signature.params.iter().any(|param| matches!(param.kind, ParamKind::Either | ParamKind::KeywordOnly))
}

fn plural(count: usize) -> &'static str {
    if count == 1 { "" } else { "s" }
}

/// Too many or too few arguments of a function that is not named.
fn wrong_count(cx: &Context, signature: &Signature, args: Args<'_>) -> Raised {
    let (given, accepted, required) =
        (args.values().len(), signature.positional as usize, signature.required as usize);
    let (bound, expected) = match given < required {
        _ if accepted == required => ("exactly", accepted),
        true => ("at least", required),
        false => ("at most", accepted),
    };
    let plural = plural(expected);
    cx.type_error(format!("function takes {bound} {expected} argument{plural} ({given} given)"))
}

/// CPython checks the arguments of this function by hand.
const SORTED: &str = "sorted";

#[cold]
fn too_many(cx: &Context, callee: Callee<'_>, signature: &Signature, args: Args<'_>) -> Raised {
    if signature.unnamed {
        return wrong_count(cx, signature, args);
    }
    let name = callee.name;
    let (given, accepted, required) =
        (args.positional().len(), signature.positional as usize, signature.required as usize);
    let keywords = args.keyword_count();
    if name == SORTED {
        return cx.type_error(format!("{name} expected 1 argument, got {given}"));
    }
    if accepted == 0 && signature.keyword_only == 0 && !signature.var_keywords {
        let name = callee.qualified(cx);
        return cx.type_error(format!("{name} takes no arguments ({} given)", given + keywords));
    }
    let only_positional = signature.positional_only == signature.positional && signature.keyword_only == 0;
    if only_positional {
        // _PyArg_CheckPositional
        let bound = if required == accepted { "" } else { "at most " };
        if required == accepted && accepted == 1 && !matches!(callee.owner, Owner::Constructor) {
            let name = callee.qualified(cx);
            return cx.type_error(format!("{name} takes exactly one argument ({given} given)"));
        }
        return cx.type_error(format!(
            "{name} expected {bound}{accepted} argument{}, got {given}",
            plural(accepted)
        ));
    }
    // _PyArg_UnpackKeywords
    if let Some(raised) = beyond_all(cx, name, signature, args) {
        return raised;
    }
    if accepted == 0 {
        return cx.type_error(format!("{name}() takes no positional arguments"));
    }
    let bound = if required == accepted { "exactly" } else { "at most" };
    cx.type_error(format!(
        "{name}() takes {bound} {accepted} positional argument{} ({given} given)",
        plural(accepted)
    ))
}

/// More arguments than there are parameters, however they are passed.
fn beyond_all(cx: &Context, name: &str, signature: &Signature, args: Args<'_>) -> Option<Raised> {
    let total = signature.positional as usize + signature.keyword_only as usize;
    let given = args.values().len();
    if signature.var_args || signature.var_keywords || given <= total {
        return None;
    }
    let kind = if args.positional().is_empty() { "keyword " } else { "" };
    let message = format!("{name}() takes at most {total} {kind}argument{} ({given} given)", plural(total));
    Some(cx.type_error(message))
}

#[cold]
fn missing(cx: &Context, callee: Callee<'_>, signature: &Signature, index: usize, args: Args<'_>) -> Raised {
    if signature.unnamed {
        if !positional_or_keyword(signature) {
            return wrong_count(cx, signature, args);
        }
        let name = signature.params[index].name;
        return cx.type_error(format!("function missing required argument '{name}' (pos {})", index + 1));
    }
    let name = callee.name;
    if name == SORTED {
        return cx.type_error(format!("{name} expected 1 argument, got {}", args.positional().len()));
    }
    let (accepted, required) = (signature.positional as usize, signature.required as usize);
    let only_positional = signature.positional_only == signature.positional && signature.keyword_only == 0;
    if only_positional && !signature.var_args {
        let given = args.positional().len();
        if required == accepted && accepted == 1 && !matches!(callee.owner, Owner::Constructor) {
            let name = callee.qualified(cx);
            return cx.type_error(format!("{name} takes exactly one argument ({given} given)"));
        }
        let bound = if required == accepted { "" } else { "at least " };
        return cx.type_error(format!(
            "{name} expected {bound}{required} argument{}, got {given}",
            plural(required)
        ));
    }
    let param = &signature.params[index];
    if only_positional && signature.var_args {
        let given = args.positional().len();
        return cx.type_error(format!(
            "{name} expected at least {required} argument{}, got {given}",
            plural(required)
        ));
    }
    if index < signature.positional_only as usize {
        let given = args.positional().len();
        return cx.type_error(format!(
            "{name}() takes at least {required} positional argument{} ({given} given)",
            plural(required)
        ));
    }
    cx.type_error(format!("{name}() missing required argument '{}' (pos {})", param.name, index + 1))
}

#[cold]
fn unexpected(
    cx: &Context,
    callee: Callee<'_>,
    signature: &Signature,
    args: Args<'_>,
    keyword: &str,
) -> Raised {
    let name = callee.name;
    let no_keywords =
        !signature.params.iter().any(|p| matches!(p.kind, ParamKind::Either | ParamKind::KeywordOnly));
    if signature.unnamed && !no_keywords {
        return cx.type_error(format!("this function got an unexpected keyword argument '{keyword}'"));
    }
    if no_keywords {
        return cx.type_error(format!("{} takes no keyword arguments", callee.qualified(cx)));
    }
    // `sorted` hands its keywords to `list.sort`, which has its say about them.
    let (name, args) = match name {
        SORTED => ("sort", Args::new(&args.values()[args.positional().len()..], args.names())),
        _ => (name, args),
    };
    let beyond = match name {
        "sort" if args.values().len() > 2 => {
            let given = args.values().len();
            Some(cx.type_error(format!("sort() takes at most 2 keyword arguments ({given} given)")))
        }
        "sort" => None,
        _ => beyond_all(cx, name, signature, args),
    };
    if let Some(raised) = beyond {
        return raised;
    }
    if signature.params.iter().any(|p| p.kind == ParamKind::PositionalOnly && p.name == keyword)
        && args.positional().is_empty()
    {
        return cx.type_error(format!(
            "{name}() got some positional-only arguments passed as keyword arguments: '{keyword}'"
        ));
    }
    let known =
        signature.params.iter().filter(|p| matches!(p.kind, ParamKind::Either | ParamKind::KeywordOnly));
    let hint = match crate::suggest::closest(keyword, known.map(|param| param.name)) {
        Some(name) => format!(". Did you mean '{name}'?"),
        None => String::new(),
    };
    cx.type_error(format!("{name}() got an unexpected keyword argument '{keyword}'{hint}"))
}

/// Constructor of a native type: binds and calls with the class first.
pub fn call_new(
    cx: &mut Context,
    class: Gc<Class>,
    signature: &Signature,
    args: Args<'_>,
    native: NativeFn,
) -> Result {
    // Messages name the native type even for a subclass, as CPython's do.
    let name = class.native_def().map_or("object", |def| def.name);
    let callee = Callee { name, owner: Owner::Constructor };
    let accepted = signature.positional as usize;
    if matches!(name, "int" | "str") && args.names().is_none() && args.values().len() > accepted {
        // These are called without going through their signatures.
        let given = args.values().len();
        return Err(cx.type_error(format!("{name} expected at most {accepted} arguments, got {given}")));
    }
    // A subclass whose __init__ is its own may take keywords that its native base does not.
    let own_init = |native: Gc<Class>| !class.slots.init.same(&native.slots.init);
    let args = without_foreign_keywords(cx, class, signature, args, own_init);
    call(cx, callee, Some(class.value()), signature, args, native)
}

/// `__init__` of a native type.
pub fn call_init(
    cx: &mut Context,
    this: Value,
    signature: &Signature,
    args: Args<'_>,
    native: NativeFn,
) -> Result<()> {
    let class = cx.class_of(this);
    let name = class.native_def().map_or("object", |def| def.name);
    let callee = Callee { name, owner: Owner::Constructor };
    let own_new = |native: Gc<Class>| !class.slots.new.same(&native.slots.new);
    let args = without_foreign_keywords(cx, class, signature, args, own_new);
    call(cx, callee, Some(this), signature, args, native).map(|_| ())
}

/// The arguments of a constructor that takes no keywords: those passed are dropped where `is_foreign` says that they
/// are for a method of a subclass.
fn without_foreign_keywords<'a>(
    cx: &Context,
    class: Gc<Class>,
    signature: &Signature,
    args: Args<'a>,
    is_foreign: impl FnOnce(Gc<Class>) -> bool,
) -> Args<'a> {
    if args.names().is_none()
        || !class.is_heap()
        || signature.var_keywords
        || positional_or_keyword(signature)
    {
        return args;
    }
    match class.native_def().map(|def| cx.vm().class_cell_of(def).get()) {
        Some(native) if is_foreign(native) => Args::positional_only(args.positional()),
        _ => args,
    }
}

/// An argument that the binder guarantees.
#[inline(always)]
pub fn present(argument: Option<Value>) -> Value {
    argument.expect("the binder supplies required arguments")
}

/// Self as a `T`. Descriptors and slots check the class first, so a mismatch is a caller's mistake and
/// gets CPython's message for it.
#[inline(always)]
pub fn expect_self<T: Object>(cx: &Context, this: impl Into<Option<Value>>) -> Result<Gc<T>> {
    match this.into() {
        Some(value) => match Gc::from_value(value) {
            Some(gc) => Ok(gc),
            None => Err(wrong_self(cx, T::LAYOUT.name, value)),
        },
        None => Err(cx.type_error(format!("unbound method of '{}' needs an argument", T::LAYOUT.name))),
    }
}

#[cold]
fn wrong_self(cx: &Context, expected: &str, value: Value) -> Raised {
    cx.type_error(format!(
        "descriptor requires a '{expected}' object but received a '{}'",
        cx.type_name(value)
    ))
}
