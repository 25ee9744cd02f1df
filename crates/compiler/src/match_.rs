//! `match`. CPython: `codegen_match`, `codegen_pattern`.
//! Invariant: names are bound only when the whole pattern has matched, in the order in which they stand.

use taipan_bytecode::{Const, Name, Op, simm};
use taipan_syntax::ast::{self, Identifier, Pattern, Singleton};
use taipan_syntax::{Ranged, TextRange};

use crate::compiler::{Compiler, Result};
use crate::unit::{Extra, Label, Reg};
use crate::unparse::unparse;

/// Names that a pattern captured, and the registers that hold their values.
type Captures = Vec<(Name, Reg)>;

impl<'a> Compiler<'a> {
    pub(crate) fn match_stmt(&mut self, node: &'a ast::StmtMatch) -> Result<()> {
        // A copy: a capture of a case whose guard fails may rebind the local.
        let subject = self.unit.temp();
        self.expr(&node.subject, subject)?;
        let end = self.unit.label();
        for (index, case) in node.cases.iter().enumerate() {
            if case.guard.is_none() && index + 1 < node.cases.len() {
                self.check_irrefutable(&case.pattern)?;
            }
            let mark = self.unit.top;
            let fail = self.unit.label();
            let mut captures = Captures::new();
            self.at(case.pattern.range());
            self.pattern(&case.pattern, subject, fail, &mut captures)?;
            self.at(case.pattern.range());
            for (name, reg) in &captures {
                self.store_resolved(name, *reg);
            }
            if let Some(guard) = &case.guard {
                self.jump_if(guard, fail, false)?;
            }
            self.unit.release(mark);
            self.conditional_body(&case.body)?;
            self.nowhere();
            self.unit.jump(Op::Jmp, 0, 0, end);
            self.unit.bind(fail);
        }
        self.unit.bind(end);
        Ok(())
    }

    fn check_irrefutable(&self, pattern: &Pattern) -> Result<()> {
        match innermost(pattern) {
            Some((Some(name), range)) => {
                self.error(format!("name capture '{name}' makes remaining patterns unreachable"), range)
            }
            Some((None, range)) => self.error("wildcard makes remaining patterns unreachable", range),
            None => Ok(()),
        }
    }

    fn pattern(
        &mut self,
        pattern: &'a Pattern,
        subject: Reg,
        fail: Label,
        captures: &mut Captures,
    ) -> Result<()> {
        stacker::maybe_grow(64 * 1024, 1024 * 1024, || self.pattern_inner(pattern, subject, fail, captures))
    }

    fn pattern_inner(
        &mut self,
        pattern: &'a Pattern,
        subject: Reg,
        fail: Label,
        captures: &mut Captures,
    ) -> Result<()> {
        self.at(pattern.range());
        match pattern {
            Pattern::MatchValue(node) => {
                if matches!(*node.value, ast::Expr::FString(_) | ast::Expr::TString(_)) {
                    return self.error("patterns may only match literals and attribute lookups", node.range);
                }
                let value = self.operand(&node.value)?;
                self.at(node.range);
                self.unit.jump(Op::JNEq, subject, value, fail);
                Ok(())
            }
            Pattern::MatchSingleton(node) => {
                if node.value == Singleton::None {
                    self.unit.jump(Op::JNNone, subject, 0, fail);
                    return Ok(());
                }
                let value = self.unit.temp();
                self.unit.load(value, Const::Bool(node.value == Singleton::True));
                self.unit.jump(Op::JIsNot, subject, value, fail);
                Ok(())
            }
            Pattern::MatchSequence(node) => self.sequence_pattern(node, subject, fail, captures),
            Pattern::MatchMapping(node) => self.mapping_pattern(node, subject, fail, captures),
            Pattern::MatchClass(node) => self.class_pattern(node, subject, fail, captures),
            Pattern::MatchStar(node) => self.capture(node.name.as_ref(), subject, node.range, captures),
            Pattern::MatchAs(node) => {
                if is_wildcard(pattern) && captures.is_empty() {
                    // `case _:` is a line of its own for tracing.
                    self.unit.op0(Op::Nop);
                }
                if let Some(inner) = &node.pattern {
                    self.pattern(inner, subject, fail, captures)?;
                }
                self.capture(node.name.as_ref(), subject, node.range, captures)
            }
            Pattern::MatchOr(node) => self.or_pattern(node, subject, fail, captures),
        }
    }

    fn capture(
        &mut self,
        name: Option<&Identifier>,
        value: Reg,
        range: TextRange,
        captures: &mut Captures,
    ) -> Result<()> {
        let Some(name) = name.filter(|name| name.as_str() != "_") else { return Ok(()) };
        let mangled = self.mangled(name);
        if captures.iter().any(|(known, _)| *known == mangled) {
            return self.error(format!("multiple assignments to name '{mangled}' in pattern"), range);
        }
        captures.push((mangled, value));
        Ok(())
    }

    fn sequence_pattern(
        &mut self,
        node: &'a ast::PatternMatchSequence,
        subject: Reg,
        fail: Label,
        captures: &mut Captures,
    ) -> Result<()> {
        let patterns = &node.patterns;
        let mut stars = patterns.iter().enumerate().filter(|(_, pattern)| pattern.is_match_star());
        let star = stars.next();
        if stars.next().is_some() {
            return self.error("multiple starred names in sequence pattern", node.range);
        }
        let test = self.unit.temp();
        self.unit.op2(Op::MatchSequence, test, subject);
        self.unit.jump(Op::JF, test, 0, fail);
        let least = patterns.len() - star.is_some() as usize;
        let length = self.unit.temp();
        if star.is_none() || least > 0 {
            self.unit.op2(Op::GetLen, length, subject);
            let (op, immediate) = match star {
                None => (Op::JNEq, Op::JNEqI),
                Some(_) => (Op::JNGe, Op::JNGeI),
            };
            self.compare_length(op, immediate, length, least, fail);
        }
        if patterns.iter().all(is_wildcard) {
            return Ok(());
        }
        match star {
            Some((at, star)) if is_wildcard(star) => {
                self.items_by_index(patterns, at, subject, length, fail, captures)
            }
            _ => {
                self.items_by_unpacking(patterns, star.map(|(at, _)| at), subject, fail, captures, node.range)
            }
        }
    }

    fn compare_length(&mut self, op: Op, immediate: Op, length: Reg, value: usize, fail: Label) {
        match simm(value as i64) {
            Some(value) => self.unit.jump(immediate, length, value, fail),
            None => {
                let mark = self.unit.top;
                let reg = self.unit.temp();
                self.unit.load(reg, Const::Int(value as i64));
                self.unit.jump(op, length, reg, fail);
                self.unit.release(mark);
            }
        }
    }

    /// With `*_`, only the items that matter are taken.
    fn items_by_index(
        &mut self,
        patterns: &'a [Pattern],
        star: usize,
        subject: Reg,
        length: Reg,
        fail: Label,
        captures: &mut Captures,
    ) -> Result<()> {
        for (at, pattern) in patterns.iter().enumerate() {
            if is_wildcard(pattern) || at == star {
                continue;
            }
            let (item, index) = (self.unit.temp(), self.unit.temp());
            if at < star {
                self.unit.load(index, Const::Int(at as i64));
            } else {
                self.unit.load(index, Const::Int((patterns.len() - at) as i64));
                self.unit.op3(Op::Sub, index, length, index);
            }
            self.unit.push(Op::GetItem, [item, subject, index], Extra::Cache);
            self.pattern(pattern, item, fail, captures)?;
        }
        Ok(())
    }

    fn items_by_unpacking(
        &mut self,
        patterns: &'a [Pattern],
        star: Option<usize>,
        subject: Reg,
        fail: Label,
        captures: &mut Captures,
        range: TextRange,
    ) -> Result<()> {
        let count = patterns.len() as u32;
        let start = self.unit.temps(count);
        match star {
            None => self.unit.op3(Op::UnpackSeq, start, subject, count),
            Some(at) if at < 256 => {
                let after = count - at as u32 - 1;
                self.unit.push(Op::UnpackEx, [start, subject, at as u32], Extra::Amount(after));
            }
            Some(_) => return self.error("too many expressions in star-unpacking sequence pattern", range),
        }
        for (at, pattern) in patterns.iter().enumerate() {
            self.pattern(pattern, start + at as u32, fail, captures)?;
        }
        Ok(())
    }

    fn mapping_pattern(
        &mut self,
        node: &'a ast::PatternMatchMapping,
        subject: Reg,
        fail: Label,
        captures: &mut Captures,
    ) -> Result<()> {
        let count = node.keys.len() as u32;
        let test = self.unit.temp();
        self.unit.op2(Op::MatchMapping, test, subject);
        self.unit.jump(Op::JF, test, 0, fail);
        if count > 0 {
            self.unit.op2(Op::GetLen, test, subject);
            self.compare_length(Op::JNGe, Op::JNGeI, test, count as usize, fail);
        }
        let keys = self.unit.temps(count);
        let mut seen: Vec<Const> = Vec::new();
        for (at, key) in node.keys.iter().enumerate() {
            if let Some(value) = self.constant(key) {
                if seen.iter().any(|known| equal_keys(known, &value)) {
                    let text = unparse(self.source, key);
                    let text = text.as_str().unwrap_or_default();
                    return self.error(format!("mapping pattern checks duplicate key ({text})"), node.range);
                }
                seen.push(value);
            } else if !key.is_attribute_expr() {
                return self
                    .error("mapping pattern keys may only match literals and attribute lookups", node.range);
            }
            self.expr(key, keys + at as u32)?;
        }
        self.at(node.range);
        if count > 0 {
            let tuple = self.unit.temp();
            self.unit.op3(Op::BuildTuple, tuple, keys, count);
            self.unit.op3(Op::MatchKeys, tuple, subject, tuple);
            self.unit.jump(Op::JNone, tuple, 0, fail);
            let values = self.unit.temps(count);
            self.unit.op3(Op::UnpackSeq, values, tuple, count);
            for (at, pattern) in node.patterns.iter().enumerate() {
                self.pattern(pattern, values + at as u32, fail, captures)?;
            }
        }
        if let Some(rest) = &node.rest {
            let dict = self.unit.temp();
            self.at(node.range);
            self.unit.op3(Op::BuildDict, dict, dict, 0);
            self.unit.op2(Op::DictUpdate, dict, subject);
            for at in 0..count {
                self.unit.op2(Op::DelItem, dict, keys + at);
            }
            self.capture(Some(rest), dict, node.range, captures)?;
        }
        Ok(())
    }

    fn class_pattern(
        &mut self,
        node: &'a ast::PatternMatchClass,
        subject: Reg,
        fail: Label,
        captures: &mut Captures,
    ) -> Result<()> {
        let (positional, keywords) = (&node.arguments.patterns, &node.arguments.keywords);
        for (at, keyword) in keywords.iter().enumerate() {
            if let Some(again) = keywords[at + 1..].iter().find(|other| other.attr.id == keyword.attr.id) {
                let message = format!("attribute name repeated in class pattern: {}", again.attr.as_str());
                return self.error(message, again.pattern.range());
            }
        }
        let parts = self.unit.temps(3);
        self.unit.mov(parts, subject);
        self.expr(&node.cls, parts + 1)?;
        self.at(node.range);
        let names: Vec<Const> = keywords.iter().map(|keyword| Const::str(&keyword.attr)).collect();
        self.unit.load(parts + 2, Const::Tuple(names.into()));
        let attributes = self.unit.temp();
        self.unit.op3(Op::MatchClass, attributes, parts, positional.len() as u32);
        self.unit.jump(Op::JNone, attributes, 0, fail);
        let count = (positional.len() + keywords.len()) as u32;
        let values = self.unit.temps(count);
        self.unit.op3(Op::UnpackSeq, values, attributes, count);
        let patterns = positional.iter().chain(keywords.iter().map(|keyword| &keyword.pattern));
        for (at, pattern) in patterns.enumerate() {
            self.pattern(pattern, values + at as u32, fail, captures)?;
        }
        Ok(())
    }

    /// All alternatives capture the same names, which end up in the same registers.
    fn or_pattern(
        &mut self,
        node: &'a ast::PatternMatchOr,
        subject: Reg,
        fail: Label,
        captures: &mut Captures,
    ) -> Result<()> {
        let matched = self.unit.label();
        let mut agreed: Option<Captures> = None;
        let last = node.patterns.len() - 1;
        for (index, alternative) in node.patterns.iter().enumerate() {
            if index < last {
                self.check_irrefutable(alternative)?;
            }
            let next = if index == last { fail } else { self.unit.label() };
            let mut own = Captures::new();
            self.pattern(alternative, subject, next, &mut own)?;
            match &agreed {
                None => {
                    // The registers of the first alternative hold the values of all; they must not be shared.
                    let fresh: Captures =
                        own.iter().map(|(name, _)| (name.clone(), self.unit.temp())).collect();
                    agreed = Some(fresh);
                }
                Some(known) => {
                    let names = |captures: &Captures| {
                        let mut names: Vec<Name> = captures.iter().map(|(name, _)| name.clone()).collect();
                        names.sort();
                        names
                    };
                    if names(known) != names(&own) {
                        return self.error("alternative patterns bind different names", node.range);
                    }
                }
            }
            for (name, reg) in agreed.iter().flatten() {
                let (_, value) = own.iter().find(|(own_name, _)| own_name == name).expect("same names");
                self.unit.mov(*reg, *value);
            }
            if index < last {
                self.unit.jump(Op::Jmp, 0, 0, matched);
                self.unit.bind(next);
            }
        }
        self.unit.bind(matched);
        for (name, reg) in agreed.into_iter().flatten() {
            if captures.iter().any(|(known, _)| *known == name) {
                return self.error(format!("multiple assignments to name '{name}' in pattern"), node.range);
            }
            captures.push((name, reg));
        }
        Ok(())
    }
}

fn is_wildcard(pattern: &Pattern) -> bool {
    match pattern {
        Pattern::MatchStar(node) => node.name.as_ref().is_none_or(|name| name.as_str() == "_"),
        Pattern::MatchAs(node) => {
            node.pattern.is_none() && node.name.as_ref().is_none_or(|name| name.as_str() == "_")
        }
        _ => false,
    }
}

/// The name (or None for `_`) that makes a pattern match everything.
fn innermost(pattern: &Pattern) -> Option<(Option<&str>, TextRange)> {
    match pattern {
        Pattern::MatchAs(node) => match &node.pattern {
            Some(inner) => innermost(inner),
            None => {
                Some((node.name.as_ref().map(Identifier::as_str).filter(|&name| name != "_"), node.range))
            }
        },
        Pattern::MatchOr(node) => node.patterns.last().and_then(innermost),
        _ => None,
    }
}

/// Would the constants be the same key of a dict?
fn equal_keys(a: &Const, b: &Const) -> bool {
    let number = |value: &Const| match value {
        Const::Bool(value) => Some(*value as i64 as f64),
        Const::Int(value) if value.unsigned_abs() <= 1 << 53 => Some(*value as f64),
        Const::Float(bits) => Some(f64::from_bits(*bits)),
        _ => None,
    };
    match (number(a), number(b)) {
        (Some(a), Some(b)) => a == b,
        _ => a.same(b),
    }
}
