//! `Row`: a row whose columns also have names. CPython: `Modules/_sqlite/row.c`.
//!
//! Invariant: the values and the description are tuples that never change.

use taipan_runtime::prelude::*;
use taipan_runtime::types::slice::Slice;

use crate::cursor::Cursor;

/// The body of `Row`.
#[derive(Trace)]
pub struct Row {
    data: Gc<Tuple>,
    /// A tuple of tuples, or None.
    description: Value,
}

/// The names of a description's columns.
fn names(description: Value) -> impl Iterator<Item = Value> {
    let columns = description.downcast::<Tuple>();
    let count = columns.map_or(0, |columns| columns.len());
    (0..count).filter_map(move |index| columns?.get(index)?.downcast::<Tuple>()?.get(0))
}

#[class(name = "Row", module = "sqlite3", flags = BASETYPE | SEQUENCE)]
impl Row {
    #[slot(new)]
    fn new(cx: &mut Context, class: Gc<Class>, args: Args<'_>) -> Result {
        if args.keyword_count() > 0 && class == Row::class_cell().get() {
            return Err(cx.type_error("Row() takes no keyword arguments"));
        }
        let &[cursor, data] = args.positional() else {
            let given = args.positional().len();
            return Err(cx.type_error(format!("Row expected 2 arguments, got {given}")));
        };
        let Some(cursor) = cursor.downcast::<Cursor>() else {
            let got = cx.argument_type_name(cursor);
            return Err(cx.type_error(format!("Row() argument 1 must be sqlite3.Cursor, not {got}")));
        };
        let Some(data) = data.downcast::<Tuple>() else {
            let got = cx.argument_type_name(data);
            return Err(cx.type_error(format!("Row() argument 2 must be tuple, not {got}")));
        };
        Ok(cx.new_instance(class, Row { data, description: cursor.description() }).value())
    }

    /// Returns the keys of the row.
    #[function("()")]
    fn keys(&self, cx: &mut Context) -> Gc<List> {
        let list = cx.new_list(&[]);
        for name in names(self.description) {
            list.push(cx, name);
        }
        list
    }

    #[slot(len)]
    fn len(&self) -> usize {
        self.data.len()
    }

    #[slot(iter)]
    fn iter(&self, cx: &mut Context) -> Result {
        cx.iter(self.data.value())
    }

    #[slot(get_item)]
    fn get_item(&self, cx: &mut Context, key: Value) -> Result {
        if cx.is_int(key) {
            let Some(index) = cx.int_to_i64(key) else {
                let name = cx.type_name(key);
                let message = format!("cannot fit '{name}' into an index-sized integer");
                return Err(cx.index_error(message));
            };
            let length = self.data.len() as i64;
            let index = if index < 0 { index + length } else { index };
            let item = usize::try_from(index).ok().and_then(|index| self.data.get(index));
            return item.ok_or_else(|| cx.index_error("tuple index out of range"));
        }
        if let Some(name) = key.downcast::<Str>() {
            return self.by_name(cx, name);
        }
        if key.downcast::<Slice>().is_some() {
            return cx.get_item(self.data.value(), key);
        }
        Err(cx.index_error("Index must be int or string"))
    }

    #[slot(hash)]
    fn hash(&self, cx: &mut Context) -> Result<i64> {
        Ok(cx.hash(self.description)? ^ cx.hash(self.data.value())?)
    }

    #[slot(compare)]
    fn compare(cx: &mut Context, left: Value, right: Value, op: CompareOp) -> Result {
        let (Some(a), Some(b)) = (left.downcast::<Row>(), right.downcast::<Row>()) else {
            return Ok(Value::NOT_IMPLEMENTED);
        };
        if !matches!(op, CompareOp::Eq | CompareOp::Ne) {
            return Ok(Value::NOT_IMPLEMENTED);
        }
        let equal = cx.eq(a.description, b.description)?;
        match equal {
            true => cx.compare(a.data.value(), b.data.value(), op),
            false => Ok(Value::NOT_IMPLEMENTED),
        }
    }
}

impl Row {
    fn by_name(&self, cx: &mut Context, wanted: Gc<Str>) -> Result {
        let ascii = wanted.as_ascii();
        for (index, name) in names(self.description).enumerate() {
            let Some(name) = name.downcast::<Str>() else { continue };
            // ASCII letters match in both cases, others as they are.
            let same = match (ascii, name.as_ascii()) {
                (Some(wanted), Some(name)) => wanted.eq_ignore_ascii_case(name),
                _ => wanted.equals(&name),
            };
            if same {
                let item = self.data.get(index);
                return item.ok_or_else(|| cx.index_error("tuple index out of range"));
            }
        }
        if self.description.is_none() {
            let shown = cx.repr(wanted.value())?;
            return Err(cx.index_error(format!("No item with key {}", shown.to_str())));
        }
        Err(cx.index_error("No item with that key"))
    }
}
