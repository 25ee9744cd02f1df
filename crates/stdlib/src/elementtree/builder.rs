//! `TreeBuilder`: a tree from calls of `start`, `data` and `end`.
//!
//! Invariant: `stack` holds the parents of `this`, the element that is open.

use std::sync::atomic::{AtomicBool, AtomicU32, Ordering};

use taipan_runtime::prelude::*;
use taipan_runtime::protocol::number::BinaryOp;
use taipan_runtime::types::str::StrBuilder;

use super::element::Element;
use super::{COMMENT_FACTORY, PARSE_ERROR, PI_FACTORY, factory};

/// What a parser's list of events may report.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
#[repr(u32)]
pub(super) enum Report {
    Start = 1,
    End = 2,
    StartNamespace = 4,
    EndNamespace = 8,
    Comment = 16,
    Instruction = 32,
}

impl Report {
    pub(super) fn name(self) -> &'static str {
        match self {
            Report::Start => "start",
            Report::End => "end",
            Report::StartNamespace => "start-ns",
            Report::EndNamespace => "end-ns",
            Report::Comment => "comment",
            Report::Instruction => "pi",
        }
    }

    pub(super) fn find(name: &str) -> Option<Report> {
        use Report::{Comment, End, EndNamespace, Instruction, Start, StartNamespace};
        [Start, End, StartNamespace, EndNamespace, Comment, Instruction]
            .into_iter()
            .find(|report| report.name() == name)
    }
}

/// Body of `xml.etree.ElementTree.TreeBuilder`.
#[derive(Trace)]
pub struct TreeBuilder {
    root: Slot,
    /// The open element.
    this: Slot,
    /// The element that began or ended last.
    last: Slot,
    /// The one behind which text goes; none if text goes into `last`.
    last_for_tail: Slot,
    /// Text that has been gathered: one piece, or a list.
    data: Slot,
    stack: Gc<List>,
    element_factory: Slot,
    comment_factory: Slot,
    pi_factory: Slot,
    insert_comments: AtomicBool,
    insert_pis: AtomicBool,
    /// The `append` of the list of events.
    events: Slot,
    reports: AtomicU32,
}

impl TreeBuilder {
    fn body(cx: &Context) -> TreeBuilder {
        TreeBuilder {
            root: Slot::EMPTY,
            this: Slot::EMPTY,
            last: Slot::EMPTY,
            last_for_tail: Slot::EMPTY,
            data: Slot::EMPTY,
            stack: cx.new_list(&[]),
            element_factory: Slot::EMPTY,
            comment_factory: Slot::EMPTY,
            pi_factory: Slot::EMPTY,
            insert_comments: AtomicBool::new(false),
            insert_pis: AtomicBool::new(false),
            events: Slot::EMPTY,
            reports: AtomicU32::new(0),
        }
    }

    /// The builder that a parser makes for itself.
    pub(super) fn create(cx: &Context) -> Gc<TreeBuilder> {
        cx.new_object(TreeBuilder::body(cx))
    }

    pub(super) fn set_reports(&self, append: Value, reports: u32) {
        self.events.store(append);
        self.reports.store(reports, Ordering::Release);
    }

    pub(super) fn reports(&self, report: Report) -> bool {
        self.reports.load(Ordering::Acquire) & report as u32 != 0
    }

    pub(super) fn inserts_pis(&self) -> bool {
        self.insert_pis.load(Ordering::Relaxed)
    }

    pub(super) fn report(&self, cx: &mut Context, report: Report, node: Value) -> Result<()> {
        if !self.reports(report) {
            return Ok(());
        }
        let Some(append) = self.events.load() else { return Ok(()) };
        let name = cx.intern(report.name()).value();
        let event = cx.new_tuple(&[name, node]).value();
        cx.call(append, &[event]).map(|_| ())
    }

    /// Puts the text that has been gathered where it belongs.
    fn flush(&self, cx: &mut Context) -> Result<()> {
        let Some(data) = self.data.swap(None) else { return Ok(()) };
        let (element, is_tail) = match self.last_for_tail.load() {
            Some(element) => (element, true),
            None => (self.last.load_or_none(), false),
        };
        if let Some(plain) = element.downcast::<Element>()
            && cx.class_of(element) == Element::class_cell().get()
        {
            let slot = if is_tail { &plain.tail } else { &plain.text };
            if slot.load_or_none().is_none() {
                slot.store(joined(cx, data)?);
                return Ok(());
            }
        }
        let mut text = joined(cx, data)?;
        let name = if is_tail { "tail" } else { "text" };
        let previous = cx.get_attr_str(element, name)?;
        if !previous.is_none() {
            text = cx.binary(BinaryOp::Add, previous, text)?;
        }
        cx.set_attr_str(element, name, text)
    }

    fn add(cx: &mut Context, parent: Value, child: Value) -> Result<()> {
        match parent.downcast::<Element>() {
            Some(plain) if cx.class_of(parent) == Element::class_cell().get() => {
                if child.downcast::<Element>().is_none() {
                    return Err(super::expected_element(cx, child));
                }
                plain.children_or_new(cx).push(cx, child);
                Ok(())
            }
            _ => cx.call_method(parent, "append", &[child]).map(|_| ()),
        }
    }

    pub(super) fn handle_start(&self, cx: &mut Context, tag: Value, attrib: Option<Gc<Dict>>) -> Result {
        self.flush(cx)?;
        let node = match self.element_factory.load() {
            None => {
                let attrib = attrib.filter(|attrib| !(attrib.is_exact() && attrib.is_empty()));
                Element::create(cx, tag, attrib).value()
            }
            Some(factory) => {
                let attrib = attrib.unwrap_or_else(|| cx.new_dict()).value();
                cx.call(factory, &[tag, attrib])?
            }
        };
        let this = self.this.load_or_none();
        self.last_for_tail.clear();
        if !this.is_none() {
            TreeBuilder::add(cx, this, node)?;
        } else if self.root.load().is_some() {
            return Err(PARSE_ERROR.raise(cx, "multiple elements on top level"));
        } else {
            self.root.store(node);
        }
        self.stack.push(cx, this);
        self.this.store(node);
        self.last.store(node);
        self.report(cx, Report::Start, node)?;
        Ok(node)
    }

    pub(super) fn handle_data(&self, cx: &Context, data: Value) {
        match self.data.load() {
            // Text before the first element is nobody's.
            None if self.last.load().is_none() => {}
            None => self.data.store(data),
            Some(gathered) => match gathered.downcast::<List>() {
                Some(pieces) => pieces.push(cx, data),
                None => self.data.store(cx.new_list(&[gathered, data]).value()),
            },
        }
    }

    pub(super) fn handle_end(&self, cx: &mut Context) -> Result {
        self.flush(cx)?;
        let Some(parent) = self.stack.pop_last(cx) else {
            return Err(cx.index_error("pop from empty stack"));
        };
        let ended = self.this.load_or_none();
        self.last.store(ended);
        self.last_for_tail.store(ended);
        self.this.store(parent);
        self.report(cx, Report::End, ended)?;
        Ok(ended)
    }

    /// Adds a comment or a processing instruction to the tree, if they are wanted there.
    fn insert(&self, cx: &mut Context, node: Value, wanted: &AtomicBool) -> Result<()> {
        let this = self.this.load_or_none();
        if wanted.load(Ordering::Relaxed) && !this.is_none() {
            TreeBuilder::add(cx, this, node)?;
            self.last_for_tail.store(node);
        }
        Ok(())
    }

    pub(super) fn handle_comment(&self, cx: &mut Context, text: Value) -> Result {
        self.flush(cx)?;
        let node = match self.comment_factory.load() {
            Some(factory) => {
                let node = cx.call(factory, &[text])?;
                self.insert(cx, node, &self.insert_comments)?;
                node
            }
            None => text,
        };
        self.report(cx, Report::Comment, node)?;
        Ok(node)
    }

    pub(super) fn handle_pi(&self, cx: &mut Context, target: Value, text: Value) -> Result {
        self.flush(cx)?;
        let node = match self.pi_factory.load() {
            Some(factory) => {
                let node = cx.call(factory, &[target, text])?;
                self.insert(cx, node, &self.insert_pis)?;
                node
            }
            None => cx.new_tuple(&[target, text]).value(),
        };
        self.report(cx, Report::Instruction, node)?;
        Ok(node)
    }

    pub(super) fn tree(&self) -> Value {
        self.root.load_or_none()
    }
}

/// Gathered text as one string.
fn joined(cx: &mut Context, data: Value) -> Result {
    let Some(pieces) = data.downcast::<List>() else { return Ok(data) };
    let pieces = pieces.snapshot(cx);
    let mut text = StrBuilder::new();
    for (index, piece) in pieces.iter().enumerate() {
        match piece.downcast::<Str>() {
            Some(piece) => text.push(piece),
            None => {
                let found = cx.type_name(*piece);
                let message = format!("sequence item {index}: expected str instance, {found} found");
                return Err(cx.type_error(message));
            }
        }
    }
    Ok(text.finish(cx).value())
}

#[class(name = "TreeBuilder", module = "xml.etree.ElementTree", flags = BASETYPE)]
impl TreeBuilder {
    #[new("(*args, **kwargs)")]
    fn new(cx: &mut Context, class: Gc<Class>, _args: Gc<Tuple>, _kwargs: Gc<Dict>) -> Result<Gc<Self>> {
        let body = TreeBuilder::body(cx);
        Ok(cx.new_instance(class, body))
    }

    #[init(
        "(element_factory=None, *, comment_factory=None, pi_factory=None, insert_comments=False, insert_pis=False)"
    )]
    fn init(
        this: Gc<Self>,
        _cx: &mut Context,
        element_factory: Value,
        comment_factory: Value,
        pi_factory: Value,
        insert_comments: bool,
        insert_pis: bool,
    ) -> Result<()> {
        this.element_factory.store_option(element_factory.not_none());
        let comment_factory = comment_factory.not_none().or_else(|| factory(&COMMENT_FACTORY));
        this.insert_comments.store(insert_comments && comment_factory.is_some(), Ordering::Relaxed);
        this.comment_factory.store_option(comment_factory);
        let pi_factory = pi_factory.not_none().or_else(|| factory(&PI_FACTORY));
        this.insert_pis.store(insert_pis && pi_factory.is_some(), Ordering::Relaxed);
        this.pi_factory.store_option(pi_factory);
        Ok(())
    }

    #[function("(data, /)")]
    fn data(&self, cx: &mut Context, data: Value) {
        self.handle_data(cx, data);
    }

    #[function("(tag, attrs, /)")]
    fn start(&self, cx: &mut Context, tag: Value, attrs: Gc<Dict>) -> Result {
        self.handle_start(cx, tag, Some(attrs))
    }

    #[function("(tag, /)")]
    fn end(&self, cx: &mut Context, tag: Value) -> Result {
        let _ = tag;
        self.handle_end(cx)
    }

    #[function("(text, /)")]
    fn comment(&self, cx: &mut Context, text: Value) -> Result {
        self.handle_comment(cx, text)
    }

    #[function("(target, text=None, /)")]
    fn pi(&self, cx: &mut Context, target: Value, text: Value) -> Result {
        self.handle_pi(cx, target, text)
    }

    #[function("()")]
    fn close(&self) -> Value {
        self.tree()
    }
}
