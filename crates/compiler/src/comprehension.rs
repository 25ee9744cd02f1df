//! Comprehensions and generator expressions. CPython: `codegen_comprehension`, PEP 709.
//! Invariant: the outermost iterable is evaluated in the scope around, before the comprehension's variables exist.

use taipan_bytecode::op::{ITERATOR_REGS, WINDOW_CALLABLE};
use taipan_bytecode::{HiddenRange, Name, Op, code_flag};
use taipan_syntax::ast::{self, Expr};
use taipan_syntax::{Ranged, TextRange, TextSize};

use crate::compiler::{Compiler, Result};
use crate::symbols::{Comprehension, Part, Place, ScopeId, ScopeKind, definition};
use crate::unit::{Inlined, Reg};

/// The pieces of any comprehension.
#[derive(Clone, Copy)]
struct Pieces<'a> {
    kind: Comprehension,
    generators: &'a [ast::Comprehension],
    element: &'a Expr,
    /// The key, of a dict comprehension.
    key: Option<&'a Expr>,
    range: TextRange,
}

impl<'a> Compiler<'a> {
    pub(crate) fn comprehension(&mut self, expr: &'a Expr, dst: Reg) -> Result<()> {
        let pieces = self.pieces_of(expr);
        let scope = self.table.of(expr, Part::Body);
        let generator = pieces.kind == Comprehension::Generator;
        let is_async = self.scope(scope).is_coroutine;
        if self.scope(scope).inlined {
            return self.inlined_comprehension(pieces, scope, dst);
        }
        let mark = self.unit.top;
        let code = self.comprehension_code(pieces, scope, is_async)?;
        let window = self.window();
        self.at(pieces.range);
        let parts = self.unit.temps(4);
        self.make_function(code, parts, 0, window + WINDOW_CALLABLE)?;
        self.unit.release(parts);
        let arg = self.unit.temp();
        let outermost = &pieces.generators[0];
        let source = self.operand_in(&outermost.iter, arg)?;
        self.at(outermost.iter.range());
        self.unit.op2(if outermost.is_async { Op::GetAiter } else { Op::GetIterObject }, arg, source);
        self.at(pieces.range);
        if is_async && !generator {
            self.call_window(window, window, 1);
            self.unit.release(window + 1);
            self.await_value(dst, window, 0);
        } else {
            self.call_window(dst, window, 1);
        }
        self.unit.release(mark);
        Ok(())
    }

    /// A generator expression that is a call's only argument reaches from parenthesis to parenthesis.
    fn pieces_of(&self, expr: &'a Expr) -> Pieces<'a> {
        let mut pieces = pieces(expr);
        let range = pieces.range;
        if matches!(expr, Expr::Generator(node) if !node.parenthesized) {
            let (before, after) = (self.source.text(), &self.source.text()[range.end().to_usize()..]);
            let open = before[..range.start().to_usize()].rfind('(');
            if let (Some(open), Some(close)) = (open, after.find(')')) {
                let end = range.end() + TextSize::new(close as u32 + 1);
                pieces.range = TextRange::new(TextSize::new(open as u32), end);
            }
        }
        pieces
    }

    fn comprehension_code(
        &mut self,
        pieces: Pieces<'a>,
        scope: ScopeId,
        is_async: bool,
    ) -> Result<taipan_bytecode::Code> {
        let (name, generator) = match pieces.kind {
            Comprehension::List => ("<listcomp>", false),
            Comprehension::Set => ("<setcomp>", false),
            Comprehension::Dict => ("<dictcomp>", false),
            Comprehension::Generator => ("<genexpr>", true),
        };
        let in_class = self.scope(self.current_scope()).kind == ScopeKind::Class;
        self.enter(scope, name, self.line_of(pieces.range));
        self.unit.arg_count = 1;
        if in_class {
            self.unit.flags |= code_flag::METHOD;
        }
        self.unit.flags |= match (generator, is_async) {
            (true, true) => code_flag::ASYNC_GENERATOR,
            (true, false) => code_flag::GENERATOR,
            (false, true) => code_flag::COROUTINE,
            (false, false) => 0,
        };
        self.at(pieces.range);
        self.prologue();
        let outermost = &pieces.generators[0];
        let iter = match outermost.is_async {
            true => 0,
            false => {
                let iter = self.unit.temps(ITERATOR_REGS);
                self.at(outermost.iter.range());
                self.unit.op3(Op::GetIter, iter, 0, 1);
                iter
            }
        };
        let result = self.unit.temp();
        self.at(pieces.range);
        self.new_result(pieces.kind, result);
        self.generators(pieces, 0, Some(iter), result)?;
        if generator {
            self.finish_body();
        } else {
            self.at(pieces.range);
            self.unit.op1(Op::Return, result);
        }
        self.leave()
    }

    fn new_result(&mut self, kind: Comprehension, result: Reg) {
        match kind {
            Comprehension::List => self.unit.op3(Op::BuildList, result, result, 0),
            Comprehension::Set => self.unit.op3(Op::BuildSet, result, result, 0),
            Comprehension::Dict => self.unit.op3(Op::BuildDict, result, result, 0),
            Comprehension::Generator => {}
        }
    }

    fn inlined_comprehension(&mut self, pieces: Pieces<'a>, scope: ScopeId, dst: Reg) -> Result<()> {
        let mark = self.unit.top;
        let result = self.writable(dst);
        let outermost = &pieces.generators[0];
        let iter = self.unit.temps(if outermost.is_async { 1 } else { ITERATOR_REGS });
        let iter_mark = self.unit.top;
        let source = self.iterable_operand(&outermost.iter)?;
        self.at(outermost.iter.range());
        self.unit.op2(if outermost.is_async { Op::GetAiter } else { Op::GetIter }, iter, source);
        self.unit.release(iter_mark);
        let start = self.unit.ins.len();
        self.enter_inlined(scope);
        self.at(pieces.range);
        self.new_result(pieces.kind, result);
        self.generators(pieces, 0, Some(iter), result)?;
        let inlined = self.unit.inlined.pop().expect("entered above");
        let end = self.unit.ins.len();
        let mut variables: Vec<(Name, (Reg, bool))> = inlined.variables.into_iter().collect();
        variables.sort_by_key(|&(_, (register, _))| register);
        for (name, (register, cell)) in variables {
            self.unit.hidden.push((HiddenRange { name, register, cell, start: 0, end: 0 }, start, end));
        }
        self.at(pieces.range);
        self.unit.mov(dst, result);
        self.unit.release(mark);
        Ok(())
    }

    /// Gives the variables of an inlined comprehension registers of their own.
    fn enter_inlined(&mut self, scope: ScopeId) {
        let mut variables = std::collections::HashMap::new();
        for symbol in &self.scope(scope).symbols {
            let cell = symbol.place == Place::Cell;
            if !(cell || symbol.place == Place::Local) || symbol.flags & definition::PARAM != 0 {
                continue;
            }
            let reg = self.unit.temp();
            self.unit.assigned.remove(reg);
            // Whoever looks at the frame before the variable is bound must not see what the register held before.
            self.unit.op1(Op::Clear, reg);
            if cell {
                self.unit.op1(Op::MakeCell, reg);
            }
            variables.insert(symbol.name.clone(), (reg, cell));
        }
        self.unit.inlined.push(Inlined { scope, variables });
    }

    /// The loops from generator `index` on; `iter` holds the outermost iterator.
    fn generators(&mut self, pieces: Pieces<'a>, index: usize, iter: Option<Reg>, result: Reg) -> Result<()> {
        let Some(generator) = pieces.generators.get(index) else { return self.element(pieces, result) };
        if generator.is_async {
            return self.async_generator(pieces, index, iter, result);
        }
        let mark = self.unit.top;
        let iter = match iter {
            Some(iter) => iter,
            None => {
                let iter = self.unit.temps(ITERATOR_REGS);
                let source = self.iterable_operand(&generator.iter)?;
                self.at(generator.iter.range());
                self.unit.op2(Op::GetIter, iter, source);
                self.unit.release(iter + ITERATOR_REGS);
                iter
            }
        };
        let (body, next) = (self.unit.label(), self.unit.label());
        let item = self.loop_item(&generator.target);
        let reachable = self.unit.reachable;
        self.unit.jump(Op::Jmp, 0, 0, next);
        self.unit.reachable = reachable;
        self.unit.bind_loop(body);
        self.store_item_of_loop(&generator.target, item)?;
        for condition in &generator.ifs {
            self.jump_if(condition, next, false)?;
        }
        self.generators(pieces, index + 1, None, result)?;
        self.unit.bind(next);
        self.at(generator.iter.range());
        self.close_for(iter, item, body);
        self.unit.release(mark);
        Ok(())
    }

    fn async_generator(
        &mut self,
        pieces: Pieces<'a>,
        index: usize,
        iter: Option<Reg>,
        result: Reg,
    ) -> Result<()> {
        let generator = &pieces.generators[index];
        let mark = self.unit.top;
        let iter = match iter {
            Some(iter) => iter,
            None => {
                let iter = self.unit.temp();
                let source = self.operand_in(&generator.iter, iter)?;
                self.at(generator.iter.range());
                self.unit.op2(Op::GetAiter, iter, source);
                self.unit.release(iter + 1);
                iter
            }
        };
        let (body, next, handler) = (self.unit.label(), self.unit.label(), self.unit.label());
        let exc = self.unit.temp();
        let item = self.loop_item(&generator.target);
        self.unit.bind_loop(body);
        self.next_async_item(iter, item, exc, handler, generator.iter.range());
        self.store_item_of_loop(&generator.target, item)?;
        for condition in &generator.ifs {
            self.jump_if(condition, next, false)?;
        }
        self.generators(pieces, index + 1, None, result)?;
        self.unit.bind(next);
        self.at(generator.iter.range());
        self.unit.jump(Op::Loop, 0, 0, body);
        self.unit.bind(handler);
        self.unit.op1(Op::EndAsyncFor, exc);
        self.unit.release(mark);
        Ok(())
    }

    fn element(&mut self, pieces: Pieces<'a>, result: Reg) -> Result<()> {
        let mark = self.unit.top;
        match pieces.kind {
            Comprehension::Dict => {
                let key = pieces.key.expect("a dict comprehension has a key");
                let key = self.early_operand(key, &[pieces.element])?;
                let value = self.operand(pieces.element)?;
                self.at(pieces.element.range());
                self.unit.op3(Op::DictSet, result, key, value);
            }
            Comprehension::Generator => {
                let value = self.operand(pieces.element)?;
                self.at(pieces.element.range());
                let sent = self.unit.temp();
                self.emit_yield(sent, value);
            }
            kind => {
                let value = self.operand(pieces.element)?;
                self.at(pieces.element.range());
                let op = if kind == Comprehension::List { Op::ListAppend } else { Op::SetAdd };
                self.unit.op2(op, result, value);
            }
        }
        self.unit.release(mark);
        Ok(())
    }
}

fn pieces(expr: &Expr) -> Pieces<'_> {
    let (kind, generators, element, key) = match expr {
        Expr::ListComp(node) => (Comprehension::List, &node.generators, &node.elt, None),
        Expr::SetComp(node) => (Comprehension::Set, &node.generators, &node.elt, None),
        Expr::Generator(node) => (Comprehension::Generator, &node.generators, &node.elt, None),
        Expr::DictComp(node) => (Comprehension::Dict, &node.generators, &node.value, node.key.as_deref()),
        _ => unreachable!("only called for comprehensions"),
    };
    Pieces { kind, generators, element, key, range: expr.range() }
}
