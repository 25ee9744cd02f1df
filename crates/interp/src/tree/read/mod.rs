//! Nodes of `ast` that Python made or changed, back to a tree that can be compiled. CPython: `PyAST_obj2mod`,
//! `Python/ast.c`.
//! Invariant: the tree's offsets point into a text made up here, whose table of positions holds the nodes' own places:
//! each node has an offset of its own for its start and for its end.

mod constant;
mod expr;
mod pattern;
mod stmt;
mod strings;

use std::collections::HashMap;

use taipan_bytecode::Const;
use taipan_compiler::{Mode, Source};
use taipan_runtime::prelude::*;
use taipan_syntax::ast::{AtomicNodeIndex, Expr, Identifier};
use taipan_syntax::{Position, TextRange, TextSize, Tree};

/// A tree read from nodes, with the text made up for it.
pub(crate) struct Read {
    pub(crate) source: Source,
    pub(crate) tree: Tree,
    /// Values of constants that have no literal, by their offset.
    pub(crate) constants: HashMap<TextSize, Const>,
}

/// Reads nodes.
struct Reader {
    classes: Gc<Dict>,
    text: String,
    positions: Vec<Position>,
    constants: HashMap<TextSize, Const>,
    fields: HashMap<TextSize, String>,
}

/// Start and end of a node: lines and columns in bytes.
#[derive(Clone, Copy)]
struct Place {
    start: Position,
    end: Position,
}

/// What an expression is for.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Use {
    Load,
    Store,
    Del,
}

impl Use {
    fn name(self) -> &'static str {
        match self {
            Use::Load => "Load",
            Use::Store => "Store",
            Use::Del => "Del",
        }
    }
}

/// No number for a node of the parser crate.
const NO_INDEX: AtomicNodeIndex = AtomicNodeIndex::NONE;

/// Is the value a node?
pub(crate) fn is_node(cx: &mut Context, value: Value) -> Result<bool> {
    // Without the module there are no nodes.
    let name = cx.intern("_ast");
    if cx.vm().modules().get_str(cx, name).is_none() {
        return Ok(false);
    }
    let (classes, _) = super::node_classes(cx)?;
    let root = classes.get_str(cx, cx.intern("AST"));
    Ok(root.is_some_and(|root| ancestors(cx, value).any(|class| class.value() == root)))
}

/// The tree of a root node.
pub(crate) fn read(cx: &mut Context, root: Value, mode: Mode) -> Result<Read> {
    let mut reader = Reader::new(cx)?;
    let wanted = match mode {
        Mode::Exec => "Module",
        Mode::Eval => "Expression",
        Mode::Single => "Interactive",
    };
    if reader.concrete(cx, root, "mod").as_deref() != Some(wanted) {
        let name = cx.type_name(root);
        return Err(cx.type_error(format!("expected {wanted} node, got {name}")));
    }
    let tree = match mode {
        Mode::Eval => {
            let body = reader.expr_field(cx, root, wanted, "body", Use::Load)?;
            Tree::of_expression(body, reader.text.len())
        }
        _ => {
            let body = reader.stmts(cx, root, wanted, "body")?;
            Tree::of_module(body, reader.text.len())
        }
    };
    reader.pad(Position { line: u32::MAX, column: 0 });
    let source = Source::made_up(reader.text, reader.positions, reader.fields);
    Ok(Read { source, tree, constants: reader.constants })
}

/// The types of a function's arguments and of its result.
pub(crate) struct FunctionType {
    pub(crate) source: Source,
    pub(crate) arguments: Vec<Expr>,
    pub(crate) returns: Expr,
}

/// The parts of a `FunctionType` node.
pub(crate) fn function_type(cx: &mut Context, root: Value) -> Result<FunctionType> {
    let mut reader = Reader::new(cx)?;
    if reader.concrete(cx, root, "mod").as_deref() != Some("FunctionType") {
        let name = cx.type_name(root);
        return Err(cx.type_error(format!("expected FunctionType node, got {name}")));
    }
    let arguments = reader.exprs_field(cx, root, "FunctionType", "argtypes", Use::Load)?;
    let returns = reader.expr_field(cx, root, "FunctionType", "returns", Use::Load)?;
    reader.pad(Position { line: u32::MAX, column: 0 });
    let source = Source::made_up(reader.text, reader.positions, reader.fields);
    Ok(FunctionType { source, arguments, returns })
}

/// The classes of a value, most derived first.
fn ancestors(cx: &Context, value: Value) -> impl Iterator<Item = Gc<Class>> + use<> {
    let mro = cx.class_of(value).mro();
    (0..mro.items().len()).filter_map(move |at| mro.items()[at].downcast::<Class>())
}

impl Reader {
    fn new(cx: &mut Context) -> Result<Reader> {
        let (classes, _) = super::node_classes(cx)?;
        Ok(Reader {
            classes,
            text: String::new(),
            positions: Vec::new(),
            constants: HashMap::new(),
            fields: HashMap::new(),
        })
    }

    // The made-up text.

    /// A byte at a position.
    fn pad(&mut self, position: Position) -> TextSize {
        self.words(" ", position)
    }

    fn words(&mut self, words: &str, position: Position) -> TextSize {
        let start = self.text.len();
        self.text.push_str(words);
        self.positions.resize(self.text.len(), position);
        TextSize::new(start as u32)
    }

    /// Begins a node.
    fn open(&mut self, place: Place) -> TextSize {
        self.pad(place.start)
    }

    /// Ends the node that began at `start`.
    fn close(&mut self, start: TextSize, place: Place) -> TextRange {
        let end = self.pad(place.end);
        TextRange::new(start, end)
    }

    // Fields.

    /// The name of the concrete class of a node of a kind.
    fn concrete(&self, cx: &Context, node: Value, kind: &str) -> Option<String> {
        let kind = self.classes.get_str(cx, cx.intern(kind))?;
        let mut found = None;
        for class in ancestors(cx, node) {
            if class.value() == kind {
                return found;
            }
            let name = class.name();
            if found.is_none() && self.classes.get_str(cx, cx.intern(&name.to_str())) == Some(class.value()) {
                found = Some(name.to_str().into_owned());
            }
        }
        None
    }

    fn some_sort(&self, cx: &mut Context, node: Value, kind: &str) -> Result<String> {
        match self.concrete(cx, node, kind) {
            Some(name) => Ok(name),
            None => {
                let shown = cx.repr(node)?;
                Err(cx.type_error(format!("expected some sort of {kind}, but got {}", shown.to_str())))
            }
        }
    }

    /// A field, None if it is missing or None.
    fn optional(&self, cx: &mut Context, node: Value, name: &str) -> Result<Option<Value>> {
        Ok(cx.lookup_attr_str(node, name)?.and_then(Value::not_none))
    }

    /// A field that must be there.
    fn required(&self, cx: &mut Context, node: Value, class: &str, name: &str) -> Result {
        match cx.lookup_attr_str(node, name)? {
            None => Err(cx.type_error(format!("required field \"{name}\" missing from {class}"))),
            Some(Value::NONE) => Err(cx.value_error(format!("field '{name}' is required for {class}"))),
            Some(value) => Ok(value),
        }
    }

    /// A list of nodes; a missing one is empty.
    fn items(&self, cx: &mut Context, node: Value, class: &str, name: &str) -> Result<Gc<Tuple>> {
        match cx.lookup_attr_str(node, name)? {
            None => Ok(cx.new_tuple(&[])),
            Some(value) => match value.downcast::<List>() {
                Some(list) => Ok(cx.new_tuple(&list.snapshot(cx))),
                None => {
                    let found = cx.type_name(value);
                    let message = format!("{class} field \"{name}\" must be a list, not a {found}");
                    Err(cx.type_error(message))
                }
            },
        }
    }

    fn int(&self, cx: &mut Context, value: Value) -> Result<i32> {
        if !cx.is_int(value) {
            let shown = cx.repr(value)?;
            return Err(cx.value_error(format!("invalid integer value: {}", shown.to_str())));
        }
        match cx.int_to_i64(value).map(i32::try_from) {
            Some(Ok(number)) => Ok(number),
            Some(Err(_)) => Err(cx.overflow_error("Python int too large to convert to C int")),
            None => Err(cx.overflow_error("Python int too large to convert to C long")),
        }
    }

    /// A name that nothing forbids.
    fn identifier(&self, cx: &mut Context, value: Value, at: TextSize) -> Result<Identifier> {
        if !cx.is_exact_str(value) {
            return Err(cx.type_error("AST identifier must be of type str"));
        }
        let text = value.downcast::<Str>().map_or(String::new(), |text| text.to_str().into_owned());
        // Names that are constants cannot be bound, nor be attributes.
        if let "None" | "True" | "False" = &*text {
            return Err(cx.value_error(format!("identifier field can't represent '{text}' constant")));
        }
        Ok(Identifier::new(text, TextRange::empty(at)))
    }

    fn required_identifier(
        &self,
        cx: &mut Context,
        node: Value,
        class: &str,
        name: &str,
        at: TextSize,
    ) -> Result<Identifier> {
        let value = self.required(cx, node, class, name)?;
        self.identifier(cx, value, at)
    }

    fn optional_identifier(
        &self,
        cx: &mut Context,
        node: Value,
        name: &str,
        at: TextSize,
    ) -> Result<Option<Identifier>> {
        match self.optional(cx, node, name)? {
            Some(value) => self.identifier(cx, value, at).map(Some),
            None => Ok(None),
        }
    }

    /// The place of a node, checked.
    fn place(&self, cx: &mut Context, node: Value, kind: &str) -> Result<Place> {
        let mut numbers = [0i32; 4];
        for (at, name) in ["lineno", "col_offset"].into_iter().enumerate() {
            let Some(value) = cx.lookup_attr_str(node, name)? else {
                return Err(cx.type_error(format!("required field \"{name}\" missing from {kind}")));
            };
            numbers[at] = self.int(cx, value)?;
        }
        for (at, name) in [(2, "end_lineno"), (3, "end_col_offset")] {
            numbers[at] = match self.optional(cx, node, name)? {
                Some(value) => self.int(cx, value)?,
                None => numbers[at - 2],
            };
        }
        let [line, column, end_line, end_column] = numbers;
        if line > end_line {
            let message = format!("AST node line range ({line}, {end_line}) is not valid");
            return Err(cx.value_error(message));
        }
        if line < 0 && end_line != line || column < 0 && column != end_column {
            return Err(cx.value_error(format!(
                "AST node column range ({column}, {end_column}) for line range ({line}, {end_line}) is not valid"
            )));
        }
        if line == end_line && column > end_column {
            let message = format!("line {line}, column {column}-{end_column} is not a valid range");
            return Err(cx.value_error(message));
        }
        let position =
            |line: i32, column: i32| Position { line: line.max(0) as u32, column: column.max(0) as u32 };
        Ok(Place { start: position(line, column), end: position(end_line, end_column) })
    }
}
