//! `_symtable`: the compiler's symbol tables for `symtable`. CPython: `Modules/symtablemodule.c`, `Python/symtable.c`.
//! Invariant: an entry has all its children and symbols from the start; nothing changes it.

use taipan_compiler::symbols::{self, Place, Scope, ScopeKind, SymbolTable, definition};
use taipan_compiler::{Mode, Source};
use taipan_macros::{Trace, class, module};
use taipan_runtime::prelude::*;

use crate::compile::Request;

/// The module.
pub struct Symtable;

/// Where the place of a symbol stands among its flags.
const SCOPE_OFF: i64 = 12;

/// Provides the low-level symbol tables of the compiler.
#[module("_symtable", classes(Entry))]
impl Symtable {
    #[exec]
    fn exec(cx: &mut Context, module: Gc<Module>) -> Result<()> {
        let numbers = [
            ("USE", definition::USE as i64),
            ("DEF_GLOBAL", definition::GLOBAL as i64),
            ("DEF_NONLOCAL", definition::NONLOCAL as i64),
            ("DEF_LOCAL", definition::LOCAL as i64),
            ("DEF_PARAM", definition::PARAM as i64),
            ("DEF_TYPE_PARAM", definition::TYPE_PARAM as i64),
            ("DEF_FREE_CLASS", definition::FREE_CLASS as i64),
            ("DEF_IMPORT", definition::IMPORT as i64),
            ("DEF_BOUND", definition::BOUND as i64),
            ("DEF_ANNOT", definition::ANNOT as i64),
            ("DEF_COMP_ITER", definition::COMP_ITER as i64),
            ("DEF_COMP_CELL", 2048),
            ("TYPE_FUNCTION", 0),
            ("TYPE_CLASS", 1),
            ("TYPE_MODULE", 2),
            ("TYPE_ANNOTATION", 3),
            ("TYPE_TYPE_ALIAS", 4),
            ("TYPE_TYPE_PARAMETERS", 5),
            ("TYPE_TYPE_VARIABLE", 6),
            ("LOCAL", 1),
            ("GLOBAL_EXPLICIT", 2),
            ("GLOBAL_IMPLICIT", 3),
            ("FREE", 4),
            ("CELL", 5),
            ("SCOPE_OFF", SCOPE_OFF),
            ("SCOPE_MASK", 15),
        ];
        for (name, number) in numbers {
            module.dict().set_str(cx, cx.intern(name), Value::int(number));
        }
        Ok(())
    }

    /// Return symbol and scope dictionaries used internally by compiler.
    #[function("(source, filename, startstr, /)")]
    fn symtable(cx: &mut Context, source: Value, filename: Value, startstr: Gc<Str>) -> Result {
        let filename = crate::path::fs_text(cx, filename)?;
        let mode = match &*startstr.to_str() {
            "exec" => Mode::Exec,
            "eval" => Mode::Eval,
            "single" => Mode::Single,
            _ => return Err(cx.value_error("symtable() arg 3 must be 'exec' or 'eval' or 'single'")),
        };
        let (bytes, decoded) = super::builtins::source_bytes(cx, source, "symtable", "string or bytes")?;
        let request = Request { filename, mode, ..Request::of_string(0) };
        let text = crate::compile::text_of(cx, &bytes, decoded, &request)?;
        let source = Source::new(&text);
        let table = taipan_syntax::parse(&source, mode).and_then(|tree| {
            let mut table = symbols::build(&source, tree.body(), tree.expression(), false, false)?;
            symbols::analyze(&mut table, &source)?;
            Ok(table)
        });
        match table {
            Ok(table) => Entry::make(cx, &table, 0),
            Err(refusal) => Err(crate::compile::raise(cx, &refusal, &request)),
        }
    }
}

/// Body of an entry: one scope.
#[derive(Trace)]
pub struct Entry {
    name: Slot,
    symbols: Slot,
    varnames: Slot,
    children: Slot,
    kind: i64,
    line: i64,
    nested: bool,
}

impl Entry {
    fn make(cx: &mut Context, table: &SymbolTable, id: usize) -> Result {
        cx.check_recursion(" in symtable")?;
        let scope = &table.scopes[id];
        let children = cx.new_list(&[]);
        for child in visible_children(table, id) {
            let entry = Entry::make(cx, table, child)?;
            children.push(cx, entry);
        }
        let symbols = cx.new_dict();
        for (name, flags) in visible_symbols(table, id) {
            symbols.set_str(cx, cx.intern(&name), Value::int(flags));
        }
        let varnames = cx.new_list(&[]);
        for name in &scope.parameters {
            varnames.push(cx, cx.intern(name).value());
        }
        let entry = Entry {
            name: Slot::new(cx.intern(&scope.name).value()),
            symbols: Slot::new(symbols.value()),
            varnames: Slot::new(varnames.value()),
            children: Slot::new(children.value()),
            kind: kind(scope),
            line: if id == 0 { 0 } else { scope.line.into() },
            nested: scope.nested,
        };
        Ok(cx.new_object(entry).value())
    }
}

/// The scopes in a scope; what a comprehension holds that is part of its code is the scope's own.
fn visible_children(table: &SymbolTable, id: usize) -> Vec<usize> {
    table.scopes[id]
        .blocks
        .iter()
        .flat_map(|&child| match table.scopes[child].inlined {
            true => visible_children(table, child),
            false => vec![child],
        })
        .collect()
}

/// CPython's `DEF_COMP_CELL`.
const COMP_CELL: i64 = 1 << 11;

/// The symbols of a scope and of the comprehensions that are part of its code, with their flags.
/// CPython: `inline_comprehension`.
fn visible_symbols(table: &SymbolTable, id: usize) -> Vec<(String, i64)> {
    let flags = |symbol: &symbols::Symbol| {
        let place = match symbol.place {
            // Of a scope of which no code is made.
            Place::Unknown if symbol.flags & definition::PARAM != 0 => place(Place::Local),
            Place::Unknown if &*symbol.name == "__classdict__" => place(Place::Free),
            known => place(known),
        };
        i64::from(symbol.flags & 0xFFF) | place << SCOPE_OFF
    };
    let own = table.scopes[id].symbols.iter();
    let mut all: Vec<(String, i64)> = own.map(|symbol| (symbol.name.to_string(), flags(symbol))).collect();
    let inlined = (0..table.scopes.len()).filter(|&inner| {
        let inner = &table.scopes[inner];
        inner.inlined && inner.parent == Some(id)
    });
    for inner in inlined.collect::<Vec<_>>() {
        for (name, mut flags) in visible_symbols(table, inner) {
            if flags >> SCOPE_OFF == place(Place::Cell) {
                flags |= COMP_CELL;
            }
            if flags & i64::from(definition::PARAM) != 0 {
                continue;
            }
            match all.iter_mut().find(|(known, _)| *known == name) {
                Some((_, known)) if flags & i64::from(definition::LOCAL) == 0 => {
                    *known |= flags & i64::from(definition::USE);
                }
                Some(_) => {}
                None => all.push((name, flags)),
            }
        }
    }
    all
}

fn place(place: Place) -> i64 {
    match place {
        Place::Unknown => 0,
        Place::Local => 1,
        Place::GlobalExplicit => 2,
        Place::GlobalImplicit => 3,
        Place::Free => 4,
        Place::Cell => 5,
    }
}

fn kind(scope: &Scope) -> i64 {
    match scope.kind {
        ScopeKind::Function | ScopeKind::Lambda | ScopeKind::Comprehension(_) => 0,
        ScopeKind::Class => 1,
        ScopeKind::Module => 2,
        ScopeKind::Annotation => 3,
        ScopeKind::TypeAlias => 4,
        ScopeKind::TypeParameters => 5,
        ScopeKind::TypeVariable => 6,
    }
}

#[class(name = "symtable entry", flags = DISALLOW_NEW)]
impl Entry {
    #[slot(repr)]
    fn repr(this: Gc<Self>, cx: &mut Context) -> Result {
        let name = cx.str(this.name.load_or_none())?;
        let id = this.value().bits();
        Ok(cx.new_str(&format!("<symtable entry {}({id}), line {}>", name.to_str(), this.line)).value())
    }

    #[getter]
    fn id(this: Gc<Self>) -> i64 {
        this.value().bits() as i64
    }

    #[getter]
    fn name(this: Gc<Self>) -> Value {
        this.name.load_or_none()
    }

    #[getter]
    fn symbols(this: Gc<Self>) -> Value {
        this.symbols.load_or_none()
    }

    #[getter]
    fn varnames(this: Gc<Self>) -> Value {
        this.varnames.load_or_none()
    }

    #[getter]
    fn children(this: Gc<Self>) -> Value {
        this.children.load_or_none()
    }

    #[getter]
    fn nested(this: Gc<Self>) -> i64 {
        this.nested.into()
    }

    #[getter(name = "type")]
    fn type_(this: Gc<Self>) -> i64 {
        this.kind
    }

    #[getter]
    fn lineno(this: Gc<Self>) -> i64 {
        this.line
    }
}
