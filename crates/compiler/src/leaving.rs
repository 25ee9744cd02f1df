//! Warnings about leaving a `finally` block by `return`, `break` or `continue` (PEP 765). CPython:
//! `Python/ast_preprocess.c`.
//! Invariant: they come before anything that scopes and code generation have to say.

use taipan_syntax::ast::{ExceptHandler, Stmt};
use taipan_syntax::{Source, TextRange, Warning};

/// All such statements of a body, in their order.
pub(crate) fn leaving_finally(source: &Source, body: &[Stmt]) -> Vec<Warning> {
    let mut found = Vec::new();
    find(body, false, &mut |word, range| {
        found.push(Warning::at(source, format!("'{word}' in a 'finally' block"), range));
    });
    found
}

/// A loop or a function hides the `finally` around it: what leaves the block from within a loop is not seen.
fn find(body: &[Stmt], in_finally: bool, said: &mut impl FnMut(&str, TextRange)) {
    for stmt in body {
        match stmt {
            Stmt::Return(node) if in_finally => said("return", node.range),
            Stmt::Break(node) if in_finally => said("break", node.range),
            Stmt::Continue(node) if in_finally => said("continue", node.range),
            Stmt::FunctionDef(node) => find(&node.body, false, said),
            Stmt::ClassDef(node) => find(&node.body, in_finally, said),
            Stmt::For(node) => {
                find(&node.body, false, said);
                find(&node.orelse, in_finally, said);
            }
            Stmt::While(node) => {
                find(&node.body, false, said);
                find(&node.orelse, in_finally, said);
            }
            Stmt::If(node) => {
                find(&node.body, in_finally, said);
                node.elif_else_clauses.iter().for_each(|clause| find(&clause.body, in_finally, said));
            }
            Stmt::With(node) => find(&node.body, in_finally, said),
            Stmt::Match(node) => node.cases.iter().for_each(|case| find(&case.body, in_finally, said)),
            Stmt::Try(node) => {
                find(&node.body, in_finally, said);
                for ExceptHandler::ExceptHandler(handler) in &node.handlers {
                    find(&handler.body, in_finally, said);
                }
                find(&node.orelse, in_finally, said);
                find(&node.finalbody, true, said);
            }
            _ => {}
        }
    }
}
