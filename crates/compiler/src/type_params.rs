//! Type parameters and aliases (PEP 695, 696). CPython: `codegen_type_params`, `codegen_typealias`.
//! Invariant: bounds, constraints, defaults and alias values are functions, called when somebody asks.

use taipan_bytecode::op::{WINDOW_ARGS, WINDOW_CALLABLE};
use taipan_bytecode::{Code, Common, Const, Intrinsic, Op, function_flag};
use taipan_syntax::ast::{self, Expr, TypeParam};
use taipan_syntax::{Ranged, TextRange};

use crate::compiler::{Compiler, Result};
use crate::symbols::{Part, ScopeId};
use crate::unit::Reg;

impl<'a> Compiler<'a> {
    /// Makes and binds the type parameters; the result is a register with their tuple.
    pub(crate) fn type_params(&mut self, params: &'a ast::TypeParams) -> Result<Reg> {
        let tuple = self.unit.temp();
        let start = self.unit.temps(params.len() as u32);
        let mut seen_default = false;
        for (at, param) in params.iter().enumerate() {
            if param.default().is_some() {
                seen_default = true;
            } else if seen_default {
                let message = format!(
                    "non-default type parameter '{}' follows default type parameter",
                    param.name().as_str()
                );
                return self.error(message, param.range());
            }
            self.type_param(param, start + at as u32)?;
        }
        self.at(params.range);
        self.unit.op3(Op::BuildTuple, tuple, start, params.len() as u32);
        self.unit.release(start);
        Ok(tuple)
    }

    fn type_param(&mut self, param: &'a TypeParam, dst: Reg) -> Result<()> {
        let mark = self.unit.top;
        let args = self.unit.temps(2);
        self.at(param.range());
        self.unit.load(args, Const::str(param.name()));
        let which = match param {
            TypeParam::TypeVar(node) => match &node.bound {
                None => Intrinsic::TypeVar,
                Some(bound) => {
                    let scope = self.table.of(param, Part::Body);
                    self.lazy_value(scope, param.name(), bound, args + 1, param.range())?;
                    if bound.is_tuple_expr() {
                        Intrinsic::TypeVarWithConstraints
                    } else {
                        Intrinsic::TypeVarWithBound
                    }
                }
            },
            TypeParam::TypeVarTuple(_) => Intrinsic::TypeVarTuple,
            TypeParam::ParamSpec(_) => Intrinsic::ParamSpec,
        };
        self.at(param.range());
        self.unit.op3(Op::Intrinsic, args, args, which as u32);
        if let Some(default) = param.default() {
            let scope = self.table.of(param, Part::Default);
            self.lazy_value(scope, param.name(), default, args + 1, param.range())?;
            self.at(param.range());
            self.unit.op3(Op::Intrinsic, args, args, Intrinsic::SetTypeparamDefault as u32);
        }
        self.unit.mov(dst, args);
        self.store_name(param.name(), dst);
        self.unit.release(mark);
        Ok(())
    }

    /// A function that evaluates an expression when called with a format.
    fn lazy_value(
        &mut self,
        scope: ScopeId,
        name: &str,
        value: &'a Expr,
        dst: Reg,
        range: TextRange,
    ) -> Result<()> {
        let code = self.lazy_code(scope, name, value, range)?;
        let mark = self.unit.top;
        let parts = self.unit.temps(4);
        // The format that is meant if none is given: VALUE.
        self.unit.load(parts, Const::Tuple([Const::Int(1)].into()));
        self.make_function(code, parts, function_flag::DEFAULTS, dst)?;
        self.unit.release(mark);
        Ok(())
    }

    fn lazy_code(&mut self, scope: ScopeId, name: &str, value: &'a Expr, range: TextRange) -> Result<Code> {
        let line = self.line_of(range);
        self.enter(scope, name, line);
        self.unit.arg_count = 1;
        self.unit.posonly_count = 1;
        self.at(range);
        self.prologue();
        self.check_format();
        let result = match value {
            Expr::Starred(node) => {
                let src = self.operand(&node.value)?;
                let result = self.unit.temp();
                self.at(node.range);
                self.unit.op3(Op::UnpackSeq, result, src, 1);
                result
            }
            value => self.operand(value)?,
        };
        self.at(value.range());
        self.unit.op1(Op::Return, result);
        self.leave()
    }

    /// `if format > 2: raise NotImplementedError`: only VALUE and VALUE_WITH_FAKE_GLOBALS are for the compiler's code.
    pub(crate) fn check_format(&mut self) {
        let fine = self.unit.label();
        let mark = self.unit.top;
        let mut format = 0;
        if let Some(&cell) = self.unit.cells.get(&self.unit.locals[0].name) {
            format = self.unit.temp();
            self.unit.op2(Op::LoadCell, format, cell);
        }
        self.unit.jump(Op::JNGtI, format, 2, fine);
        let exc = self.unit.temp();
        self.unit.op2(Op::LoadCommon, exc, Common::NotImplementedError as u32);
        self.unit.op1(Op::Raise, exc);
        self.unit.bind(fine);
        self.unit.release(mark);
    }

    pub(crate) fn type_alias(&mut self, node: &'a ast::StmtTypeAlias) -> Result<()> {
        let Expr::Name(name) = &*node.name else { return self.error("invalid syntax", node.name.range()) };
        let dst = self.unit.temp();
        let Some(type_params) = &node.type_params else {
            self.alias_object(node, name, None, dst)?;
            self.at(node.range);
            self.store_name(&name.id, dst);
            return Ok(());
        };
        let scope = self.table.of(node, Part::TypeParameters);
        self.enter(scope, &format!("<generic parameters of {}>", name.id), self.line_of(node.range));
        self.at(node.range);
        self.prologue();
        let params = self.type_params(type_params)?;
        let result = self.unit.temp();
        self.alias_object(node, name, Some(params), result)?;
        self.unit.op1(Op::Return, result);
        let code = self.leave()?;
        let window = self.window();
        self.at(node.range);
        let parts = self.unit.temps(4);
        self.make_function(code, parts, 0, window + WINDOW_CALLABLE)?;
        self.unit.release(window + WINDOW_ARGS);
        self.call_window(dst, window, 0);
        self.store_name(&name.id, dst);
        Ok(())
    }

    fn alias_object(
        &mut self,
        node: &'a ast::StmtTypeAlias,
        name: &ast::ExprName,
        params: Option<Reg>,
        dst: Reg,
    ) -> Result<()> {
        let mark = self.unit.top;
        let items = self.unit.temps(3);
        self.at(node.range);
        self.unit.load(items, Const::str(&name.id));
        match params {
            Some(params) => self.unit.mov(items + 1, params),
            None => self.unit.load(items + 1, Const::None),
        }
        let scope = self.table.of(node, Part::Body);
        self.lazy_value(scope, &name.id, &node.value, items + 2, node.range)?;
        self.at(node.range);
        self.unit.op3(Op::BuildTuple, items, items, 3);
        self.unit.op3(Op::Intrinsic, dst, items, Intrinsic::TypeAlias as u32);
        self.unit.release(mark);
        Ok(())
    }
}
