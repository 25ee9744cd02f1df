//! `re.Pattern` and its scanner.
//!
//! Invariant: a pattern never changes; the engine's state lives only during a call.

use std::sync::atomic::{AtomicUsize, Ordering};

use rustpython_sre_engine::State;
use taipan_runtime::prelude::*;
use taipan_runtime::types::generic_alias::GenericAlias;

use crate::sre::matched::Match;
use crate::sre::subject::{Ask, Subject};
use crate::sre::substitute;
use crate::sre::verify::verify;

/// The body of `re.Pattern`.
#[derive(Trace)]
pub struct Pattern {
    pattern: Slot,
    flags: i64,
    codes: Vec<u32>,
    groups: usize,
    groupindex: TypedSlot<Dict>,
    indexgroup: TypedSlot<Tuple>,
    /// What it is for: bytes or str; `None` for a pattern without text (a Scanner's).
    is_bytes: Option<bool>,
}

pub(super) fn compile(
    cx: &mut Context,
    pattern: Value,
    flags: i64,
    code: Gc<List>,
    groups: usize,
    groupindex: Gc<Dict>,
    indexgroup: Gc<Tuple>,
) -> Result {
    let mut codes = Vec::with_capacity(code.len());
    for item in code.snapshot(cx).iter() {
        let wide = cx.index_i128(*item)?;
        match u32::try_from(wide) {
            Ok(code) => codes.push(code),
            Err(_) => return Err(cx.overflow_error("regular expression code size limit exceeded")),
        }
    }
    verify(cx, &codes, groups)?;
    let is_bytes = if pattern.is_none() { None } else { Some(pattern.downcast::<Str>().is_none()) };
    let body = Pattern {
        pattern: Slot::new(pattern),
        flags,
        codes,
        groups,
        groupindex: TypedSlot::new(groupindex),
        indexgroup: TypedSlot::new(indexgroup),
        is_bytes,
    };
    Ok(cx.new_object(body).value())
}

const FLAGS: &[(i64, &str)] = &[
    (2, "re.IGNORECASE"),
    (4, "re.LOCALE"),
    (8, "re.MULTILINE"),
    (16, "re.DOTALL"),
    (32, "re.UNICODE"),
    (64, "re.VERBOSE"),
    (128, "re.DEBUG"),
    (256, "re.ASCII"),
];

impl Pattern {
    pub(crate) fn groups(&self) -> usize {
        self.groups
    }

    pub(crate) fn indexgroup(&self) -> Option<Gc<Tuple>> {
        self.indexgroup.load()
    }

    pub(crate) fn groupindex(&self) -> Option<Gc<Dict>> {
        self.groupindex.load()
    }

    pub(crate) fn subject(&self, cx: &mut Context, string: Value) -> Result<Subject> {
        Subject::new(cx, string, self.is_bytes)
    }

    pub(crate) fn run(&self, cx: &mut Context, subject: &Subject, ask: Ask, state: &mut State) -> bool {
        subject.run(cx, &self.codes, ask, state)
    }

    fn once(
        this: Gc<Self>,
        cx: &mut Context,
        string: Value,
        range: [Index; 2],
        search: bool,
        all: bool,
    ) -> Result {
        let subject = this.subject(cx, string)?;
        let (start, end) = clip(range, subject.len);
        let mut state = State::default();
        let ask = Ask { start, end, search, match_all: all, must_advance: false };
        if this.run(cx, &subject, ask, &mut state) {
            Ok(Match::new(cx, this, string, start, end, &state).value())
        } else {
            Ok(Value::NONE)
        }
    }
}

/// Character bounds within a subject.
fn clip([start, end]: [Index; 2], len: usize) -> (usize, usize) {
    let clip = |index: Index| index.0.clamp(0, len as isize) as usize;
    let (start, end) = (clip(start), clip(end));
    (start.min(end), end)
}

/// Goes through all matches from the left. Stops when `each` says so.
pub(crate) fn each_match(
    cx: &mut Context,
    pattern: Gc<Pattern>,
    subject: &Subject,
    (start, end): (usize, usize),
    mut each: impl FnMut(&mut Context, &State) -> Result<bool>,
) -> Result<()> {
    let (mut from, mut must_advance) = (start, false);
    while from <= end {
        let mut state = State::default();
        let ask = Ask { start: from, end, search: true, match_all: false, must_advance };
        if !pattern.run(cx, subject, ask, &mut state) {
            break;
        }
        cx.poll()?;
        if !each(cx, &state)? {
            break;
        }
        from = state.cursor.position;
        must_advance = state.cursor.position == state.start;
    }
    Ok(())
}

/// Compiled regular expression object.
#[class(name = "Pattern", module = "re", flags = DISALLOW_NEW | HAS_WEAKREF)]
impl Pattern {
    /// Matches zero or more characters at the beginning of the string.
    #[function("(string, pos=0, endpos=sys.maxsize)")]
    fn match_(this: Gc<Self>, cx: &mut Context, string: Value, pos: Index, endpos: Index) -> Result {
        Pattern::once(this, cx, string, [pos, endpos], false, false)
    }

    /// Matches against all of the string.
    #[function("(string, pos=0, endpos=sys.maxsize)")]
    fn fullmatch(this: Gc<Self>, cx: &mut Context, string: Value, pos: Index, endpos: Index) -> Result {
        Pattern::once(this, cx, string, [pos, endpos], false, true)
    }

    /// Scan through string looking for a match, and return a corresponding match object instance.
    ///
    /// Return None if no position in the string matches.
    #[function("(string, pos=0, endpos=sys.maxsize)")]
    fn search(this: Gc<Self>, cx: &mut Context, string: Value, pos: Index, endpos: Index) -> Result {
        Pattern::once(this, cx, string, [pos, endpos], true, false)
    }

    /// Return a list of all non-overlapping matches of pattern in string.
    #[function("(string, pos=0, endpos=sys.maxsize)")]
    fn findall(this: Gc<Self>, cx: &mut Context, string: Value, pos: Index, endpos: Index) -> Result {
        let subject = this.subject(cx, string)?;
        let range = clip([pos, endpos], subject.len);
        let found = cx.new_list(&[]);
        each_match(cx, this, &subject, range, |cx, state| {
            let group = |cx: &Context, index: usize| match state.marks.get(index) {
                (start, end) if start.is_some() && end.is_some() => {
                    subject.slice(cx, start.unwrap(), end.unwrap())
                }
                _ => subject.slice(cx, 0, 0),
            };
            let item = match this.groups {
                0 => subject.slice(cx, state.start, state.cursor.position),
                1 => group(cx, 0),
                count => {
                    let items: GVec<Value> = (0..count).map(|index| group(cx, index)).collect();
                    cx.new_tuple(&items).value()
                }
            };
            found.push(cx, item);
            Ok(true)
        })?;
        Ok(found.value())
    }

    /// Return an iterator over all non-overlapping matches for the RE pattern in string.
    ///
    /// For each match, the iterator returns a match object.
    #[function("(string, pos=0, endpos=sys.maxsize)")]
    fn finditer(this: Gc<Self>, cx: &mut Context, string: Value, pos: Index, endpos: Index) -> Result {
        let scanner = Scanner::new(cx, this, string, [pos, endpos])?;
        let search = cx.get_attr_str(scanner.value(), "search")?;
        let iter = cx.builtin("iter")?;
        cx.call(iter, &[search, Value::NONE])
    }

    #[function("(string, pos=0, endpos=sys.maxsize)")]
    fn scanner(this: Gc<Self>, cx: &mut Context, string: Value, pos: Index, endpos: Index) -> Result {
        Ok(Scanner::new(cx, this, string, [pos, endpos])?.value())
    }

    /// Split string by the occurrences of pattern.
    #[function("(string, maxsplit=0)")]
    fn split(this: Gc<Self>, cx: &mut Context, string: Value, maxsplit: isize) -> Result {
        let subject = this.subject(cx, string)?;
        let pieces = cx.new_list(&[]);
        let mut last = 0;
        let mut left = maxsplit;
        each_match(cx, this, &subject, (0, subject.len), |cx, state| {
            pieces.push(cx, subject.slice(cx, last, state.start));
            for index in 0..this.groups {
                let piece = match state.marks.get(index) {
                    (start, end) if start.is_some() && end.is_some() => {
                        subject.slice(cx, start.unwrap(), end.unwrap())
                    }
                    _ => Value::NONE,
                };
                pieces.push(cx, piece);
            }
            last = state.cursor.position;
            left -= 1;
            Ok(left != 0)
        })?;
        pieces.push(cx, subject.slice(cx, last, subject.len));
        Ok(pieces.value())
    }

    /// Return the string obtained by replacing the leftmost non-overlapping occurrences of pattern in string by the replacement repl.
    #[function("(repl, string, count=0)")]
    fn sub(this: Gc<Self>, cx: &mut Context, repl: Value, string: Value, count: isize) -> Result {
        substitute::substitute(cx, this, repl, string, count).map(|(text, _)| text)
    }

    /// Return the tuple (new_string, number_of_subs_made) found by replacing the leftmost non-overlapping occurrences of pattern with the replacement repl.
    #[function("(repl, string, count=0)")]
    fn subn(
        this: Gc<Self>,
        cx: &mut Context,
        repl: Value,
        string: Value,
        count: isize,
    ) -> Result<(Value, usize)> {
        substitute::substitute(cx, this, repl, string, count)
    }

    #[function("()")]
    fn __copy__(this: Gc<Self>) -> Value {
        this.value()
    }

    #[function("(memo, /)")]
    fn __deepcopy__(this: Gc<Self>, memo: Value) -> Value {
        let _ = memo;
        this.value()
    }

    /// See PEP 585
    #[classmethod("(item, /)")]
    fn __class_getitem__(cx: &mut Context, class: Value, item: Value) -> Value {
        GenericAlias::new(cx, class, item).value()
    }

    /// The pattern string from which the RE object was compiled.
    #[getter]
    fn pattern(&self) -> Value {
        self.pattern.load_or_none()
    }

    /// The regex matching flags.
    #[getter]
    fn flags(&self) -> i64 {
        self.flags
    }

    /// The number of capturing groups in the pattern.
    #[getter("groups")]
    fn groups_(&self) -> usize {
        self.groups
    }

    /// A dictionary mapping group names to group numbers.
    #[getter("groupindex")]
    fn groupindex_(&self, cx: &mut Context) -> Value {
        match self.groupindex.load() {
            Some(dict) => taipan_runtime::types::mappingproxy::MappingProxy::of_dict(cx, dict).value(),
            None => cx.new_dict().value(),
        }
    }

    #[slot(repr)]
    fn repr(&self, cx: &mut Context) -> Result {
        let pattern = cx.repr(self.pattern.load_or_none())?;
        let text = pattern.to_str();
        // re.UNICODE goes without saying for str patterns.
        let mut flags = self.flags;
        if self.is_bytes == Some(false) && flags & (4 | 32 | 256) == 32 {
            flags &= !32;
        }
        let mut names = Vec::new();
        for (bit, name) in FLAGS {
            if flags & bit != 0 {
                names.push((*name).to_owned());
                flags &= !bit;
            }
        }
        if flags != 0 {
            names.push(format!("{flags:#x}"));
        }
        let shown: String = text.chars().take(200).collect();
        let out = if names.is_empty() {
            format!("re.compile({shown})")
        } else {
            format!("re.compile({shown}, {})", names.join("|"))
        };
        Ok(cx.new_str(&out).value())
    }

    #[slot(hash)]
    fn hash(&self, cx: &mut Context) -> Result<i64> {
        let own = cx.hash(self.pattern.load_or_none())?;
        let codes = self.codes.iter().fold(0i64, |hash, code| hash.rotate_left(5) ^ i64::from(*code));
        let hash = own ^ codes ^ self.flags ^ i64::from(self.is_bytes == Some(true)) ^ self.groups as i64;
        Ok(if hash == -1 { -2 } else { hash })
    }

    #[slot(compare)]
    fn compare(cx: &mut Context, a: Value, b: Value, op: CompareOp) -> Result {
        let (Some(x), Some(y)) = (a.downcast::<Pattern>(), b.downcast::<Pattern>()) else {
            return Ok(Value::NOT_IMPLEMENTED);
        };
        if !matches!(op, CompareOp::Eq | CompareOp::Ne) {
            return Ok(Value::NOT_IMPLEMENTED);
        }
        let same = x == y
            || (x.flags == y.flags && x.is_bytes == y.is_bytes && x.codes == y.codes && {
                cx.eq(x.pattern.load_or_none(), y.pattern.load_or_none())?
            });
        Ok(Value::bool(same == (op == CompareOp::Eq)))
    }
}

/// The body of the scanner: a pattern moving over a string.
#[derive(Trace)]
pub struct Scanner {
    pattern: TypedSlot<Pattern>,
    string: Slot,
    position: AtomicUsize,
    end: usize,
    start: usize,
    /// 0: may match empty here; 1: must advance; 2: exhausted.
    phase: AtomicUsize,
}

impl Scanner {
    fn new(cx: &mut Context, pattern: Gc<Pattern>, string: Value, range: [Index; 2]) -> Result<Gc<Scanner>> {
        let subject = pattern.subject(cx, string)?;
        let (start, end) = clip(range, subject.len);
        Ok(cx.new_object(Scanner {
            pattern: TypedSlot::new(pattern),
            string: Slot::new(string),
            position: AtomicUsize::new(start),
            end,
            start,
            phase: AtomicUsize::new(0),
        }))
    }

    fn step(&self, cx: &mut Context, search: bool) -> Result {
        let Some(pattern) = self.pattern.load() else { return Ok(Value::NONE) };
        let phase = self.phase.load(Ordering::Relaxed);
        let from = self.position.load(Ordering::Relaxed);
        if phase == 2 || from > self.end {
            return Ok(Value::NONE);
        }
        let string = self.string.load_or_none();
        let subject = pattern.subject(cx, string)?;
        let mut state = State::default();
        let ask = Ask { start: from, end: self.end, search, match_all: false, must_advance: phase == 1 };
        if !pattern.run(cx, &subject, ask, &mut state) {
            self.phase.store(2, Ordering::Relaxed);
            return Ok(Value::NONE);
        }
        self.position.store(state.cursor.position, Ordering::Relaxed);
        self.phase.store(usize::from(state.cursor.position == state.start), Ordering::Relaxed);
        Ok(Match::new(cx, pattern, string, self.start, self.end, &state).value())
    }
}

#[class(name = "SRE_Scanner", module = "_sre", flags = DISALLOW_NEW)]
impl Scanner {
    #[function("()")]
    fn match_(&self, cx: &mut Context) -> Result {
        self.step(cx, false)
    }

    #[function("()")]
    fn search(&self, cx: &mut Context) -> Result {
        self.step(cx, true)
    }

    #[getter]
    fn pattern(&self) -> Value {
        self.pattern.slot().load_or_none()
    }
}
