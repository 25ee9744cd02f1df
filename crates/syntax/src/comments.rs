//! Type comments: `# type: ..` as the tokens that they are for `ast.parse(type_comments=True)`. CPython: `tok_get_normal_mode`
//! of `Parser/lexer/lexer.c`, and `TYPE_COMMENT` in `Grammar/python.gram`.
//! Invariant: each comment belongs to one node; one that is asked for by none is a syntax error.

use std::cell::Cell;

use ruff_python_ast::token::TokenKind;
use ruff_text_size::{Ranged, TextRange, TextSize};

use crate::{Source, SyntaxError};

/// The comments of a text.
#[derive(Default)]
pub struct TypeComments {
    comments: Vec<Comment>,
    ignores: Vec<(TextSize, String)>,
}

/// A comment that is a token of the grammar.
struct Comment {
    range: TextRange,
    /// The two tokens before it, the nearest first; another such comment counts as `Comment`.
    before: [Option<(TokenKind, TextRange)>; 2],
    after: Option<(TokenKind, TextRange)>,
    taken: Cell<bool>,
}

impl Comment {
    /// Does it stand right behind a token?
    fn follows(&self, kind: TokenKind) -> Option<TextRange> {
        self.before[0].filter(|before| before.0 == kind).map(|before| before.1)
    }

    /// The only thing in the first line of a block?
    fn heads_block(&self) -> Option<TextRange> {
        let [Some((TokenKind::Newline, _)), Some((TokenKind::Colon, colon))] = self.before else {
            return None;
        };
        self.after.is_some_and(|after| after.0 == TokenKind::Indent).then_some(colon)
    }
}

/// What a comment says about types, if it does.
enum Says<'a> {
    /// `# type: ignore`, and what stands behind it.
    Ignore(&'a str),
    /// `# type:`, and how much of the comment comes before what it says.
    Type(usize),
}

fn says(comment: &str) -> Option<Says<'_>> {
    let blank = [' ', '\t'];
    let rest =
        comment.strip_prefix('#')?.trim_start_matches(blank).strip_prefix("type:")?.trim_start_matches(blank);
    match rest.strip_prefix("ignore") {
        Some(tag) if !tag.starts_with(|c: char| !c.is_ascii() || c.is_ascii_alphanumeric()) => {
            Some(Says::Ignore(tag))
        }
        _ => Some(Says::Type(comment.len() - rest.len())),
    }
}

impl TypeComments {
    /// Those among the tokens of a text.
    pub(crate) fn of<'a>(
        source: &Source,
        tokens: impl Iterator<Item = (TokenKind, TextRange)> + 'a,
    ) -> TypeComments {
        let mut found = TypeComments::default();
        let mut before = [None, None];
        // Does the last comment wait for the token behind it?
        let mut open = false;
        let mut alone = true;
        for (kind, range) in tokens {
            if kind == TokenKind::NonLogicalNewline {
                alone = true;
                continue;
            }
            let mut range = range;
            if kind == TokenKind::Comment {
                let text = source.slice(range);
                match says(text) {
                    None => continue,
                    Some(Says::Ignore(tag)) => {
                        // The end of a line that has nothing else belongs to the token.
                        let end = if alone { "\n" } else { "" };
                        found.ignores.push((range.start(), format!("{tag}{end}")));
                        continue;
                    }
                    Some(Says::Type(skipped)) => {
                        range = TextRange::new(range.start() + TextSize::new(skipped as u32), range.end());
                    }
                }
            }
            if open {
                found.comments.last_mut().expect("one is open").after = Some((kind, range));
                open = false;
            }
            if kind == TokenKind::Comment {
                found.comments.push(Comment { range, before, after: None, taken: Cell::new(false) });
                open = true;
            }
            alone = matches!(kind, TokenKind::Newline | TokenKind::Indent | TokenKind::Dedent);
            before = [Some((kind, range)), before[0]];
        }
        found
    }

    /// Lines and words of the comments that ask to ignore types.
    pub fn ignores(&self) -> &[(TextSize, String)] {
        &self.ignores
    }

    fn take(&self, mut is_wanted: impl FnMut(&Comment) -> bool) -> Option<TextRange> {
        let comment = self.comments.iter().find(|comment| !comment.taken.get() && is_wanted(comment))?;
        comment.taken.set(true);
        Some(comment.range)
    }

    /// The comment right behind a statement.
    pub fn of_statement(&self, end: TextSize) -> Option<TextRange> {
        self.take(|comment| comment.before[0].is_some_and(|before| before.1.end() == end))
    }

    /// The comment behind the colon of a header, which stands between the two places.
    pub fn of_header(&self, header: TextSize, body: TextSize) -> Option<TextRange> {
        self.take(|comment| {
            comment.follows(TokenKind::Colon).is_some_and(|colon| colon.start() >= header)
                && comment.range.start() < body
        })
    }

    /// The comment of a function: behind the colon, or in the line below.
    pub fn of_function(&self, header: TextSize, body: TextSize) -> Option<TextRange> {
        self.of_header(header, body).or_else(|| {
            self.take(|comment| {
                comment.heads_block().is_some_and(|colon| colon.start() >= header)
                    && comment.range.start() < body
            })
        })
    }

    /// The comment of a parameter: behind its comma, or behind it if it is the last one.
    pub fn of_parameter(&self, end: TextSize) -> Option<TextRange> {
        let ends =
            |before: Option<(TokenKind, TextRange)>| before.is_some_and(|before| before.1.end() == end);
        self.take(|comment| match comment.before {
            [Some((TokenKind::Comma, _)), last] if ends(last) => true,
            [last, _] => ends(last) && comment.after.is_some_and(|after| after.0 == TokenKind::Rpar),
        })
    }

    /// The error of the first comment that no node has taken.
    pub fn misplaced(&self, source: &Source) -> Option<SyntaxError> {
        let at = self.comments.iter().position(|comment| !comment.taken.get())?;
        let comment = &self.comments[at];
        let second = matches!(comment.before, [Some((TokenKind::Newline, _)), Some((TokenKind::Comment, _))])
            && self.comments[..at].last().is_some_and(|first| first.follows(TokenKind::Colon).is_some());
        if second && let Some((TokenKind::Indent, indent)) = comment.after {
            let message = "Cannot have two type comments on def";
            let mut error = SyntaxError::at(source, message, indent.end(), indent.end());
            (error.column, error.end_column) = (error.column - 1, -1);
            return Some(error);
        }
        let of_star = matches!(comment.before, [Some((TokenKind::Comma, _)), Some((TokenKind::Star, _))]);
        let message = if of_star { "bare * has associated type comment" } else { "invalid syntax" };
        Some(SyntaxError::at_range(source, message, comment.range))
    }
}

/// Tokens as they are looked at here.
pub(crate) fn kinds<'a>(
    tokens: impl IntoIterator<Item = &'a ruff_python_ast::token::Token> + 'a,
) -> impl Iterator<Item = (TokenKind, TextRange)> + 'a {
    tokens.into_iter().map(|token| (token.kind(), token.range()))
}
