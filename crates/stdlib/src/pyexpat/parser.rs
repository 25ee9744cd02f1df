//! `xmlparser`: a parser with its handlers. CPython: `Modules/pyexpat.c`.
//!
//! Invariant: one call of `Parse` at a time; its handlers run without the parser's lock, and what they ask the parser
//! for is answered from where it stands.

use std::sync::atomic::{AtomicBool, Ordering};

use taipan_runtime::prelude::*;
use taipan_runtime::types::bytearray::ByteArray;
use taipan_runtime::types::bytes::Bytes;
use taipan_xml::{Code, Parser, Wanted};

use super::calls::{Arguments, HANDLERS, Handler, Making, Next};
use super::names::Numbers;
use super::{encoding_table, expat_error, optional_string, raise};

/// What is fed at once.
const CHUNK: usize = 1 << 20;
/// What is read at once from a file.
const READ: usize = 2048;
/// How much character data is gathered, unless the program says otherwise.
const TEXT_LIMIT: usize = 8192;

/// Body of `pyexpat.xmlparser`.
#[derive(Trace)]
pub struct XmlParser {
    state: Guarded<Opaque<State>>,
    handlers: [Slot; HANDLERS],
    intern: TypedSlot<Dict>,
    /// The strings of names, by the numbers that the state has for them.
    names: Gc<List>,
    /// What the parser of an external entity was made from.
    parent: Slot,
    is_parsing: AtomicBool,
    in_handler: AtomicBool,
    ordered_attributes: AtomicBool,
    specified_attributes: AtomicBool,
    namespace_prefixes: AtomicBool,
    defers: AtomicBool,
}

/// What the lock guards.
pub(super) struct State {
    pub(super) parser: Parser,
    /// Character data that has been gathered.
    pub(super) text: String,
    pub(super) numbers: Numbers,
    /// How much may be gathered; none if each piece is told as it comes.
    pub(super) text_limit: Option<usize>,
    buffer_size: usize,
    wanted: Wanted,
    /// Entities are expanded although a default handler is set.
    expands: bool,
}

impl XmlParser {
    pub(super) fn new(cx: &Context, mut parser: Parser, intern: Option<Gc<Dict>>) -> XmlParser {
        let wanted = Wanted::UNKNOWN_ENCODING;
        parser.set_wanted(wanted, true);
        let state = State {
            parser,
            text: String::new(),
            numbers: Numbers::default(),
            text_limit: None,
            buffer_size: TEXT_LIMIT,
            wanted,
            expands: true,
        };
        XmlParser {
            state: Guarded::new(Opaque(state)),
            handlers: [const { Slot::EMPTY }; HANDLERS],
            intern: TypedSlot::new_option(intern),
            names: cx.new_list(&[]),
            parent: Slot::EMPTY,
            is_parsing: AtomicBool::new(false),
            in_handler: AtomicBool::new(false),
            ordered_attributes: AtomicBool::new(false),
            specified_attributes: AtomicBool::new(false),
            namespace_prefixes: AtomicBool::new(false),
            defers: AtomicBool::new(true),
        }
    }

    pub(super) fn position(&self, cx: &Context) -> (u64, u64) {
        self.state.lock(cx).0.parser.position()
    }

    fn handler(&self, handler: Handler) -> Option<Value> {
        self.handlers[handler as usize].load()
    }

    fn set_handler(this: Gc<Self>, cx: &mut Context, handler: Handler, value: Option<Value>) -> Result<()> {
        let Some(value) = value else { return Err(cx.runtime_error("Cannot delete attribute")) };
        if handler == Handler::CharacterData {
            this.flush(cx)?;
        }
        let value = value.not_none();
        this.handlers[handler as usize].store_option(value);
        // While a handler runs, text that is no longer wanted does not go to the default handler.
        let keeps = handler == Handler::CharacterData && this.in_handler.load(Ordering::Relaxed);
        let mut held = this.state.lock(cx);
        let state = &mut held.0;
        match handler {
            Handler::Default => state.expands = false,
            Handler::DefaultHandlerExpand => state.expands = true,
            _ => {}
        }
        state.wanted = state.wanted.with(handler.wanted(), value.is_some() || keeps);
        state.parser.set_wanted(state.wanted, state.expands);
        Ok(())
    }

    /// Forgets all handlers.
    fn clear_handlers(&self, cx: &Context) {
        self.handlers.iter().for_each(Slot::clear);
        let mut held = self.state.lock(cx);
        let state = &mut held.0;
        state.text.clear();
        state.wanted = Wanted::UNKNOWN_ENCODING;
        state.parser.set_wanted(state.wanted, state.expands);
        state.parser.stop();
    }

    /// Gives the character data that has been gathered to its handler.
    fn flush(&self, cx: &mut Context) -> Result<()> {
        let text = {
            let mut held = self.state.lock(cx);
            if held.0.text.is_empty() {
                return Ok(());
            }
            std::mem::take(&mut held.0.text)
        };
        let text = cx.new_str(&text).value();
        self.call(cx, Handler::CharacterData, &[text])?;
        Ok(())
    }

    /// Calls a handler, if it is set; gives what it gives.
    fn call(&self, cx: &mut Context, handler: Handler, arguments: &[Value]) -> Result<Option<Value>> {
        let Some(callee) = self.handler(handler) else { return Ok(None) };
        let was = self.in_handler.swap(true, Ordering::Relaxed);
        let result = cx.call(callee, arguments);
        self.in_handler.store(was, Ordering::Relaxed);
        result.map(Some)
    }

    /// Calls the handler of an event, and answers where the event is a question.
    fn tell(&self, cx: &mut Context, handler: Handler, arguments: &Arguments) -> Result<()> {
        let given = self.call(cx, handler, arguments.as_slice())?;
        if matches!(handler, Handler::NotStandalone | Handler::ExternalEntityRef) {
            let goes_on = match given {
                // The handler is gone; expat then takes its answer for 0.
                None => false,
                Some(given) => i64::from_arg(cx, given, "answer")? as i32 != 0,
            };
            self.state.lock(cx).0.parser.answer(goes_on);
        }
        Ok(())
    }

    /// The characters of all bytes in an encoding that only Python knows.
    fn encoding(&self, cx: &mut Context, name: &str) -> Result<()> {
        let table = encoding_table(cx, name)?;
        self.state.lock(cx).0.parser.answer_encoding(Some(table));
        Ok(())
    }

    /// One event. None if there are no more.
    fn step(this: Gc<Self>, cx: &mut Context) -> Result<Option<std::result::Result<(), Code>>> {
        let next = {
            let mut held = this.state.lock(cx);
            let making = Making {
                cx,
                intern: this.intern.load(),
                names: this.names,
                ordered: this.ordered_attributes.load(Ordering::Relaxed),
                specified: this.specified_attributes.load(Ordering::Relaxed),
                expands: held.0.expands,
            };
            held.0.next(making)
        };
        match next {
            Next::Again => {}
            Next::Call(handler, arguments) => this.tell(cx, handler, &arguments)?,
            Next::TextAndCall(text, handler, arguments) => {
                this.call(cx, Handler::CharacterData, &[text])?;
                this.tell(cx, handler, &arguments)?;
            }
            Next::Encoding(name) => this.encoding(cx, &name)?,
            Next::TooDeep => {
                return Err(cx.recursion_error("maximum recursion depth exceeded in conv_content_model"));
            }
            Next::Done => return Ok(None),
            Next::Failed(code) => return Ok(Some(Err(code))),
        }
        Ok(Some(Ok(())))
    }

    /// Parses a piece of the document; the code is why that failed.
    fn parse_piece(
        this: Gc<Self>,
        cx: &mut Context,
        data: &[u8],
        requested: usize,
        is_final: bool,
    ) -> Result<Option<Code>> {
        if let Err(code) = this.state.lock(cx).0.parser.feed(data, requested, is_final) {
            return Ok(Some(code));
        }
        cx.took_memory(data.len());
        loop {
            match XmlParser::step(this, cx) {
                Ok(Some(Ok(()))) => {}
                Ok(Some(Err(code))) => return Ok(Some(code)),
                Ok(None) => return Ok(None),
                Err(raised) => {
                    this.clear_handlers(cx);
                    return Err(raised);
                }
            }
            cx.poll()?;
        }
    }

    /// Runs `parse` as the only one, and gives what `Parse` gives.
    fn alone(
        this: Gc<Self>,
        cx: &mut Context,
        name: &str,
        parse: impl FnOnce(&mut Context) -> Result<Option<Code>>,
    ) -> Result<i32> {
        if this.is_parsing.swap(true, Ordering::Acquire) {
            return Err(cx.runtime_error(format!("cannot call {name}() from within a handler")));
        }
        let result = parse(cx);
        let result = match result {
            Ok(Some(code)) => Err(raise(cx, this, code)),
            Ok(None) => this.flush(cx).map(|()| 1),
            Err(raised) => Err(raised),
        };
        this.is_parsing.store(false, Ordering::Release);
        result
    }

    /// What a file's `read` gives.
    fn read(cx: &mut Context, read: Value) -> Result<Vec<u8>> {
        let given = cx.call(read, &[Value::int(READ as i64)])?;
        if given.downcast::<Bytes>().is_none() && given.downcast::<ByteArray>().is_none() {
            let found = cx.type_name(given);
            return Err(cx.type_error(format!("read() did not return a bytes object (type={found})")));
        }
        let data = cx.bytes_like(given)?.to_vec();
        if data.len() > READ {
            let message =
                format!("read() returned too much data: {READ} bytes requested, {} returned", data.len());
            return Err(cx.value_error(message));
        }
        Ok(data)
    }

    /// Refuses a setting, in the words of the error for a bad argument.
    fn invalid(cx: &mut Context, this: Gc<Self>, message: &str) -> Raised {
        let (line, column) = this.position(cx);
        match expat_error(cx, message, Code::InvalidArgument.number(), line, column) {
            Ok(error) => cx.raise(error),
            Err(raised) => raised,
        }
    }

    /// Sets a limit of a family of parsers, which only the first of them may do.
    fn set_limit(this: Gc<Self>, cx: &mut Context, set: impl FnOnce(&mut Parser)) -> Result<()> {
        {
            let mut held = this.state.lock(cx);
            if held.0.parser.is_root() {
                set(&mut held.0.parser);
                return Ok(());
            }
        }
        Err(XmlParser::invalid(cx, this, "parser must be a root parser"))
    }

    fn checked_factor(this: Gc<Self>, cx: &mut Context, factor: f64) -> Result<f32> {
        if factor as f32 >= 1.0 {
            return Ok(factor as f32);
        }
        Err(XmlParser::invalid(cx, this, "'max_factor' must be at least 1.0"))
    }

    fn checked_threshold(cx: &mut Context, value: Value) -> Result<u64> {
        let wide = cx.index_i128(value)?;
        match u64::try_from(wide) {
            Ok(threshold) => Ok(threshold),
            Err(_) if wide < 0 => Err(cx.value_error("Cannot convert negative int")),
            Err(_) => Err(cx.overflow_error("Python int too large for C unsigned long long")),
        }
    }

    fn flag(cx: &mut Context, value: Option<Value>) -> Result<bool> {
        match value {
            Some(value) => cx.truth(value),
            None => Err(cx.runtime_error("Cannot delete attribute")),
        }
    }

    fn set_buffer_size_to(this: Gc<Self>, cx: &mut Context, value: Option<Value>) -> Result<()> {
        let Some(value) = value else { return Err(cx.runtime_error("Cannot delete attribute")) };
        if !cx.is_int(value) {
            return Err(cx.type_error("buffer_size must be an integer"));
        }
        let size = i64::from_arg(cx, value, "buffer_size")?;
        if size <= 0 {
            return Err(cx.value_error("buffer_size must be greater than zero"));
        }
        if size > i64::from(i32::MAX) {
            return Err(cx.value_error(format!("buffer_size must not be greater than {}", i32::MAX)));
        }
        this.flush(cx)?;
        let mut held = this.state.lock(cx);
        held.0.buffer_size = size as usize;
        if held.0.text_limit.is_some() {
            held.0.text_limit = Some(size as usize);
        }
        Ok(())
    }

    fn child(
        this: Gc<Self>,
        cx: &mut Context,
        context: Option<String>,
        encoding: Option<String>,
    ) -> Result<Gc<XmlParser>> {
        let (parser, buffer_size, gathers, wanted, expands) = {
            let mut held = this.state.lock(cx);
            let state = &mut held.0;
            let parser = state.parser.child(context.as_deref(), encoding.as_deref());
            (parser, state.buffer_size, state.text_limit.is_some(), state.wanted, state.expands)
        };
        let Some(parser) = parser else { return Err(cx.memory_error()) };
        let child = XmlParser::new(cx, parser, this.intern.load());
        child.parent.store(this.value());
        for (to, from) in child.handlers.iter().zip(&this.handlers) {
            to.store_option(from.load());
        }
        let same =
            |to: &AtomicBool, from: &AtomicBool| to.store(from.load(Ordering::Relaxed), Ordering::Relaxed);
        same(&child.ordered_attributes, &this.ordered_attributes);
        same(&child.specified_attributes, &this.specified_attributes);
        same(&child.namespace_prefixes, &this.namespace_prefixes);
        same(&child.defers, &this.defers);
        let child = cx.new_object(child);
        let mut held = child.state.lock(cx);
        let state = &mut held.0;
        state.buffer_size = buffer_size;
        state.text_limit = gathers.then_some(buffer_size);
        (state.wanted, state.expands) = (wanted, expands);
        state.parser.set_wanted(wanted, expands);
        drop(held);
        Ok(child)
    }
}

macro_rules! with_handlers {
    ({ $($items:tt)* } $($name:ident $set:ident $handler:ident;)*) => {
        /// XML parser
        #[class(name = "xmlparser", module = "pyexpat", flags = DISALLOW_NEW)]
        impl XmlParser {
            $($items)*

            $(
                #[getter]
                fn $name(&self) -> Value {
                    self.handler(Handler::$handler).unwrap_or(Value::NONE)
                }

                #[setter]
                fn $set(this: Gc<Self>, cx: &mut Context, value: Option<Value>) -> Result<()> {
                    XmlParser::set_handler(this, cx, Handler::$handler, value)
                }
            )*
        }
    };
}

with_handlers! {
    {
        /// Parse XML data.
        ///
        /// 'data' can be a bytes-like object or a string.  If it is a string,
        /// the encoding declaration in the XML data is ignored.
        /// 'isfinal' should be true at end of input.
        #[function("(data, isfinal=False, /)")]
        fn Parse(this: Gc<Self>, cx: &mut Context, data: Value, isfinal: bool) -> Result<i32> {
            if this.is_parsing.load(Ordering::Relaxed) {
                return Err(cx.runtime_error("cannot call Parse() from within a handler"));
            }
            let bytes = match data.downcast::<Str>() {
                Some(text) => {
                    let bytes = text.to_utf8(cx)?.into_owned().into_bytes();
                    this.state.lock(cx).0.parser.set_encoding("utf-8");
                    bytes
                }
                None => cx.bytes_like(data)?.to_vec(),
            };
            XmlParser::alone(this, cx, "Parse", |cx| {
                let mut rest = &bytes[..];
                while let Some((piece, more)) = rest.split_at_checked(CHUNK).filter(|(_, more)| !more.is_empty()) {
                    if let Some(code) = XmlParser::parse_piece(this, cx, piece, CHUNK, false)? {
                        return Ok(Some(code));
                    }
                    rest = more;
                }
                XmlParser::parse_piece(this, cx, rest, rest.len(), isfinal)
            })
        }

        /// Parse XML data from a binary file-like object.
        ///
        /// Its read() method should return bytes.
        #[function("(file, /)")]
        fn ParseFile(this: Gc<Self>, cx: &mut Context, file: Value) -> Result<i32> {
            if this.is_parsing.load(Ordering::Relaxed) {
                return Err(cx.runtime_error("cannot call ParseFile() from within a handler"));
            }
            let Some(read) = cx.lookup_attr_str(file, "read")? else {
                return Err(cx.type_error("argument must have 'read' attribute"));
            };
            XmlParser::alone(this, cx, "ParseFile", |cx| loop {
                let data = XmlParser::read(cx, read)?;
                let is_final = data.is_empty();
                let code = XmlParser::parse_piece(this, cx, &data, READ, is_final)?;
                if code.is_some() || is_final {
                    return Ok(code);
                }
            })
        }

        /// Set the base URL for the parser.
        #[function("(base, /)")]
        fn SetBase(&self, cx: &mut Context, base: Value) -> Result<()> {
            let base = optional_string(cx, Some(base), "SetBase() argument", "")?;
            self.state.lock(cx).0.parser.set_base(base.as_deref());
            Ok(())
        }

        /// Return base URL string for the parser.
        #[function("()")]
        fn GetBase(&self, cx: &mut Context) -> Value {
            let held = self.state.lock(cx);
            held.0.parser.base().map_or(Value::NONE, |base| cx.new_str(base).value())
        }

        /// Return the input which generated the current event as bytes.
        ///
        /// The data is in the encoding of the entity which contains the text.
        /// It extends to the end of the currently buffered input, therefore it
        /// can contain also the data of the following events, and if the event
        /// was generated by a large amount of text, not all of it may be
        /// available.
        #[function("()")]
        fn GetInputContext(&self, cx: &mut Context) -> Option<Vec<u8>> {
            if !self.in_handler.load(Ordering::Relaxed) {
                return None;
            }
            self.state.lock(cx).0.parser.input_context()
        }

        /// Create a parser for parsing an external entity based on the information passed to the ExternalEntityRefHandler.
        #[function(
            "(context, encoding=<absent>, /)",
            text = "(context, encoding=<unrepresentable>,\n                           /)"
        )]
        fn ExternalEntityParserCreate(
            this: Gc<Self>,
            cx: &mut Context,
            context: Value,
            encoding: Option<Value>,
        ) -> Result<Gc<XmlParser>> {
            let what = "ExternalEntityParserCreate() argument 1";
            let context = optional_string(cx, context.not_none(), what, " or None")?;
            let encoding = optional_string(cx, encoding, "ExternalEntityParserCreate() argument 2", "")?;
            XmlParser::child(this, cx, context, encoding)
        }

        /// Controls parsing of parameter entities (including the external DTD subset).
        ///
        /// Possible flag values are XML_PARAM_ENTITY_PARSING_NEVER,
        /// XML_PARAM_ENTITY_PARSING_UNLESS_STANDALONE and
        /// XML_PARAM_ENTITY_PARSING_ALWAYS. Returns true if setting the flag
        /// was successful.
        #[function("(flag, /)")]
        fn SetParamEntityParsing(&self, cx: &mut Context, flag: i32) -> i32 {
            let mode = match flag {
                0 => 0,
                1 => 1,
                _ => 2,
            };
            i32::from(self.state.lock(cx).0.parser.set_param_entity_parsing(mode))
        }

        /// Allows the application to provide an artificial external subset if one is not specified as part of the document instance.
        ///
        /// This readily allows the use of a 'default' document type controlled
        /// by the application, while still getting the advantage of providing
        /// document type information to the parser.  'flag' defaults to True if
        /// not provided.
        #[function("(flag=True, /)")]
        fn UseForeignDTD(this: Gc<Self>, cx: &mut Context, flag: bool) -> Result<()> {
            let set = this.state.lock(cx).0.parser.set_foreign_dtd(flag);
            set.map_err(|code| raise(cx, this, code))
        }

        /// Retrieve reparse deferral enabled status; always returns false with Expat <2.6.0.
        #[function("()")]
        fn GetReparseDeferralEnabled(&self) -> bool {
            self.defers.load(Ordering::Relaxed)
        }

        /// Enable/Disable reparse deferral; enabled by default with Expat >=2.6.0.
        #[function("(enabled, /)")]
        fn SetReparseDeferralEnabled(&self, cx: &mut Context, enabled: bool) {
            self.defers.store(enabled, Ordering::Relaxed);
            self.state.lock(cx).0.parser.set_reparse_deferral(enabled);
        }

        /// Sets the maximum tolerated amplification factor for protection against billion laughs attacks.
        ///
        /// The amplification factor is calculated as "(direct + indirect) / direct"
        /// while parsing, where "direct" is the number of bytes read from the primary
        /// document in parsing and "indirect" is the number of bytes added by expanding
        /// entities and reading external DTD files, combined.
        ///
        /// The 'max_factor' value must be a non-NaN floating point value greater than
        /// or equal to 1.0. Amplification factors greater than 30,000 can be observed
        /// in the middle of parsing even with benign files in practice. In particular,
        /// the activation threshold should be carefully chosen to avoid false positives.
        ///
        /// Parser objects usually have a maximum amplification factor of 100,
        /// but the actual default value depends on the underlying Expat library.
        #[function(
            "(max_factor, /)",
            text = "(max_factor,\n                                                     /)"
        )]
        fn SetBillionLaughsAttackProtectionMaximumAmplification(
            this: Gc<Self>,
            cx: &mut Context,
            max_factor: f64,
        ) -> Result<()> {
            let factor = XmlParser::checked_factor(this, cx, max_factor)?;
            XmlParser::set_limit(this, cx, |parser| parser.set_amplification(factor))
        }

        /// Sets the number of output bytes needed to activate protection against billion laughs attacks.
        ///
        /// The number of output bytes includes amplification from entity expansion
        /// and reading DTD files.
        ///
        /// Parser objects usually have a protection activation threshold of 8 MiB,
        /// but the actual default value depends on the underlying Expat library.
        ///
        /// Activation thresholds below 4 MiB are known to break support for DITA 1.3
        /// payload and are hence not recommended.
        #[function("(threshold, /)")]
        fn SetBillionLaughsAttackProtectionActivationThreshold(
            this: Gc<Self>,
            cx: &mut Context,
            threshold: Value,
        ) -> Result<()> {
            let threshold = XmlParser::checked_threshold(cx, threshold)?;
            XmlParser::set_limit(this, cx, |parser| parser.set_amplification_threshold(threshold))
        }

        /// Sets the maximum amplification factor between direct input and bytes of dynamic memory allocated.
        ///
        /// The amplification factor is calculated as "allocated / direct" while
        /// parsing, where "direct" is the number of bytes read from the primary
        /// document in parsing and "allocated" is the number of bytes of
        /// dynamic memory allocated in the parser hierarchy.
        ///
        /// The 'max_factor' value must be a non-NaN floating point value
        /// greater than or equal to 1.0.  Amplification factors greater than
        /// 100.0 can be observed near the start of parsing even with benign
        /// files in practice.  In particular, the activation threshold should
        /// be carefully chosen to avoid false positives.
        ///
        /// Parser objects usually have a maximum amplification factor of 100,
        /// but the actual default value depends on the underlying Expat library.
        #[function("(max_factor, /)")]
        fn SetAllocTrackerMaximumAmplification(this: Gc<Self>, cx: &mut Context, max_factor: f64) -> Result<()> {
            let factor = XmlParser::checked_factor(this, cx, max_factor)?;
            XmlParser::set_limit(this, cx, |parser| parser.set_allocation(factor))
        }

        /// Sets the number of allocated bytes of dynamic memory needed to activate protection against disproportionate use of RAM.
        ///
        /// Parser objects usually have an allocation activation threshold of 64 MiB,
        /// but the actual default value depends on the underlying Expat library.
        #[function("(threshold, /)")]
        fn SetAllocTrackerActivationThreshold(this: Gc<Self>, cx: &mut Context, threshold: Value) -> Result<()> {
            let threshold = XmlParser::checked_threshold(cx, threshold)?;
            XmlParser::set_limit(this, cx, |parser| parser.set_allocation_threshold(threshold))
        }

        #[getter]
        fn CurrentByteIndex(&self, cx: &mut Context) -> i64 {
            self.state.lock(cx).0.parser.byte_index()
        }

        #[getter]
        fn CurrentColumnNumber(&self, cx: &mut Context) -> u64 {
            self.position(cx).1
        }

        #[getter]
        fn CurrentLineNumber(&self, cx: &mut Context) -> u64 {
            self.position(cx).0
        }

        #[getter]
        fn ErrorByteIndex(&self, cx: &mut Context) -> i64 {
            self.state.lock(cx).0.parser.byte_index()
        }

        #[getter]
        fn ErrorColumnNumber(&self, cx: &mut Context) -> u64 {
            self.position(cx).1
        }

        #[getter]
        fn ErrorLineNumber(&self, cx: &mut Context) -> u64 {
            self.position(cx).0
        }

        #[getter]
        fn ErrorCode(&self, cx: &mut Context) -> i32 {
            self.state.lock(cx).0.parser.error().map_or(0, Code::number)
        }

        #[member]
        fn intern(&self) -> Value {
            self.intern.load().map_or(Value::NONE, Gc::value)
        }

        #[getter]
        fn buffer_size(&self, cx: &mut Context) -> usize {
            self.state.lock(cx).0.buffer_size
        }

        #[setter]
        fn set_buffer_size(this: Gc<Self>, cx: &mut Context, value: Option<Value>) -> Result<()> {
            XmlParser::set_buffer_size_to(this, cx, value)
        }

        #[getter]
        fn buffer_text(&self, cx: &mut Context) -> bool {
            self.state.lock(cx).0.text_limit.is_some()
        }

        #[setter]
        fn set_buffer_text(&self, cx: &mut Context, value: Option<Value>) -> Result<()> {
            let gathers = XmlParser::flag(cx, value)?;
            if !gathers {
                self.flush(cx)?;
            }
            let mut held = self.state.lock(cx);
            held.0.text_limit = gathers.then_some(held.0.buffer_size);
            Ok(())
        }

        #[getter]
        fn buffer_used(&self, cx: &mut Context) -> usize {
            self.state.lock(cx).0.text.len()
        }

        #[getter]
        fn namespace_prefixes(&self) -> bool {
            self.namespace_prefixes.load(Ordering::Relaxed)
        }

        #[setter]
        fn set_namespace_prefixes(&self, cx: &mut Context, value: Option<Value>) -> Result<()> {
            let wanted = XmlParser::flag(cx, value)?;
            self.namespace_prefixes.store(wanted, Ordering::Relaxed);
            self.state.lock(cx).0.parser.set_triplets(wanted);
            Ok(())
        }

        #[getter]
        fn ordered_attributes(&self) -> bool {
            self.ordered_attributes.load(Ordering::Relaxed)
        }

        #[setter]
        fn set_ordered_attributes(&self, cx: &mut Context, value: Option<Value>) -> Result<()> {
            let wanted = XmlParser::flag(cx, value)?;
            self.ordered_attributes.store(wanted, Ordering::Relaxed);
            Ok(())
        }

        #[getter]
        fn specified_attributes(&self) -> bool {
            self.specified_attributes.load(Ordering::Relaxed)
        }

        #[setter]
        fn set_specified_attributes(&self, cx: &mut Context, value: Option<Value>) -> Result<()> {
            let wanted = XmlParser::flag(cx, value)?;
            self.specified_attributes.store(wanted, Ordering::Relaxed);
            Ok(())
        }
    }
    StartElementHandler set_StartElementHandler StartElement;
    EndElementHandler set_EndElementHandler EndElement;
    ProcessingInstructionHandler set_ProcessingInstructionHandler ProcessingInstruction;
    CharacterDataHandler set_CharacterDataHandler CharacterData;
    UnparsedEntityDeclHandler set_UnparsedEntityDeclHandler UnparsedEntityDecl;
    NotationDeclHandler set_NotationDeclHandler NotationDecl;
    StartNamespaceDeclHandler set_StartNamespaceDeclHandler StartNamespaceDecl;
    EndNamespaceDeclHandler set_EndNamespaceDeclHandler EndNamespaceDecl;
    CommentHandler set_CommentHandler Comment;
    StartCdataSectionHandler set_StartCdataSectionHandler StartCdataSection;
    EndCdataSectionHandler set_EndCdataSectionHandler EndCdataSection;
    DefaultHandler set_DefaultHandler Default;
    DefaultHandlerExpand set_DefaultHandlerExpand DefaultHandlerExpand;
    NotStandaloneHandler set_NotStandaloneHandler NotStandalone;
    ExternalEntityRefHandler set_ExternalEntityRefHandler ExternalEntityRef;
    StartDoctypeDeclHandler set_StartDoctypeDeclHandler StartDoctypeDecl;
    EndDoctypeDeclHandler set_EndDoctypeDeclHandler EndDoctypeDecl;
    EntityDeclHandler set_EntityDeclHandler EntityDecl;
    XmlDeclHandler set_XmlDeclHandler XmlDecl;
    ElementDeclHandler set_ElementDeclHandler ElementDecl;
    AttlistDeclHandler set_AttlistDeclHandler AttlistDecl;
    SkippedEntityHandler set_SkippedEntityHandler SkippedEntity;
}
