//! Code trees as words that can be embedded in a binary or written to a file. CPython's counterparts: frozen modules,
//! `Python/marshal.c`.
//! Invariant: position-independent. Every reference is an offset in words from the image's start, and points to what was
//! written before what refers to it: reading ends, whatever the words are.
//!
//! An image is `MAGIC, fingerprint, number of modules, offset of the index`, then records. A blob is its length in bytes
//! and the bytes, padded to words. The instructions of a code are a run of words that a loader may use in place.

use std::collections::HashMap;
use std::sync::{Arc, OnceLock};

use crate::{
    Code, Const, ExceptionRow, HiddenRange, Local, LocalKind, LocationTable, Name, SharedCode, Text,
};

/// "TPI1", little-endian.
const MAGIC: u32 = u32::from_le_bytes(*b"TPI1");
/// Words of an index entry.
const ENTRY: usize = 5;
/// Tag of a constant that is a str.
const STR: u32 = 9;
/// Words of a code record.
const RECORD: usize = 19;

/// Names the form in which code is written, here and by `marshal`: another one, another number.
const FORM: &str = "form 2";

/// Changes whenever the instruction set or the form does, so that old images and files are refused.
pub fn fingerprint() -> u32 {
    static KNOWN: OnceLock<u32> = OnceLock::new();
    *KNOWN.get_or_init(compute_fingerprint)
}

fn compute_fingerprint() -> u32 {
    let mut hash = 0x811C_9DC5u32;
    let mut add = |text: &str| {
        for byte in text.bytes().chain([0]) {
            hash = (hash ^ byte as u32).wrapping_mul(0x0100_0193);
        }
    };
    add(FORM);
    for op in crate::op::OPS {
        let info = op.info();
        if info.quickened {
            continue;
        }
        add(info.name);
        info.operands.iter().for_each(|(role, _)| add(&format!("{role:?}")));
        info.extra.iter().for_each(|extra| add(&format!("{extra:?}")));
    }
    hash
}

/// Collects code into an image.
pub struct ImageWriter {
    words: Vec<u32>,
    blobs: HashMap<Box<[u8]>, u32>,
    modules: Vec<(String, [u32; ENTRY])>,
}

impl Default for ImageWriter {
    fn default() -> ImageWriter {
        ImageWriter { words: vec![MAGIC, fingerprint(), 0, 0], blobs: HashMap::new(), modules: Vec::new() }
    }
}

impl ImageWriter {
    /// Adds a module: its dotted name, code, the file that the code names, and its source.
    pub fn module(&mut self, name: &str, is_package: bool, code: &Code, path: &str, source: Option<&[u8]>) {
        let code = self.code(code);
        let path = self.blob(path.as_bytes());
        let source = source.map_or(0, |source| self.blob(source));
        // `finish` fills the name in.
        self.modules.push((name.to_owned(), [0, is_package as u32, code, path, source]));
    }

    /// The finished image.
    pub fn finish(mut self) -> Vec<u32> {
        self.modules.sort();
        let mut modules = std::mem::take(&mut self.modules);
        // The names lie together beside the index: looking one up touches few pages of a large image.
        for (name, entry) in &mut modules {
            entry[0] = self.fresh_blob(name.as_bytes());
        }
        self.words[2] = modules.len() as u32;
        self.words[3] = self.words.len() as u32;
        for (_, entry) in &modules {
            self.words.extend(entry);
        }
        self.words
    }

    fn blob(&mut self, bytes: &[u8]) -> u32 {
        if let Some(&at) = self.blobs.get(bytes) {
            return at;
        }
        let at = self.fresh_blob(bytes);
        self.blobs.insert(bytes.into(), at);
        at
    }

    fn fresh_blob(&mut self, bytes: &[u8]) -> u32 {
        let at = self.words.len() as u32;
        self.words.push(bytes.len() as u32);
        for chunk in bytes.chunks(4) {
            let mut word = [0; 4];
            word[..chunk.len()].copy_from_slice(chunk);
            self.words.push(u32::from_le_bytes(word));
        }
        at
    }

    /// A count and the words of `rows`.
    fn table<const N: usize>(&mut self, rows: impl IntoIterator<Item = [u32; N]>) -> u32 {
        let at = self.words.len();
        self.words.push(0);
        let rows = rows.into_iter().map(|row| self.words.extend(row)).count();
        self.words[at] = rows as u32;
        at as u32
    }

    /// Adds code and what is nested in it; returns its offset.
    pub fn code(&mut self, code: &Code) -> u32 {
        let name = self.blob(code.name.as_bytes());
        let qualname = self.blob(code.qualname.as_bytes());
        let filename = self.blob(code.filename.as_bytes());
        let locations = self.blob(code.locations.as_bytes());
        let locals: Vec<_> =
            code.locals.iter().map(|l| [self.blob(l.name.as_bytes()), l.kind as u32]).collect();
        let locals = self.table(locals);
        let hidden = code
            .hidden
            .iter()
            .map(|h| [self.blob(h.name.as_bytes()), h.register, h.cell as u32, h.start, h.end]);
        let hidden: Vec<_> = hidden.collect();
        let hidden = self.table(hidden);
        let names: Vec<_> = code.names.iter().map(|name| [self.blob(name.as_bytes())]).collect();
        let names = self.table(names);
        let consts: Vec<_> = code.consts.iter().map(|value| self.constant(value)).collect();
        let consts = self.table(consts);
        let exceptions = self.table(code.exceptions.iter().map(|r| [r.start, r.end, r.handler, r.exc]));
        let words = self.table(code.words.iter().map(|&word| [word]));
        let at = self.words.len() as u32;
        let record: [u32; RECORD] = [
            name,
            qualname,
            filename,
            code.first_line,
            code.flags,
            code.posonly_count,
            code.arg_count,
            code.kwonly_count,
            code.nregs,
            code.ic_count,
            code.has_docstring as u32,
            code.locations.first_line(),
            locations,
            locals,
            hidden,
            names,
            consts,
            exceptions,
            words,
        ];
        self.words.extend(record);
        at
    }

    fn pair(&mut self, low: u64) -> u32 {
        let at = self.words.len() as u32;
        self.words.extend([low as u32, (low >> 32) as u32]);
        at
    }

    fn constant(&mut self, value: &Const) -> [u32; 2] {
        match value {
            Const::None => [0, 0],
            Const::Ellipsis => [1, 0],
            Const::Bool(value) => [2 + *value as u32, 0],
            Const::Int(value) => match i32::try_from(*value) {
                Ok(small) => [4, small as u32],
                Err(_) => [5, self.pair(*value as u64)],
            },
            Const::BigInt { negative, limbs } => {
                let at = self.words.len() as u32;
                self.words.extend([*negative as u32, limbs.len() as u32]);
                for &limb in limbs {
                    self.pair(limb);
                }
                [6, at]
            }
            Const::Float(bits) => [7, self.pair(*bits)],
            Const::Complex(re, im) => {
                let at = self.pair(*re);
                self.pair(*im);
                [8, at]
            }
            Const::Str(text) => [STR, self.blob(text.as_bytes())],
            Const::Bytes(bytes) => [10, self.blob(bytes)],
            Const::Tuple(items) => [11, self.constants(items)],
            Const::FrozenSet(items) => [12, self.constants(items)],
            Const::Slice(parts) => [13, self.constants(&**parts)],
            Const::Code(code) => [14, self.code(code)],
        }
    }

    fn constants(&mut self, items: &[Const]) -> u32 {
        let items: Vec<_> = items.iter().map(|item| self.constant(item)).collect();
        self.table(items)
    }
}

/// An image, borrowed.
#[derive(Clone, Copy)]
pub struct Image<'a> {
    words: &'a [u32],
}

/// A module of an image.
#[derive(Clone, Copy)]
pub struct ImageModule<'a> {
    /// Dotted name.
    pub name: &'a str,
    /// Is it a package (`__init__`)?
    pub is_package: bool,
    /// Its code.
    pub code: CodeView<'a>,
    /// Its file, relative to the library's directory.
    pub path: &'a str,
    /// Its source, if it is there.
    pub source: Option<&'a [u8]>,
}

impl<'a> Image<'a> {
    /// Checks the head of an image.
    pub fn new(words: &'a [u32]) -> Option<Image<'a>> {
        (words.first() == Some(&MAGIC) && words.get(1) == Some(&fingerprint())).then_some(Image { words })
    }

    /// An image in bytes, which must be aligned to words.
    pub fn from_bytes(bytes: &'a [u8]) -> Option<Image<'a>> {
        Image::new(bytemuck::try_cast_slice(bytes).ok()?)
    }

    /// Number of modules.
    pub fn len(&self) -> usize {
        self.words.get(2).map_or(0, |&count| count as usize)
    }

    /// Has it no modules?
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The modules, sorted by name.
    pub fn modules(self) -> impl Iterator<Item = ImageModule<'a>> {
        (0..self.len()).filter_map(move |index| self.module(index))
    }

    /// The names of the modules, sorted.
    pub fn names(self) -> impl Iterator<Item = &'a str> {
        (0..self.len()).filter_map(move |index| self.text(self.entry(index)?[0]))
    }

    /// The module with this index.
    pub fn module(self, index: usize) -> Option<ImageModule<'a>> {
        let entry = self.entry(index)?;
        Some(ImageModule {
            name: self.text(entry[0])?,
            is_package: entry[1] != 0,
            code: self.code(entry[2]),
            path: self.text(entry[3])?,
            source: if entry[4] == 0 { None } else { self.blob(entry[4]) },
        })
    }

    /// The module with this dotted name.
    pub fn find(self, name: &str) -> Option<ImageModule<'a>> {
        let (mut low, mut high) = (0, self.len());
        while low < high {
            let middle = (low + high) / 2;
            match self.text(self.entry(middle)?[0])?.cmp(name) {
                std::cmp::Ordering::Equal => return self.module(middle),
                std::cmp::Ordering::Less => low = middle + 1,
                std::cmp::Ordering::Greater => high = middle,
            }
        }
        None
    }

    /// The code at an offset that `ImageWriter::code` returned.
    pub fn code(self, at: u32) -> CodeView<'a> {
        CodeView { image: self, at }
    }

    fn entry(self, index: usize) -> Option<&'a [u32]> {
        let start = (*self.words.get(3)? as usize).checked_add(index.checked_mul(ENTRY)?)?;
        self.words.get(start..start.checked_add(ENTRY)?)
    }

    fn word(self, at: u32) -> Option<u32> {
        self.words.get(at as usize).copied()
    }

    fn blob(self, at: u32) -> Option<&'a [u8]> {
        let length = self.word(at)? as usize;
        let rest = self.words.get(at as usize + 1..)?;
        bytemuck::cast_slice::<u32, u8>(rest).get(..length)
    }

    fn text(self, at: u32) -> Option<&'a str> {
        std::str::from_utf8(self.blob(at)?).ok()
    }

    /// The rows of a table, `width` words each.
    fn table(self, at: u32, width: usize) -> Option<std::slice::ChunksExact<'a, u32>> {
        let count = self.word(at)? as usize;
        let start = at as usize + 1;
        let end = start.checked_add(count.checked_mul(width)?)?;
        Some(self.words.get(start..end)?.chunks_exact(width))
    }

    fn pair(self, at: u32) -> Option<u64> {
        Some(self.word(at)? as u64 | (self.word(at.checked_add(1)?)? as u64) << 32)
    }

    fn constant(self, entry: &[u32], before: u32, parts: &impl Parts<'a>) -> Option<Const> {
        let &[tag, payload] = entry else { return None };
        if tag >= 5 && payload >= before {
            return None;
        }
        Some(match tag {
            0 => Const::None,
            1 => Const::Ellipsis,
            2 => Const::Bool(false),
            3 => Const::Bool(true),
            4 => Const::Int(payload as i32 as i64),
            5 => Const::Int(self.pair(payload)? as i64),
            6 => {
                let count = self.word(payload.checked_add(1)?)?;
                let limb = |i: u32| self.pair(payload.checked_add(2)?.checked_add(i.checked_mul(2)?)?);
                let limbs = (0..count).map(limb).collect::<Option<_>>()?;
                Const::BigInt { negative: self.word(payload)? != 0, limbs }
            }
            7 => Const::Float(self.pair(payload)?),
            8 => Const::Complex(self.pair(payload)?, self.pair(payload.checked_add(2)?)?),
            STR => Const::Str(parts.text(self.blob(payload)?)),
            10 => Const::Bytes(self.blob(payload)?.into()),
            11 => Const::Tuple(self.constants(payload, parts)?),
            12 => Const::FrozenSet(self.constants(payload, parts)?),
            13 => Const::Slice(Box::new(self.constants(payload, parts)?.into_vec().try_into().ok()?)),
            14 => Const::Code(parts.code(self.code(payload))?),
            _ => return None,
        })
    }

    fn constants(self, at: u32, parts: &impl Parts<'a>) -> Option<Box<[Const]>> {
        self.table(at, 2)?.map(|entry| self.constant(entry, at, parts)).collect()
    }
}

/// How the parts of code are made from an image.
trait Parts<'a> {
    fn filename(&self) -> &Arc<str>;
    fn name(&self, text: &'a str) -> Name;
    fn text(&self, wtf8: &'a [u8]) -> Text;
    fn code(&self, view: CodeView<'a>) -> Option<SharedCode>;
}

/// Copies everything: the image may go.
struct Copied<'f>(&'f Arc<str>);

impl<'a> Parts<'a> for Copied<'_> {
    fn filename(&self) -> &Arc<str> {
        self.0
    }

    fn name(&self, text: &'a str) -> Name {
        Name::from(text)
    }

    fn text(&self, wtf8: &'a [u8]) -> Text {
        Text::from_wtf8(wtf8.to_vec())
    }

    fn code(&self, view: CodeView<'a>) -> Option<SharedCode> {
        Some(SharedCode::new(view.to_code_with(self)?))
    }
}

/// Refers to the image, and leaves nested code in it until somebody looks at it.
struct InPlace<'f>(&'f Arc<str>);

impl Parts<'static> for InPlace<'_> {
    fn filename(&self) -> &Arc<str> {
        self.0
    }

    fn name(&self, text: &'static str) -> Name {
        Name::of_static(text)
    }

    fn text(&self, wtf8: &'static [u8]) -> Text {
        Text::from_wtf8(wtf8)
    }

    fn code(&self, view: CodeView<'static>) -> Option<SharedCode> {
        Some(SharedCode::in_image(view, self.0.clone()))
    }
}

/// A code in an image, not materialised.
#[derive(Clone, Copy)]
pub struct CodeView<'a> {
    image: Image<'a>,
    at: u32,
}

impl<'a> CodeView<'a> {
    fn field(self, index: u32) -> Option<u32> {
        self.image.word(self.at.checked_add(index)?)
    }

    /// Where it stands in the image: the identity of the code.
    pub fn offset(self) -> u32 {
        self.at
    }

    /// `co_name`.
    pub fn name(self) -> Option<&'a str> {
        self.image.text(self.field(0)?)
    }

    /// `co_qualname`.
    pub fn qualname(self) -> Option<&'a str> {
        self.image.text(self.field(1)?)
    }

    /// `co_filename` as it was written.
    pub fn filename(self) -> Option<&'a str> {
        self.image.text(self.field(2)?)
    }

    /// The docstring of a function's code; None if it has none.
    pub fn docstring(self) -> Option<&'a [u8]> {
        let first = self.image.table(self.field(16)?, 2)?.next()?;
        let is_docstring = self.field(10)? != 0 && first[0] == STR;
        self.image.blob(first[1]).filter(|_| is_docstring)
    }

    /// The instructions, in place.
    pub fn words(self) -> Option<&'a [u32]> {
        let at = self.field(18)?;
        let count = self.image.word(at)? as usize;
        self.image.words.get(at as usize + 1..(at as usize + 1).checked_add(count)?)
    }

    /// The code as a tree of its own; `prefix` goes before the file names. None if the image is broken.
    pub fn to_code(self, prefix: &str) -> Option<Code> {
        let own = self.filename()?;
        self.to_code_with(&Copied(&Arc::from(format!("{prefix}{own}"))))
    }

    fn to_code_with(self, parts: &impl Parts<'a>) -> Option<Code> {
        let image = self.image;
        let name = |at: u32| Some(parts.name(image.text(at)?));
        let table = |field: u32, width| image.table(self.field(field)?, width);
        let local = |row: &[u32]| {
            let kind = match row[1] {
                0 => LocalKind::Fast,
                1 => LocalKind::Cell,
                2 => LocalKind::Free,
                _ => return None,
            };
            Some(Local { name: name(row[0])?, kind })
        };
        let hidden = |r: &[u32]| {
            Some(HiddenRange { name: name(r[0])?, register: r[1], cell: r[2] != 0, start: r[3], end: r[4] })
        };
        Some(Code {
            name: name(self.field(0)?)?,
            qualname: name(self.field(1)?)?,
            filename: parts.filename().clone().into(),
            first_line: self.field(3)?,
            flags: self.field(4)?,
            posonly_count: self.field(5)?,
            arg_count: self.field(6)?,
            kwonly_count: self.field(7)?,
            nregs: self.field(8)?,
            ic_count: self.field(9)?,
            has_docstring: self.field(10)? != 0,
            locations: LocationTable::from_parts(self.field(11)?, image.blob(self.field(12)?)?),
            locals: table(13, 2)?.map(local).collect::<Option<_>>()?,
            hidden: table(14, 5)?.map(hidden).collect::<Option<_>>()?,
            names: table(15, 1)?.map(|row| name(row[0])).collect::<Option<_>>()?,
            consts: table(16, 2)?
                .map(|entry| image.constant(entry, self.at, parts))
                .collect::<Option<_>>()?,
            exceptions: table(17, 4)?
                .map(|r| ExceptionRow { start: r[0], end: r[1], handler: r[2], exc: r[3] })
                .collect(),
            words: self.words()?.into(),
        })
    }
}

impl CodeView<'static> {
    /// This code; what is nested in it stays in the image until it is looked at.
    pub fn read(self, filename: &Arc<str>) -> Option<Code> {
        self.to_code_with(&InPlace(filename))
    }
}
