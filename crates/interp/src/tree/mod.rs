//! Syntax trees as Python sees them: nodes of `ast` from what the parser made. CPython: `Python/Python-ast.c`,
//! `Parser/action_helpers.c`.
//! Invariant: nodes are made without running Python, with their fields in the order of `_fields` and then their place.

mod expr;
mod pattern;
pub(crate) mod read;
mod stmt;
mod strings;

use std::cell::Cell;
use std::collections::HashMap;

use taipan_bytecode::Const;
use taipan_compiler::{Mode, Source};
use taipan_runtime::instance::Instance;
use taipan_runtime::prelude::*;
use taipan_syntax::{Ranged, TextRange, TextSize, Tree, TypeComments};

/// Makes nodes.
pub(crate) struct Builder<'a> {
    pub(super) source: &'a Source,
    /// The names of `_ast`.
    classes: Gc<Dict>,
    /// The only instances of the nodes without fields, by name.
    instances: Gc<Dict>,
    /// Values of number literals that stand for something else, by their offset.
    constants: Option<&'a HashMap<TextSize, Const>>,
    /// The level of optimisation, of `PyCF_OPTIMIZED_AST`.
    pub(super) optimize: Option<u8>,
    /// A number with more digits than may be converted.
    too_large: Cell<Option<TextRange>>,
    /// The comments that nodes may have.
    type_comments: Option<&'a TypeComments>,
}

/// A place: line and column in bytes of start and end.
pub(super) type Place = [u32; 4];

impl<'a> Builder<'a> {
    pub(crate) fn new(cx: &mut Context, source: &'a Source) -> Result<Builder<'a>> {
        let (classes, instances) = node_classes(cx)?;
        Ok(Builder {
            source,
            classes,
            instances,
            constants: None,
            optimize: None,
            too_large: Cell::new(None),
            type_comments: None,
        })
    }

    /// As the preprocessor of the compiler leaves the tree.
    pub(crate) fn optimized(mut self, level: Option<u8>) -> Builder<'a> {
        self.optimize = level;
        self
    }

    /// With the values of literals that a tree read from nodes has.
    pub(crate) fn with_constants(mut self, constants: &'a HashMap<TextSize, Const>) -> Builder<'a> {
        self.constants = Some(constants);
        self
    }

    /// With type comments.
    pub(crate) fn with_type_comments(mut self, comments: &'a TypeComments) -> Builder<'a> {
        self.type_comments = Some(comments);
        self
    }

    /// What the comment says that `find` finds, or None.
    pub(super) fn type_comment(
        &self,
        cx: &Context,
        find: impl FnOnce(&TypeComments) -> Option<TextRange>,
    ) -> Value {
        match self.type_comments.and_then(find) {
            Some(range) => cx.new_str(self.source.slice(range)).value(),
            None => Value::NONE,
        }
    }

    /// The root node of a whole text.
    pub(crate) fn root(&self, cx: &mut Context, tree: &Tree, mode: Mode) -> Result {
        if let Some(expression) = tree.expression() {
            let body = self.expr(cx, expression)?;
            return self.node(cx, "Expression", &[("body", body)]);
        }
        let body = self.documented(cx, tree.body())?;
        if mode == Mode::Single {
            return self.node(cx, "Interactive", &[("body", body)]);
        }
        let ignores = self.type_comments.map_or(&[][..], TypeComments::ignores);
        let ignores = self.list(cx, ignores, |this, cx, (offset, tag)| {
            let line = Value::int(this.point(*offset).0.into());
            let tag = cx.new_str(tag).value();
            this.node(cx, "TypeIgnore", &[("lineno", line), ("tag", tag)])
        })?;
        self.node(cx, "Module", &[("body", body), ("type_ignores", ignores)])
    }

    /// The first number that had too many digits: no tree can be made then.
    pub(crate) fn too_large(&self) -> Option<TextRange> {
        self.too_large.get()
    }

    pub(super) fn class(&self, cx: &Context, name: &str) -> Result<Gc<Class>> {
        let class = self.classes.get_str(cx, cx.intern(name)).and_then(Value::downcast::<Class>);
        class.ok_or_else(|| cx.attribute_error_message(format!("module '_ast' has no attribute '{name}'")))
    }

    /// A node without a place.
    pub(super) fn node(&self, cx: &Context, class: &str, fields: &[(&str, Value)]) -> Result {
        let class = self.class(cx, class)?;
        let node = cx.new_instance(class, Instance).value();
        for (name, value) in fields {
            taipan_runtime::instance::set(cx, node, cx.intern(name), *value);
        }
        Ok(node)
    }

    /// A node at a range of the text.
    pub(super) fn at(&self, cx: &Context, class: &str, fields: &[(&str, Value)], range: TextRange) -> Result {
        self.placed(cx, class, fields, self.place(range))
    }

    pub(super) fn placed(&self, cx: &Context, class: &str, fields: &[(&str, Value)], place: Place) -> Result {
        let node = self.node(cx, class, fields)?;
        let names = ["lineno", "col_offset", "end_lineno", "end_col_offset"];
        for (name, number) in names.into_iter().zip(place) {
            taipan_runtime::instance::set(cx, node, cx.intern(name), Value::int(number.into()));
        }
        Ok(node)
    }

    pub(super) fn place(&self, range: TextRange) -> Place {
        let (start, end) = (self.point(range.start()), self.point(range.end()));
        [start.0, start.1, end.0, end.1]
    }

    fn point(&self, offset: TextSize) -> (u32, u32) {
        let position = self.source.position(offset);
        (position.line, position.column)
    }

    /// The one instance of a node without fields, such as `Load`.
    pub(super) fn instance(&self, cx: &Context, name: &str) -> Result {
        match self.instances.get_str(cx, cx.intern(name)) {
            Some(instance) => Ok(instance),
            None => self.node(cx, name, &[]),
        }
    }

    /// A list of what `make` makes of each item.
    pub(super) fn list<T>(
        &self,
        cx: &mut Context,
        items: impl IntoIterator<Item = T>,
        mut make: impl FnMut(&Self, &mut Context, T) -> Result,
    ) -> Result {
        let list = cx.new_list(&[]);
        for item in items {
            let value = make(self, cx, item)?;
            list.push(cx, value);
        }
        Ok(list.value())
    }

    pub(super) fn name(&self, cx: &Context, name: &str) -> Value {
        cx.intern(name).value()
    }

    pub(super) fn optional_name(&self, cx: &Context, name: Option<&taipan_syntax::ast::Identifier>) -> Value {
        name.map_or(Value::NONE, |name| self.name(cx, name))
    }
}

/// The names of `_ast`, and the instances of nodes without fields.
pub(crate) fn node_classes(cx: &mut Context) -> Result<(Gc<Dict>, Gc<Dict>)> {
    let module = cx.import("_ast")?;
    let classes = module.downcast::<Module>().map(|module| module.dict());
    let instances = classes.and_then(|names| names.get_str(cx, cx.intern("_instances")));
    match (classes, instances.and_then(Value::downcast::<Dict>)) {
        (Some(classes), Some(instances)) => Ok((classes, instances)),
        _ => Err(cx.system_error("module '_ast' is not what it was")),
    }
}

/// `(argument types) -> result type`, of comments about the types of functions.
pub(crate) fn function_type(
    cx: &mut Context,
    source: &Source,
) -> Result<std::result::Result<Value, taipan_syntax::SyntaxError>> {
    let (arguments, result) = match taipan_syntax::function_type(source) {
        Ok(parts) => parts,
        Err(error) => return Ok(Err(error)),
    };
    let builder = Builder::new(cx, source)?;
    let types = builder.list(cx, arguments.iter().filter_map(Tree::expression), |this, cx, argument| {
        this.expr(cx, argument)
    })?;
    let returns = builder.optional(cx, result.expression())?;
    builder.node(cx, "FunctionType", &[("argtypes", types), ("returns", returns)]).map(Ok)
}

/// A `FunctionType` node, checked, as new nodes.
pub(crate) fn copy_function_type(cx: &mut Context, root: Value) -> Result {
    let read = read::function_type(cx, root)?;
    let builder = Builder::new(cx, &read.source)?;
    let types = builder.exprs(cx, &read.arguments)?;
    let returns = builder.expr(cx, &read.returns)?;
    builder.node(cx, "FunctionType", &[("argtypes", types), ("returns", returns)])
}

/// The range of a statement without its decorators.
pub(super) fn after_decorators(
    source: &Source,
    decorators: &[taipan_syntax::ast::Decorator],
    range: TextRange,
) -> TextRange {
    let Some(last) = decorators.last() else { return range };
    let text = &source.text()[last.end().to_usize()..range.end().to_usize()];
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
