//! `from __future__ import ..`. CPython: `Python/future.c`.
//! Invariant: the flags are known before the symbol table is built.

use taipan_bytecode::code_flag;
use taipan_syntax::ast::{self, Stmt};
use taipan_syntax::{Ranged, Source, SyntaxError, TextSize};

use crate::compiler::{Compiler, Result};

/// Flags of the module's future statements.
pub(crate) fn scan(source: &Source, body: &[Stmt]) -> Result<u32> {
    let mut flags = 0;
    for import in leading(body) {
        for alias in &import.names {
            flags |= match alias.name.as_str() {
                // Mandatory by now: no flag.
                "nested_scopes" | "generators" | "division" | "absolute_import" | "with_statement"
                | "print_function" | "unicode_literals" | "generator_stop" => 0,
                "barry_as_FLUFL" => code_flag::FUTURE_BARRY_AS_BDFL,
                "annotations" => code_flag::FUTURE_ANNOTATIONS,
                "braces" => return refuse(source, "not a chance".into(), alias),
                name => return refuse(source, format!("future feature {name} is not defined"), alias),
            };
        }
    }
    Ok(flags)
}

fn refuse<T>(source: &Source, message: String, alias: &ast::Alias) -> Result<T> {
    Err(SyntaxError::at_range(source, message, alias.range).bare())
}

/// The future statements at the head of a module.
fn leading(body: &[Stmt]) -> impl Iterator<Item = &ast::StmtImportFrom> {
    let docstring = matches!(body.first(), Some(Stmt::Expr(stmt)) if stmt.value.is_string_literal_expr());
    body[docstring as usize..].iter().map_while(|stmt| match stmt {
        Stmt::ImportFrom(node) if is_future(node) => Some(node),
        _ => None,
    })
}

fn is_future(node: &ast::StmtImportFrom) -> bool {
    node.level == 0 && node.module.as_ref().is_some_and(|module| module.as_str() == "__future__")
}

/// Remembers where the head of the module ends.
pub(crate) fn check_placement(compiler: &mut Compiler<'_>, body: &[Stmt]) -> Result<()> {
    compiler.future_end = leading(body).last().map_or(TextSize::new(0), |last| last.range.end());
    Ok(())
}

/// A future statement further down is an error.
pub(crate) fn check_late(compiler: &Compiler<'_>, node: &ast::StmtImportFrom) -> Result<()> {
    if compiler.outer.is_empty() && node.start() < compiler.future_end {
        return Ok(());
    }
    let message = "from __future__ imports must occur at the beginning of the file";
    Err(SyntaxError::at_range(compiler.source, message, node.range).bare())
}
