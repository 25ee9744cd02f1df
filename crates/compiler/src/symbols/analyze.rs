//! Deciding where each name lives. CPython: `analyze_block`, `analyze_name`, `inline_comprehension`.
//! Invariant: a comprehension that is inlined keeps its own scope; a name that it takes from the frame around it needs a
//! cell only if a real closure inside needs one.

use std::collections::{HashMap, HashSet};

use taipan_bytecode::Name;
use taipan_syntax::{Source, SyntaxError};

use super::{Comprehension, Place, Scope, ScopeId, ScopeKind, SymbolTable, definition};

type Names = HashSet<Name>;
/// Free names of a scope, and whether a closure (not only an inlined comprehension) needs them.
type Free = HashMap<Name, bool>;

/// Fills in the place of every symbol.
pub fn analyze(table: &mut SymbolTable, source: &Source) -> Result<(), SyntaxError> {
    let mut free = Free::new();
    Analysis { table, source }.block(0, None, &mut free, &Names::new(), &Names::new(), None)
}

struct Analysis<'a> {
    table: &'a mut SymbolTable,
    source: &'a Source,
}

/// What a scope learns while its names are placed.
struct Outcome {
    places: Vec<Place>,
    local: Names,
    free: Free,
    global: Names,
    bound: Option<Names>,
    type_params: Names,
}

impl Analysis<'_> {
    fn block(
        &mut self,
        id: ScopeId,
        bound: Option<&Names>,
        free: &mut Free,
        global: &Names,
        type_params: &Names,
        class: Option<ScopeId>,
    ) -> Result<(), SyntaxError> {
        let outcome = self.place_names(id, bound, global, type_params, class)?;
        let Outcome { places, local, free: mut new_free, global: own_global, bound: own_bound, type_params } =
            outcome;
        for (symbol, place) in self.table.scopes[id].symbols.iter_mut().zip(places) {
            symbol.place = place;
        }
        let kind = self.table.scopes[id].kind;
        // The names of a class are invisible to the scopes in it.
        let (mut inner_bound, inner_global) = match kind {
            ScopeKind::Class => (bound.cloned().unwrap_or_default(), global.clone()),
            _ => (own_bound.unwrap_or_default(), own_global),
        };
        match kind {
            ScopeKind::Class => inner_bound
                .extend(["__class__", "__classdict__", "__conditional_annotations__"].map(Name::from)),
            ScopeKind::Module => {}
            _ => inner_bound.extend(local.iter().cloned()),
        }
        for child in self.table.scopes[id].children.clone() {
            let child_free = self.child(id, child, &inner_bound, &inner_global, &type_params, class)?;
            for (name, closure) in child_free {
                *new_free.entry(name).or_insert(false) |= closure;
            }
        }
        match kind {
            ScopeKind::Module => {}
            ScopeKind::Class => self.drop_class_free(id, &mut new_free),
            _ => self.make_cells(id, &mut new_free),
        }
        self.pass_on(id, bound, &new_free);
        free.extend(new_free);
        Ok(())
    }

    fn child(
        &mut self,
        id: ScopeId,
        child: ScopeId,
        bound: &Names,
        global: &Names,
        type_params: &Names,
        class: Option<ScopeId>,
    ) -> Result<Free, SyntaxError> {
        let scope = &self.table.scopes[id];
        let (is_class, parent_sees) = (scope.kind == ScopeKind::Class, scope.can_see_class);
        let entry = &mut self.table.scopes[child];
        let child_class = match (entry.can_see_class, is_class) {
            (true, true) => Some(id),
            (true, false) => class,
            (false, _) => None,
        };
        let generator = entry.kind == ScopeKind::Comprehension(Comprehension::Generator);
        let comprehension = matches!(entry.kind, ScopeKind::Comprehension(_));
        entry.inlined = comprehension && !generator && !parent_sees;
        let inlined = entry.inlined;
        let mut free = Free::new();
        self.block(child, Some(bound), &mut free, global, type_params, child_class)?;
        if inlined {
            let entry = &mut self.table.scopes[child];
            entry.captured =
                free.iter().filter(|&(_, &closure)| closure).map(|(name, _)| name.clone()).collect();
            // A comprehension's own `__class__` is no use of the class's cell; that of a function in it is.
            if is_class && free.get("__class__") == Some(&false) {
                free.remove("__class__");
                if let Some(symbol) = self.table.scopes[child].lookup_mut("__class__") {
                    symbol.place = Place::GlobalImplicit;
                }
            }
        } else {
            free.values_mut().for_each(|closure| *closure = true);
        }
        Ok(free)
    }

    fn place_names(
        &mut self,
        id: ScopeId,
        bound: Option<&Names>,
        global: &Names,
        type_params: &Names,
        class: Option<ScopeId>,
    ) -> Result<Outcome, SyntaxError> {
        let scope = &self.table.scopes[id];
        let mut out = Outcome {
            places: Vec::new(),
            local: Names::new(),
            free: Free::new(),
            global: global.clone(),
            bound: bound.cloned(),
            type_params: type_params.clone(),
        };
        for symbol in &scope.symbols {
            let (name, flags) = (&symbol.name, symbol.flags);
            let place = if flags & definition::GLOBAL != 0 {
                if flags & definition::NONLOCAL != 0 {
                    return self.refuse(id, name, format!("name '{name}' is nonlocal and global"));
                }
                out.global.insert(name.clone());
                if let Some(bound) = &mut out.bound {
                    bound.remove(name);
                }
                Place::GlobalExplicit
            } else if flags & definition::NONLOCAL != 0 {
                let Some(bound) = &out.bound else {
                    return self.refuse(id, name, "nonlocal declaration not allowed at module level".into());
                };
                if !bound.contains(name) {
                    return self.refuse(id, name, format!("no binding for nonlocal '{name}' found"));
                }
                if out.type_params.contains(name) {
                    let message = format!("nonlocal binding not allowed for type parameter '{name}'");
                    return self.refuse(id, name, message);
                }
                out.free.insert(name.clone(), false);
                Place::Free
            } else if flags & definition::BOUND != 0 {
                out.local.insert(name.clone());
                out.global.remove(name);
                match flags & definition::TYPE_PARAM {
                    0 => out.type_params.remove(name),
                    _ => out.type_params.insert(name.clone()),
                };
                Place::Local
            } else {
                self.place_used(name, class, &mut out)
            };
            out.places.push(place);
        }
        Ok(out)
    }

    /// A name that the scope only reads.
    fn place_used(&self, name: &Name, class: Option<ScopeId>, out: &mut Outcome) -> Place {
        // A name that the class around an annotation scope binds as well is looked up in the class first.
        let implicit = matches!(&**name, "__classdict__" | "__conditional_annotations__");
        let class = class.filter(|_| !implicit);
        if let Some(symbol) = class.and_then(|id| self.table.scopes[id].lookup(name)) {
            if symbol.flags & definition::GLOBAL != 0 {
                return Place::GlobalExplicit;
            }
            if symbol.flags & definition::BOUND != 0 && symbol.flags & definition::NONLOCAL == 0 {
                return Place::GlobalImplicit;
            }
        }
        if out.bound.as_ref().is_some_and(|bound| bound.contains(name)) {
            out.free.insert(name.clone(), false);
            return Place::Free;
        }
        Place::GlobalImplicit
    }

    /// Local names that inner closures use become cells.
    fn make_cells(&mut self, id: ScopeId, free: &mut Free) {
        for symbol in &mut self.table.scopes[id].symbols {
            if symbol.place == Place::Local {
                if let Some(true) = free.remove(&symbol.name) {
                    symbol.place = Place::Cell;
                }
            }
        }
    }

    /// The implicit cells of a class.
    fn drop_class_free(&mut self, id: ScopeId, free: &mut Free) {
        let scope = &mut self.table.scopes[id];
        // One that is declared nonlocal is that of a function around.
        let declared = |name: &str, scope: &Scope| {
            scope.lookup(name).is_some_and(|symbol| symbol.flags & definition::NONLOCAL != 0)
        };
        if ["__classdict__", "__conditional_annotations__"].into_iter().any(|name| declared(name, scope)) {
            scope.needs_class_closure |= free.remove("__class__").is_some();
            return;
        }
        scope.needs_class_closure |= free.remove("__class__").is_some();
        scope.needs_classdict |= free.remove("__classdict__").is_some();
        scope.has_conditional_annotations |= free.remove("__conditional_annotations__").is_some();
    }

    /// Names that inner scopes need from outer ones pass through this one.
    fn pass_on(&mut self, id: ScopeId, bound: Option<&Names>, free: &Free) {
        let class = self.table.scopes[id].kind == ScopeKind::Class;
        let mut names: Vec<&Name> = free.keys().collect();
        names.sort();
        for name in names {
            let scope = &mut self.table.scopes[id];
            match scope.lookup_mut(name) {
                Some(symbol) => {
                    // An annotation scope may read from the class what an inner scope reads from the function around.
                    let through = class && symbol.flags & (definition::BOUND | definition::GLOBAL) != 0;
                    if through
                        || symbol.place == Place::GlobalImplicit
                        || symbol.place == Place::GlobalExplicit
                    {
                        symbol.flags |= definition::FREE_CLASS;
                    }
                }
                None if bound.is_some_and(|bound| bound.contains(name)) => {
                    scope.define(name, 0).place = Place::Free;
                }
                None => {}
            }
        }
    }

    fn refuse<T>(&self, id: ScopeId, name: &Name, message: String) -> Result<T, SyntaxError> {
        let directive = self.table.scopes[id].directives.iter().find(|d| d.name == *name);
        Err(match directive {
            Some(directive) => SyntaxError::at_range(self.source, message, directive.range),
            None => SyntaxError::plain(message),
        }
        .bare())
    }
}
