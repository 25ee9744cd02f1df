//! Start tags: attributes with their defaults, namespaces, names as they are told.
//!
//! Invariant: the bindings that a tag made are the last ones, and go when its element ends.

use std::collections::HashSet;

use crate::code::Code;
use crate::dtd::{Binding, DEFAULT_PREFIX, Dtd};
use crate::event::{Span, Wanted};
use crate::parser::{Failure, Parser, Source};
use crate::token::RawAttribute;
use crate::told::Told;

const XML_NAMESPACE: &[u8] = b"http://www.w3.org/XML/1998/namespace";
const XMLNS_NAMESPACE: &[u8] = b"http://www.w3.org/2000/xmlns/";

/// Separates the parts of a context.
const CONTEXT_SEPARATOR: u8 = 0x0c;

/// Up to this many expanded names are compared with each other, more are looked up.
const FEW: usize = 16;

/// Whether RFC 3986 lets the character stand in a URI.
fn is_uri_character(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || b"%-._~:/?#[]@!$&'()*+,;=".contains(&byte)
}

impl Parser {
    /// The attributes of the tag that has been scanned, and its expanded name if it has a namespace.
    pub(crate) fn open_tag(
        &mut self,
        dtd: &mut Dtd,
        text: &[u8],
        source: Source,
        name: (usize, usize),
        counts: bool,
    ) -> Result<Option<Span>, Failure> {
        let raw_name = &text[name.0..name.1];
        let namespaces = self.separator.is_some();
        let (element, is_new) = dtd.element(raw_name, namespaces);
        if is_new {
            self.account.allocate(128 + raw_name.len());
        }
        self.attributes.clear();
        self.attribute_ids.clear();
        self.stamp += 1;
        let bound = dtd.bindings.len();
        let raw = std::mem::take(&mut self.raw_attributes);
        let stored = raw.iter().try_for_each(|attribute| {
            self.specified_attribute(dtd, element, text, source, attribute, counts)
        });
        self.raw_attributes = raw;
        stored?;
        self.specified = self.attributes.len() as u32;
        self.default_attributes(dtd, element)?;
        debug_assert!(dtd.bindings.len() >= bound);
        if !namespaces {
            return Ok(None);
        }
        self.expand_attributes(dtd)?;
        self.expand_element(dtd, element, raw_name)
    }

    fn specified_attribute(
        &mut self,
        dtd: &mut Dtd,
        element: u32,
        text: &[u8],
        source: Source,
        raw: &RawAttribute,
        counts: bool,
    ) -> Result<(), Failure> {
        let name = &text[raw.name.0..raw.name.1];
        let (index, is_new) = dtd.attribute(name, self.separator.is_some());
        if is_new {
            self.account.allocate(96 + name.len());
        }
        let attribute = dtd.attributes.get_mut(index);
        if attribute.seen == self.stamp {
            return Err(self.failure_at(Code::DuplicateAttribute, source, raw.name.0));
        }
        attribute.seen = self.stamp;
        let (prefix, is_xmlns, maybe_tokenized) =
            (attribute.prefix, attribute.is_xmlns, attribute.maybe_tokenized);
        let name = self.keep(name);
        let value = if raw.normalized {
            self.keep(&text[raw.value.0..raw.value.1])
        } else {
            let is_cdata =
                !maybe_tokenized || dtd.elements.get(element).declared.get(&index).copied().unwrap_or(true);
            let start = self.scratch.len() as u32;
            let mut scratch = std::mem::take(&mut self.scratch);
            let stored =
                self.attribute_value(dtd, text, source, raw.value, is_cdata, counts, false, &mut scratch);
            self.scratch = scratch;
            stored?;
            (start, self.scratch.len() as u32)
        };
        self.add_attribute(dtd, index, name, value, prefix.filter(|_| is_xmlns))
    }

    /// Adds an attribute, or what it declares of a namespace.
    fn add_attribute(
        &mut self,
        dtd: &mut Dtd,
        index: u32,
        name: Span,
        value: Span,
        declares: Option<u32>,
    ) -> Result<(), Failure> {
        if let Some(prefix) = declares {
            let uri = self.scratch[value.0 as usize..value.1 as usize].to_vec();
            return Ok(self.bind(dtd, prefix, true, &uri)?);
        }
        self.attributes.push((name, value));
        self.attribute_ids.push(index);
        Ok(())
    }

    fn default_attributes(&mut self, dtd: &mut Dtd, element: u32) -> Result<(), Failure> {
        for at in 0..dtd.elements.get(element).defaults.len() {
            let default = &dtd.elements.get(element).defaults[at];
            let Some(value) = default.value.clone() else { continue };
            let index = default.attribute;
            let attribute = dtd.attributes.get_mut(index);
            if attribute.seen == self.stamp {
                continue;
            }
            attribute.seen = self.stamp;
            let declares = attribute.prefix.filter(|_| attribute.is_xmlns);
            let name = attribute.name.clone();
            let name = self.keep(&name);
            let value = self.keep(&value);
            self.add_attribute(dtd, index, name, value, declares)?;
        }
        Ok(())
    }

    /// Puts namespaces in the place of prefixes.
    fn expand_attributes(&mut self, dtd: &Dtd) -> Result<(), Failure> {
        let mut expanded: Vec<Span> = Vec::new();
        let mut many: HashSet<Vec<u8>> = HashSet::new();
        for at in 0..self.attributes.len() {
            let Some(prefix) = dtd.attributes.get(self.attribute_ids[at]).prefix else { continue };
            let Some(binding) = dtd.prefixes.get(prefix).binding else {
                return Err(Code::UnboundPrefix.into());
            };
            let binding = &dtd.bindings[binding as usize];
            let (name_start, name_end) = self.attributes[at].0;
            let local = name_start as usize + dtd.prefixes.get(prefix).name.len() + 1;
            let start = self.scratch.len() as u32;
            self.scratch.extend_from_slice(&binding.uri);
            self.scratch.extend_from_within(local..name_end as usize);
            let span = (start, self.scratch.len() as u32);
            let piece = |span: Span| &self.scratch[span.0 as usize..span.1 as usize];
            let is_repeated = if expanded.len() < FEW {
                expanded.iter().any(|other| piece(*other) == piece(span))
            } else {
                if many.is_empty() {
                    many.extend(expanded.iter().map(|span| piece(*span).to_vec()));
                }
                !many.insert(piece(span).to_vec())
            };
            if is_repeated {
                return Err(Code::DuplicateAttribute.into());
            }
            expanded.push(span);
            self.keep_prefix(&dtd.prefixes.get(prefix).name);
            self.attributes[at].0 = (start, self.scratch.len() as u32);
        }
        Ok(())
    }

    /// Adds the prefix to a name where the caller wants all three parts.
    fn keep_prefix(&mut self, prefix: &[u8]) {
        if let Some(separator @ 1..) = self.separator
            && self.triplets
            && !prefix.is_empty()
        {
            self.scratch.push(separator);
            self.scratch.extend_from_slice(prefix);
        }
    }

    fn expand_element(&mut self, dtd: &Dtd, element: u32, raw_name: &[u8]) -> Result<Option<Span>, Failure> {
        let (prefix, local) = match dtd.elements.get(element).prefix {
            Some(prefix) => (prefix, dtd.prefixes.get(prefix).name.len() + 1),
            None => (DEFAULT_PREFIX, 0),
        };
        let Some(binding) = dtd.prefixes.get(prefix).binding else {
            return if prefix == DEFAULT_PREFIX && local == 0 {
                Ok(None)
            } else {
                Err(Code::UnboundPrefix.into())
            };
        };
        let start = self.scratch.len() as u32;
        self.scratch.extend_from_slice(&dtd.bindings[binding as usize].uri);
        self.scratch.extend_from_slice(&raw_name[local..]);
        self.keep_prefix(&dtd.prefixes.get(prefix).name);
        Ok(Some((start, self.scratch.len() as u32)))
    }

    /// Binds a prefix to a namespace; where a scope begins, that is told.
    fn bind(&mut self, dtd: &mut Dtd, prefix: u32, begins_scope: bool, uri: &[u8]) -> Result<(), Code> {
        let name = dtd.prefixes.get(prefix).name.clone();
        let is_default = prefix == DEFAULT_PREFIX;
        if uri.is_empty() && !is_default {
            return Err(Code::UndeclaringPrefix);
        }
        if &*name == b"xmlns" {
            return Err(Code::ReservedPrefixXmlns);
        }
        if let Some(separator) = self.separator
            && !is_uri_character(separator)
            && uri.contains(&separator)
        {
            return Err(Code::Syntax);
        }
        match (&*name == b"xml", uri == XML_NAMESPACE) {
            (true, false) => return Err(Code::ReservedPrefixXml),
            (false, true) => return Err(Code::ReservedNamespaceUri),
            _ if uri == XMLNS_NAMESPACE => return Err(Code::ReservedNamespaceUri),
            _ => {}
        }
        let mut full = uri.to_vec();
        full.extend(self.separator.filter(|separator| *separator != 0));
        if dtd.bindings.len() == dtd.bindings.capacity() {
            self.account.allocate((dtd.bindings.len() + 1) * (size_of::<Binding>() + full.len()));
        }
        let previous = dtd.prefixes.get(prefix).binding;
        let index = dtd.bindings.len() as u32;
        dtd.bindings.push(Binding { prefix, previous, uri: full.into() });
        let binding = (!uri.is_empty()).then_some(index);
        dtd.prefixes.get_mut(prefix).binding = binding;
        if begins_scope && self.wanted.has(Wanted::START_NAMESPACE) {
            let prefix = (!is_default).then(|| self.keep(&name));
            let uri = binding.map(|_| self.keep(uri));
            self.queue.push(Told::StartNamespace { prefix, uri });
        }
        Ok(())
    }

    /// Ends the scope of the last bindings.
    pub(crate) fn unbind(&mut self, dtd: &mut Dtd, count: u32) {
        for _ in 0..count {
            let Some(binding) = dtd.bindings.pop() else { return };
            let prefix = dtd.prefixes.get_mut(binding.prefix);
            prefix.binding = binding.previous;
            if self.wanted.has(Wanted::END_NAMESPACE) {
                let name = prefix.name.clone();
                let prefix = (binding.prefix != DEFAULT_PREFIX).then(|| self.keep(&name));
                self.queue.push(Told::EndNamespace { prefix });
            }
        }
    }

    /// What a parser of an external entity must know: bound prefixes and open entities.
    pub(crate) fn context(&self, dtd: &Dtd) -> Vec<u8> {
        let separators = usize::from(self.separator.is_some_and(|separator| separator != 0));
        let mut parts: Vec<Vec<u8>> = Vec::new();
        for prefix in dtd.prefixes.iter() {
            let Some(binding) = prefix.binding else { continue };
            let uri = &dtd.bindings[binding as usize].uri;
            let mut part = prefix.name.to_vec();
            part.push(b'=');
            part.extend_from_slice(&uri[..uri.len() - separators]);
            parts.push(part);
        }
        parts.extend(dtd.general.iter().filter(|entity| entity.open).map(|entity| entity.name.to_vec()));
        parts.join(&CONTEXT_SEPARATOR)
    }

    /// Binds and opens what a context says.
    pub(crate) fn set_context(&mut self, dtd: &mut Dtd, context: &[u8]) -> Result<(), Code> {
        for part in context.split(|byte| *byte == CONTEXT_SEPARATOR) {
            if let Some(equals) = part.iter().position(|byte| *byte == b'=') {
                let prefix = dtd.prefix(&part[..equals]);
                self.bind(dtd, prefix, false, &part[equals + 1..])?;
            } else if let Some(index) = dtd.general.find(part) {
                dtd.general.get_mut(index).open = true;
            }
        }
        Ok(())
    }
}
