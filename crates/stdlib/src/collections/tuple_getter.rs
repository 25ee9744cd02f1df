//! `_tuplegetter`: the descriptor of a named tuple's field. CPython: `Modules/_collectionsmodule.c`.
//!
//! Invariant: the index never changes.

use taipan_runtime::prelude::*;

/// Body of `_tuplegetter`.
#[derive(Trace)]
pub struct TupleGetter {
    index: isize,
    doc: Slot,
}

#[class(name = "_tuplegetter", module = "collections")]
impl TupleGetter {
    #[new("(index, doc, /)")]
    fn new(cx: &mut Context, class: Gc<Class>, index: isize, doc: Value) -> Gc<Self> {
        cx.new_instance(class, TupleGetter { index, doc: Slot::new(doc) })
    }

    #[slot(descr_get)]
    fn get(this: Gc<Self>, cx: &mut Context, object: Option<Value>, _class: Option<Value>) -> Result<Value> {
        let Some(object) = object else {
            return Ok(this.value());
        };
        let Some(tuple) = object.downcast::<Tuple>() else {
            if object.is_none() {
                return Ok(this.value());
            }
            let message = format!(
                "descriptor for index '{}' for tuple subclasses doesn't apply to '{}' object",
                this.index,
                cx.type_name(object)
            );
            return Err(cx.type_error(message));
        };
        let item = usize::try_from(this.index).ok().and_then(|index| tuple.get(index));
        item.ok_or_else(|| cx.index_error("tuple index out of range"))
    }

    #[slot(descr_set)]
    fn set(&self, cx: &mut Context, _object: Value, value: Option<Value>) -> Result<()> {
        let what = if value.is_some() { "set" } else { "delete" };
        Err(cx.attribute_error_message(format!("can't {what} attribute")))
    }

    #[slot(repr)]
    fn repr(&self, cx: &mut Context) -> Result<Value> {
        let doc = cx.repr(self.doc.load_or_none())?;
        cx.format_str(&[&format!("_tuplegetter({}, ", self.index), ")"], &[doc])
    }

    #[function("()", name = "__reduce__")]
    fn reduce(this: Gc<Self>, cx: &mut Context) -> Value {
        let class = cx.class_of(this.value()).value();
        let index = cx.new_int(this.index as i64);
        let args = cx.new_tuple(&[index, this.doc.load_or_none()]).value();
        cx.new_tuple(&[class, args]).value()
    }

    #[getter(name = "__doc__")]
    fn doc(&self) -> Value {
        self.doc.load_or_none()
    }

    #[setter(name = "__doc__")]
    fn set_doc(&self, value: Option<Value>) {
        self.doc.store_option(value);
    }
}
