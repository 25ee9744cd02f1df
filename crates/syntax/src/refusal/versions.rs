//! Syntax that came with versions which the parser's crate does not tell apart. CPython: `CHECK_VERSION` in
//! `Grammar/python.gram`.
//! Invariant: only a text that is good for the newest version comes here.

use ruff_python_ast::token::{Token, TokenKind, Tokens};
use ruff_python_ast::visitor::Visitor;
use ruff_python_ast::{Expr, Mod, TypeParam};
use ruff_python_parser::{UnsupportedSyntaxError, UnsupportedSyntaxErrorKind as Newer};
use ruff_text_size::{Ranged, TextRange, TextSize};

use crate::{Source, SyntaxError};

/// Syntax that the version asked for does not have, unless CPython takes it for any version.
pub(crate) fn unsupported(
    source: &Source,
    error: &UnsupportedSyntaxError,
    tokens: &Tokens,
) -> Option<SyntaxError> {
    let (message, range) = match error.kind {
        Newer::UnpackingInComprehension(kind) if format!("{kind:?}").contains("Dict") => {
            let stars = TextRange::at(error.range.start(), TextSize::new(2));
            ("dict unpacking cannot be used in dict comprehension", stars)
        }
        Newer::UnpackingInComprehension(_) => {
            ("iterable unpacking cannot be used in comprehension", error.range)
        }
        Newer::ParenthesizedKeywordArgumentName => {
            let inside =
                |token: &&Token| token.kind() != TokenKind::Lpar && token.start() >= error.range.start();
            let equal =
                |token: &&Token| token.kind() == TokenKind::Equal && token.start() >= error.range.end();
            let start = tokens.iter().find(inside).map_or(error.range.start(), Ranged::start);
            let end = tokens.iter().find(equal).map_or(error.range.end(), Ranged::end);
            let message = "expression cannot contain assignment, perhaps you meant \"==\"?";
            (message, TextRange::new(start, end.max(start)))
        }
        Newer::ParenthesizedContextManager
        | Newer::Pep701FString(_)
        | Newer::RelaxedDecorator(_)
        | Newer::StarAnnotation
        | Newer::StarExpressionInIndex
        | Newer::StarTuple(_)
        | Newer::UnparenthesizedNamedExpr(_)
        | Newer::UnparenthesizedUnpackInFor => return None,
        kind => match newer_syntax(kind) {
            None => ("invalid syntax", error.range),
            Some((what, minor)) => {
                let message = format!("{what} only supported in Python 3.{minor} and greater");
                let seen = |range: TextRange| match kind {
                    Newer::TypeParameterList => range.end() >= error.range.end(),
                    _ => range.start() >= error.range.end(),
                };
                let place = tokens.iter().map(Ranged::range).find(|range| seen(*range));
                return Some(SyntaxError::at_range(source, message, place.unwrap_or(error.range)));
            }
        },
    };
    Some(SyntaxError::at_range(source, message, range))
}

/// What is newer than the version asked for, and the minor version that has it.
fn newer_syntax(kind: Newer) -> Option<(&'static str, u8)> {
    Some(match kind {
        Newer::Walrus => ("Assignment expressions are", 8),
        Newer::PositionalOnlyParameter => ("Positional-only parameters are", 8),
        Newer::Match => ("Pattern matching is", 10),
        Newer::ExceptStar => ("Exception groups are", 11),
        Newer::TypeParameterList => ("Type parameter lists are", 12),
        Newer::TypeAliasStatement => ("Type statement is", 12),
        Newer::TypeParamDefault => ("Type parameter defaults are", 13),
        Newer::TemplateStrings => ("t-strings are", 14),
        Newer::UnparenthesizedExceptionTypes => ("except expressions without parentheses are", 14),
        _ => return None,
    })
}

/// Default values of type parameters, before 3.13: the parser's crate speaks of those of type variables alone.
pub(crate) fn defaults_of_types(source: &Source, syntax: &Mod, tokens: &Tokens) -> Option<SyntaxError> {
    struct Defaults(Option<TextRange>);

    impl<'a> Visitor<'a> for Defaults {
        fn visit_type_param(&mut self, param: &'a TypeParam) {
            if let Some(default) = param.default().filter(|_| self.0.is_none()) {
                self.0 = Some(default.range());
            }
        }

        /// Expressions may be arbitrarily deep, and have none.
        fn visit_expr(&mut self, _: &'a Expr) {}
    }

    let mut defaults = Defaults(None);
    if let Mod::Module(module) = syntax {
        defaults.visit_body(&module.body);
    }
    let range = defaults.0?;
    let (what, minor) = newer_syntax(Newer::TypeParamDefault)?;
    let message = format!("{what} only supported in Python 3.{minor} and greater");
    let place = tokens.iter().map(Ranged::range).find(|token| token.start() >= range.end());
    Some(SyntaxError::at_range(source, &message, place.unwrap_or(range)))
}

/// What a text has that Python 3.`minor` did not know, for versions before 3.6.
pub(crate) fn before_six(source: &Source, tokens: &Tokens, minor: i32) -> Option<SyntaxError> {
    let tokens: Vec<(TokenKind, TextRange)> = crate::comments::kinds(tokens)
        .filter(|token| !matches!(token.0, TokenKind::Comment | TokenKind::NonLogicalNewline))
        .collect();
    // The parser sees what is within a statement first, and the statements of a function before the function.
    let mut found: Option<(u8, SyntaxError)> = None;
    let mut depth = 0;
    let mut statement = Statement::default();
    for (index, (kind, range)) in tokens.iter().enumerate() {
        if matches!(kind, TokenKind::Newline | TokenKind::Indent | TokenKind::Dedent) {
            statement.is_over = true;
            continue;
        }
        let starts = index == 0 || statement.is_over;
        if starts {
            statement = Statement { is_over: false, is_compound: is_header(*kind), lambdas: 0 };
        }
        match kind {
            TokenKind::Lpar | TokenKind::Lsqb | TokenKind::Lbrace => depth += 1,
            TokenKind::Rpar | TokenKind::Rsqb | TokenKind::Rbrace => depth -= 1,
            _ if depth > 0 => {}
            TokenKind::Semi => statement.is_over = true,
            TokenKind::Lambda => statement.lambdas += 1,
            TokenKind::Colon if statement.lambdas > 0 => {
                statement.lambdas -= 1;
                continue;
            }
            TokenKind::Colon if statement.is_compound => {
                statement.is_over = true;
                continue;
            }
            _ => {}
        }
        let next = tokens.get(index + 1).map(|token| token.0);
        let Some((what, since)) = feature(source, (*kind, *range), next, starts, depth) else { continue };
        if since > minor {
            let message = format!("{what} only supported in Python 3.{since} and greater");
            let place = match kind {
                TokenKind::Int | TokenKind::Float | TokenKind::Complex | TokenKind::AtEqual => *range,
                _ => tokens.get(index + 2).map_or(*range, |token| token.1),
            };
            let rank = match kind {
                TokenKind::Async if next == Some(TokenKind::Def) => 2,
                TokenKind::Async if starts => 1,
                _ => 0,
            };
            if found.as_ref().is_none_or(|found| rank < found.0) {
                found = Some((rank, SyntaxError::at_range(source, message, place)));
            }
        }
    }
    found.map(|found| found.1)
}

/// What a token stands for that is not as old as the language, and its version.
fn feature(
    source: &Source,
    (kind, range): (TokenKind, TextRange),
    next: Option<TokenKind>,
    starts: bool,
    depth: i32,
) -> Option<(&'static str, i32)> {
    Some(match kind {
        TokenKind::Async if next == Some(TokenKind::Def) => ("Async functions are", 5),
        TokenKind::Async if next == Some(TokenKind::With) => ("Async with statements are", 5),
        TokenKind::Async if starts => ("Async for loops are", 5),
        TokenKind::Async => ("Async comprehensions are", 6),
        TokenKind::Await => ("Await expressions are", 5),
        TokenKind::AtEqual => ("The '@' operator is", 5),
        TokenKind::At if !starts => ("The '@' operator is", 5),
        TokenKind::Colon if depth == 0 => ("Variable annotation syntax is", 6),
        TokenKind::Int | TokenKind::Float | TokenKind::Complex if source.slice(range).contains('_') => {
            ("Underscores in numeric literals are", 6)
        }
        _ => return None,
    })
}

/// What is known of the statement that a token belongs to.
#[derive(Default)]
struct Statement {
    /// The next token begins another one.
    is_over: bool,
    /// It has a header with a colon.
    is_compound: bool,
    /// Lambdas whose colon is to come.
    lambdas: usize,
}

fn is_header(kind: TokenKind) -> bool {
    use TokenKind::{Async, Case, Class, Def, Elif, Else, Except, Finally, For, If, Match, Try, While, With};
    matches!(
        kind,
        Async | Case | Class | Def | Elif | Else | Except | Finally | For | If | Match | Try | While | With
    )
}
