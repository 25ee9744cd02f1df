//! What declarations say: entities, element types, attributes, and the prefixes of namespaces.
//!
//! Invariant: an index into a table stays valid; tables only grow.

use std::collections::HashMap;
use std::sync::Arc;

use crate::event::Model;
use crate::hash::NameHash;
use crate::role::Quantifier;

/// A table of things by their names, which are interned in it.
#[derive(Clone, Debug)]
pub(crate) struct Table<T> {
    indices: HashMap<Arc<[u8]>, u32, NameHash>,
    items: Vec<T>,
}

impl<T> Default for Table<T> {
    fn default() -> Self {
        Table { indices: HashMap::default(), items: Vec::new() }
    }
}

impl<T> Table<T> {
    pub(crate) fn find(&self, name: &[u8]) -> Option<u32> {
        self.indices.get(name).copied()
    }

    /// The index of a name, and whether it is new.
    pub(crate) fn find_or_add(&mut self, name: &[u8], make: impl FnOnce(Arc<[u8]>) -> T) -> (u32, bool) {
        if let Some(index) = self.find(name) {
            return (index, false);
        }
        let index = self.items.len() as u32;
        let name: Arc<[u8]> = name.into();
        self.items.push(make(name.clone()));
        self.indices.insert(name, index);
        (index, true)
    }

    pub(crate) fn get(&self, index: u32) -> &T {
        &self.items[index as usize]
    }

    pub(crate) fn get_mut(&mut self, index: u32) -> &mut T {
        &mut self.items[index as usize]
    }

    pub(crate) fn iter(&self) -> impl Iterator<Item = &T> {
        self.items.iter()
    }
}

/// An entity, general or parameter.
#[derive(Clone, Debug)]
pub(crate) struct Entity {
    pub(crate) name: Arc<[u8]>,
    /// The text that stands for it, if it is internal.
    pub(crate) text: Option<Arc<[u8]>>,
    pub(crate) system_id: Option<Arc<[u8]>>,
    pub(crate) public_id: Option<Arc<[u8]>>,
    pub(crate) base: Option<Arc<[u8]>>,
    pub(crate) notation: Option<Arc<[u8]>>,
    /// Its text is being read.
    pub(crate) open: bool,
    pub(crate) is_param: bool,
    /// Declared in the document itself, outside of parameter entities.
    pub(crate) is_internal: bool,
}

impl Entity {
    pub(crate) fn new(name: Arc<[u8]>) -> Entity {
        Entity {
            name,
            text: None,
            system_id: None,
            public_id: None,
            base: None,
            notation: None,
            open: false,
            is_param: false,
            is_internal: false,
        }
    }
}

/// Which entity: the table, and the index in it.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) struct EntityRef {
    pub(crate) is_param: bool,
    pub(crate) index: u32,
}

#[derive(Clone, Debug)]
pub(crate) struct DefaultAttribute {
    pub(crate) attribute: u32,
    pub(crate) value: Option<Arc<[u8]>>,
}

#[derive(Clone, Debug, Default)]
pub(crate) struct ElementType {
    pub(crate) name: Arc<[u8]>,
    pub(crate) prefix: Option<u32>,
    pub(crate) defaults: Vec<DefaultAttribute>,
    /// For each declared attribute, whether its first declaration says CDATA.
    pub(crate) declared: HashMap<u32, bool>,
}

#[derive(Clone, Debug)]
pub(crate) struct Attribute {
    pub(crate) name: Arc<[u8]>,
    pub(crate) prefix: Option<u32>,
    pub(crate) is_xmlns: bool,
    /// Some declaration gives it another type than CDATA.
    pub(crate) maybe_tokenized: bool,
    /// The number of the last tag that had it.
    pub(crate) seen: u64,
}

/// A prefix, and what it is bound to where the parser stands.
#[derive(Clone, Debug)]
pub(crate) struct Prefix {
    pub(crate) name: Arc<[u8]>,
    pub(crate) binding: Option<u32>,
}

/// The prefix that has no name.
pub(crate) const DEFAULT_PREFIX: u32 = 0;

/// A prefix that a tag has bound.
#[derive(Clone, Debug)]
pub(crate) struct Binding {
    pub(crate) prefix: u32,
    pub(crate) previous: Option<u32>,
    /// The namespace, with the separator behind it.
    pub(crate) uri: Arc<[u8]>,
}

#[derive(Clone, Debug)]
pub(crate) struct Part {
    pub(crate) kind: PartKind,
    pub(crate) quantifier: Quantifier,
    pub(crate) name: Option<Arc<[u8]>>,
    pub(crate) children: Vec<usize>,
}

/// What a part of a model of content is, by expat's numbers.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
#[repr(u8)]
pub enum PartKind {
    Empty = 1,
    Any = 2,
    Mixed = 3,
    Name = 4,
    Choice = 5,
    Sequence = 6,
}

#[derive(Clone, Debug)]
pub(crate) struct Dtd {
    pub(crate) general: Table<Entity>,
    pub(crate) params: Table<Entity>,
    pub(crate) elements: Table<ElementType>,
    pub(crate) attributes: Table<Attribute>,
    pub(crate) prefixes: Table<Prefix>,
    pub(crate) bindings: Vec<Binding>,
    /// Declarations still count: no parameter entity has been skipped.
    pub(crate) keep_processing: bool,
    pub(crate) has_param_entity_refs: bool,
    pub(crate) standalone: bool,
    pub(crate) param_entity_read: bool,
    /// The model that is being declared.
    pub(crate) in_element: bool,
    pub(crate) parts: Vec<Part>,
    pub(crate) open_parts: Vec<usize>,
    /// The value of an entity that is being declared.
    pub(crate) entity_value: Vec<u8>,
}

impl Dtd {
    pub(crate) fn new() -> Dtd {
        let mut prefixes = Table::default();
        prefixes.find_or_add(b"", |name| Prefix { name, binding: None });
        Dtd {
            general: Table::default(),
            params: Table::default(),
            elements: Table::default(),
            attributes: Table::default(),
            prefixes,
            bindings: Vec::new(),
            keep_processing: true,
            has_param_entity_refs: false,
            standalone: false,
            param_entity_read: false,
            in_element: false,
            parts: Vec::new(),
            open_parts: Vec::new(),
            entity_value: Vec::new(),
        }
    }

    /// A copy for the parser of an external entity, in which no prefix is bound and no entity is open.
    pub(crate) fn copied(&self) -> Dtd {
        let mut copy = self.clone();
        copy.bindings.clear();
        copy.prefixes.items.iter_mut().for_each(|prefix| prefix.binding = None);
        copy.attributes.items.iter_mut().for_each(|attribute| attribute.seen = 0);
        for entity in copy.general.items.iter_mut().chain(&mut copy.params.items) {
            entity.open = false;
        }
        copy
    }

    pub(crate) fn entity(&self, entity: EntityRef) -> &Entity {
        if entity.is_param { self.params.get(entity.index) } else { self.general.get(entity.index) }
    }

    pub(crate) fn entity_mut(&mut self, entity: EntityRef) -> &mut Entity {
        if entity.is_param { self.params.get_mut(entity.index) } else { self.general.get_mut(entity.index) }
    }

    pub(crate) fn prefix(&mut self, name: &[u8]) -> u32 {
        self.prefixes.find_or_add(name, |name| Prefix { name, binding: None }).0
    }

    /// The element type of a name, and whether it is new.
    pub(crate) fn element(&mut self, name: &[u8], namespaces: bool) -> (u32, bool) {
        if let Some(index) = self.elements.find(name) {
            return (index, false);
        }
        let colon = name.iter().position(|byte| *byte == b':').filter(|_| namespaces);
        let prefix = colon.map(|colon| self.prefix(&name[..colon]));
        self.elements.find_or_add(name, |name| ElementType { name, prefix, ..ElementType::default() })
    }

    /// The attribute of a name, and whether it is new.
    pub(crate) fn attribute(&mut self, name: &[u8], namespaces: bool) -> (u32, bool) {
        if let Some(index) = self.attributes.find(name) {
            return (index, false);
        }
        let (mut prefix, mut is_xmlns) = (None, false);
        if namespaces {
            if name == b"xmlns" {
                (prefix, is_xmlns) = (Some(DEFAULT_PREFIX), true);
            } else if let Some(local) = name.strip_prefix(b"xmlns:") {
                (prefix, is_xmlns) = (Some(self.prefix(local)), true);
            } else if let Some(colon) = name.iter().position(|byte| *byte == b':') {
                prefix = Some(self.prefix(&name[..colon]));
            }
        }
        self.attributes.find_or_add(name, |name| Attribute {
            name,
            prefix,
            is_xmlns,
            maybe_tokenized: false,
            seen: 0,
        })
    }

    /// Declares an attribute of an element type; what was declared first holds.
    pub(crate) fn define_attribute(
        &mut self,
        element: u32,
        attribute: u32,
        is_cdata: bool,
        is_id: bool,
        value: Option<Arc<[u8]>>,
    ) {
        let type_ = self.elements.get_mut(element);
        if value.is_some() || is_id {
            if type_.declared.contains_key(&attribute) {
                return;
            }
        }
        type_.defaults.push(DefaultAttribute { attribute, value });
        type_.declared.entry(attribute).or_insert(is_cdata);
        if !is_cdata {
            self.attributes.get_mut(attribute).maybe_tokenized = true;
        }
    }

    /// Adds a part to the model that is being declared, below the group that is open.
    pub(crate) fn add_part(&mut self, kind: PartKind, name: Option<Arc<[u8]>>) -> usize {
        let index = self.parts.len();
        self.parts.push(Part { kind, quantifier: Quantifier::None, name, children: Vec::new() });
        if let Some(parent) = self.open_parts.last() {
            self.parts[*parent].children.push(index);
        }
        index
    }

    /// The model that has been declared: each part's children stand next to each other.
    pub(crate) fn model(&self) -> Model {
        let mut model = Model { parts: Vec::with_capacity(self.parts.len()) };
        let mut sources = vec![0];
        let mut at = 0;
        while at < sources.len() {
            let part = &self.parts[sources[at]];
            let first = sources.len();
            sources.extend(&part.children);
            model.parts.push(crate::event::ModelPart {
                kind: part.kind,
                quantifier: part.quantifier,
                name: part.name.as_deref().map(|name| crate::bytes::text(name).to_owned()),
                children: first..sources.len(),
            });
            at += 1;
        }
        model
    }
}
