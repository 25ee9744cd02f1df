//! Functions, classes, type parameters and annotations: the statements that open scopes.
//! CPython: `symtable_visit_stmt`, `symtable_enter_type_param_block`, `symtable_visit_annotation`.
//! Invariant: the order of children is that of CPython, because `_symtable` shows it.

use taipan_syntax::ast::{self, Expr, TypeParam};
use taipan_syntax::{Ranged, TextRange};

use super::build::{Builder, Result};
use super::{Part, ScopeId, ScopeKind, definition};

impl Builder<'_> {
    pub(super) fn function_def(&mut self, node: &ast::StmtFunctionDef) -> Result<()> {
        self.add(&node.name, definition::LOCAL, node.range)?;
        let parameters = &node.parameters;
        self.defaults(parameters)?;
        self.exprs(node.decorator_list.iter().map(|decorator| &decorator.expression))?;
        if let Some(type_params) = &node.type_params {
            let has_defaults = parameters.iter_non_variadic_params().any(|p| p.default.is_some());
            let kwdefaults = parameters.kwonlyargs.iter().any(|p| p.default.is_some());
            let positional = has_defaults
                && parameters.posonlyargs.iter().chain(&parameters.args).any(|p| p.default.is_some());
            self.enter_type_params(&node.name, node, type_params, node.range, false)?;
            if positional {
                self.implicit(".defaults", definition::PARAM | definition::USE)?;
            }
            if kwdefaults {
                self.implicit(".kwdefaults", definition::PARAM | definition::USE)?;
            }
            self.type_params(type_params)?;
        }
        self.parameter_annotations(node)?;
        self.enter(ScopeKind::Function, &node.name, node, Part::Body, node.range);
        self.table.scopes[self.current].is_coroutine = node.is_async;
        self.parameters(parameters)?;
        self.body(&node.body)?;
        self.leave();
        if node.type_params.is_some() {
            self.leave();
        }
        Ok(())
    }

    pub(super) fn class_def(&mut self, node: &ast::StmtClassDef) -> Result<()> {
        self.add(&node.name, definition::LOCAL, node.range)?;
        self.exprs(node.decorator_list.iter().map(|decorator| &decorator.expression))?;
        let class_name = self.intern(&node.name);
        if let Some(type_params) = &node.type_params {
            self.enter_type_params(&node.name, node, type_params, node.range, true)?;
            let scope = &mut self.table.scopes[self.current];
            scope.private = Some(class_name.clone());
            scope.mangled = Some(Default::default());
            self.type_params(type_params)?;
        }
        if let Some(arguments) = &node.arguments {
            self.exprs(&arguments.args)?;
            self.keywords(&arguments.keywords)?;
        }
        self.enter(ScopeKind::Class, &node.name, node, Part::Body, node.range);
        let scope = &mut self.table.scopes[self.current];
        scope.private = Some(class_name);
        scope.mangled = None;
        if node.type_params.is_some() {
            self.implicit("__type_params__", definition::LOCAL)?;
            self.implicit(".type_params", definition::USE)?;
        }
        self.body(&node.body)?;
        self.leave();
        if node.type_params.is_some() {
            self.leave();
        }
        Ok(())
    }

    pub(super) fn type_alias(&mut self, node: &ast::StmtTypeAlias) -> Result<()> {
        self.expr(&node.name)?;
        let name = match &*node.name {
            Expr::Name(name) => name.id.as_str(),
            _ => "",
        };
        let in_class = self.table.scopes[self.current].kind == ScopeKind::Class;
        if let Some(type_params) = &node.type_params {
            self.enter_type_params(name, node, type_params, node.range, false)?;
            self.type_params(type_params)?;
        }
        self.enter(ScopeKind::TypeAlias, name, node, Part::Body, node.range);
        self.table.scopes[self.current].described = "a type alias";
        self.format_parameter(".format")?;
        if in_class {
            self.see_class()?;
        }
        self.expr(&node.value)?;
        self.leave();
        if node.type_params.is_some() {
            self.leave();
        }
        Ok(())
    }

    pub(super) fn implicit(&mut self, name: &str, flags: u32) -> Result<()> {
        let name = self.intern(name);
        self.add_to(self.current, &name, flags, TextRange::default())
    }

    /// The parameter of functions that evaluate annotations lazily.
    fn format_parameter(&mut self, name: &str) -> Result<()> {
        self.implicit(name, definition::PARAM | definition::USE)
    }

    /// The current scope looks names up in the class around it first.
    pub(super) fn see_class(&mut self) -> Result<()> {
        self.table.scopes[self.current].can_see_class = true;
        self.implicit("__classdict__", definition::USE)
    }

    fn enter_type_params<T>(
        &mut self,
        name: &str,
        node: &T,
        params: &ast::TypeParams,
        range: TextRange,
        class: bool,
    ) -> Result<()> {
        let _ = params;
        let in_class = self.table.scopes[self.current].kind == ScopeKind::Class;
        let private = self.table.scopes[self.current].private.clone();
        self.enter(ScopeKind::TypeParameters, name, node, Part::TypeParameters, range);
        let scope = &mut self.table.scopes[self.current];
        scope.described = "the definition of a generic";
        scope.private = private;
        if in_class {
            self.see_class()?;
        }
        if class {
            self.implicit(".type_params", definition::LOCAL | definition::USE)?;
            self.implicit(".generic_base", definition::LOCAL | definition::USE)?;
        }
        Ok(())
    }

    fn type_params(&mut self, params: &ast::TypeParams) -> Result<()> {
        params.iter().try_for_each(|param| self.type_param(param))
    }

    fn type_param(&mut self, param: &TypeParam) -> Result<()> {
        let name = param.name();
        if let Some(only) = &mut self.table.scopes[self.current].mangled {
            only.insert(name.to_string());
        }
        self.add(name, definition::TYPE_PARAM | definition::LOCAL, param.range())?;
        let (bound, described) = match param {
            TypeParam::TypeVar(node) => match node.bound.as_deref() {
                Some(bound @ Expr::Tuple(_)) => (Some(bound), "a TypeVar constraint"),
                bound => (bound, "a TypeVar bound"),
            },
            _ => (None, ""),
        };
        if let Some(bound) = bound {
            self.type_variable(param, Part::Body, name, bound, described)?;
        }
        if let Some(default) = param.default() {
            let described = match param {
                TypeParam::TypeVar(_) => "a TypeVar default",
                TypeParam::TypeVarTuple(_) => "a TypeVarTuple default",
                TypeParam::ParamSpec(_) => "a ParamSpec default",
            };
            self.type_variable(param, Part::Default, name, default, described)?;
        }
        Ok(())
    }

    fn type_variable(
        &mut self,
        param: &TypeParam,
        part: Part,
        name: &str,
        value: &Expr,
        described: &'static str,
    ) -> Result<()> {
        let sees = self.table.scopes[self.current].can_see_class;
        self.enter(ScopeKind::TypeVariable, name, param, part, param.range());
        self.table.scopes[self.current].described = described;
        self.format_parameter(".format")?;
        if sees {
            self.see_class()?;
        }
        match value {
            Expr::Starred(starred) => self.expr(&starred.value)?,
            value => self.expr(value)?,
        }
        self.leave();
        Ok(())
    }

    /// The annotations of a function's parameters and result, which one scope evaluates.
    fn parameter_annotations(&mut self, node: &ast::StmtFunctionDef) -> Result<()> {
        let sees = {
            let scope = &self.table.scopes[self.current];
            (scope.kind == ScopeKind::Class || scope.can_see_class) && !self.string_annotations
        };
        let parent = self.current;
        let id = self.enter(ScopeKind::Annotation, "__annotate__", node, Part::Annotations, node.range);
        self.table.scopes[id].described = "an annotation";
        self.format_parameter(".format")?;
        if sees {
            self.see_class()?;
        }
        let mut used = false;
        for parameter in node.parameters.iter() {
            if let Some(annotation) = parameter.annotation() {
                used = true;
                match annotation {
                    Expr::Starred(starred) => self.annotation(&starred.value)?,
                    annotation => self.annotation(annotation)?,
                }
            }
        }
        if let Some(returns) = &node.returns {
            used = true;
            self.annotation(returns)?;
        }
        self.table.scopes[id].annotations_used = used;
        self.leave();
        if !used {
            // Nobody evaluates it: it takes no part in the analysis of free variables.
            self.forget_child(parent, id);
        }
        Ok(())
    }

    /// The scope that was entered last takes no part in the analysis.
    fn forget_child(&mut self, parent: ScopeId, id: ScopeId) {
        let children = &mut self.table.scopes[parent].children;
        if children.last() == Some(&id) {
            children.pop();
        }
    }

    /// An annotation of a variable.
    pub(super) fn variable_annotation(&mut self, annotation: &Expr, simple: bool) -> Result<()> {
        let parent = self.current;
        let kind = self.table.scopes[parent].kind;
        let id = match self.table.scopes[parent].annotations {
            Some(id) => {
                self.current = id;
                id
            }
            None => {
                let range = annotation.range();
                let id =
                    self.enter(ScopeKind::Annotation, "__annotate__", annotation, Part::Annotations, range);
                self.table.scopes[parent].annotations = Some(id);
                self.table.scopes[id].described = "an annotation";
                self.format_parameter(".format")?;
                if kind == ScopeKind::Class {
                    self.see_class()?;
                }
                id
            }
        };
        let evaluated = simple && !kind.is_function_like() && !self.string_annotations;
        let conditional = kind == ScopeKind::Module || self.table.scopes[parent].conditional_depth > 0;
        if evaluated {
            self.table.scopes[id].annotations_used = true;
            if conditional {
                self.table.scopes[parent].has_conditional_annotations = true;
                self.implicit("__conditional_annotations__", definition::USE)?;
            }
            self.annotation(annotation)?;
        } else {
            self.table.scopes[id].unevaluated += 1;
            let result = self.annotation(annotation);
            self.table.scopes[id].unevaluated -= 1;
            result?;
        }
        self.current = parent;
        if kind.is_function_like() || self.string_annotations {
            self.forget_child(parent, id);
        }
        Ok(())
    }

    fn annotation(&mut self, annotation: &Expr) -> Result<()> {
        if self.string_annotations {
            let id = self.current;
            self.table.scopes[id].unevaluated += 1;
            let result = self.expr(annotation);
            self.table.scopes[id].unevaluated -= 1;
            return result;
        }
        self.expr(annotation)
    }

    fn defaults(&mut self, parameters: &ast::Parameters) -> Result<()> {
        let defaults =
            parameters.iter_non_variadic_params().filter_map(|parameter| parameter.default.as_deref());
        self.exprs(defaults)
    }

    pub(super) fn lambda(&mut self, expr: &Expr, node: &ast::ExprLambda) -> Result<()> {
        if let Some(parameters) = &node.parameters {
            self.defaults(parameters)?;
        }
        let sees = self.table.scopes[self.current].can_see_class;
        self.enter(ScopeKind::Lambda, "lambda", expr, Part::Body, node.range);
        let _ = sees;
        if let Some(parameters) = &node.parameters {
            self.parameters(parameters)?;
        }
        self.expr(&node.body)?;
        self.leave();
        Ok(())
    }

    fn parameters(&mut self, parameters: &ast::Parameters) -> Result<()> {
        for parameter in parameters.iter_non_variadic_params() {
            let parameter = &parameter.parameter;
            self.add(&parameter.name, definition::PARAM, parameter.range)?;
        }
        for (parameter, keywords) in [(&parameters.vararg, false), (&parameters.kwarg, true)] {
            let Some(parameter) = parameter else { continue };
            // The stars are not the parameter's.
            let range = TextRange::new(parameter.name.start(), parameter.range.end());
            self.add(&parameter.name, definition::PARAM, range)?;
            let scope = &mut self.table.scopes[self.current];
            if keywords { scope.varkeywords = true } else { scope.varargs = true }
        }
        Ok(())
    }
}
