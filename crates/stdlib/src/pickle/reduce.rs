//! Writing what a reducing function returned. CPython: `save_reduce` in `Modules/_pickle.c`; PEP 307.
//!
//! Invariant: all items of the tuple are checked before anything is written.

use taipan_runtime::prelude::*;
use taipan_runtime::types::type_::is_class;

use super::opcode::*;
use super::save::Saver;
use super::{PICKLING_ERROR, note};

/// The items of a reduction, checked.
struct Reduction {
    callable: Value,
    args: Gc<Tuple>,
    state: Option<Value>,
    list_items: Option<Value>,
    dict_items: Option<Value>,
    state_setter: Option<Value>,
}

fn refused(cx: &mut Context, what: &str, wanted: &str, found: Value) -> Raised {
    let found = cx.qualified_type_name(found);
    PICKLING_ERROR.raise(cx, format!("{what} must be {wanted}, not {found}"))
}

/// An item of the tuple that may be None.
fn iterator(cx: &mut Context, item: Option<Value>, which: &str) -> Result<Option<Value>> {
    match item {
        Some(item) if !cx.class_of(item).slots.next.is_set() => {
            let what = format!("{which} item of the tuple returned by __reduce__");
            Err(refused(cx, &what, "an iterator", item))
        }
        item => Ok(item),
    }
}

impl Reduction {
    fn check(cx: &mut Context, reduced: Gc<Tuple>) -> Result<Reduction> {
        let items = reduced.items();
        if !(2..=6).contains(&items.len()) {
            let message = "tuple returned by __reduce__ must contain 2 through 6 elements";
            return Err(PICKLING_ERROR.raise(cx, message));
        }
        let callable = items[0];
        if !cx.is_callable(callable) {
            let what = "first item of the tuple returned by __reduce__";
            return Err(refused(cx, what, "callable", callable));
        }
        let Some(args) = items[1].downcast::<Tuple>() else {
            let what = "second item of the tuple returned by __reduce__";
            return Err(refused(cx, what, "a tuple", items[1]));
        };
        let optional = |index: usize| items.get(index).copied().and_then(Value::not_none);
        let state_setter = optional(5);
        let list_items = iterator(cx, optional(3), "fourth")?;
        let dict_items = iterator(cx, optional(4), "fifth")?;
        if let Some(setter) = state_setter
            && !cx.is_callable(setter)
        {
            let what = "sixth item of the tuple returned by __reduce__";
            return Err(refused(cx, what, "callable", setter));
        }
        Ok(Reduction { callable, args, state: optional(2), list_items, dict_items, state_setter })
    }
}

/// How an object is made again.
enum Maker {
    Call,
    New,
    NewWithKeywords,
}

impl Saver<'_> {
    /// Writes a part of the reduction of `owner`; `part` is what a failure is noted to be about.
    fn save_part(&mut self, cx: &mut Context, value: Value, owner: Option<Value>, part: &str) -> Result<()> {
        self.save(cx, value).map_err(|raised| part_note(cx, raised, owner, part))
    }

    /// Writes a reduction, and remembers `object` for it.
    pub(super) fn save_reduce(
        &mut self,
        cx: &mut Context,
        reduced: Gc<Tuple>,
        object: Option<Value>,
    ) -> Result<()> {
        let reduction = Reduction::check(cx, reduced)?;
        match self.maker(cx, reduction.callable)? {
            Maker::NewWithKeywords => self.save_new_with_keywords(cx, reduction.args, object)?,
            Maker::New => self.save_new(cx, reduction.args, object)?,
            Maker::Call => {
                self.save_part(cx, reduction.callable, object, "reconstructor")?;
                self.save_part(cx, reduction.args.value(), object, "reconstructor arguments")?;
                self.out.op(REDUCE);
            }
        }
        let Some(object) = object else { return Ok(()) };
        let known = self.memo.lock(cx).get(object);
        match known {
            // The object was part of itself: what is on the stack is dropped for it.
            Some(index) => {
                self.out.op(POP);
                self.get(index);
            }
            None => self.memoize(cx, object)?,
        }
        if let Some(items) = reduction.list_items {
            self.save_list_items(cx, items, object)?;
        }
        if let Some(items) = reduction.dict_items {
            self.save_dict_items(cx, items, object)?;
        }
        let Some(state) = reduction.state else { return Ok(()) };
        match reduction.state_setter {
            None => {
                self.save_part(cx, state, Some(object), "state")?;
                self.out.op(BUILD);
            }
            Some(setter) => {
                self.save_part(cx, setter, Some(object), "state setter")?;
                self.save(cx, object)?;
                self.save_part(cx, state, Some(object), "state")?;
                // What the setter returns is dropped.
                self.out.put(&[TUPLE2, REDUCE, POP]);
            }
        }
        Ok(())
    }

    /// From protocol 2 on the names of two functions of `copyreg` stand for instructions.
    fn maker(&self, cx: &mut Context, callable: Value) -> Result<Maker> {
        if self.protocol < 2 {
            return Ok(Maker::Call);
        }
        let name = cx.name(id::__name__);
        let name = cx.lookup_attr(callable, name)?.and_then(|name| name.downcast::<Str>());
        Ok(match name {
            Some(name) if name.is("__newobj__") => Maker::New,
            Some(name) if name.is("__newobj_ex__") => Maker::NewWithKeywords,
            _ => Maker::Call,
        })
    }

    fn save_new_with_keywords(
        &mut self,
        cx: &mut Context,
        args: Gc<Tuple>,
        object: Option<Value>,
    ) -> Result<()> {
        let &[class, args, kwargs] = args.items() else {
            let message = format!("__newobj_ex__ expected 3 arguments, got {}", args.len());
            return Err(PICKLING_ERROR.raise(cx, message));
        };
        if !is_class(class) {
            return Err(refused(cx, "first argument to __newobj_ex__()", "a class", class));
        }
        let Some(positional) = args.downcast::<Tuple>() else {
            return Err(refused(cx, "second argument to __newobj_ex__()", "a tuple", args));
        };
        let Some(keywords) = kwargs.downcast::<Dict>() else {
            return Err(refused(cx, "third argument to __newobj_ex__()", "a dict", kwargs));
        };
        if self.protocol >= 4 {
            self.save_part(cx, class, object, "class")?;
            self.save_part(cx, args, object, "__new__ arguments")?;
            self.save_part(cx, kwargs, object, "__new__ arguments")?;
            self.out.op(NEWOBJ_EX);
            return Ok(());
        }
        let name = cx.name(id::__new__);
        let new = cx.get_attr(class, name)?;
        let mut all = GVec::with_capacity(positional.len() + 2);
        all.extend_from_slice(&[new, class]);
        all.extend_from_slice(positional.items());
        let partial = cx.call_ex(self.state.partial(), &all, Some(keywords))?;
        self.save_part(cx, partial, object, "reconstructor")?;
        let none = cx.new_tuple(&[]).value();
        self.save(cx, none)?;
        self.out.op(REDUCE);
        Ok(())
    }

    fn save_new(&mut self, cx: &mut Context, args: Gc<Tuple>, object: Option<Value>) -> Result<()> {
        let Some((&class, rest)) = args.items().split_first() else {
            return Err(PICKLING_ERROR.raise(cx, "__newobj__ expected at least 1 argument, got 0"));
        };
        if !is_class(class) {
            return Err(refused(cx, "first argument to __newobj__()", "a class", class));
        }
        if let Some(object) = object {
            let name = cx.name(id::__class__);
            let own = cx.get_attr(object, name)?;
            if own != class {
                let (own, class) = (cx.repr(own)?, cx.repr(class)?);
                let message = format!(
                    "first argument to __newobj__() must be {}, not {}",
                    own.to_str(),
                    class.to_str()
                );
                return Err(PICKLING_ERROR.raise(cx, message));
            }
        }
        self.save_part(cx, class, object, "class")?;
        let rest = cx.new_tuple(rest).value();
        self.save_part(cx, rest, object, "__new__ arguments")?;
        self.out.op(NEWOBJ);
        Ok(())
    }
}

#[cold]
#[inline(never)]
fn part_note(cx: &mut Context, raised: Raised, owner: Option<Value>, part: &str) -> Raised {
    let Some(owner) = owner else { return raised };
    note(cx, raised, |cx| Ok(format!("when serializing {} {part}", cx.qualified_type_name(owner))))
}
