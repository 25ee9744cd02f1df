//! The types of functions, `(int, *str) -> bool`, of `ast.parse(mode="func_type")`. CPython: `func_type` in
//! `Grammar/python.gram`.
//! Invariant: each part is parsed where it stands in the text, so that its places are right.

use ruff_python_ast::token::TokenKind;
use ruff_text_size::{TextRange, TextSize};

use crate::{ErrorKind, Mode, Source, SyntaxError, Tree, comments, parse, scan};

/// The trees of the arguments, and the tree of the result.
pub type FunctionType = (Vec<Tree>, Tree);

type Token = (TokenKind, TextRange);

/// Parses the type of a function.
pub fn function_type(source: &Source) -> Result<FunctionType, SyntaxError> {
    parsed(source).map_err(|mut error| {
        // The text as it is, nothing put behind it.
        if error.text.is_some() {
            let line = self::line(source, error.line);
            error.text = Some(line);
        }
        error
    })
}

/// A line with its end, if it has one.
fn line(source: &Source, line: u32) -> String {
    if line == 0 {
        return String::new();
    }
    let mut text = source.line(line).to_owned();
    if line < source.line_count() {
        text.push('\n');
    }
    text
}

fn parsed(source: &Source) -> Result<FunctionType, SyntaxError> {
    if let Some(error) = scan::tokenizer_error(source, TextSize::of(source.text())) {
        return Err(error);
    }
    let options = ruff_python_parser::ParseOptions::from(ruff_python_parser::Mode::Module);
    let parsed = ruff_python_parser::parse_unchecked(source.text(), options);
    let tokens: Vec<Token> = comments::kinds(parsed.tokens())
        .filter(|token| !matches!(token.0, TokenKind::Comment | TokenKind::NonLogicalNewline))
        .collect();
    let mut reader = Reader { source, tokens: &tokens, at: 0 };
    if reader.kind() == TokenKind::Indent {
        let mut error = SyntaxError::at_start(source, "unexpected indent").with_kind(ErrorKind::Indentation);
        (error.column, error.end_column) = (1, -1);
        return Err(error);
    }
    reader.expect(TokenKind::Lpar)?;
    let arguments = reader.arguments()?;
    reader.expect(TokenKind::Rpar)?;
    reader.expect(TokenKind::Rarrow)?;
    let result = reader.expression()?;
    while reader.kind() == TokenKind::Newline {
        reader.at += 1;
    }
    match reader.kind() {
        TokenKind::EndOfFile => Ok((arguments, result)),
        _ => Err(reader.refuse()),
    }
}

struct Reader<'a> {
    source: &'a Source,
    tokens: &'a [Token],
    at: usize,
}

impl Reader<'_> {
    fn kind(&self) -> TokenKind {
        self.tokens.get(self.at).map_or(TokenKind::EndOfFile, |token| token.0)
    }

    fn expect(&mut self, kind: TokenKind) -> Result<(), SyntaxError> {
        if self.kind() != kind {
            return Err(self.refuse());
        }
        self.at += 1;
        Ok(())
    }

    /// The next token cannot be there.
    fn refuse(&self) -> SyntaxError {
        match self.tokens.get(self.at) {
            Some((kind, range)) if !matches!(kind, TokenKind::Newline | TokenKind::EndOfFile) => {
                SyntaxError::at_range(self.source, "invalid syntax", *range)
            }
            _ => {
                let end = TextSize::of(self.source.text().trim_end());
                let mut error = SyntaxError::at(self.source, "invalid syntax", end, end);
                (error.column, error.end_column) = (0, 0);
                if self.source.text().is_empty() {
                    (error.line, error.end_line) = (0, 0);
                }
                error
            }
        }
    }

    /// Expressions, then one with a star, then one with two.
    fn arguments(&mut self) -> Result<Vec<Tree>, SyntaxError> {
        let mut arguments = Vec::new();
        if self.kind() == TokenKind::Rpar {
            return Ok(arguments);
        }
        let mut stars = 0;
        loop {
            let now = match self.kind() {
                TokenKind::Star => 1,
                TokenKind::DoubleStar => 2,
                _ => 0,
            };
            if stars > 0 && now <= stars {
                return Err(self.refuse());
            }
            stars = now;
            self.at += usize::from(now > 0);
            arguments.push(self.expression()?);
            if self.kind() != TokenKind::Comma || stars == 2 {
                return Ok(arguments);
            }
            self.at += 1;
        }
    }

    /// An expression that is neither a tuple nor needs brackets of its own.
    fn expression(&mut self) -> Result<Tree, SyntaxError> {
        use TokenKind::{
            Async, ColonEqual, Comma, EndOfFile, Equal, For, Lambda, Lbrace, Lpar, Lsqb, Newline, Rarrow,
            Rbrace, Rpar, Rsqb, Star, Yield,
        };
        let first = self.at;
        let (mut depth, mut lambdas) = (0, 0);
        loop {
            let kind = self.kind();
            match kind {
                EndOfFile | Newline => break,
                Lpar | Lsqb | Lbrace => depth += 1,
                Rpar | Rsqb | Rbrace if depth == 0 => break,
                Rpar | Rsqb | Rbrace => depth -= 1,
                Lambda if depth == 0 => lambdas += 1,
                TokenKind::Colon if depth == 0 && lambdas > 0 => lambdas -= 1,
                // Parameters of a lambda may have commas, stars and defaults.
                Comma | Equal if lambdas > 0 => {}
                Comma | Equal | ColonEqual | For | Async | Rarrow if depth == 0 => break,
                Yield | Star if self.at == first => break,
                _ => {}
            }
            self.at += 1;
        }
        if self.at == first {
            return Err(self.refuse());
        }
        // Brackets around it, and blanks in the place of what comes before.
        let text = self.source.text();
        let before = self.tokens[first - 1].1.end().to_usize();
        let end = self.tokens[self.at - 1].1.end().to_usize();
        let blank = text[1..before].bytes().map(|byte| if byte == b'\n' { '\n' } else { ' ' });
        let part: String =
            ['('].into_iter().chain(blank).chain(text[before..end].chars()).chain(['\n', ')']).collect();
        parse(&Source::new(&part), Mode::Eval)
    }
}
