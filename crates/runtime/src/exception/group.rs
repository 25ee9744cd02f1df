//! `BaseExceptionGroup` and `ExceptionGroup`: several exceptions at once, and what `except*` does with
//! them. CPython: `Objects/exceptions.c`, PEP 654.
//!
//! Invariant: `exceptions` is a non-empty tuple of exceptions and never changes.

use std::sync::atomic::{AtomicU64, Ordering};

use taipan_macros::{Trace, class};

use crate::buffer::GVec;
use crate::context::Context;
use crate::error::Result;
use crate::exception::base::{BaseException, refuse_keywords};
use crate::exception::hierarchy;
use crate::exception::messages::takes_exactly;
use crate::exception::raise::is_exception_class;
use crate::layout::Object;
use crate::object::Gc;
use crate::slots::{Slot, TypedSlot};
use crate::types::dict::Dict;
use crate::types::generic_alias::GenericAlias;
use crate::types::list::List;
use crate::types::str::{Str, StrBuilder};
use crate::types::tuple::Tuple;
use crate::types::type_::{Class, is_class};
use crate::value::Value;

/// Body of both group classes.
#[derive(Trace)]
#[repr(C)]
pub struct BaseExceptionGroup {
    base: BaseException,
    message: Slot,
    exceptions: TypedSlot<Tuple>,
    /// How the original sequence showed itself, if it was neither list nor tuple.
    shown: Slot,
}

static EXCEPTION_GROUP: AtomicU64 = AtomicU64::new(0);

/// Makes the class `ExceptionGroup`, which has two bases and therefore no row in the table.
pub fn create_exception_group(cx: &mut Context) -> Result<()> {
    if Value::from_bits(EXCEPTION_GROUP.load(Ordering::Acquire)).is_some() {
        return Ok(());
    }
    let bases = [BaseExceptionGroup::class_cell().get().value(), hierarchy::exception().get().value()];
    let bases = cx.new_tuple(&bases).value();
    let namespace = cx.new_dict();
    let (module, builtins) = (cx.intern("__module__"), cx.intern("builtins").value());
    namespace.set_str(cx, module, builtins);
    let (name, type_) = (cx.intern("ExceptionGroup").value(), Class::class_cell().get().value());
    let class = cx.call(type_, &[name, bases, namespace.value()])?;
    taipan_gc::add_root(&EXCEPTION_GROUP);
    EXCEPTION_GROUP.store(class.bits(), Ordering::Release);
    Ok(())
}

/// The class `ExceptionGroup`.
pub fn exception_group() -> Gc<Class> {
    let class = Value::from_bits(EXCEPTION_GROUP.load(Ordering::Acquire)).and_then(Value::downcast);
    class.expect("ExceptionGroup is made at start")
}

/// What `split` and `subgroup` select by.
#[derive(Clone, Copy)]
enum Matcher<'a> {
    /// An exception class or a tuple of them.
    Type(Value),
    Predicate(Value),
    /// These very leaves.
    Instances(&'a [Value]),
}

impl Matcher<'_> {
    fn new(cx: &Context, condition: Value) -> Result<Matcher<'static>> {
        if is_exception_class(condition) {
            return Ok(Matcher::Type(condition));
        }
        if let Some(classes) = condition.downcast::<Tuple>() {
            if classes.items().iter().all(|class| is_exception_class(*class)) {
                return Ok(Matcher::Type(condition));
            }
        } else if !is_class(condition) && cx.is_callable(condition) {
            return Ok(Matcher::Predicate(condition));
        }
        let message =
            "expected an exception type, a tuple of exception types, or a callable (other than a class)";
        Err(cx.type_error(message))
    }

    fn matches(self, cx: &mut Context, exception: Value) -> Result<bool> {
        match self {
            Matcher::Type(classes) => Ok(cx.exception_matches(exception, classes)),
            Matcher::Predicate(predicate) => {
                let verdict = cx.call(predicate, &[exception])?;
                cx.truth(verdict)
            }
            Matcher::Instances(leaves) => {
                Ok(exception.downcast::<BaseExceptionGroup>().is_none() && leaves.contains(&exception))
            }
        }
    }
}

/// The two halves of a split; EMPTY where nothing is.
#[derive(Default)]
struct Halves {
    matched: Option<Value>,
    rest: Option<Value>,
}

fn split_recursive(
    cx: &mut Context,
    exception: Value,
    matcher: Matcher<'_>,
    want_rest: bool,
) -> Result<Halves> {
    if matcher.matches(cx, exception)? {
        return Ok(Halves { matched: Some(exception), rest: None });
    }
    let Some(group) = exception.downcast::<BaseExceptionGroup>() else {
        return Ok(Halves { matched: None, rest: want_rest.then_some(exception) });
    };
    cx.check_recursion(" in exceptiongroup_split_recursive")?;
    let (mut matched, mut rest) = (GVec::new(), GVec::new());
    for leaf in group.items().items() {
        let halves = split_recursive(cx, *leaf, matcher, want_rest)?;
        matched.extend(halves.matched);
        rest.extend(halves.rest);
    }
    let matched = subset(cx, group, &matched)?;
    let rest = if want_rest { subset(cx, group, &rest)? } else { None };
    Ok(Halves { matched, rest })
}

/// A group like `group` with only these exceptions; nothing if there are none.
fn subset(cx: &mut Context, group: Gc<BaseExceptionGroup>, exceptions: &[Value]) -> Result<Option<Value>> {
    if exceptions.is_empty() {
        return Ok(None);
    }
    let list = cx.new_list(exceptions).value();
    let derived = cx.call_method(group.value(), "derive", &[list])?;
    let Some(body) = derived.downcast::<BaseExceptionGroup>() else {
        return Err(cx.type_error("derive must return an instance of BaseExceptionGroup"));
    };
    if let Some(traceback) = group.base.traceback() {
        body.base.set_traceback(Some(traceback));
    }
    body.base.set_context(group.base.context());
    body.base.set_cause(group.base.cause());
    let name = cx.intern("__notes__");
    if let Some(notes) = cx.lookup_attr(group.value(), name)?
        && cx.is_sequence(notes)
    {
        let copy = cx.to_list(notes)?.value();
        cx.set_attr(derived, name, copy)?;
    }
    Ok(Some(derived))
}

impl BaseExceptionGroup {
    /// The contained exceptions.
    pub fn items(&self) -> Gc<Tuple> {
        self.exceptions.load().expect("a group is created with exceptions")
    }

    /// The exceptions and the class to make, checked as the constructor does.
    fn check(cx: &mut Context, class: Gc<Class>, exceptions: Gc<Tuple>) -> Result<Gc<Class>> {
        if exceptions.items().is_empty() {
            return Err(cx.value_error("second argument (exceptions) must be a non-empty sequence"));
        }
        let ordinary = hierarchy::exception().get();
        let mut only_ordinary = true;
        for (index, exception) in exceptions.items().iter().enumerate() {
            if exception.downcast::<BaseException>().is_none() {
                let message = format!("Item {index} of second argument (exceptions) is not an exception");
                return Err(cx.value_error(message));
            }
            only_ordinary &= cx.class_of(*exception).is_subclass_of(ordinary);
        }
        if class == BaseExceptionGroup::class_cell().get() {
            return Ok(if only_ordinary { exception_group() } else { class });
        }
        if class == exception_group() && !only_ordinary {
            return Err(cx.type_error("Cannot nest BaseExceptions in an ExceptionGroup"));
        }
        if class.is_subclass_of(ordinary) && !only_ordinary {
            let name = class.name().to_str().into_owned();
            return Err(cx.type_error(format!("Cannot nest BaseExceptions in '{name}'")));
        }
        Ok(class)
    }

    fn make(cx: &mut Context, class: Gc<Class>, args: Gc<Tuple>) -> Result<Gc<Self>> {
        let [message, sequence] = args.items() else {
            return Err(cx.type_error(takes_exactly("BaseExceptionGroup.__new__()", 2, args.items().len())));
        };
        let (message, sequence) = (*message, *sequence);
        if message.downcast::<Str>().is_none() {
            let got = cx.argument_type_name(message);
            return Err(
                cx.type_error(format!("BaseExceptionGroup.__new__() argument 1 must be str, not {got}"))
            );
        }
        if !cx.is_sequence(sequence) {
            return Err(cx.type_error("second argument (exceptions) must be a sequence"));
        }
        let exceptions = cx.to_tuple(sequence)?;
        let plain = sequence.downcast::<List>().is_some() || sequence.downcast::<Tuple>().is_some();
        let shown = if plain { None } else { Some(cx.repr(sequence)?.value()) };
        let class = BaseExceptionGroup::check(cx, class, exceptions)?;
        let body = BaseExceptionGroup {
            base: BaseException::body(args),
            message: Slot::new(message),
            exceptions: TypedSlot::new(exceptions),
            shown: Slot::new_option(shown),
        };
        Ok(cx.new_instance(class, body))
    }
}

/// A combination of multiple unrelated exceptions.
#[class(name = "BaseExceptionGroup", kind = EXCEPTION, base = BaseException, flags = BASETYPE | HAS_DICT)]
impl BaseExceptionGroup {
    #[new("(*args, **kwargs)")]
    fn new(cx: &mut Context, class: Gc<Class>, args: Gc<Tuple>, _kwargs: Gc<Dict>) -> Result<Gc<Self>> {
        BaseExceptionGroup::make(cx, class, args)
    }

    #[init("(*args, **kwargs)")]
    fn init(this: Gc<Self>, cx: &mut Context, args: Gc<Tuple>, kwargs: Gc<Dict>) -> Result<()> {
        refuse_keywords(cx, cx.class_of(this.value()), kwargs)?;
        this.base.set_arguments(args);
        Ok(())
    }

    #[slot(str)]
    fn str(this: Gc<Self>, cx: &mut Context) -> Result<Value> {
        let message = cx.str(this.message.load_or_none())?;
        let count = this.items().items().len();
        let mut text = StrBuilder::new();
        text.push(message);
        text.push_str(&format!(" ({count} sub-exception{})", if count == 1 { "" } else { "s" }));
        Ok(text.finish(cx).value())
    }

    #[slot(repr)]
    fn repr(this: Gc<Self>, cx: &mut Context) -> Result<Value> {
        let exceptions = match this.shown.load() {
            Some(shown) => cx.str(shown)?,
            None => {
                let original = this.base.arguments().items().get(1).copied();
                let items = this.items();
                if original.is_some_and(|original| original.downcast::<List>().is_some()) {
                    let list = cx.new_list(items.items()).value();
                    cx.repr(list)?
                } else {
                    cx.repr(items.value())?
                }
            }
        };
        let message = cx.repr(this.message.load_or_none())?;
        let mut text = StrBuilder::new();
        text.push(cx.class_of(this.value()).name());
        text.push_str("(");
        text.push(message);
        text.push_str(", ");
        text.push(exceptions);
        text.push_str(")");
        Ok(text.finish(cx).value())
    }

    #[function("(excs, /)")]
    fn derive(&self, cx: &mut Context, excs: Value) -> Result<Value> {
        let args = cx.new_tuple(&[self.message.load_or_none(), excs]);
        Ok(BaseExceptionGroup::make(cx, BaseExceptionGroup::class_cell().get(), args)?.value())
    }

    #[function("(matcher_value, /)")]
    fn split(this: Gc<Self>, cx: &mut Context, matcher_value: Value) -> Result<Value> {
        let matcher = Matcher::new(cx, matcher_value)?;
        let halves = split_recursive(cx, this.value(), matcher, true)?;
        let (matched, rest) = (halves.matched.unwrap_or(Value::NONE), halves.rest.unwrap_or(Value::NONE));
        Ok(cx.new_tuple(&[matched, rest]).value())
    }

    #[function("(matcher_value, /)")]
    fn subgroup(this: Gc<Self>, cx: &mut Context, matcher_value: Value) -> Result<Option<Value>> {
        let matcher = Matcher::new(cx, matcher_value)?;
        Ok(split_recursive(cx, this.value(), matcher, false)?.matched)
    }

    /// See PEP 585
    #[classmethod("(object, /)", name = "__class_getitem__")]
    fn class_getitem(cx: &mut Context, class: Value, object: Value) -> Value {
        GenericAlias::new(cx, class, object).value()
    }

    /// exception message
    #[member]
    fn message(&self) -> Value {
        self.message.load_or_none()
    }

    /// nested exceptions
    #[member]
    fn exceptions(&self) -> Value {
        self.items().value()
    }
}

impl Context {
    /// `ExceptionGroup(message, exceptions)`, or a BaseExceptionGroup where one of them asks for it.
    pub fn new_exception_group(&mut self, message: &str, exceptions: &[Value]) -> Result {
        let (message, list) = (self.new_str(message).value(), self.new_list(exceptions).value());
        let args = self.new_tuple(&[message, list]);
        let class = BaseExceptionGroup::class_cell().get();
        Ok(BaseExceptionGroup::make(self, class, args)?.value())
    }

    /// One `except*` clause: what of `exception` matches `pattern`, and what is left. A naked exception
    /// that matches comes back wrapped in a group; the caller gives that group its traceback.
    /// CPython: `_PyEval_ExceptionGroupMatch`.
    pub fn exception_group_match(
        &mut self,
        exception: Value,
        pattern: Value,
    ) -> Result<(Option<Value>, Option<Value>)> {
        if exception.is_none() {
            return Ok((None, None));
        }
        let group = exception.downcast::<BaseExceptionGroup>();
        if self.exception_matches(exception, pattern) {
            let matched = match group {
                Some(_) => exception,
                None => {
                    // A tuple, not a list: its repr shows that.
                    let (message, only) = (self.intern("").value(), self.new_tuple(&[exception]).value());
                    let args = self.new_tuple(&[message, only]);
                    BaseExceptionGroup::make(self, BaseExceptionGroup::class_cell().get(), args)?.value()
                }
            };
            return Ok((Some(matched), None));
        }
        if group.is_none() {
            return Ok((None, Some(exception)));
        }
        let pair = self.call_method(exception, "split", &[pattern])?;
        let Some(pair) = pair.downcast::<Tuple>() else {
            let (name, got) = (self.type_name(exception), self.type_name(pair));
            return Err(self.type_error(format!("{name}.split must return a tuple, not {got}")));
        };
        let [matched, rest, ..] = pair.items() else {
            let (name, size) = (self.type_name(exception), pair.items().len());
            let message = format!("{name}.split must return a 2-tuple, got tuple of size {size}");
            return Err(self.type_error(message));
        };
        Ok((matched.not_none(), rest.not_none()))
    }

    /// What is raised after all `except*` clauses ran: of `caught`, the exceptions that the clauses
    /// raised or did not handle, those that came from `original` united under its structure.
    /// CPython: `_PyExc_PrepReraiseStar`.
    pub fn prepare_reraise_star(&mut self, original: Value, caught: &[Value]) -> Result<Option<Value>> {
        let Some(group) = original.downcast::<BaseExceptionGroup>() else {
            // A naked exception: at most one clause ran.
            return Ok(caught.first().copied().and_then(Value::not_none));
        };
        let (mut raised, mut reraised) = (GVec::new(), GVec::new());
        for exception in caught.iter().copied().filter_map(Value::not_none) {
            if same_origin(exception, original) {
                reraised.push(exception);
            } else {
                raised.push(exception);
            }
        }
        let mut leaves = GVec::new();
        reraised.iter().for_each(|exception| collect_leaves(*exception, &mut leaves));
        let reraised = match leaves.is_empty() {
            true => None,
            false => split_recursive(self, group.value(), Matcher::Instances(&leaves), false)?.matched,
        };
        if raised.is_empty() {
            return Ok(reraised);
        }
        raised.extend(reraised);
        match **raised {
            [exception] => Ok(Some(exception)),
            _ => self.new_exception_group("", &raised).map(Some),
        }
    }
}

/// Whether `exception` is a part of `original` that nobody raised anew.
fn same_origin(exception: Value, original: Value) -> bool {
    let (Some(a), Some(b)) = (exception.downcast::<BaseException>(), original.downcast::<BaseException>())
    else {
        return false;
    };
    a.traceback() == b.traceback() && a.cause() == b.cause() && a.context() == b.context()
}

fn collect_leaves(exception: Value, leaves: &mut GVec<Value>) {
    match exception.downcast::<BaseExceptionGroup>() {
        None => leaves.push(exception),
        Some(group) => group.items().items().iter().for_each(|leaf| collect_leaves(*leaf, leaves)),
    }
}
