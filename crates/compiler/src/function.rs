//! Functions and lambdas: making the object, compiling the body. CPython: `codegen_function`, `codegen_lambda`.
//! Invariant: decorators, defaults and annotations are evaluated in the scope around the function, in CPython's order.

use taipan_bytecode::op::{WINDOW_ARGS, WINDOW_CALLABLE};
use taipan_bytecode::{Code, Const, Intrinsic, LocalKind, Name, Op, Text, code_flag, function_flag};
use taipan_syntax::ast::{self, Expr, Stmt};
use taipan_syntax::{Ranged, TextRange, TextSize};

use crate::compiler::{Compiler, Result};
use crate::symbols::{Part, ScopeId, ScopeKind};
use crate::unit::{Extra, Reg};

impl<'a> Compiler<'a> {
    /// Where the statement itself starts, after its decorators.
    pub(crate) fn after_decorators(&self, decorators: &[ast::Decorator], range: TextRange) -> TextRange {
        let Some(last) = decorators.last() else { return range };
        let text = &self.source.text()[last.end().to_usize()..range.end().to_usize()];
        let mut offset = 0;
        for line in text.split_inclusive('\n') {
            let trimmed = line.trim_start();
            if !trimmed.is_empty() && !trimmed.starts_with('#') && offset > 0 {
                offset += line.len() - trimmed.len();
                break;
            }
            offset += line.len();
        }
        TextRange::new(last.end() + TextSize::new(offset as u32), range.end())
    }

    /// Calls of the decorators around what `inner` puts into the register it is given; the result goes to `dst`.
    pub(crate) fn decorated(
        &mut self,
        decorators: &'a [ast::Decorator],
        dst: Reg,
        inner: impl FnOnce(&mut Compiler<'a>, Reg) -> Result<()>,
    ) -> Result<()> {
        let Some((first, rest)) = decorators.split_first() else { return inner(self, dst) };
        let window = self.window();
        self.expr(&first.expression, window + WINDOW_CALLABLE)?;
        let arg = self.unit.temp();
        self.decorated(rest, arg, inner)?;
        self.at(first.expression.range());
        self.call_window(dst, window, 1);
        self.unit.release(window);
        Ok(())
    }

    pub(crate) fn function_def(&mut self, node: &'a ast::StmtFunctionDef) -> Result<()> {
        let range = self.after_decorators(&node.decorator_list, node.range);
        // The name is bound only when everything has been evaluated.
        let target = match node.decorator_list.is_empty() {
            true => self.fast_register(&node.name),
            false => None,
        };
        let dst = target.unwrap_or_else(|| self.unit.temp());
        self.decorated(&node.decorator_list, dst, |compiler, dst| {
            compiler.function_object(node, range, dst)
        })?;
        self.at(range);
        self.store_name(&node.name, dst);
        Ok(())
    }

    fn function_object(&mut self, node: &'a ast::StmtFunctionDef, range: TextRange, dst: Reg) -> Result<()> {
        let mark = self.unit.top;
        let parts = self.unit.temps(4);
        self.at(range);
        let flags = self.defaults(&node.parameters, parts)?;
        match self.table.get(node, Part::TypeParameters) {
            None => self.function_with_parts(node, range, parts, flags, dst)?,
            Some(scope) => self.generic_function(node, range, scope, parts, flags, dst)?,
        }
        self.unit.release(mark);
        Ok(())
    }

    /// Annotations, code and closure.
    fn function_with_parts(
        &mut self,
        node: &'a ast::StmtFunctionDef,
        range: TextRange,
        parts: Reg,
        mut flags: u32,
        dst: Reg,
    ) -> Result<()> {
        flags |= self.function_annotations(node, range, parts + 2)?;
        let code = self.function_code(node, range)?;
        self.at(range);
        self.make_function(code, parts, flags, dst)
    }

    /// The scope of the type parameters is a function that is called at once.
    fn generic_function(
        &mut self,
        node: &'a ast::StmtFunctionDef,
        range: TextRange,
        scope: ScopeId,
        parts: Reg,
        flags: u32,
        dst: Reg,
    ) -> Result<()> {
        let first_line = self.first_line(&node.decorator_list, range);
        self.enter(scope, &format!("<generic parameters of {}>", node.name), first_line);
        self.at(range);
        self.prologue();
        let type_params = self.type_params(node.type_params.as_ref().expect("generic"))?;
        let inner = self.unit.temps(4);
        let mut count = 0;
        for (flag, part, name) in [
            (function_flag::DEFAULTS, inner, ".defaults"),
            (function_flag::KWDEFAULTS, inner + 1, ".kwdefaults"),
        ] {
            if flags & flag != 0 {
                count += 1;
                self.load_resolved(&Name::from(name), part);
            }
        }
        // SetFunctionTypeParams wants the function before its parameters.
        let pair = self.unit.temps(2);
        self.function_with_parts(node, range, inner, flags, pair)?;
        self.unit.mov(pair + 1, type_params);
        self.unit.op3(Op::Intrinsic, pair, pair, Intrinsic::SetFunctionTypeParams as u32);
        self.unit.op1(Op::Return, pair);
        self.unit.arg_count = count;
        let code = self.leave()?;
        let window = self.window();
        self.at(range);
        let outer_parts = self.unit.temps(4);
        self.make_function(code, outer_parts, 0, window + WINDOW_CALLABLE)?;
        self.unit.release(window + WINDOW_ARGS);
        for (flag, part) in [(function_flag::DEFAULTS, parts), (function_flag::KWDEFAULTS, parts + 1)] {
            if flags & flag != 0 {
                let arg = self.unit.temp();
                self.unit.mov(arg, part);
            }
        }
        self.call_window(dst, window, count);
        Ok(())
    }

    pub(crate) fn first_line(&self, decorators: &[ast::Decorator], range: TextRange) -> u32 {
        decorators.first().map_or(self.line_of(range), |first| self.line_of(first.expression.range()))
    }

    fn function_code(&mut self, node: &'a ast::StmtFunctionDef, range: TextRange) -> Result<Code> {
        let in_class = self.scope(self.current_scope()).kind == ScopeKind::Class;
        let scope = self.table.of(node, Part::Body);
        let first_line = self.first_line(&node.decorator_list, range);
        self.enter(scope, &node.name, first_line);
        self.unit.is_async = node.is_async;
        self.parameter_counts(&node.parameters);
        if in_class {
            self.unit.flags |= code_flag::METHOD;
        }
        self.unit.flags |= match (node.is_async, self.scope(scope).is_generator) {
            (true, true) => code_flag::ASYNC_GENERATOR,
            (true, false) => code_flag::COROUTINE,
            (false, true) => code_flag::GENERATOR,
            (false, false) => 0,
        };
        let mut body: &'a [Stmt] = &node.body;
        if let Some((text, _)) = self.docstring(body) {
            body = &body[1..];
            if self.optimize < 2 {
                self.unit.konst(Const::Str(text));
                self.unit.flags |= code_flag::HAS_DOCSTRING;
                self.unit.has_docstring = true;
            }
        }
        self.prologue();
        self.body(body)?;
        self.finish_body();
        self.leave()
    }

    fn parameter_counts(&mut self, parameters: &ast::Parameters) {
        let unit = &mut self.unit;
        unit.posonly_count = parameters.posonlyargs.len() as u32;
        unit.arg_count = unit.posonly_count + parameters.args.len() as u32;
        unit.kwonly_count = parameters.kwonlyargs.len() as u32;
        if parameters.vararg.is_some() {
            unit.flags |= code_flag::VARARGS;
        }
        if parameters.kwarg.is_some() {
            unit.flags |= code_flag::VARKEYWORDS;
        }
    }

    pub(crate) fn is_async_generator(&self) -> bool {
        self.unit.flags & code_flag::ASYNC_GENERATOR != 0
    }

    pub(crate) fn lambda(&mut self, expr: &'a Expr, node: &'a ast::ExprLambda, dst: Reg) -> Result<()> {
        let parts = self.unit.temps(4);
        let flags = match &node.parameters {
            Some(parameters) => self.defaults(parameters, parts)?,
            None => 0,
        };
        let in_class = self.scope(self.current_scope()).kind == ScopeKind::Class;
        let scope = self.table.of(expr, Part::Body);
        self.enter(scope, "<lambda>", self.line_of(node.range));
        if let Some(parameters) = &node.parameters {
            self.parameter_counts(parameters);
        }
        if in_class {
            self.unit.flags |= code_flag::METHOD;
        }
        if self.scope(scope).is_generator {
            self.unit.flags |= code_flag::GENERATOR;
        }
        self.prologue();
        let value = self.operand(&node.body)?;
        self.at(node.body.range());
        self.unit.op1(Op::Return, value);
        let code = self.leave()?;
        self.at(node.range);
        self.make_function(code, parts, flags, dst)
    }

    /// Positional defaults as a tuple, keyword-only ones as a dict.
    fn defaults(&mut self, parameters: &'a ast::Parameters, parts: Reg) -> Result<u32> {
        let mut flags = 0;
        let location = self.unit.location;
        let positional: Vec<&'a Expr> = parameters
            .posonlyargs
            .iter()
            .chain(&parameters.args)
            .filter_map(|parameter| parameter.default.as_deref())
            .collect();
        if !positional.is_empty() {
            flags |= function_flag::DEFAULTS;
            let constants: Option<Vec<Const>> = positional.iter().map(|expr| self.constant(expr)).collect();
            match constants {
                Some(items) => self.unit.load(parts, Const::Tuple(items.into())),
                None => {
                    let mark = self.unit.top;
                    let range = parameters.range;
                    self.sequence(Op::BuildTuple, &[], &positional, range, parts)?;
                    self.unit.release(mark);
                }
            }
        }
        for parameter in &parameters.kwonlyargs {
            let Some(default) = parameter.default.as_deref() else { continue };
            let mark = self.unit.top;
            if flags & function_flag::KWDEFAULTS == 0 {
                self.unit.op3(Op::BuildDict, parts + 1, parts + 1, 0);
                flags |= function_flag::KWDEFAULTS;
            }
            let key = self.unit.temp();
            let name = self.mangled(&parameter.parameter.name);
            self.unit.load(key, Const::str(&name));
            let value = self.operand(default)?;
            self.unit.op3(Op::DictSet, parts + 1, key, value);
            self.unit.release(mark);
        }
        self.unit.location = location;
        Ok(flags)
    }

    /// A function object of compiled code, whose parts other than the closure are in place.
    pub(crate) fn make_function(&mut self, code: Code, parts: Reg, mut flags: u32, dst: Reg) -> Result<()> {
        let free: Vec<_> =
            code.locals.iter().filter(|l| l.kind == LocalKind::Free).map(|l| l.name.clone()).collect();
        if !free.is_empty() {
            flags |= function_flag::CLOSURE;
            let mark = self.unit.top;
            let start = self.unit.temps(free.len() as u32);
            for (at, name) in free.iter().enumerate() {
                let cell = self.cell_register(name);
                debug_assert!(cell.is_some(), "no cell for {name} in {}", self.unit.qualname);
                let Some(cell) = cell else {
                    return self.error(format!("unknown closure variable {name}"), TextRange::default());
                };
                self.unit.mov(start + at as u32, cell);
            }
            self.unit.op3(Op::BuildTuple, parts + 3, start, free.len() as u32);
            self.unit.release(mark);
        }
        let code = self.unit.konst(Const::Code(code.into()));
        self.unit.push(Op::MakeFunction, [dst, parts, flags], Extra::Const(code));
        Ok(())
    }

    /// The docstring of a body, cleaned, if there is one.
    pub(crate) fn docstring(&mut self, body: &'a [Stmt]) -> Option<(Text, TextRange)> {
        let Some(Stmt::Expr(stmt)) = body.first() else { return None };
        let Expr::StringLiteral(_) = &*stmt.value else { return None };
        match self.constant(&stmt.value) {
            Some(Const::Str(text)) => Some((clean_doc(&text), stmt.range)),
            _ => None,
        }
    }
}

/// Takes the indentation that all lines but the first share out of a docstring. CPython: `_PyCompile_CleanDoc`.
fn clean_doc(text: &Text) -> Text {
    let expanded = expand_tabs(text.as_bytes());
    let mut lines = expanded.split(|&b| b == b'\n');
    let first = lines.next().unwrap_or_default();
    let indent = |line: &[u8]| line.iter().take_while(|&&b| b == b' ').count();
    let margin = lines.clone().filter(|line| indent(line) < line.len()).map(indent).min().unwrap_or(0);
    let mut out = first[indent(first)..].to_vec();
    for line in lines {
        out.push(b'\n');
        out.extend_from_slice(&line[margin.min(indent(line))..]);
    }
    Text::from_wtf8(out)
}

fn expand_tabs(bytes: &[u8]) -> Vec<u8> {
    let mut out = Vec::with_capacity(bytes.len());
    let mut column = 0;
    for &byte in bytes {
        match byte {
            b'\t' => {
                let spaces = 8 - column % 8;
                out.resize(out.len() + spaces, b' ');
                column += spaces;
            }
            b'\n' | b'\r' => {
                out.push(byte);
                column = 0;
            }
            _ => {
                out.push(byte);
                column += (byte & 0xC0 != 0x80) as usize;
            }
        }
    }
    out
}
