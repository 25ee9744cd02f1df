//! `FrameLocalsProxy`: the variables of a function's frame as a mapping. CPython: `Objects/frameobject.c`, PEP 667.
//! Invariant: it holds no values of its own; names that the code does not know live in the frame's extra dict.

use taipan_macros::{Trace, class};
use taipan_runtime::protocol::compare::CompareOp;
use taipan_runtime::slots::TypedSlot;
use taipan_runtime::types::dict::Dict;
use taipan_runtime::types::list::List;
use taipan_runtime::types::str::Str;
use taipan_runtime::types::type_::Class;
use taipan_runtime::{Context, Gc, Result, Value};

use crate::types::frame::Frame;

/// The body of a proxy.
#[derive(Trace)]
pub struct LocalsProxy {
    frame: TypedSlot<Frame>,
}

impl LocalsProxy {
    /// The proxy of a frame.
    pub fn new(cx: &Context, frame: Gc<Frame>) -> Gc<LocalsProxy> {
        cx.new_object(LocalsProxy { frame: TypedSlot::new(frame) })
    }

    fn frame(&self) -> Gc<Frame> {
        self.frame.load().expect("a proxy has a frame")
    }

    /// The variable of the code that `key` names: what is no str may be equal to a name. CPython:
    /// `framelocalsproxy_getkeyindex`.
    fn variable(&self, cx: &mut Context, key: Value) -> Result<Option<String>> {
        let frame = self.frame();
        if let Some(name) = cx.exact::<Str>(key) {
            let name = name.to_str();
            return Ok(frame.has_variable(cx, &name).then(|| name.into_owned()));
        }
        let hash = cx.hash(key)?;
        for name in frame.variable_names(cx) {
            let text = cx.new_str(&name);
            if text.hash(cx) == hash && cx.eq(text.value(), key)? {
                return Ok(Some(name));
            }
        }
        Ok(None)
    }

    fn get_option(&self, cx: &mut Context, key: Value) -> Result<Option<Value>> {
        let frame = self.frame();
        if let Some(name) = self.variable(cx, key)?
            && let Some(value) = frame.variable(cx, &name)
        {
            return Ok(Some(value));
        }
        frame.extra_locals(cx).get(cx, key)
    }

    fn snapshot(&self, cx: &mut Context) -> Result<Gc<Dict>> {
        let dict = self.frame().snapshot(cx)?;
        Ok(dict.downcast::<Dict>().unwrap_or_else(|| cx.new_dict()))
    }

    fn missing(&self, cx: &mut Context, key: Value) -> Result<taipan_runtime::Raised> {
        let text = cx.repr(key)?;
        Ok(cx.raise_message(
            taipan_runtime::exception::key_error,
            &format!("local variable {} is not defined", text.to_str()),
        ))
    }

    fn update_from(&self, cx: &mut Context, this: Value, other: Value) -> Result<()> {
        let source = cx.new_dict();
        source.update_from(cx, other)?;
        for (key, value) in source.entries(cx) {
            cx.set_item(this, key, value)?;
        }
        Ok(())
    }
}

/// What a proxy shows at this moment: `Hooks::variables`. Its keys first and their values afterwards might be those of two
/// moments, and a variable gone in between.
pub(crate) fn variables(cx: &mut Context, mapping: Value) -> Result<Option<Gc<Dict>>> {
    mapping.downcast::<LocalsProxy>().map(|proxy| proxy.snapshot(cx)).transpose()
}

#[class(name = "FrameLocalsProxy", flags = MAPPING)]
impl LocalsProxy {
    #[new("(frame, /)")]
    fn construct(cx: &mut Context, _class: Gc<Class>, frame: Value) -> Result<Gc<LocalsProxy>> {
        match frame.downcast::<Frame>() {
            Some(frame) => Ok(LocalsProxy::new(cx, frame)),
            None => {
                let name = cx.type_name(frame);
                Err(cx.type_error(format!("expect frame, not {name}")))
            }
        }
    }

    #[slot(repr)]
    fn repr(this: Gc<Self>, cx: &mut Context) -> Result<Gc<Str>> {
        let text = cx.guard_repr(this.value(), |cx| {
            let dict = this.snapshot(cx)?;
            cx.repr(dict.value())
        })?;
        Ok(text.unwrap_or_else(|| cx.new_str("{...}")))
    }

    #[slot(len)]
    fn len(&self, cx: &mut Context) -> Result<usize> {
        Ok(self.snapshot(cx)?.len())
    }

    #[slot(get_item)]
    fn get_item(&self, cx: &mut Context, key: Value) -> Result {
        match self.get_option(cx, key)? {
            Some(value) => Ok(value),
            None => Err(self.missing(cx, key)?),
        }
    }

    #[slot(set_item)]
    fn set_item(&self, cx: &mut Context, key: Value, value: Option<Value>) -> Result<()> {
        let frame = self.frame();
        match value {
            Some(value) => match self.variable(cx, key)? {
                Some(name) if frame.set_variable(cx, &name, value) => Ok(()),
                _ => frame.extra_locals(cx).set(cx, key, value),
            },
            None if self.variable(cx, key)?.is_some() => {
                Err(cx.value_error("cannot remove local variables from FrameLocalsProxy"))
            }
            None => match frame.extra_locals(cx).remove(cx, key)? {
                Some(_) => Ok(()),
                None => Err(cx.key_error(key)),
            },
        }
    }

    #[slot(contains)]
    fn contains(&self, cx: &mut Context, key: Value) -> Result<bool> {
        Ok(self.get_option(cx, key)?.is_some())
    }

    #[slot(iter)]
    fn iter(&self, cx: &mut Context) -> Result {
        let keys = self.keys(cx)?;
        cx.iter(keys.value())
    }

    #[slot(compare)]
    fn compare(cx: &mut Context, a: Value, b: Value, op: CompareOp) -> Result {
        let Some(proxy) = a.downcast::<LocalsProxy>() else { return Ok(Value::NOT_IMPLEMENTED) };
        if !matches!(op, CompareOp::Eq | CompareOp::Ne) {
            return Ok(Value::NOT_IMPLEMENTED);
        }
        if let Some(other) = b.downcast::<LocalsProxy>() {
            let same = proxy.frame() == other.frame();
            return Ok(Value::bool(same == (op == CompareOp::Eq)));
        }
        if b.downcast::<Dict>().is_none() {
            return Ok(Value::NOT_IMPLEMENTED);
        }
        let dict = proxy.snapshot(cx)?.value();
        cx.compare(dict, b, op)
    }

    #[slot(or)]
    fn or(cx: &mut Context, a: Value, b: Value) -> Result {
        let mappings =
            [a, b].map(|side| side.downcast::<LocalsProxy>().is_some() || side.downcast::<Dict>().is_some());
        if mappings != [true, true] {
            return Ok(Value::NOT_IMPLEMENTED);
        }
        let result = cx.new_dict();
        for side in [a, b] {
            let dict = match side.downcast::<LocalsProxy>() {
                Some(proxy) => proxy.snapshot(cx)?.value(),
                None => side,
            };
            result.update_from(cx, dict)?;
        }
        Ok(result.value())
    }

    #[slot(inplace_or)]
    fn inplace_or(cx: &mut Context, a: Value, b: Value) -> Result {
        let Some(proxy) = a.downcast::<LocalsProxy>() else { return Ok(Value::NOT_IMPLEMENTED) };
        if b.downcast::<LocalsProxy>().is_none() && b.downcast::<Dict>().is_none() {
            return Ok(Value::NOT_IMPLEMENTED);
        }
        proxy.update_from(cx, a, b)?;
        Ok(a)
    }

    /// Return the value for key if key is in the dictionary, else default.
    #[function("(key, default=None, /)")]
    fn get(&self, cx: &mut Context, key: Value, default: Value) -> Result {
        Ok(self.get_option(cx, key)?.unwrap_or(default))
    }

    #[function("(key, default=None, /)")]
    fn setdefault(this: Gc<Self>, cx: &mut Context, key: Value, default: Value) -> Result {
        match this.get_option(cx, key)? {
            Some(value) => Ok(value),
            None => {
                cx.set_item(this.value(), key, default)?;
                Ok(default)
            }
        }
    }

    #[function("(key, default=<absent>, /)")]
    fn pop(&self, cx: &mut Context, key: Value, default: Option<Value>) -> Result {
        if self.variable(cx, key)?.is_some() {
            return Err(cx.value_error("cannot remove local variables from FrameLocalsProxy"));
        }
        match (self.frame().extra_locals(cx).remove(cx, key)?, default) {
            (Some(value), _) | (None, Some(value)) => Ok(value),
            (None, None) => Err(cx.key_error(key)),
        }
    }

    #[function("()")]
    fn keys(&self, cx: &mut Context) -> Result<Gc<List>> {
        let dict = self.snapshot(cx)?;
        let keys = dict.keys(cx);
        Ok(cx.new_list(&keys))
    }

    #[function("()")]
    fn values(&self, cx: &mut Context) -> Result<Gc<List>> {
        let dict = self.snapshot(cx)?;
        let values = dict.values(cx);
        Ok(cx.new_list(&values))
    }

    #[function("()")]
    fn items(&self, cx: &mut Context) -> Result<Gc<List>> {
        let dict = self.snapshot(cx)?;
        let list = cx.new_list(&[]);
        for (key, value) in dict.entries(cx) {
            let pair = cx.new_tuple(&[key, value]).value();
            list.push(cx, pair);
        }
        Ok(list)
    }

    #[function("()")]
    fn copy(&self, cx: &mut Context) -> Result<Gc<Dict>> {
        self.snapshot(cx)
    }

    #[function("(other, /)")]
    fn update(this: Gc<Self>, cx: &mut Context, other: Value) -> Result<()> {
        this.update_from(cx, this.value(), other)
    }

    #[function("()")]
    fn __reversed__(&self, cx: &mut Context) -> Result<Gc<List>> {
        let keys = self.keys(cx)?;
        keys.reverse(cx);
        Ok(keys)
    }
}
