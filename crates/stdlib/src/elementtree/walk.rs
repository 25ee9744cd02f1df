//! `_element_iterator`: the elements below one, or the texts between them, in the order of the document.
//!
//! Invariant: as many places as parents; what happens to the tree meanwhile is seen, and never looked at twice.

use taipan_runtime::prelude::*;
use taipan_runtime::types::bytes::Bytes;

use super::element::Element;
use super::path;

/// Body of `_elementtree._element_iterator`.
#[derive(Trace)]
pub struct Walk {
    /// Where the walk starts, until it does.
    root: TypedSlot<Element>,
    parents: Gc<List>,
    /// For each parent, how many of its children have been visited.
    places: Guarded<Opaque<Vec<usize>>>,
    wanted: Value,
    over_text: bool,
}

impl Walk {
    fn create(cx: &Context, root: Gc<Element>, wanted: Value, over_text: bool) -> Gc<Walk> {
        let parents = cx.new_list(&[]);
        let places = Guarded::new(Opaque(Vec::new()));
        cx.new_object(Walk { root: TypedSlot::new(root), parents, places, wanted, over_text })
    }

    pub(super) fn over_elements(cx: &Context, root: Gc<Element>, tag: Value) -> Gc<Walk> {
        let is_star = tag.downcast::<Str>().is_some_and(|tag| tag.is("*"))
            || tag.downcast::<Bytes>().is_some_and(|tag| tag.as_slice() == b"*");
        Walk::create(cx, root, if is_star { Value::NONE } else { tag }, false)
    }

    pub(super) fn over_text(cx: &Context, root: Gc<Element>) -> Gc<Walk> {
        Walk::create(cx, root, Value::NONE, true)
    }

    /// The next element that begins, or (true) one that ends.
    fn step(&self, cx: &Context) -> Option<(Gc<Element>, bool)> {
        let depth = self.parents.len();
        let last = depth.checked_sub(1).and_then(|last| self.parents.get(last));
        let Some(parent) = last.and_then(Value::downcast::<Element>) else {
            let root = self.root.load()?;
            self.root.store_option(None);
            self.enter(cx, root);
            return Some((root, false));
        };
        let place = {
            let mut places = self.places.lock(cx);
            let place = places.0.last_mut()?;
            *place += 1;
            *place - 1
        };
        if let Some(child) = parent.child(place) {
            self.enter(cx, child);
            return Some((child, false));
        }
        self.parents.pop_last(cx);
        self.places.lock(cx).0.pop();
        Some((parent, true))
    }

    fn enter(&self, cx: &Context, element: Gc<Element>) {
        self.parents.push(cx, element.value());
        self.places.lock(cx).0.push(0);
    }
}

#[class(name = "_element_iterator", module = "_elementtree", flags = DISALLOW_NEW)]
impl Walk {
    #[slot(iter)]
    fn iter(this: Gc<Self>) -> Value {
        this.value()
    }

    #[slot(next)]
    fn next(this: Gc<Self>, cx: &mut Context) -> Result<Option<Value>> {
        while let Some((element, ends)) = this.step(cx) {
            if this.over_text {
                // Text behind the element where the walk started is not part of it.
                let tag = element.tag.load_or_none();
                let text = match ends {
                    // What a comment says is no text.
                    false if !tag.is_none() && tag.downcast::<Str>().is_none() => continue,
                    false => element.text.load_or_none(),
                    true if this.parents.is_empty() => continue,
                    true => element.tail.load_or_none(),
                };
                if !text.is_none() && cx.truth(text)? {
                    return Ok(Some(text));
                }
            } else if !ends
                && (this.wanted.is_none() || path::same(cx, element.tag.load_or_none(), this.wanted)?)
            {
                return Ok(Some(element.value()));
            }
            cx.poll()?;
        }
        Ok(None)
    }
}
