//! `Element`: a tag, attributes, text, children, and the text behind it.
//!
//! Invariant: the list of children holds elements only and is never handed out.

use taipan_runtime::exception;
use taipan_runtime::prelude::*;
use taipan_runtime::types::iterators::sequence_iterator;
use taipan_runtime::types::slice::Slice;

use super::walk::Walk;
use super::{expected_element, path, tag_and_attributes};

/// Body of `xml.etree.ElementTree.Element`.
#[derive(Trace)]
pub struct Element {
    pub(super) tag: Slot,
    pub(super) text: Slot,
    pub(super) tail: Slot,
    /// EMPTY until there are attributes, or somebody looks at them.
    attrib: TypedSlot<Dict>,
    children: TypedSlot<List>,
    /// Held while children move to other places, so that one is removed from where it was found.
    moving: Guarded<Opaque<()>>,
}

impl Element {
    fn body(tag: Value, attrib: Option<Gc<Dict>>) -> Element {
        Element {
            tag: Slot::new(tag),
            text: Slot::new(Value::NONE),
            tail: Slot::new(Value::NONE),
            attrib: TypedSlot::new_option(attrib),
            children: TypedSlot::EMPTY,
            moving: Guarded::new(Opaque(())),
        }
    }

    pub(super) fn create(cx: &Context, tag: Value, attrib: Option<Gc<Dict>>) -> Gc<Element> {
        cx.new_object(Element::body(tag, attrib))
    }

    pub(super) fn children(&self) -> Option<Gc<List>> {
        self.children.load()
    }

    pub(super) fn children_or_new(&self, cx: &Context) -> Gc<List> {
        if let Some(children) = self.children.load() {
            return children;
        }
        let made = cx.new_list(&[]);
        match self.children.slot().compare_exchange(None, Some(made.value())) {
            Ok(()) => made,
            Err(_) => self.children.load().unwrap_or(made),
        }
    }

    pub(super) fn child(&self, index: usize) -> Option<Gc<Element>> {
        self.children()?.get(index)?.downcast::<Element>()
    }

    fn count(&self) -> usize {
        self.children().map_or(0, |children| children.len())
    }

    fn attributes(&self, cx: &Context) -> Gc<Dict> {
        if let Some(attributes) = self.attrib.load() {
            return attributes;
        }
        let made = cx.new_dict();
        match self.attrib.slot().compare_exchange(None, Some(made.value())) {
            Ok(()) => made,
            Err(_) => self.attrib.load().unwrap_or(made),
        }
    }

    fn set(slot: &Slot, cx: &mut Context, value: Option<Value>) -> Result<()> {
        match value {
            Some(value) => {
                slot.store(value);
                Ok(())
            }
            None => Err(cx.attribute_error_message("can't delete element attribute")),
        }
    }

    /// The elements of an iterable.
    fn elements(cx: &mut Context, iterable: Value, otherwise: &str) -> Result<GVec<Value>> {
        let elements = match cx.collect(iterable) {
            Ok(elements) => elements,
            Err(raised) if cx.pending_is_type_error(&raised) && !cx.is_iterable(iterable) => {
                cx.take_exception(raised);
                return Err(cx.type_error(otherwise));
            }
            Err(raised) => return Err(raised),
        };
        Ok(elements)
    }

    fn check_all(cx: &mut Context, elements: &[Value]) -> Result<()> {
        match elements.iter().find(|element| element.downcast::<Element>().is_none()) {
            Some(other) => Err(expected_element(cx, *other)),
            None => Ok(()),
        }
    }

    fn assign_slice(this: Gc<Self>, cx: &mut Context, slice: Gc<Slice>, value: Option<Value>) -> Result<()> {
        let bounds = slice.unpack(cx)?;
        let elements = match value {
            Some(value) => Some(Element::elements(cx, value, "assignment expects an iterable")?),
            None => None,
        };
        if let Some(elements) = &elements {
            Element::check_all(cx, elements)?;
        }
        let children = this.children_or_new(cx);
        let moving = this.moving.lock(cx);
        let range = bounds.adjust(children.len());
        let Some(elements) = elements else {
            let mut positions: Vec<usize> = range.positions().collect();
            positions.sort_unstable();
            match positions[..] {
                [first, .., last] if last - first + 1 == positions.len() => {
                    children.splice(cx, first, last + 1, &[]);
                }
                _ => positions.iter().rev().for_each(|at| children.splice(cx, *at, at + 1, &[])),
            }
            return Ok(());
        };
        if range.step != 1 && range.len != elements.len() {
            let (new, old) = (elements.len(), range.len);
            let message = format!("attempt to assign sequence of size {new} to extended slice of size {old}");
            drop(moving);
            return Err(cx.value_error(message));
        }
        if range.step == 1 {
            children.splice(cx, range.start(), range.start() + range.len, &elements);
        } else {
            for (at, element) in range.positions().zip(elements.iter()) {
                children.set(cx, at, *element);
            }
        }
        Ok(())
    }

    /// A copy of a value, by `copy.deepcopy` where it is not plain.
    fn deep(cx: &mut Context, value: Value, memo: Gc<Dict>) -> Result {
        if value.is_none() || cx.is_exact_str(value) {
            return Ok(value);
        }
        if let Some(dict) = value.downcast::<Dict>().filter(|dict| dict.is_exact()) {
            let plain = |(key, value): &(Value, Value)| cx.is_exact_str(*key) && cx.is_exact_str(*value);
            if dict.snapshot(cx).iter().all(plain) {
                return Ok(dict.copy(cx).value());
            }
        }
        if let Some(element) = value.downcast::<Element>()
            && cx.class_of(value) == Element::class_cell().get()
        {
            let id = id_of(cx, value)?;
            return match memo.get(cx, id)? {
                Some(known) => Ok(known),
                None => Element::deep_copy(element, cx, memo),
            };
        }
        let copy = cx.import("copy")?;
        let deepcopy = cx.get_attr_str(copy, "deepcopy")?;
        cx.call(deepcopy, &[value, memo.value()])
    }

    fn deep_copy(this: Gc<Self>, cx: &mut Context, memo: Gc<Dict>) -> Result {
        cx.check_recursion(" in __deepcopy__")?;
        cx.poll()?;
        let tag = Element::deep(cx, this.tag.load_or_none(), memo)?;
        let attrib = match this.attrib.load() {
            Some(attrib) => Element::deep(cx, attrib.value(), memo)?.downcast::<Dict>(),
            None => None,
        };
        let element = Element::create(cx, tag, attrib);
        element.text.store(Element::deep(cx, this.text.load_or_none(), memo)?);
        element.tail.store(Element::deep(cx, this.tail.load_or_none(), memo)?);
        let mut index = 0;
        while let Some(child) = this.child(index) {
            let child = Element::deep(cx, child.value(), memo)?;
            if child.downcast::<Element>().is_none() {
                return Err(expected_element(cx, child));
            }
            element.children_or_new(cx).push(cx, child);
            index += 1;
        }
        let id = id_of(cx, this.value())?;
        memo.set(cx, id, element.value())?;
        Ok(element.value())
    }

    fn set_state(this: Gc<Self>, cx: &mut Context, state: Gc<Dict>) -> Result<()> {
        let names = ["tag", "attrib", "text", "tail", "_children"];
        let mut fields = [None; 5];
        for (key, value) in state.snapshot(cx).iter() {
            let place = key.downcast::<Str>().and_then(|key| names.iter().position(|name| key.is(name)));
            let Some(place) = place else {
                let name = cx.str(*key)?.to_str().into_owned();
                let message = format!("this function got an unexpected keyword argument '{name}'");
                return Err(cx.type_error(message));
            };
            fields[place] = Some(*value);
        }
        let [tag, attrib, text, tail, children] = fields;
        let Some(tag) = tag else { return Err(cx.type_error("tag may not be NULL")) };
        this.tag.store(tag);
        this.text.store(text.unwrap_or(Value::NONE));
        this.tail.store(tail.unwrap_or(Value::NONE));
        if let Some(children) = children {
            let Some(children) = children.downcast::<List>() else {
                return Err(cx.type_error("'_children' is not a list"));
            };
            let children = children.snapshot(cx);
            Element::check_all(cx, &children)?;
            this.children.store(cx.new_list(&children));
        }
        if let Some(attrib) = attrib {
            let Some(attrib) = attrib.downcast::<Dict>() else {
                let found = cx.type_name(attrib);
                return Err(cx.type_error(format!("attrib must be dict, not {found}")));
            };
            this.attrib.store(attrib);
        }
        Ok(())
    }

    /// The child that equals another element; the comparisons may be the program's own, and change the children.
    fn equal_child(this: Gc<Self>, cx: &mut Context, wanted: Value) -> Result<Option<Value>> {
        let mut index = 0;
        while let Some(child) = this.child(index).map(Gc::value) {
            if child == wanted || cx.eq(child, wanted)? {
                return Ok(Some(child));
            }
            index += 1;
        }
        Ok(None)
    }

    /// Takes a child out; false if it is none, or has gone meanwhile.
    fn take_out(&self, cx: &Context, child: Value) -> bool {
        let Some(children) = self.children() else { return false };
        let _moving = self.moving.lock(cx);
        let mut index = 0;
        while let Some(found) = children.get(index) {
            if found == child {
                children.splice(cx, index, index + 1, &[]);
                return true;
            }
            index += 1;
        }
        false
    }
}

/// `id(value)`.
fn id_of(cx: &mut Context, value: Value) -> Result {
    let id = cx.builtin("id")?;
    cx.call(id, &[value])
}

#[class(name = "Element", module = "xml.etree.ElementTree", flags = BASETYPE | HAS_WEAKREF)]
impl Element {
    #[new("(*args, **kwargs)")]
    fn new(cx: &mut Context, class: Gc<Class>, _args: Gc<Tuple>, _kwargs: Gc<Dict>) -> Result<Gc<Self>> {
        Ok(cx.new_instance(class, Element::body(Value::NONE, None)))
    }

    #[init("(*args, **kwargs)")]
    fn init(this: Gc<Self>, cx: &mut Context, args: Gc<Tuple>, kwargs: Gc<Dict>) -> Result<()> {
        let (tag, attributes) = tag_and_attributes(cx, "Element", args.items(), 0, kwargs)?;
        if let Some(attributes) = attributes.filter(|attributes| !attributes.is_empty()) {
            this.attrib.store(attributes);
        }
        this.tag.store(tag);
        this.text.store(Value::NONE);
        this.tail.store(Value::NONE);
        Ok(())
    }

    #[slot(repr)]
    fn repr(this: Gc<Self>, cx: &mut Context) -> Result<Gc<Str>> {
        let shown = cx.guard_repr(this.value(), |cx| cx.repr(this.tag.load_or_none()))?;
        let Some(tag) = shown else {
            let class = cx.class_of(this.value()).full_name();
            return Err(cx.runtime_error(format!("reentrant call inside {class}.__repr__")));
        };
        let id = id_of(cx, this.value())?;
        let address = cx.index_i128(id)?;
        let end = cx.new_str(&format!(" at {address:#x}>"));
        let start = cx.new_str("<Element ");
        Ok(start.concat(cx, tag).concat(cx, end))
    }

    #[slot(bool)]
    fn bool(this: Gc<Self>, cx: &mut Context) -> Result<bool> {
        let message = "Testing an element's truth value will always return True in future versions.  Use specific \
                       'len(elem)' or 'elem is not None' test instead.";
        cx.warn(exception::deprecation_warning, message, 1)?;
        Ok(this.count() > 0)
    }

    #[slot(len)]
    fn len(&self) -> usize {
        self.count()
    }

    #[slot(iter)]
    fn over_children(this: Gc<Self>, cx: &mut Context) -> Value {
        sequence_iterator(cx, this.value())
    }

    #[slot(get_item)]
    fn get_item(this: Gc<Self>, cx: &mut Context, key: Value) -> Result {
        if cx.has_index(key) {
            let index = index_of(cx, key, this.count())?;
            let child = index.and_then(|index| this.children()?.get(index));
            return child.ok_or_else(|| cx.index_error("child index out of range"));
        }
        if key.downcast::<Slice>().is_none() {
            return Err(cx.type_error("element indices must be integers"));
        }
        match this.children() {
            Some(children) => cx.get_item(children.value(), key),
            None => Ok(cx.new_list(&[]).value()),
        }
    }

    #[slot(set_item)]
    fn set_item(this: Gc<Self>, cx: &mut Context, key: Value, value: Option<Value>) -> Result<()> {
        if !cx.has_index(key) {
            return match key.downcast::<Slice>() {
                Some(slice) => Element::assign_slice(this, cx, slice, value),
                None => Err(cx.type_error("element indices must be integers")),
            };
        }
        let index = index_of(cx, key, this.count())?;
        let place = index.and_then(|index| this.children().map(|children| (children, index)));
        let Some((children, index)) = place else {
            return Err(cx.index_error("child assignment index out of range"));
        };
        match value {
            None => {
                let _moving = this.moving.lock(cx);
                children.splice(cx, index, index + 1, &[]);
            }
            Some(value) if value.downcast::<Element>().is_none() => return Err(expected_element(cx, value)),
            Some(value) => {
                children.set(cx, index, value);
            }
        }
        Ok(())
    }

    #[function("()")]
    fn clear(&self) {
        self.attrib.store_option(None);
        self.children.store_option(None);
        self.text.store(Value::NONE);
        self.tail.store(Value::NONE);
    }

    #[function("(key, default=None)")]
    fn get(&self, cx: &mut Context, key: Value, default: Value) -> Result {
        match self.attrib.load() {
            Some(attrib) => Ok(attrib.get(cx, key)?.unwrap_or(default)),
            None => Ok(default),
        }
    }

    #[function("(key, value, /)", name = "set")]
    fn set_attribute(&self, cx: &mut Context, key: Value, value: Value) -> Result<()> {
        self.attributes(cx).set(cx, key, value)
    }

    #[function("(path, namespaces=None)")]
    fn find(this: Gc<Self>, cx: &mut Context, path: Value, namespaces: Value) -> Result {
        match path::plain(path, namespaces) {
            false => path::call(cx, "find", &[this.value(), path, namespaces]),
            true => Ok(path::first(cx, this, path)?.map_or(Value::NONE, Gc::value)),
        }
    }

    #[function("(path, default=None, namespaces=None)")]
    fn findtext(this: Gc<Self>, cx: &mut Context, path: Value, default: Value, namespaces: Value) -> Result {
        if !path::plain(path, namespaces) {
            return path::call(cx, "findtext", &[this.value(), path, default, namespaces]);
        }
        Ok(match path::first(cx, this, path)?.map(|found| found.text.load_or_none()) {
            None => default,
            Some(text) if text.is_none() => cx.empty_str().value(),
            Some(text) => text,
        })
    }

    #[function("(path, namespaces=None)")]
    fn findall(this: Gc<Self>, cx: &mut Context, path: Value, namespaces: Value) -> Result {
        if !path::plain(path, namespaces) {
            return path::call(cx, "findall", &[this.value(), path, namespaces]);
        }
        let found = cx.new_list(&[]);
        let mut index = 0;
        while let Some(child) = this.child(index) {
            if path::same(cx, child.tag.load_or_none(), path)? {
                found.push(cx, child.value());
            }
            index += 1;
        }
        Ok(found.value())
    }

    #[function("(path, namespaces=None)")]
    fn iterfind(this: Gc<Self>, cx: &mut Context, path: Value, namespaces: Value) -> Result {
        path::call(cx, "iterfind", &[this.value(), path, namespaces])
    }

    #[function("(subelement, /)")]
    fn append(&self, cx: &mut Context, subelement: Value) -> Result<()> {
        if subelement.downcast::<Element>().is_none() {
            let found = cx.argument_type_name(subelement);
            let wanted = "xml.etree.ElementTree.Element";
            return Err(cx.type_error(format!("append() argument 1 must be {wanted}, not {found}")));
        }
        self.children_or_new(cx).push(cx, subelement);
        Ok(())
    }

    #[function("(elements, /)")]
    fn extend(this: Gc<Self>, cx: &mut Context, elements: Value) -> Result<()> {
        let elements = Element::elements(cx, elements, "'elements' must be an iterable")?;
        for element in elements.iter() {
            if element.downcast::<Element>().is_none() {
                return Err(expected_element(cx, *element));
            }
            this.children_or_new(cx).push(cx, *element);
        }
        Ok(())
    }

    #[function("(index, subelement, /)")]
    fn insert(&self, cx: &mut Context, index: isize, subelement: Gc<Element>) {
        let children = self.children_or_new(cx);
        let _moving = self.moving.lock(cx);
        children.insert(cx, index, subelement.value());
    }

    #[function("(subelement, /)")]
    fn remove(this: Gc<Self>, cx: &mut Context, subelement: Gc<Element>) -> Result<()> {
        match Element::equal_child(this, cx, subelement.value())? {
            Some(child) => {
                this.take_out(cx, child);
                Ok(())
            }
            // Another thread may have moved it past the place that was being looked at.
            None if this.take_out(cx, subelement.value()) => Ok(()),
            None => Err(cx.value_error("Element.remove(x): element not found")),
        }
    }

    #[function("(tag=None)")]
    fn iter(this: Gc<Self>, cx: &mut Context, tag: Value) -> Gc<Walk> {
        Walk::over_elements(cx, this, tag)
    }

    #[function("()")]
    fn itertext(this: Gc<Self>, cx: &mut Context) -> Gc<Walk> {
        Walk::over_text(cx, this)
    }

    #[function("()")]
    fn items(&self, cx: &mut Context) -> Value {
        let list = cx.new_list(&[]);
        if let Some(attrib) = self.attrib.load() {
            for (key, value) in attrib.snapshot(cx).iter() {
                let pair = cx.new_tuple(&[*key, *value]).value();
                list.push(cx, pair);
            }
        }
        list.value()
    }

    #[function("()")]
    fn keys(&self, cx: &mut Context) -> Value {
        let keys = self.attrib.load().map(|attrib| attrib.keys(cx)).unwrap_or_default();
        cx.new_list(&keys).value()
    }

    #[function("(tag, attrib, /)")]
    fn makeelement(&self, cx: &mut Context, tag: Value, attrib: Gc<Dict>) -> Gc<Element> {
        let attrib = attrib.copy(cx);
        Element::create(cx, tag, Some(attrib).filter(|attrib| !attrib.is_empty()))
    }

    #[function("()", name = "__copy__")]
    fn copy(this: Gc<Self>, cx: &mut Context) -> Gc<Element> {
        let element = Element::create(cx, this.tag.load_or_none(), this.attrib.load());
        element.text.store(this.text.load_or_none());
        element.tail.store(this.tail.load_or_none());
        if let Some(children) = this.children() {
            let children = children.snapshot(cx);
            element.children.store(cx.new_list(&children));
        }
        element
    }

    #[function("(memo, /)", name = "__deepcopy__")]
    fn deepcopy(this: Gc<Self>, cx: &mut Context, memo: Gc<Dict>) -> Result {
        Element::deep_copy(this, cx, memo)
    }

    #[function("()", name = "__sizeof__")]
    fn sizeof(&self) -> usize {
        size_of::<Element>() + 8 + self.count() * 8
    }

    #[function("()", name = "__getstate__")]
    fn getstate(&self, cx: &mut Context) -> Value {
        let children = self.children().map(|children| children.snapshot(cx)).unwrap_or_default();
        let children = cx.new_list(&children).value();
        let attrib = self.attrib.load().unwrap_or_else(|| cx.new_dict()).value();
        let state = cx.new_dict();
        let fields = [
            ("tag", self.tag.load_or_none()),
            ("_children", children),
            ("attrib", attrib),
            ("text", self.text.load_or_none()),
            ("tail", self.tail.load_or_none()),
        ];
        for (name, value) in fields {
            state.set_str(cx, cx.intern(name), value);
        }
        state.value()
    }

    #[function("(state, /)", name = "__setstate__")]
    fn setstate(this: Gc<Self>, cx: &mut Context, state: Value) -> Result<()> {
        match state.downcast::<Dict>() {
            Some(state) => Element::set_state(this, cx, state),
            None => {
                let shown = cx.repr(state)?.to_str().into_owned();
                Err(cx.type_error(format!("Don't know how to unpickle \"{shown}\" as an Element")))
            }
        }
    }

    /// A string identifying what kind of data this element represents
    #[getter]
    fn tag(&self) -> Value {
        self.tag.load_or_none()
    }

    #[setter]
    fn set_tag(&self, cx: &mut Context, value: Option<Value>) -> Result<()> {
        Element::set(&self.tag, cx, value)
    }

    /// A string of text directly after the start tag, or None
    #[getter]
    fn text(&self) -> Value {
        self.text.load_or_none()
    }

    #[setter]
    fn set_text(&self, cx: &mut Context, value: Option<Value>) -> Result<()> {
        Element::set(&self.text, cx, value)
    }

    /// A string of text directly after the end tag, or None
    #[getter]
    fn tail(&self) -> Value {
        self.tail.load_or_none()
    }

    #[setter]
    fn set_tail(&self, cx: &mut Context, value: Option<Value>) -> Result<()> {
        Element::set(&self.tail, cx, value)
    }

    /// A dictionary containing the element's attributes
    #[getter]
    fn attrib(&self, cx: &mut Context) -> Value {
        self.attributes(cx).value()
    }

    #[setter]
    fn set_attrib(&self, cx: &mut Context, value: Option<Value>) -> Result<()> {
        let Some(value) = value else {
            return Err(cx.attribute_error_message("can't delete element attribute"));
        };
        match value.downcast::<Dict>() {
            Some(attrib) => {
                self.attrib.store(attrib);
                Ok(())
            }
            None => {
                let found = cx.type_name(value);
                Err(cx.type_error(format!("attrib must be dict, not {found}")))
            }
        }
    }
}

/// A place among `count` children; none if it is not among them.
fn index_of(cx: &mut Context, key: Value, count: usize) -> Result<Option<usize>> {
    let index = cx.index_isize(key)?;
    let index = if index < 0 { index + count as isize } else { index };
    Ok(usize::try_from(index).ok().filter(|index| *index < count))
}
