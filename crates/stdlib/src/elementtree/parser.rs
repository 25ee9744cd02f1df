//! `XMLParser`: events of a document for a target, which is a builder of trees unless the program has its own.
//!
//! Invariant: one call of `feed` at a time; its target runs without the parser's lock.

use std::sync::atomic::{AtomicBool, Ordering};

use taipan_runtime::exception;
use taipan_runtime::prelude::*;
use taipan_runtime::types::bytes::Bytes;
use taipan_xml::{Code, Event, Parser, Step, Wanted};

use super::PARSE_ERROR;
use super::builder::{Report, TreeBuilder};
use crate::pyexpat;
use crate::pyexpat::names::Numbers;

/// What is read at once from a file.
const READ: i64 = 64 << 10;

/// Methods of a target, in the order of their slots.
#[derive(Clone, Copy)]
enum Method {
    StartNamespace,
    EndNamespace,
    Start,
    Data,
    End,
    Comment,
    Instruction,
    Close,
    Doctype,
}

const METHODS: [&str; 9] =
    ["start_ns", "end_ns", "start", "data", "end", "comment", "pi", "close", "doctype"];

/// Body of `xml.etree.ElementTree.XMLParser`.
#[derive(Trace)]
pub struct XmlParser {
    state: Guarded<Opaque<State>>,
    /// EMPTY until `__init__` has been called.
    target: Slot,
    entity: TypedSlot<Dict>,
    /// Names as the target sees them, by their numbers.
    names: TypedSlot<List>,
    methods: [Slot; METHODS.len()],
    is_parsing: AtomicBool,
}

struct State {
    parser: Parser,
    /// Character data that has been gathered for a builder.
    text: String,
    numbers: Numbers,
}

/// What is to be done with an event.
enum Act {
    Start(Value, Option<Gc<Dict>>),
    End(Value),
    Data(Value),
    Default(Value, String),
    StartNamespace(Value, Value),
    EndNamespace(Value),
    Comment(Value),
    Instruction(Value, Value),
    Doctype([Value; 3]),
    Encoding(String),
    Nothing,
    Done,
    Failed(Code),
}

impl State {
    fn new(encoding: Option<&str>) -> State {
        State { parser: Parser::new(encoding, Some(b'}')), text: String::new(), numbers: Numbers::default() }
    }
}

/// A name as the target sees it: `{namespace}name`.
fn universal(cx: &Context, numbers: &mut Numbers, names: Gc<List>, raw: &str) -> Value {
    numbers.name(cx, names, raw, || match raw.contains('}') {
        true => cx.new_str(&format!("{{{raw}")).value(),
        false => cx.new_str(raw).value(),
    })
}

impl XmlParser {
    fn method(&self, method: Method) -> Option<Value> {
        self.methods[method as usize].load()
    }

    /// The target, if it is a builder whose methods need not be looked up.
    fn builder(&self, cx: &Context) -> Option<Gc<TreeBuilder>> {
        let target = self.target.load()?;
        target.downcast::<TreeBuilder>().filter(|_| cx.class_of(target) == TreeBuilder::class_cell().get())
    }

    /// The next event, and the text that goes before it.
    fn next(&self, cx: &Context, gathers: bool) -> (Option<Value>, Act) {
        let Some(names) = self.names.load() else { return (None, Act::Done) };
        let mut held = self.state.lock(cx);
        let State { parser, text, numbers } = &mut held.0;
        let act = loop {
            let event = match parser.next() {
                Step::Done => return (None, Act::Done),
                Step::Failed(code) => return (None, Act::Failed(code)),
                Step::Event(Event::CharacterData(data)) if gathers => {
                    text.push_str(data);
                    continue;
                }
                Step::Event(event) => event,
            };
            let new = |text: &str| cx.new_str(text).value();
            break match event {
                Event::StartElement { name, attributes } => {
                    let tag = universal(cx, numbers, names, name);
                    let mut pairs = GVec::with_capacity(attributes.len() * 2);
                    for (name, value) in attributes.iter() {
                        pairs.push(universal(cx, numbers, names, name));
                        pairs.push(new(value));
                    }
                    let attributes = (!pairs.is_empty()).then(|| Dict::from_names(cx, &pairs));
                    Act::Start(tag, attributes)
                }
                // A builder does not look at what ends.
                Event::EndElement(_) if gathers => Act::End(Value::NONE),
                Event::EndElement(name) => Act::End(universal(cx, numbers, names, name)),
                Event::CharacterData(data) => Act::Data(new(data)),
                Event::Default(data) if data.len() >= 2 && data.starts_with('&') => {
                    Act::Default(new(&data[1..data.len() - 1]), data.to_owned())
                }
                Event::StartNamespace { prefix, uri } => {
                    Act::StartNamespace(new(prefix.unwrap_or("")), new(uri.unwrap_or("")))
                }
                Event::EndNamespace(prefix) => Act::EndNamespace(new(prefix.unwrap_or(""))),
                Event::Comment(data) => Act::Comment(new(data)),
                Event::Instruction { target, data } => Act::Instruction(new(target), new(data)),
                Event::StartDoctype { name, system_id, public_id, .. } => {
                    let mut part = |part: Option<&str>| {
                        part.map_or(Value::NONE, |part| universal(cx, numbers, names, part))
                    };
                    Act::Doctype([part(Some(name)), part(public_id), part(system_id)])
                }
                Event::UnknownEncoding(name) => Act::Encoding(name.to_owned()),
                _ => Act::Nothing,
            };
        };
        let gathered = (!text.is_empty() && !matches!(act, Act::Nothing)).then(|| cx.new_str(text).value());
        if gathered.is_some() {
            text.clear();
        }
        (gathered, act)
    }

    fn tell(this: Gc<Self>, cx: &mut Context, method: Method, args: &[Value]) -> Result<()> {
        match this.method(method) {
            Some(method) => cx.call(method, args).map(|_| ()),
            None => Ok(()),
        }
    }

    fn act(this: Gc<Self>, cx: &mut Context, act: Act) -> Result<()> {
        if let Some(builder) = this.builder(cx) {
            match act {
                Act::Start(tag, attributes) => return builder.handle_start(cx, tag, attributes).map(|_| ()),
                Act::End(_) => return builder.handle_end(cx).map(|_| ()),
                Act::Data(data) => {
                    builder.handle_data(cx, data);
                    return Ok(());
                }
                Act::Comment(text) => return builder.handle_comment(cx, text).map(|_| ()),
                Act::Instruction(target, text) => {
                    return match builder.reports(Report::Instruction) || builder.inserts_pis() {
                        true => builder.handle_pi(cx, target, text).map(|_| ()),
                        false => Ok(()),
                    };
                }
                Act::StartNamespace(prefix, uri) => {
                    let parcel = cx.new_tuple(&[prefix, uri]).value();
                    return builder.report(cx, Report::StartNamespace, parcel);
                }
                Act::EndNamespace(_) => return builder.report(cx, Report::EndNamespace, Value::NONE),
                _ => {}
            }
        }
        match act {
            Act::Start(tag, attributes) => {
                let attributes = attributes.unwrap_or_else(|| cx.new_dict()).value();
                XmlParser::tell(this, cx, Method::Start, &[tag, attributes])
            }
            Act::End(tag) => XmlParser::tell(this, cx, Method::End, &[tag]),
            Act::Data(data) => XmlParser::tell(this, cx, Method::Data, &[data]),
            Act::Comment(text) => XmlParser::tell(this, cx, Method::Comment, &[text]),
            Act::Instruction(target, text) => XmlParser::tell(this, cx, Method::Instruction, &[target, text]),
            Act::StartNamespace(prefix, uri) => {
                XmlParser::tell(this, cx, Method::StartNamespace, &[prefix, uri])
            }
            Act::EndNamespace(prefix) => XmlParser::tell(this, cx, Method::EndNamespace, &[prefix]),
            Act::Default(name, shown) => XmlParser::entity_named(this, cx, name, &shown),
            Act::Doctype(parts) => XmlParser::doctype(this, cx, &parts),
            Act::Encoding(name) => {
                let table = pyexpat::encoding_table(cx, &name)?;
                this.state.lock(cx).0.parser.answer_encoding(Some(table));
                Ok(())
            }
            Act::Nothing | Act::Done | Act::Failed(_) => Ok(()),
        }
    }

    /// A reference to an entity that the document does not declare.
    fn entity_named(this: Gc<Self>, cx: &mut Context, name: Value, shown: &str) -> Result<()> {
        let value = match this.entity.load() {
            Some(entities) => entities.get(cx, name)?,
            None => None,
        };
        let Some(value) = value else {
            let end = shown.floor_char_boundary(100);
            let message = format!("undefined entity {}", &shown[..end]);
            return Err(XmlParser::failure(this, cx, Code::UndefinedEntity, &message));
        };
        match this.builder(cx) {
            Some(builder) => {
                builder.handle_data(cx, value);
                Ok(())
            }
            None => XmlParser::tell(this, cx, Method::Data, &[value]),
        }
    }

    fn doctype(this: Gc<Self>, cx: &mut Context, parts: &[Value]) -> Result<()> {
        if this.method(Method::Doctype).is_some() {
            return XmlParser::tell(this, cx, Method::Doctype, parts);
        }
        if cx.lookup_attr_str(this.value(), "doctype")?.is_some() {
            let message = "The doctype() method of XMLParser is ignored.  Define doctype() method on the \
                           TreeBuilder target.";
            return cx.warn(exception::runtime_warning, message, 1);
        }
        Ok(())
    }

    /// Raises `ParseError`.
    fn failure(this: Gc<Self>, cx: &mut Context, code: Code, message: &str) -> Raised {
        let (line, column) = this.state.lock(cx).0.parser.position();
        let message = cx.new_str(&format!("{message}: line {line}, column {column}")).value();
        let made = PARSE_ERROR.class(cx).and_then(|class| cx.call(class, &[message]));
        let error = match made {
            Ok(error) => error,
            Err(raised) => return raised,
        };
        let position = cx.new_tuple(&[Value::int(line as i64), Value::int(column as i64)]).value();
        let code = Value::int(i64::from(code.number()));
        let set =
            cx.set_attr_str(error, "code", code).and_then(|()| cx.set_attr_str(error, "position", position));
        match set {
            Ok(()) => cx.raise(error),
            Err(raised) => raised,
        }
    }

    /// Reads what has been fed to its end without telling anybody, as something was raised.
    fn drain(&self, cx: &Context) {
        let mut held = self.state.lock(cx);
        let state = &mut held.0;
        state.text.clear();
        loop {
            match state.parser.next() {
                Step::Event(Event::UnknownEncoding(_)) => {}
                Step::Event(_) => continue,
                Step::Done | Step::Failed(_) => return,
            }
            state.parser.answer_encoding(None);
        }
    }

    fn parse(this: Gc<Self>, cx: &mut Context, name: &str, data: &[u8], is_final: bool) -> Result<()> {
        if this.is_parsing.swap(true, Ordering::Acquire) {
            return Err(cx.runtime_error(format!("cannot call {name}() from within a handler")));
        }
        let fed = this.state.lock(cx).0.parser.feed(data, data.len(), is_final);
        cx.took_memory(data.len());
        let result = match fed {
            Ok(()) => XmlParser::events(this, cx),
            Err(code) => Ok(Some(code)),
        };
        let result = match result {
            Ok(None) => Ok(()),
            Ok(Some(code)) => {
                let message = taipan_xml::message(code.number()).unwrap_or_default();
                Err(XmlParser::failure(this, cx, code, message))
            }
            Err(raised) => {
                this.drain(cx);
                Err(raised)
            }
        };
        this.is_parsing.store(false, Ordering::Release);
        result
    }

    fn events(this: Gc<Self>, cx: &mut Context) -> Result<Option<Code>> {
        loop {
            let builder = this.builder(cx);
            let (text, act) = this.next(cx, builder.is_some());
            if let (Some(builder), Some(text)) = (builder, text) {
                builder.handle_data(cx, text);
            }
            match act {
                Act::Done => return Ok(None),
                Act::Failed(code) => return Ok(Some(code)),
                act => XmlParser::act(this, cx, act)?,
            }
            cx.poll()?;
        }
    }

    fn check(&self, cx: &mut Context) -> Result<Value> {
        match self.target.load() {
            Some(target) => Ok(target),
            None => Err(cx.value_error("XMLParser.__init__() wasn't called")),
        }
    }

    /// What the reports of a sequence are, and whether namespaces are among them.
    fn reports(cx: &mut Context, events: Value) -> Result<u32> {
        if !cx.is_iterable(events) {
            return Err(cx.type_error("events must be a sequence"));
        }
        let mut reports = 0;
        for event in cx.collect(events)?.iter() {
            let name = match (event.downcast::<Str>(), event.downcast::<Bytes>()) {
                (Some(name), _) => name.to_str().into_owned(),
                (None, Some(name)) => String::from_utf8_lossy(name.as_slice()).into_owned(),
                (None, None) => return Err(cx.value_error("invalid events sequence")),
            };
            match Report::find(&name) {
                Some(report) => reports |= report as u32,
                None => return Err(cx.value_error(format!("unknown event '{name}'"))),
            }
        }
        Ok(reports)
    }
}

#[class(name = "XMLParser", module = "xml.etree.ElementTree", flags = BASETYPE)]
impl XmlParser {
    #[new("(*args, **kwargs)")]
    fn new(cx: &mut Context, class: Gc<Class>, _args: Gc<Tuple>, _kwargs: Gc<Dict>) -> Result<Gc<Self>> {
        let body = XmlParser {
            state: Guarded::new(Opaque(State::new(None))),
            target: Slot::EMPTY,
            entity: TypedSlot::EMPTY,
            names: TypedSlot::EMPTY,
            methods: [const { Slot::EMPTY }; METHODS.len()],
            is_parsing: AtomicBool::new(false),
        };
        Ok(cx.new_instance(class, body))
    }

    #[init("(*, target=None, encoding=None)")]
    fn init(this: Gc<Self>, cx: &mut Context, target: Value, encoding: Value) -> Result<()> {
        let encoding =
            pyexpat::optional_string(cx, encoding.not_none(), "XMLParser() argument 'encoding'", " or None")?;
        let target = target.not_none().unwrap_or_else(|| TreeBuilder::create(cx).value());
        for (slot, name) in this.methods.iter().zip(METHODS) {
            slot.store_option(cx.lookup_attr_str(target, name)?);
        }
        let has = |method: Method| this.method(method).is_some();
        let wanted = Wanted::START_ELEMENT
            .with(Wanted::END_ELEMENT, true)
            .with(Wanted::DEFAULT, true)
            .with(Wanted::CHARACTER_DATA, true)
            .with(Wanted::START_DOCTYPE, true)
            .with(Wanted::UNKNOWN_ENCODING, true)
            .with(Wanted::COMMENT, has(Method::Comment))
            .with(Wanted::INSTRUCTION, has(Method::Instruction))
            .with(Wanted::START_NAMESPACE, has(Method::StartNamespace) || has(Method::EndNamespace))
            .with(Wanted::END_NAMESPACE, has(Method::StartNamespace) || has(Method::EndNamespace));
        let mut state = State::new(encoding.as_deref());
        state.parser.set_wanted(wanted, true);
        this.entity.store(cx.new_dict());
        this.names.store(cx.new_list(&[]));
        this.state.lock(cx).0 = state;
        this.target.store(target);
        Ok(())
    }

    #[function("(data, /)")]
    fn feed(this: Gc<Self>, cx: &mut Context, data: Value) -> Result<()> {
        this.check(cx)?;
        let bytes = match data.downcast::<Str>() {
            Some(text) => {
                let bytes = text.to_utf8(cx)?.into_owned().into_bytes();
                this.state.lock(cx).0.parser.set_encoding("utf-8");
                bytes
            }
            None => cx.bytes_like(data)?.to_vec(),
        };
        XmlParser::parse(this, cx, "feed", &bytes, false)
    }

    #[function("()")]
    fn close(this: Gc<Self>, cx: &mut Context) -> Result {
        this.check(cx)?;
        XmlParser::parse(this, cx, "close", b"", true)?;
        match (this.builder(cx), this.method(Method::Close)) {
            (Some(builder), _) => Ok(builder.tree()),
            (None, Some(close)) => cx.call(close, &[]),
            (None, None) => Ok(Value::NONE),
        }
    }

    #[function("()")]
    fn flush(this: Gc<Self>, cx: &mut Context) -> Result<()> {
        this.check(cx)?;
        this.state.lock(cx).0.parser.set_reparse_deferral(false);
        let result = XmlParser::parse(this, cx, "flush", b"", false);
        this.state.lock(cx).0.parser.set_reparse_deferral(true);
        result
    }

    #[function("(file, /)", name = "_parse_whole")]
    fn parse_whole(this: Gc<Self>, cx: &mut Context, file: Value) -> Result {
        this.check(cx)?;
        let read = cx.get_attr_str(file, "read")?;
        loop {
            let given = cx.call(read, &[Value::int(READ)])?;
            let piece = match (given.downcast::<Str>(), given.downcast::<Bytes>()) {
                (Some(text), _) => text.to_utf8(cx)?.into_owned().into_bytes(),
                (None, Some(bytes)) => bytes.as_slice().to_vec(),
                (None, None) => break,
            };
            if piece.is_empty() {
                break;
            }
            if given.downcast::<Str>().is_some() {
                this.state.lock(cx).0.parser.set_encoding("utf-8");
            }
            XmlParser::parse(this, cx, "_parse_whole", &piece, false)?;
        }
        XmlParser::parse(this, cx, "_parse_whole", b"", true)?;
        Ok(this.builder(cx).map_or(Value::NONE, |builder| builder.tree()))
    }

    #[function("(events_queue, events_to_report=None, /)", name = "_setevents")]
    fn setevents(
        this: Gc<Self>,
        cx: &mut Context,
        events_queue: Value,
        events_to_report: Value,
    ) -> Result<()> {
        this.check(cx)?;
        let Some(builder) = this.builder(cx) else {
            let message = "event handling only supported for ElementTree.TreeBuilder targets";
            return Err(cx.type_error(message));
        };
        let append = cx.get_attr_str(events_queue, "append")?;
        let reports = match events_to_report.not_none() {
            None => Report::End as u32,
            Some(events) => XmlParser::reports(cx, events)?,
        };
        builder.set_reports(append, reports);
        let has = |report: Report| reports & report as u32 != 0;
        let namespaces = has(Report::StartNamespace) || has(Report::EndNamespace);
        if namespaces {
            let mut held = this.state.lock(cx);
            let parser = &mut held.0.parser;
            let wanted =
                parser.wanted().with(Wanted::START_NAMESPACE, true).with(Wanted::END_NAMESPACE, true);
            parser.set_wanted(wanted, true);
        }
        Ok(())
    }

    #[member]
    fn entity(&self) -> Value {
        self.entity.load().map_or(Value::NONE, Gc::value)
    }

    #[member]
    fn target(&self) -> Value {
        self.target.load_or_none()
    }

    #[getter]
    fn version(&self) -> &'static str {
        "Expat 2.9.0"
    }
}
