//! Recording definitions and uses. CPython: `symtable_add_def` and its kin.
//! Invariant: a name is mangled exactly once, here or by the caller's `mangled`.

use taipan_bytecode::Name;
use taipan_syntax::{SyntaxError, TextRange};

use super::build::{Builder, Result};
use super::{Comprehension, ScopeId, ScopeKind, definition, mangle};

impl Builder<'_> {
    pub(super) fn intern(&mut self, text: &str) -> Name {
        match self.names.get(text) {
            Some(name) => name.clone(),
            None => {
                let name: Name = Name::from(text);
                self.names.insert(name.clone());
                name
            }
        }
    }

    /// The name as the current scope sees it.
    pub(super) fn mangled(&mut self, name: &str) -> Name {
        let scope = &self.table.scopes[self.current];
        let applies = scope.mangled.as_ref().is_none_or(|only| only.contains(name));
        match mangle(scope.private.as_deref(), name) {
            Some(text) if applies => self.intern(&text),
            _ => self.intern(name),
        }
    }

    pub(super) fn error<T>(&self, message: impl Into<String>, range: TextRange) -> Result<T> {
        Err(SyntaxError::at_range(self.source, message, range).bare())
    }

    /// Adds a definition or use to the current scope.
    pub(super) fn add(&mut self, name: &str, flags: u32, range: TextRange) -> Result<()> {
        let name = self.mangled(name);
        self.add_to(self.current, &name, flags, range)
    }

    /// Adds bits of a mangled name to a scope.
    pub(super) fn add_to(
        &mut self,
        scope: ScopeId,
        name: &Name,
        mut flags: u32,
        range: TextRange,
    ) -> Result<()> {
        if flags & definition::BOUND != 0 {
            self.check_name(name, flags & definition::DELETED != 0, range)?;
        }
        let entry = &self.table.scopes[scope];
        let before = entry.lookup(name).map_or(0, |symbol| symbol.flags);
        if flags & definition::PARAM != 0 && before & definition::PARAM != 0 {
            return self.error(format!("duplicate argument '{name}' in function definition"), range);
        }
        if flags & definition::TYPE_PARAM != 0 && before & definition::TYPE_PARAM != 0 {
            return self.error(format!("duplicate type parameter '{name}'"), range);
        }
        if entry.iter_target && flags & definition::LOCAL != 0 {
            if before & (definition::GLOBAL | definition::NONLOCAL) != 0 {
                return self.error(
                    format!("comprehension inner loop cannot rebind assignment expression target '{name}'"),
                    range,
                );
            }
            flags |= definition::COMP_ITER;
        }
        let entry = &mut self.table.scopes[scope];
        entry.define(name, flags);
        if flags & definition::PARAM != 0 {
            entry.parameters.push(name.clone());
        } else if flags & definition::GLOBAL != 0 {
            self.table.scopes[0].define(name, definition::GLOBAL);
        }
        Ok(())
    }

    /// `None`, `True` and `False` are tokens; `__debug__` is the one name that nothing may bind.
    pub(super) fn check_name(&self, name: &str, deleted: bool, range: TextRange) -> Result<()> {
        match name {
            "__debug__" if deleted => self.error("cannot delete __debug__", range),
            "__debug__" => self.error("cannot assign to __debug__", range),
            _ => Ok(()),
        }
    }

    /// The target of an assignment expression belongs to the nearest scope that is no comprehension.
    pub(super) fn bind_walrus(&mut self, name: &str, range: TextRange) -> Result<()> {
        if !matches!(self.table.scopes[self.current].kind, ScopeKind::Comprehension(_)) {
            return self.add(name, definition::LOCAL | definition::WALRUS, range);
        }
        let mangled = self.mangled(name);
        let mut at = Some(self.current);
        while let Some(id) = at {
            let scope = &self.table.scopes[id];
            let known = scope.lookup(&mangled).map_or(0, |symbol| symbol.flags);
            match scope.kind {
                ScopeKind::Comprehension(_) => {
                    if known & definition::COMP_ITER != 0 && known & definition::LOCAL != 0 {
                        let message = format!(
                            "assignment expression cannot rebind comprehension iteration variable '{name}'"
                        );
                        return self.error(message, range);
                    }
                    at = scope.parent;
                    continue;
                }
                ScopeKind::Function | ScopeKind::Lambda => {
                    let global = known & definition::GLOBAL != 0;
                    let here = if global { definition::GLOBAL } else { definition::NONLOCAL };
                    self.add_to(self.current, &mangled, here | definition::WALRUS, range)?;
                    self.mark_between(id, &mangled, global);
                    let flags = if global { definition::GLOBAL } else { definition::LOCAL };
                    return self.add_to(id, &mangled, flags | definition::WALRUS, range);
                }
                ScopeKind::Module => {
                    self.add_to(self.current, &mangled, definition::GLOBAL | definition::WALRUS, range)?;
                    return self.add_to(id, &mangled, definition::GLOBAL | definition::WALRUS, range);
                }
                ScopeKind::Class => {
                    return self.error(
                        "assignment expression within a comprehension cannot be used in a class body",
                        range,
                    );
                }
                _ => {
                    let message = format!(
                        "assignment expression within a comprehension cannot be used within {}",
                        scope.described
                    );
                    return self.error(message, range);
                }
            }
        }
        Ok(())
    }

    /// Comprehensions between the one with the assignment expression and its home must not take the name for theirs.
    fn mark_between(&mut self, home: ScopeId, name: &Name, global: bool) {
        let mut at = self.table.scopes[self.current].parent;
        while let Some(id) = at.filter(|&id| id != home) {
            self.table.scopes[id].define(name, if global { definition::GLOBAL } else { definition::USE });
            at = self.table.scopes[id].parent;
        }
    }

    /// Refuses a kind of expression ("yield expression") where the scope's meaning does not allow it.
    pub(super) fn check_allowed(&self, what: &str, range: TextRange) -> Result<()> {
        let scope = &self.table.scopes[self.current];
        match scope.kind {
            ScopeKind::Annotation
            | ScopeKind::TypeVariable
            | ScopeKind::TypeAlias
            | ScopeKind::TypeParameters => {
                self.error(format!("{what} cannot be used within {}", scope.described), range)
            }
            _ => Ok(()),
        }
    }

    /// `yield` may not stand in a comprehension.
    pub(super) fn check_yield(&self, range: TextRange) -> Result<()> {
        let what = match self.table.scopes[self.current].kind {
            ScopeKind::Comprehension(Comprehension::List) => "list comprehension",
            ScopeKind::Comprehension(Comprehension::Set) => "set comprehension",
            ScopeKind::Comprehension(Comprehension::Dict) => "dict comprehension",
            ScopeKind::Comprehension(Comprehension::Generator) => "generator expression",
            _ => return Ok(()),
        };
        self.error(format!("'yield' inside {what}"), range)
    }
}
