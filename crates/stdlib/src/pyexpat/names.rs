//! Names that a parser tells again and again: each becomes a string once.
//!
//! Invariant: the list is as long as there are numbers, so that a number finds its name.

use std::collections::HashMap;

use taipan_runtime::prelude::*;
use taipan_xml::NameHash;

/// The numbers of names; the names themselves are in a list of the heap.
#[derive(Default)]
pub(crate) struct Numbers(HashMap<Box<str>, usize, NameHash>);

impl Numbers {
    /// The string of a name, which `make` gives when it is first told.
    #[inline]
    pub(crate) fn name(
        &mut self,
        cx: &Context,
        names: Gc<List>,
        raw: &str,
        make: impl FnOnce() -> Value,
    ) -> Value {
        if let Some(number) = self.0.get(raw)
            && let Some(name) = names.get(*number)
        {
            return name;
        }
        let name = make();
        self.0.insert(raw.into(), names.len());
        names.push(cx, name);
        name
    }
}
