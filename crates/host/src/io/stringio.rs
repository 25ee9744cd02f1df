//! `StringIO`: a text file in memory. CPython: `Modules/_io/stringio.c`.
//!
//! Invariant: the text is kept as code points, so positions are character positions.

use taipan_runtime::prelude::*;

use crate::io::base::TextIoBase;
use crate::io::newline::{Newline, NewlineState, to_str};
use crate::io::size_arg;

#[derive(Trace)]
struct Content {
    text: Vec<u32>,
    position: usize,
    closed: bool,
    newline: Newline,
}

/// The body of `StringIO`.
#[derive(Trace)]
#[repr(C)]
pub struct StringIo {
    base: TextIoBase,
    content: Guarded<Content>,
    newlines: NewlineState,
}

impl StringIo {
    fn blank() -> StringIo {
        let content = Content { text: Vec::new(), position: 0, closed: false, newline: Newline::Lf };
        StringIo {
            base: TextIoBase::default(),
            content: Guarded::new(content),
            newlines: NewlineState::default(),
        }
    }

    fn with<R>(&self, cx: &Context, f: impl FnOnce(&mut Content) -> R) -> Result<R> {
        let mut content = self.content.lock(cx);
        if content.closed {
            drop(content);
            return Err(cx.value_error("I/O operation on closed file"));
        }
        Ok(f(&mut content))
    }

    /// Writes at the position, after newline translation.
    fn put(&self, cx: &Context, text: Gc<Str>) -> Result<()> {
        let newline = self.with(cx, |content| content.newline)?;
        let mut codes: Vec<u32> = text.chars().collect();
        if newline.is_universal() {
            codes = self.newlines.feed(codes, newline == Newline::Translate, true);
        }
        if let Some(ending) = newline.written() {
            let ending: Vec<u32> = ending.chars().map(u32::from).collect();
            codes = codes.into_iter().flat_map(|c| if c == 10 { ending.clone() } else { vec![c] }).collect();
        }
        self.with(cx, |content| {
            let start = content.position;
            if content.text.len() < start {
                content.text.resize(start, 0);
            }
            let overlap = codes.len().min(content.text.len() - start);
            content.text[start..start + overlap].copy_from_slice(&codes[..overlap]);
            content.text.extend_from_slice(&codes[overlap..]);
            content.position = start + codes.len();
        })
    }

    fn line(&self, cx: &Context, limit: Option<usize>) -> Result<Vec<u32>> {
        self.with(cx, |content| {
            let start = content.position.min(content.text.len());
            let rest = &content.text[start..];
            let mut length = content.newline.line_end(rest).unwrap_or(rest.len());
            if let Some(limit) = limit {
                length = length.min(limit);
            }
            let line = rest[..length].to_vec();
            content.position = content.position.max(start + length);
            line
        })
    }
}

/// Text I/O implementation using an in-memory buffer.
///
/// The initial_value argument sets the value of object.  The newline
/// argument is like the one of TextIOWrapper's constructor.
#[class(name = "StringIO", module = "_io", base = TextIoBase, flags = BASETYPE | HAS_DICT)]
impl StringIo {
    #[slot(new)]
    fn new(cx: &mut Context, class: Gc<Class>, args: Args<'_>) -> Result {
        let _ = args;
        Ok(cx.new_instance(class, StringIo::blank()).value())
    }

    #[init("(initial_value='', newline='\\n')")]
    fn init(&self, cx: &mut Context, initial_value: Value, newline: Value) -> Result<()> {
        let newline = Newline::parse(cx, newline)?;
        *self.content.lock(cx) = Content { text: Vec::new(), position: 0, closed: false, newline };
        self.newlines.seen.clear();
        let Some(initial) = initial_value.not_none() else { return Ok(()) };
        let Some(text) = initial.downcast::<Str>() else {
            return Err(
                cx.type_error(format!("initial_value must be str or None, not {}", cx.type_name(initial)))
            );
        };
        self.put(cx, text)?;
        self.with(cx, |content| content.position = 0)
    }

    #[slot(finalize)]
    fn finalize(cx: &mut Context, this: Value) -> Result<()> {
        let _ = (cx, this);
        Ok(())
    }

    #[function("()")]
    fn __getstate__(this: Gc<Self>, cx: &mut Context) -> Result {
        let (codes, newline, position) =
            this.with(cx, |content| (content.text.clone(), content.newline, content.position))?;
        let dict = match taipan_runtime::instance::dict(cx, this.value()) {
            Some(dict) => dict.copy(cx).value(),
            None => Value::NONE,
        };
        let newline = newline.argument().map_or(Value::NONE, |newline| cx.new_str(newline).value());
        let state = [to_str(cx, &codes).value(), newline, Value::int(position as i64), dict];
        Ok(cx.new_tuple(&state).value())
    }

    #[function("(state, /)")]
    fn __setstate__(this: Gc<Self>, cx: &mut Context, state: Value) -> Result<()> {
        this.with(cx, |_| ())?;
        let parts = state.downcast::<Tuple>().filter(|parts| parts.items().len() >= 4);
        let Some(parts) = parts else {
            let (name, got) = (cx.type_name(this.value()), cx.type_name(state));
            return Err(cx.type_error(format!("{name}.__setstate__ argument should be 4-tuple, got {got}")));
        };
        let [text, newline, position, dict] = [0, 1, 2, 3].map(|index| parts.items()[index]);
        this.init(cx, text, newline)?;
        if !cx.is_int(position) {
            let got = cx.type_name(position);
            return Err(cx.type_error(format!("third item of state must be an integer, got {got}")));
        }
        let Ok(position) = usize::try_from(cx.index_isize(position)?) else {
            return Err(cx.value_error("position value cannot be negative"));
        };
        // As it was kept: its line endings have been translated already.
        let codes: Vec<u32> = text.downcast::<Str>().map(|text| text.chars().collect()).unwrap_or_default();
        this.with(cx, |content| (content.text, content.position) = (codes, position))?;
        let Some(dict) = dict.not_none() else { return Ok(()) };
        let Some(source) = dict.downcast::<Dict>() else {
            let got = cx.type_name(dict);
            return Err(cx.type_error(format!("fourth item of state should be a dict, got a {got}")));
        };
        let own = cx.ensure_instance_dict(this.value())?;
        own.merge(cx, source)
    }

    #[slot(iter)]
    fn iter(this: Gc<Self>, cx: &mut Context) -> Result {
        this.with(cx, |_| ())?;
        Ok(this.value())
    }

    #[slot(next)]
    fn next(this: Gc<Self>, cx: &mut Context) -> Result<Option<Value>> {
        let line = if cx.is_exact::<StringIo>(this.value()) {
            let codes = this.line(cx, None)?;
            to_str(cx, &codes).value()
        } else {
            cx.call_method(this.value(), "readline", &[])?
        };
        Ok(if cx.len(line)? == 0 { None } else { Some(line) })
    }

    /// Retrieve the entire contents of the object.
    #[function("()")]
    fn getvalue(&self, cx: &mut Context) -> Result {
        let text = self.with(cx, |content| content.text.clone())?;
        Ok(to_str(cx, &text).value())
    }

    /// Tell the current file position.
    #[function("()")]
    fn tell(&self, cx: &mut Context) -> Result<usize> {
        self.with(cx, |content| content.position)
    }

    /// Read at most size characters, returned as a string.
    #[function("(size=-1, /)")]
    fn read(&self, cx: &mut Context, size: Value) -> Result {
        let size = size_arg(cx, size)?;
        let text = self.with(cx, |content| {
            let start = content.position.min(content.text.len());
            let left = content.text.len() - start;
            let end = start + size.map_or(left, |size| size.min(left));
            content.position = content.position.max(end);
            content.text[start..end].to_vec()
        })?;
        Ok(to_str(cx, &text).value())
    }

    /// Read until newline or EOF.
    #[function("(size=-1, /)")]
    fn readline(&self, cx: &mut Context, size: Value) -> Result {
        let size = size_arg(cx, size)?;
        let line = self.line(cx, size)?;
        Ok(to_str(cx, &line).value())
    }

    /// Truncate size to pos.
    #[function("(pos=None, /)")]
    fn truncate(&self, cx: &mut Context, pos: Value) -> Result<usize> {
        let size = match pos.not_none() {
            Some(size) => {
                let size = cx.index_isize(size)?;
                usize::try_from(size).map_err(|_| cx.value_error(format!("Negative size value {size}")))?
            }
            None => self.with(cx, |content| content.position)?,
        };
        self.with(cx, |content| {
            content.text.truncate(size);
            size
        })
    }

    /// Change stream position.
    #[function("(pos, whence=0, /)")]
    fn seek(&self, cx: &mut Context, pos: isize, whence: i32) -> Result<usize> {
        self.with(cx, |_| ())?;
        if !(0..=2).contains(&whence) {
            return Err(cx.value_error(format!("Invalid whence ({whence}, should be 0, 1 or 2)")));
        }
        if whence == 0 && pos < 0 {
            return Err(cx.value_error(format!("Negative seek position {pos}")));
        }
        if whence != 0 && pos != 0 {
            return Err(cx.os_error_message("Can't do nonzero cur-relative seeks"));
        }
        self.with(cx, |content| {
            content.position = match whence {
                0 => pos as usize,
                1 => content.position,
                _ => content.text.len(),
            };
            content.position
        })
    }

    /// Write string to file.
    #[function("(s, /)")]
    fn write(&self, cx: &mut Context, s: Value) -> Result<usize> {
        let Some(text) = s.downcast::<Str>() else {
            return Err(cx.type_error(format!("string argument expected, got '{}'", cx.type_name(s))));
        };
        self.with(cx, |_| ())?;
        if text.len() > 0 {
            self.put(cx, text)?;
        }
        Ok(text.len())
    }

    /// Close the IO object.
    #[function("()")]
    fn close(&self, cx: &mut Context) {
        let mut content = self.content.lock(cx);
        content.closed = true;
        content.text = Vec::new();
        self.base.io().set_closed();
    }

    #[getter]
    fn closed(&self, cx: &Context) -> bool {
        self.content.lock(cx).closed
    }

    #[getter]
    fn line_buffering(&self, cx: &mut Context) -> Result<bool> {
        self.with(cx, |_| false)
    }

    #[getter]
    fn newlines(&self, cx: &mut Context) -> Result {
        self.with(cx, |_| ())?;
        Ok(self.newlines.seen.to_value(cx))
    }

    /// Returns True if the IO object can be read.
    #[function("()")]
    fn readable(&self, cx: &mut Context) -> Result<bool> {
        self.with(cx, |_| true)
    }

    /// Returns True if the IO object can be written.
    #[function("()")]
    fn writable(&self, cx: &mut Context) -> Result<bool> {
        self.with(cx, |_| true)
    }

    /// Returns True if the IO object can be seeked.
    #[function("()")]
    fn seekable(&self, cx: &mut Context) -> Result<bool> {
        self.with(cx, |_| true)
    }
}
