//! Classes. CPython: `codegen_class`, `codegen_class_body`.
//! Invariant: bases and keywords are evaluated before `__build_class__` runs the body.

use taipan_bytecode::op::{WINDOW_ARGS, WINDOW_CALLABLE};
use taipan_bytecode::{Code, Const, Intrinsic, Location, Name, Op};
use taipan_syntax::TextRange;
use taipan_syntax::ast::{self, Expr};

use crate::compiler::{Compiler, Result};
use crate::symbols::{Part, ScopeId};
use crate::unit::{Extra, Reg};

impl<'a> Compiler<'a> {
    pub(crate) fn class_def(&mut self, node: &'a ast::StmtClassDef) -> Result<()> {
        let range = self.after_decorators(&node.decorator_list, node.range);
        let dst = self.unit.temp();
        self.decorated(&node.decorator_list, dst, |compiler, dst| {
            match compiler.table.get(node, Part::TypeParameters) {
                None => compiler.build_class(node, range, None, dst),
                Some(scope) => compiler.generic_class(node, range, scope, dst),
            }
        })?;
        self.at(range);
        self.store_name(&node.name, dst);
        Ok(())
    }

    fn generic_class(
        &mut self,
        node: &'a ast::StmtClassDef,
        range: TextRange,
        scope: ScopeId,
        dst: Reg,
    ) -> Result<()> {
        let first_line = self.first_line(&node.decorator_list, range);
        self.enter(scope, &format!("<generic parameters of {}>", node.name), first_line);
        self.at(range);
        self.prologue();
        let type_params = self.type_params(node.type_params.as_ref().expect("generic"))?;
        self.store_resolved(&Name::from(".type_params"), type_params);
        let base = self.unit.temp();
        self.unit.mov(base, type_params);
        let result = self.unit.temp();
        self.build_class(node, range, Some(base), result)?;
        self.at(range);
        self.unit.op1(Op::Return, result);
        let code = self.leave()?;
        let window = self.window();
        self.at(range);
        let parts = self.unit.temps(4);
        self.make_function(code, parts, 0, window + WINDOW_CALLABLE)?;
        self.unit.release(window + WINDOW_ARGS);
        self.call_window(dst, window, 0);
        self.unit.release(window);
        Ok(())
    }

    /// Calls `__build_class__`; `generic` holds the type parameters of a generic class.
    fn build_class(
        &mut self,
        node: &'a ast::StmtClassDef,
        range: TextRange,
        generic: Option<Reg>,
        dst: Reg,
    ) -> Result<()> {
        let code = self.class_code(node, range)?;
        let window = self.window();
        self.at(range);
        self.unit.op1(Op::LoadBuildClass, window + WINDOW_CALLABLE);
        let function = self.unit.temp();
        let parts = self.unit.temps(4);
        self.make_function(code, parts, 0, function)?;
        self.unit.release(parts);
        let name = self.unit.temp();
        self.unit.load(name, Const::str(&node.name));
        if let Some(generic) = generic {
            // `Generic[..]` becomes the last base.
            self.unit.op3(Op::Intrinsic, generic, generic, Intrinsic::SubscriptGeneric as u32);
            self.store_resolved(&Name::from(".generic_base"), generic);
        }
        self.class_arguments(node, range, [function, name], generic, window, dst)?;
        self.unit.release(window);
        Ok(())
    }

    fn class_arguments(
        &mut self,
        node: &'a ast::StmtClassDef,
        range: TextRange,
        first: [Reg; 2],
        generic: Option<Reg>,
        window: Reg,
        dst: Reg,
    ) -> Result<()> {
        let (bases, keywords): (&'a [Expr], &'a [ast::Keyword]) = match &node.arguments {
            Some(arguments) => (&arguments.args, &arguments.keywords),
            None => (&[], &[]),
        };
        self.check_keywords(keywords)?;
        if bases.iter().any(Expr::is_starred_expr) || keywords.iter().any(|keyword| keyword.arg.is_none()) {
            return self.class_unpacking(node, range, first, generic, window, dst);
        }
        for base in bases {
            let reg = self.unit.temp();
            self.expr(base, reg)?;
        }
        if let Some(generic) = generic {
            let reg = self.unit.temp();
            self.unit.mov(reg, generic);
        }
        for keyword in keywords {
            let reg = self.unit.temp();
            self.expr(&keyword.value, reg)?;
        }
        let count = 2 + (bases.len() + keywords.len()) as u32 + generic.is_some() as u32;
        self.at(range);
        if keywords.is_empty() {
            self.call_window(dst, window, count);
            return Ok(());
        }
        let names = keywords.iter().map(|keyword| Const::str(keyword.arg.as_ref().expect("plain")));
        let names: Vec<Const> = names.collect();
        let index = self.unit.konst(Const::Tuple(names.into()));
        self.unit.push(Op::CallKw, [dst, window, count], Extra::CacheConst(index));
        Ok(())
    }

    /// Bases with `*` or keywords with `**`: through a list and a dict.
    fn class_unpacking(
        &mut self,
        node: &'a ast::StmtClassDef,
        range: TextRange,
        first: [Reg; 2],
        generic: Option<Reg>,
        window: Reg,
        dst: Reg,
    ) -> Result<()> {
        // Function and name move out of the registers that the list and the dict will take.
        let saved = self.unit.temps(2);
        self.unit.mov(saved, first[0]);
        self.unit.mov(saved + 1, first[1]);
        let arguments = node.arguments.as_ref().expect("something unpacks");
        self.unpacked_arguments(arguments, &[saved, saved + 1], window + WINDOW_ARGS, range)?;
        if let Some(generic) = generic {
            self.unit.op2(Op::ListAppend, window + WINDOW_ARGS, generic);
        }
        self.at(range);
        self.unit.push(Op::CallEx, [dst, window, 0], Extra::Cache);
        Ok(())
    }

    fn class_code(&mut self, node: &'a ast::StmtClassDef, range: TextRange) -> Result<Code> {
        let scope_id = self.table.of(node, Part::Body);
        let scope = self.scope(scope_id);
        let first_line = self.first_line(&node.decorator_list, range);
        self.enter(scope_id, &node.name, first_line);
        self.prologue();
        let head = self.unit.location;
        let value = self.unit.temp();
        let set = |compiler: &mut Compiler<'a>, name: &str| {
            compiler.unit.with_name(Op::StoreName, value, 0, &Name::from(name));
        };
        self.unit.with_name(Op::LoadName, value, 0, &Name::from("__name__"));
        set(self, "__module__");
        let qualname = Const::str(&self.unit.qualname.clone());
        self.unit.load(value, qualname);
        set(self, "__qualname__");
        self.unit.load(value, Const::Int(first_line as i64));
        set(self, "__firstlineno__");
        if node.type_params.is_some() {
            self.load_resolved(&Name::from(".type_params"), value);
            set(self, "__type_params__");
        }
        if scope.needs_classdict {
            self.unit.op1(Op::LoadLocals, value);
            let cell = self.unit.cells["__classdict__"];
            self.unit.op2(Op::StoreCell, cell, value);
        }
        if scope.has_conditional_annotations && !self.string_annotations() {
            self.unit.op3(Op::BuildSet, value, value, 0);
            let cell = self.unit.cells["__conditional_annotations__"];
            self.unit.op2(Op::StoreCell, cell, value);
        }
        if self.string_annotations() && scope.annotations.is_some() {
            self.unit.op0(Op::SetupAnnotations);
        }
        let mut body: &'a [ast::Stmt] = &node.body;
        if let Some((text, doc_range)) = self.docstring(body) {
            body = &body[1..];
            if self.optimize < 2 {
                self.at(doc_range);
                self.unit.load(value, Const::Str(text));
                set(self, "__doc__");
            }
        }
        self.unit.release(value);
        self.bodies.push(body);
        self.body(body)?;
        let value = self.unit.temp();
        let set = |compiler: &mut Compiler<'a>, name: &str| {
            compiler.unit.with_name(Op::StoreName, value, 0, &Name::from(name));
        };
        self.unit.location = head;
        if !self.string_annotations() {
            self.scope_annotations("__annotate_func__")?;
        }
        self.bodies.pop();
        // What follows was not written by anybody: tracing shows no line for it.
        self.unit.location = Location::NONE;
        let attributes: Vec<Const> = scope.static_attributes.iter().map(|name| Const::str(name)).collect();
        self.unit.load(value, Const::Tuple(attributes.into()));
        set(self, "__static_attributes__");
        if scope.needs_classdict {
            let cell = self.unit.cells["__classdict__"];
            self.unit.mov(value, cell);
            set(self, "__classdictcell__");
        }
        if scope.needs_class_closure {
            let cell = self.unit.cells["__class__"];
            self.unit.mov(value, cell);
            set(self, "__classcell__");
            self.unit.op1(Op::Return, value);
        } else {
            self.unit.op0(Op::ReturnNone);
        }
        self.leave()
    }
}
