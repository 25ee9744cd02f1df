//! Calls. CPython: `codegen_call`, `maybe_optimize_method_call`, `can_optimize_super_call`.
//! Invariant: a window starts at the top of the live temporaries; callee and arguments are evaluated straight into it.

use taipan_bytecode::op::{WINDOW_ARGS, WINDOW_CALLABLE, WINDOW_SELF};
use taipan_bytecode::{Const, Op};
use taipan_syntax::ast::{self, Expr};
use taipan_syntax::{Ranged, TextRange};

use crate::compiler::{Compiler, Result};
use crate::names::Access;
use crate::symbols::{Place, definition};
use crate::unit::{Extra, Reg};

/// Above this many arguments a call goes through a tuple.
const MAX_ARGUMENTS: usize = 3000;

/// `super`, class and object in three registers.
pub(crate) struct SuperBase {
    pub(crate) reg: Reg,
    /// `super()` without arguments.
    pub(crate) zero: bool,
}

impl<'a> Compiler<'a> {
    /// A new call window; its header and receiver slot are allocated.
    pub(crate) fn window(&mut self) -> Reg {
        self.unit.temps(WINDOW_ARGS)
    }

    /// A new call window whose result goes to `dst`, which it begins with if that is the topmost temporary.
    fn window_for(&mut self, dst: Reg) -> Reg {
        if dst + 1 != self.unit.top || self.unit.is_variable(dst) {
            return self.window();
        }
        self.unit.temps(WINDOW_ARGS - 1);
        dst
    }

    pub(crate) fn call(&mut self, node: &'a ast::ExprCall, dst: Reg) -> Result<()> {
        self.check_keywords(&node.arguments.keywords)?;
        self.check_caller(&node.func);
        if unpacks(&node.arguments) {
            return self.call_unpacking(node, dst);
        }
        let window = self.window_for(dst);
        if let Expr::Attribute(attribute) = &*node.func {
            self.load_method(attribute, window)?;
            let count = self.arguments(&node.arguments)?;
            self.unit.location = self.attribute_location(node.range(), attribute);
            self.emit_call(dst, window, count, &node.arguments.keywords, true);
            return Ok(());
        }
        self.expr(&node.func, window + WINDOW_CALLABLE)?;
        let count = self.arguments(&node.arguments)?;
        self.at(node.range());
        self.emit_call(dst, window, count, &node.arguments.keywords, false);
        Ok(())
    }

    fn load_method(&mut self, attribute: &'a ast::ExprAttribute, window: Reg) -> Result<()> {
        let name = self.mangled(&attribute.attr);
        if let Some(base) = self.super_base(attribute)? {
            let index = self.unit.name(&name);
            self.unit.location = self.attribute_location(attribute.range, attribute);
            self.unit.push(
                Op::LoadSuperMethod,
                [window, base.reg, base.zero as u32],
                Extra::CacheName(index),
            );
            self.unit.release(window + WINDOW_ARGS);
            return Ok(());
        }
        let object = self.operand_in(&attribute.value, window + WINDOW_SELF)?;
        self.unit.location = self.attribute_location(attribute.range, attribute);
        self.unit.with_name(Op::LoadMethod, window, object, &name);
        Ok(())
    }

    /// Position of an attribute access or method call: if the name stands on a later line, it starts there.
    pub(crate) fn attribute_location(
        &self,
        range: TextRange,
        attribute: &ast::ExprAttribute,
    ) -> taipan_bytecode::Location {
        let mut location = self.location(range);
        let name = self.location(attribute.attr.range());
        if name.line > location.line {
            (location.line, location.column) = (name.line, name.column);
        }
        location
    }

    /// Positional, then keyword arguments into the registers after the window.
    fn arguments(&mut self, arguments: &'a ast::Arguments) -> Result<u32> {
        for arg in &arguments.args {
            let reg = self.unit.temp();
            self.expr(arg, reg)?;
        }
        for keyword in &arguments.keywords {
            let reg = self.unit.temp();
            self.expr(&keyword.value, reg)?;
        }
        Ok((arguments.args.len() + arguments.keywords.len()) as u32)
    }

    fn emit_call(&mut self, dst: Reg, window: Reg, count: u32, keywords: &[ast::Keyword], method: bool) {
        if keywords.is_empty() {
            let op = if method { Op::CallMethod } else { Op::Call };
            self.unit.push(op, [dst, window, count], Extra::Cache);
            return;
        }
        let names = keywords.iter().map(|keyword| {
            let arg = keyword.arg.as_ref().expect("** goes another way");
            Const::str(arg)
        });
        let names: Vec<Const> = names.collect();
        let index = self.unit.konst(Const::Tuple(names.into()));
        let op = if method { Op::CallMethodKw } else { Op::CallKw };
        self.unit.push(op, [dst, window, count], Extra::CacheConst(index));
    }

    /// Calls the callable at `window + WINDOW_CALLABLE` with arguments that are there already.
    pub(crate) fn call_window(&mut self, dst: Reg, window: Reg, count: u32) {
        self.unit.push(Op::Call, [dst, window, count], Extra::Cache);
    }

    fn call_unpacking(&mut self, node: &'a ast::ExprCall, dst: Reg) -> Result<()> {
        let window = self.window_for(dst);
        self.expr(&node.func, window + WINDOW_CALLABLE)?;
        let args = self.unit.temps(2);
        debug_assert_eq!(args, window + WINDOW_ARGS);
        self.unpacked_arguments(&node.arguments, &[], args, node.range())?;
        self.at(node.range());
        self.unit.push(Op::CallEx, [dst, window, 0], Extra::Cache);
        Ok(())
    }

    /// Arguments with `*` and `**` as a sequence in `args` and a dict or EMPTY after it. `before` and `after` are
    /// registers of further positional arguments.
    pub(crate) fn unpacked_arguments(
        &mut self,
        arguments: &'a ast::Arguments,
        before: &[Reg],
        args: Reg,
        range: TextRange,
    ) -> Result<()> {
        match &*arguments.args {
            [Expr::Starred(only)] if before.is_empty() => self.expr(&only.value, args)?,
            items => {
                let exprs: Vec<&'a Expr> = items.iter().collect();
                self.sequence(Op::BuildList, before, &exprs, range, args)?;
            }
        }
        if arguments.keywords.is_empty() {
            self.unit.op1(Op::Clear, args + 1);
            return Ok(());
        }
        self.keyword_dict(&arguments.keywords, args + 1, args - WINDOW_ARGS + WINDOW_CALLABLE, range)
    }

    /// The keywords of a call, some of them `**`, as a dict.
    fn keyword_dict(
        &mut self,
        keywords: &'a [ast::Keyword],
        dst: Reg,
        callee: Reg,
        range: TextRange,
    ) -> Result<()> {
        let mut made = false;
        let mut rest = keywords;
        while !rest.is_empty() {
            let named = rest.iter().take_while(|keyword| keyword.arg.is_some()).count();
            let mark = self.unit.top;
            if named > 0 {
                let into = if made { self.unit.temp() } else { dst };
                self.named_dict(&rest[..named], into)?;
                if made {
                    self.at(range);
                    self.unit.op3(Op::DictMerge, dst, into, callee);
                }
            } else {
                if !made {
                    self.at(range);
                    self.unit.op3(Op::BuildDict, dst, dst, 0);
                }
                let value = self.operand(&rest[0].value)?;
                self.at(range);
                self.unit.op3(Op::DictMerge, dst, value, callee);
            }
            made = true;
            self.unit.release(mark);
            rest = &rest[named.max(1)..];
        }
        Ok(())
    }

    fn named_dict(&mut self, keywords: &'a [ast::Keyword], dst: Reg) -> Result<()> {
        self.unit.op3(Op::BuildDict, dst, dst, 0);
        for keyword in keywords {
            let mark = self.unit.top;
            let key = self.unit.temp();
            self.at(keyword.range);
            self.unit.load(key, Const::str(keyword.arg.as_ref().expect("named")));
            let value = self.operand(&keyword.value)?;
            self.unit.op3(Op::DictSet, dst, key, value);
            self.unit.release(mark);
        }
        Ok(())
    }

    pub(crate) fn check_keywords(&self, keywords: &[ast::Keyword]) -> Result<()> {
        for (index, keyword) in keywords.iter().enumerate() {
            let Some(arg) = &keyword.arg else { continue };
            let same = |other: &ast::Keyword| other.arg.as_ref().is_some_and(|other| other.id == arg.id);
            if let Some(again) = keywords[index + 1..].iter().find(|other| same(other)) {
                return self.error(format!("keyword argument repeated: {}", arg.as_str()), again.range);
            }
        }
        Ok(())
    }

    /// If the attribute is of a call of `super` that need not make the object.
    pub(crate) fn super_base(&mut self, attribute: &'a ast::ExprAttribute) -> Result<Option<SuperBase>> {
        let Expr::Call(call) = &*attribute.value else { return Ok(None) };
        // `super().__class__` is the class of the super object.
        if attribute.attr.as_str() == "__class__" {
            return Ok(None);
        }
        let Expr::Name(func) = &*call.func else { return Ok(None) };
        let arguments = &call.arguments;
        if func.id.as_str() != "super" || !arguments.keywords.is_empty() || !self.super_is_builtin() {
            return Ok(None);
        }
        let zero = arguments.args.is_empty();
        let plain = arguments.args.len() == 2 && !arguments.args.iter().any(Expr::is_starred_expr);
        let implicit = zero && self.unit.arg_count > 0 && self.class_is_free();
        // Names of the attribute must fit beside the form operand.
        if !(plain || implicit) || self.unit.names.len() >= 0xFFF0 {
            return Ok(None);
        }
        let reg = self.unit.temps(3);
        self.at(func.range);
        self.load_name("super", reg);
        if zero {
            self.at(call.range());
            let cell = self.cell_register("__class__").expect("checked");
            self.unit.op2(Op::LoadCell, reg + 1, cell);
            let first = self.unit.locals[0].name.clone();
            self.load_resolved(&first, reg + 2);
        } else {
            self.expr(&arguments.args[0], reg + 1)?;
            self.expr(&arguments.args[1], reg + 2)?;
        }
        Ok(Some(SuperBase { reg, zero }))
    }

    fn super_is_builtin(&self) -> bool {
        let module = self.scope(0).lookup("super");
        self.frame_scope().kind.is_function_like()
            && matches!(self.resolve("super"), Access::Global)
            && module.is_none_or(|symbol| symbol.flags & (definition::BOUND | definition::GLOBAL) == 0)
    }

    fn class_is_free(&self) -> bool {
        let free = |id| self.scope(id).lookup("__class__").is_some_and(|symbol| symbol.place == Place::Free);
        free(self.unit.scope) && self.cell_register("__class__").is_some()
    }
}

fn unpacks(arguments: &ast::Arguments) -> bool {
    arguments.args.iter().any(Expr::is_starred_expr)
        || arguments.keywords.iter().any(|keyword| keyword.arg.is_none())
        || arguments.args.len() + arguments.keywords.len() > MAX_ARGUMENTS
}
