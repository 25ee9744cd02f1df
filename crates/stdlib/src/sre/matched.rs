//! `re.Match`: what one match found.
//!
//! Invariant: spans are character positions; a group that did not take part has none.

use rustpython_sre_engine::State;
use taipan_runtime::prelude::*;
use taipan_runtime::types::generic_alias::GenericAlias;

use crate::sre::pattern::Pattern;
use crate::sre::subject::Subject;

/// The body of `re.Match`.
#[derive(Trace)]
pub struct Match {
    pattern: TypedSlot<Pattern>,
    string: Slot,
    pos: usize,
    endpos: usize,
    last: Option<usize>,
    spans: Box<[Option<(usize, usize)>]>,
}

impl Match {
    pub(super) fn new(
        cx: &Context,
        pattern: Gc<Pattern>,
        string: Value,
        pos: usize,
        endpos: usize,
        state: &State,
    ) -> Gc<Match> {
        let mut spans = vec![Some((state.start, state.cursor.position))];
        for index in 0..pattern.groups() {
            let (start, end) = state.marks.get(index);
            spans.push(match (start.is_some(), end.is_some()) {
                (true, true) => Some((start.unwrap(), end.unwrap())),
                _ => None,
            });
        }
        let last = usize::try_from(state.marks.last_index()).ok().filter(|last| *last > 0);
        cx.new_object(Match {
            pattern: TypedSlot::new(pattern),
            string: Slot::new(string),
            pos,
            endpos,
            last,
            spans: spans.into(),
        })
    }

    /// Number of groups, the whole match included.
    pub(super) fn span_count(&self) -> usize {
        self.spans.len()
    }

    fn pattern(&self) -> Gc<Pattern> {
        self.pattern.load().expect("a match has a pattern")
    }

    /// Group number of an int or a name.
    fn index(&self, cx: &mut Context, group: Value) -> Result<usize> {
        let number = if cx.has_index(group) {
            usize::try_from(cx.index_i128(group)?).ok()
        } else {
            let names = self.pattern().groupindex();
            let found = match names {
                Some(names) => names.get(cx, group)?,
                None => None,
            };
            found.and_then(|found| found.as_small_int()).and_then(|number| usize::try_from(number).ok())
        };
        match number.filter(|number| *number < self.spans.len()) {
            Some(number) => Ok(number),
            None => Err(cx.index_error("no such group")),
        }
    }

    /// The text of a group, `default` where it took no part.
    pub(crate) fn text(&self, cx: &mut Context, number: usize, default: Value) -> Result {
        let Some((start, end)) = self.spans[number] else { return Ok(default) };
        let string = self.string.load_or_none();
        if let Some(text) = string.downcast::<Str>() {
            let len = text.len();
            return Ok(text.substring(cx, start.min(len)..end.min(len).max(start.min(len))).value());
        }
        let subject = Subject::new(cx, string, None)?;
        Ok(subject.slice(cx, start.min(subject.len), end.min(subject.len)))
    }

    fn one(&self, cx: &mut Context, group: Value, default: Value) -> Result {
        let number = self.index(cx, group)?;
        self.text(cx, number, default)
    }
}

/// The result of re.match() and re.search().
///
/// Match objects always have a boolean value of True.
#[class(name = "Match", module = "re", flags = DISALLOW_NEW)]
impl Match {
    /// group([group1, ...]) -> str or tuple.
    ///
    /// Return subgroup(s) of the match by indices or names.
    /// For 0 returns the entire match.
    #[function("(*groups)")]
    fn group(&self, cx: &mut Context, groups: Gc<Tuple>) -> Result {
        match *groups.items() {
            [] => self.text(cx, 0, Value::NONE),
            [group] => self.one(cx, group, Value::NONE),
            _ => {
                let mut texts = GVec::new();
                for group in groups.items() {
                    texts.push(self.one(cx, *group, Value::NONE)?);
                }
                Ok(cx.new_tuple(&texts).value())
            }
        }
    }

    /// Return a tuple containing all the subgroups of the match, from 1.
    #[function("(default=None)")]
    fn groups(&self, cx: &mut Context, default: Value) -> Result {
        let mut texts = GVec::new();
        for number in 1..self.spans.len() {
            texts.push(self.text(cx, number, default)?);
        }
        Ok(cx.new_tuple(&texts).value())
    }

    /// Return a dictionary containing all the named subgroups of the match, keyed by the subgroup name.
    #[function("(default=None)")]
    fn groupdict(&self, cx: &mut Context, default: Value) -> Result {
        let found = cx.new_dict();
        if let Some(names) = self.pattern().groupindex() {
            for (name, _) in names.entries(cx) {
                let text = self.one(cx, name, default)?;
                found.set(cx, name, text)?;
            }
        }
        Ok(found.value())
    }

    /// Return index of the start of the substring matched by group.
    #[function("(group=0, /)")]
    fn start(&self, cx: &mut Context, group: Value) -> Result<i64> {
        let number = self.index(cx, group)?;
        Ok(self.spans[number].map_or(-1, |(start, _)| start as i64))
    }

    /// Return index of the end of the substring matched by group.
    #[function("(group=0, /)")]
    fn end(&self, cx: &mut Context, group: Value) -> Result<i64> {
        let number = self.index(cx, group)?;
        Ok(self.spans[number].map_or(-1, |(_, end)| end as i64))
    }

    /// For match object m, return the 2-tuple (m.start(group), m.end(group)).
    #[function("(group=0, /)")]
    fn span(&self, cx: &mut Context, group: Value) -> Result<(i64, i64)> {
        let number = self.index(cx, group)?;
        Ok(self.spans[number].map_or((-1, -1), |(start, end)| (start as i64, end as i64)))
    }

    /// Return the string obtained by doing backslash substitution on the string template, as done by the sub() method.
    #[function("(template)")]
    fn expand(this: Gc<Self>, cx: &mut Context, template: Value) -> Result {
        super::substitute::expand(cx, this.pattern(), template, this)
    }

    #[slot(get_item)]
    fn get_item(this: Gc<Self>, cx: &mut Context, group: Value) -> Result {
        this.one(cx, group, Value::NONE)
    }

    #[slot(repr)]
    fn repr(this: Gc<Self>, cx: &mut Context) -> Result {
        let text = this.text(cx, 0, Value::NONE)?;
        let text = cx.repr(text)?;
        let (start, end) = this.spans[0].unwrap_or((0, 0));
        Ok(cx.new_str(&format!("<re.Match object; span=({start}, {end}), match={}>", text.to_str())).value())
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

    /// The string passed to match() or search().
    #[getter]
    fn string(&self) -> Value {
        self.string.load_or_none()
    }

    /// The regular expression object.
    #[getter]
    fn re(&self) -> Value {
        self.pattern().value()
    }

    /// The index into the string at which the RE engine started looking for a match.
    #[getter]
    fn pos(&self) -> usize {
        self.pos
    }

    /// The index into the string beyond which the RE engine will not go.
    #[getter]
    fn endpos(&self) -> usize {
        self.endpos
    }

    /// The integer index of the last matched capturing group.
    #[getter]
    fn lastindex(&self) -> Option<usize> {
        self.last
    }

    /// The name of the last matched capturing group.
    #[getter]
    fn lastgroup(&self) -> Value {
        let names = self.pattern().indexgroup();
        self.last.and_then(|last| names?.get(last)).unwrap_or(Value::NONE)
    }

    #[getter]
    fn regs(&self, cx: &Context) -> Value {
        let pairs: GVec<Value> = self
            .spans
            .iter()
            .map(|span| {
                let (start, end) = span.map_or((-1, -1), |(start, end)| (start as i64, end as i64));
                cx.new_tuple(&[Value::int(start), Value::int(end)]).value()
            })
            .collect();
        cx.new_tuple(&pairs).value()
    }
}
