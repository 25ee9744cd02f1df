//! What the parser refused, in CPython's words. CPython's counterparts: the `invalid_` rules of the grammar,
//! `Parser/pegen_errors.c`.
//! Invariant: errors of the tokenizer, wherever they are, win over those of the parser, as in CPython's second pass.

mod describe;
mod fields;
mod juxtaposed;
mod lexical;
mod misplaced;
mod operands;
mod parameters;
mod targets;
mod versions;

use ruff_python_ast::token::{TokenKind, Tokens};
use ruff_python_parser::{LexicalErrorType, ParseError, ParseErrorType};
use ruff_text_size::{Ranged, TextRange, TextSize};

use self::juxtaposed::ends_expression;
pub(crate) use self::versions::{before_six, defaults_of_types, unsupported};
use crate::{ErrorKind, Mode, Position, Source, SyntaxError, scan};

/// A token that is no comment or blank line.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Tok {
    pub(crate) kind: TokenKind,
    pub(crate) range: TextRange,
}

/// The text, its tokens, and where the parser stopped.
pub(crate) struct Refusal<'a> {
    pub(crate) source: &'a Source,
    pub(crate) tokens: Vec<Tok>,
    /// The token at which the error is.
    pub(crate) at: usize,
    range: TextRange,
}

/// The first error, as CPython tells it.
pub(crate) fn explain(source: &Source, errors: &[ParseError], tokens: &Tokens, mode: Mode) -> SyntaxError {
    let mut error = explain_module(source, errors, tokens, mode);
    // Only a module's last line gets an end that it does not have.
    let last = source.line_count() - u32::from(source.text().ends_with('\n'));
    if mode != Mode::Exec && error.line >= last && !source.text().ends_with('\n') {
        if let Some(text) = &mut error.text {
            text.truncate(text.trim_end_matches('\n').len());
        }
        if source.text().is_empty() {
            (error.line, error.end_line) = (0, 0);
        }
        // Nothing is put behind the text, so that a backslash at its end continues nothing.
        if error.message == "unexpected EOF while parsing" && source.text().ends_with('\\') {
            error.message = "unexpected character after line continuation character".to_owned();
            (error.column, error.end_column) = (error.column - 1, 0);
        }
        // The line of an expression has no end that could be shown.
        let length = source.line(error.line).chars().count() as i32;
        if mode == Mode::Eval && error.message == "invalid syntax" && error.column > length {
            (error.column, error.end_column) = (0, 0);
        }
    }
    error
}

fn explain_module(source: &Source, errors: &[ParseError], tokens: &Tokens, mode: Mode) -> SyntaxError {
    let significant = |kind| !matches!(kind, TokenKind::Comment | TokenKind::NonLogicalNewline);
    let tokens: Vec<Tok> = tokens
        .iter()
        .filter(|token| significant(token.kind()))
        .map(|token| Tok { kind: token.kind(), range: token.range() })
        .collect();
    let error = &errors[0];
    let range = error.location;
    let at = tokens
        .partition_point(|token| token.range.end() <= range.start() && token.range.start() < range.start());
    let refusal = Refusal { source, at: at.min(tokens.len().saturating_sub(1)), tokens, range };
    // Where a keyword ends brackets for the parser's crate, CPython's has come as far as the keyword.
    let recovered = refusal.token().kind == TokenKind::Newline && refusal.opener().is_some();
    let reached = if recovered { refusal.after() } else { refusal.token() }.range.start();
    // An indentation that cannot be is told about at once, unless the tokenizer cannot read it; whatever else is wrong,
    // the tokenizer's word goes first.
    let indented = matches!(error.error, ParseErrorType::UnexpectedIndentation);
    let indented = indented.then(|| source.position(error.location.start()).line);
    if let Some(error) = scan::tokenizer_error(source, reached)
        && indented
            .is_none_or(|line| error.line < line || error.line == line && error.kind != ErrorKind::Syntax)
    {
        // That a field does not end is told only if nothing else is wrong with it.
        let unended = error.message.ends_with("-string: expecting '}'");
        let earlier = |range: TextRange| {
            let place = source.position(range.start());
            (place.line, source.characters(place) as i32 + 1) < (error.line, error.column)
        };
        return match refusal.broken_field().filter(|(_, range)| unended && earlier(*range)) {
            Some((message, range)) => refusal.in_words_of_string(refusal.error(message, range)),
            None => error,
        };
    }
    let literal = errors.iter().find(|error| lexical::is_literal(&error.error));
    if let Some(error) = literal {
        return lexical::explain(&refusal, &error.error, error.location);
    }
    if let Some(error) = refusal.by_mode(mode) {
        return error;
    }
    let mut error = refusal.in_words_of_string(refusal.explain(&error.error));
    // What is wrong at the very end has no place in the line.
    error.incomplete |= refusal.at_end() && error.end_column <= 0;
    let mut text = source.text().to_owned();
    if mode == Mode::Exec && !text.ends_with('\n') {
        text.push('\n');
    }
    error.statement = Some((refusal.statement_before(), text));
    // The text ends with the line that the tokenizer is in; a comma is missed only once the next token is known.
    let looked = match error.message.ends_with("forgot a comma?") {
        true => refusal.token_after(refusal.second_end()).range.start(),
        false => reached,
    };
    let ended = refusal.token().kind == TokenKind::EndOfFile;
    if !ended
        && source.position(looked).line > error.line
        && let Some(text) = &mut error.text
    {
        text.truncate(text.trim_end_matches('\n').len());
    }
    error
}

impl Refusal<'_> {
    pub(crate) fn error(&self, message: impl Into<String>, range: TextRange) -> SyntaxError {
        SyntaxError::at_range(self.source, message, range)
    }

    pub(crate) fn text(&self, range: TextRange) -> &str {
        self.source.slice(range)
    }

    pub(crate) fn token(&self) -> Tok {
        self.tokens.get(self.at).copied().unwrap_or(Tok { kind: TokenKind::EndOfFile, range: self.range })
    }

    pub(crate) fn before(&self) -> Option<Tok> {
        self.at.checked_sub(1).and_then(|at| self.tokens.get(at)).copied()
    }

    fn after(&self) -> Tok {
        self.tokens.get(self.at + 1).copied().unwrap_or(self.token())
    }

    /// What depends on the kind of text.
    fn by_mode(&self, mode: Mode) -> Option<SyntaxError> {
        let token = self.token();
        let brace = token.kind == TokenKind::Lbrace && self.never_closed(token);
        if mode != Mode::Single && brace && self.before().is_some_and(|before| ends_expression(before.kind)) {
            return Some(self.unclosed(token));
        }
        match self.tokens.first() {
            Some(first) if first.kind == TokenKind::Star && mode == Mode::Eval => {
                Some(self.error("invalid syntax", first.range))
            }
            _ => None,
        }
    }

    /// "invalid syntax" at the token where the parser stopped.
    fn generic(&self) -> SyntaxError {
        if let Some(error) = self.pattern_target() {
            return error;
        }
        let statement =
            |token: &Tok| matches!(token.kind, TokenKind::Pass | TokenKind::Break | TokenKind::Continue);
        if self.token().kind == TokenKind::If
            && let Some(before) = self.before().filter(statement)
            && self.line_has_else()
        {
            return self.error("expected expression before 'if', but statement is given", before.range);
        }
        let star = self.bare_star_expression();
        if let Some(elif) = self.elif_after_else() {
            return self.error_at_token("'elif' block follows an 'else' block", elif);
        }
        if self.token().kind == TokenKind::Colon
            && let Some(arrow) = self.before().filter(|before| before.kind == TokenKind::Rarrow)
        {
            return self.error_at_token("expected ':'", arrow);
        }
        let words = if star { "Invalid star expression" } else { "invalid syntax" };
        let token = match self.token().kind {
            TokenKind::Name
                if self.text(self.line_start(self.at).range) == "type"
                    && self.after().kind == TokenKind::Newline =>
            {
                self.after()
            }
            // `not` might have begun `not in`, `-` a number.
            TokenKind::Not if self.before().is_some_and(|token| ends_expression(token.kind)) => self.after(),
            _ => self.token(),
        };
        let special = self.broken_field().or_else(|| self.broken_type_parameters());
        if let Some((message, range)) = special.or_else(|| self.keyword_in_generator()) {
            return self.error(message, range);
        }
        match token.kind {
            TokenKind::Indent => self.unexpected_indent_at(token.range),
            // After a decorator and its line end nothing came.
            TokenKind::Newline
                if self.at_end()
                    && self.line_start(self.at).kind == TokenKind::At
                    && self.before().is_some_and(|before| before.kind != TokenKind::At) =>
            {
                let end = Tok { kind: TokenKind::EndOfFile, range: TextRange::empty(token.range.end()) };
                self.error_at_token("invalid syntax", end)
            }
            _ => self.error_at_token(words, token),
        }
    }

    /// CPython's newline token is one character wide even at the end of the file.
    fn error_at_token(&self, message: &str, token: Tok) -> SyntaxError {
        let mut error = self.error(message, token.range);
        if matches!(token.kind, TokenKind::Newline | TokenKind::EndOfFile) || token.range.is_empty() {
            (error.end_line, error.end_column) = (error.line, error.column + 1);
        }
        if token.kind == TokenKind::EndOfFile {
            (error.line, error.end_line) = (self.last_line(), self.last_line());
            (error.column, error.end_column) = (0, 0);
            error.text = Some(format!("{}\n", self.source.line(error.line)));
        }
        error
    }

    fn explain(&self, error: &ParseErrorType) -> SyntaxError {
        use ParseErrorType::*;
        let at = |message: &str| self.error(message, self.range);
        let special =
            self.field_message().or_else(|| self.target_message()).or_else(|| self.parameter_message());
        if let Some((message, range)) = special {
            return self.error(message, range);
        }
        if let Some(error) = self.misplaced().or_else(|| self.operand_error()) {
            return error;
        }
        match error {
            UnexpectedIndentation => self.unexpected_indent(),
            OtherError(message) => self.other(message),
            PositionalAfterKeywordArgument => self.error(
                "positional argument follows keyword argument",
                self.token_after(self.range.end()).range,
            ),
            PositionalAfterKeywordUnpacking => self.error(
                "positional argument follows keyword argument unpacking",
                self.token_after(self.range.end()).range,
            ),
            InvalidArgumentUnpackingOrder => {
                let start = self.before().map_or(self.range.start(), |token| token.range.start());
                let message = "iterable argument unpacking follows keyword argument unpacking";
                self.error(message, TextRange::new(start, self.range.end()))
            }
            IterableUnpackingInComprehension => at("iterable unpacking cannot be used in comprehension"),
            NonDefaultParamAfterDefaultParam => {
                at("parameter without a default follows parameter with a default")
            }
            ExpectedKeywordParam => self.bare_star(),
            ParamAfterVarKeywordParam => at("arguments cannot follow var-keyword argument"),
            VarParameterWithDefault => at(match self.after_double_star() {
                true => "var-keyword argument cannot have default value",
                false => "var-positional argument cannot have default value",
            }),
            UnparenthesizedGeneratorExpression if self.line_start(self.at).kind == TokenKind::Class => {
                let first = self
                    .tokens
                    .iter()
                    .find(|token| token.kind == TokenKind::For && token.range.start() >= self.range.start());
                self.error_at_token("invalid syntax", first.copied().unwrap_or(self.token()))
            }
            UnparenthesizedGeneratorExpression => at("Generator expression must be parenthesized"),
            EmptyTypeParams if self.text(self.token().range) == "]" => {
                let mut error = at("Type parameter list cannot be empty");
                error.end_column = error.column;
                error
            }
            EmptyImportNames => {
                self.error("Expected one or more names after 'import'", TextRange::empty(self.range.start()))
            }
            InvalidAnnotatedAssignmentTarget => at("illegal target for annotation"),
            InvalidAssignmentTarget => self.assignment_target(),
            InvalidNamedAssignmentTarget => {
                at(&format!("cannot use assignment expressions with {}", self.describe(self.range)))
            }
            InvalidAugmentedAssignmentTarget => at(&format!(
                "'{}' is an illegal expression for augmented assignment",
                self.describe(self.range)
            )),
            InvalidDeleteTarget => at(&format!("cannot delete {}", self.describe(self.range))),
            InvalidStarredExpressionUsage
                if self.in_braces()
                    && self.before().is_some_and(|before| before.kind == TokenKind::Colon) =>
            {
                at("cannot use a starred expression in a dictionary value")
            }
            InvalidStarredExpressionUsage if self.in_group() => at("cannot use starred expression here"),
            InvalidStarredExpressionUsage if self.is_annotation() => self.generic_after(self.range.start()),
            InvalidStarredExpressionUsage
                if self.is_subscript()
                    && self.before().is_some_and(|before| before.kind == TokenKind::Colon) =>
            {
                self.generic_after(self.range.start())
            }
            InvalidStarredExpressionUsage
                if self.opener().is_some()
                    && !self.in_field_braces()
                    && self.token_after(self.range.end()).kind == TokenKind::Colon =>
            {
                self.generic_after(self.range.end())
            }
            InvalidStarredExpressionUsage => at("can't use starred expression here"),
            UnparenthesizedTupleExpression => self.generic_after(self.first_comma()),
            UnparenthesizedNamedExpression => self.generic(),
            FStringError(kind) | TStringError(kind) => {
                let what = if matches!(error, FStringError(_)) { "f-string" } else { "t-string" };
                self.interpolated(what, kind)
            }
            ExpectedImaginaryNumber => at("imaginary number required in complex literal"),
            ExpectedRealNumber
                if !self.text(self.range).starts_with(|c: char| c.is_ascii_digit() || c == '-') =>
            {
                self.generic_after(self.range.end())
            }
            ExpectedRealNumber => at("real number required in complex literal"),
            ExpectedToken { expected, found } => self.expected_token(*expected, *found),
            ExpectedExpression => self.expected_expression(),
            SimpleStatementsOnSameLine => self.juxtaposed(),
            _ => self.generic(),
        }
    }

    /// Where the statement with a block before the one with the error begins; all zeros if there is none.
    fn statement_before(&self) -> Position {
        let current = self.source.position(self.line_start(self.at).range.start());
        let mut found = Position { line: 0, column: 0 };
        let mut begins = true;
        for token in &self.tokens {
            let position = self.source.position(token.range.start());
            if position.line >= current.line {
                break;
            }
            let structural = matches!(token.kind, TokenKind::Newline | TokenKind::Indent | TokenKind::Dedent);
            if begins && is_compound(token.kind) && position.column == current.column {
                found = position;
            }
            begins = structural;
        }
        found
    }

    /// Do only line ends and dedents follow the error?
    fn at_end(&self) -> bool {
        use TokenKind::{Dedent, EndOfFile, Indent, Newline};
        let rest = self.tokens.get(self.at..).unwrap_or(&[]);
        rest.iter().all(|token| matches!(token.kind, Newline | Dedent | Indent | EndOfFile))
    }

    /// `def f[T=]`: without good type parameters there is no parenthesis where one should be.
    fn broken_type_parameters(&self) -> Option<(&'static str, TextRange)> {
        let opener = self.opener().filter(|opener| opener.kind == TokenKind::Lsqb)?;
        let at = self.tokens.iter().position(|token| token.range == opener.range)?;
        (at >= 2 && self.tokens[at - 2].kind == TokenKind::Def).then_some(("expected '('", opener.range))
    }

    /// `def f[*Ts: int]`, `class A[**P: (int, str)]`. CPython: `invalid_type_param`.
    fn bound_of_starred(&self) -> Option<SyntaxError> {
        let opener = self.opener().filter(|opener| opener.kind == TokenKind::Lsqb)?;
        let [.., star, name] = &self.tokens[..self.at] else { return None };
        let kind = match star.kind {
            TokenKind::Star => "TypeVarTuple",
            TokenKind::DoubleStar => "ParamSpec",
            _ => return None,
        };
        let owner = self.tokens.iter().position(|token| token.range == opener.range)?.checked_sub(2)?;
        let generic = matches!(self.text(self.tokens[owner].range), "def" | "class" | "type");
        if !generic || name.kind != TokenKind::Name {
            return None;
        }
        let mut depth = 0;
        let mut goes_on = |token: &&Tok| {
            use TokenKind::{Comma, Equal, Lbrace, Lpar, Lsqb, Newline, Rbrace, Rpar, Rsqb};
            match token.kind {
                Lpar | Lsqb | Lbrace => depth += 1,
                Rpar | Rsqb | Rbrace if depth > 0 => depth -= 1,
                Comma | Equal | Rpar | Rsqb | Rbrace if depth == 0 => return false,
                Newline => return false,
                _ => {}
            }
            true
        };
        let (colon, bound) = (self.token().range, &self.tokens[self.at + 1..]);
        let end = bound.iter().take_while(&mut goes_on).last()?.range.end();
        let what = match self.parsed(TextRange::new(bound.first()?.range.start(), end))? {
            ruff_python_ast::Expr::Tuple(_) => "constraints",
            _ => "bound",
        };
        Some(self.error(format!("cannot use {what} with {kind}"), TextRange::new(colon.start(), end)))
    }

    /// `f(x=y for y in z)`.
    fn keyword_in_generator(&self) -> Option<(&'static str, TextRange)> {
        let opener = self.opener().filter(|opener| opener.kind == TokenKind::Lpar)?;
        if self.token().kind != TokenKind::For {
            return None;
        }
        let inside = self.tokens[..self.at].iter().filter(|token| token.range.start() >= opener.range.end());
        let argument: Vec<&Tok> = inside.collect();
        let start = argument.iter().rposition(|token| token.kind == TokenKind::Comma).map_or(0, |at| at + 1);
        let (name, equal) = (argument.get(start)?, argument.get(start + 1)?);
        let keyword = name.kind == TokenKind::Name && equal.kind == TokenKind::Equal;
        let message = "invalid syntax. Maybe you meant '==' or ':=' instead of '='?";
        keyword.then(|| (message, TextRange::new(name.range.start(), equal.range.end())))
    }

    /// `case 1 as 2`.
    fn pattern_target(&self) -> Option<SyntaxError> {
        let before = self.before().filter(|before| before.kind == TokenKind::As)?;
        let first = self.line_start(self.at);
        let clause = match self.text(first.range) {
            "case" => None,
            "except" if self.token_after(first.range.end()).kind == TokenKind::Star => Some("except*"),
            "except" => Some("except"),
            _ => return None,
        };
        let mut depth = 0;
        let mut goes_on = |token: &&Tok| {
            use TokenKind::{Colon, Comma, If, Lbrace, Lpar, Lsqb, Newline, Rbrace, Rpar, Rsqb, Vbar};
            match token.kind {
                Lpar | Lsqb | Lbrace => depth += 1,
                Rpar | Rsqb | Rbrace if depth > 0 => depth -= 1,
                Comma | Colon | If | Rpar | Rsqb | Rbrace | Vbar if depth == 0 => return false,
                Newline => return false,
                _ => {}
            }
            true
        };
        let last = self.tokens[self.at..].iter().take_while(|token| goes_on(token)).last()?;
        let range = TextRange::new(self.token().range.start(), last.range.end());
        self.parsed(range)?;
        debug_assert!(before.range.end() <= range.start());
        let what = self.describe(range);
        if what == "name" {
            return None;
        }
        Some(match clause {
            None => self.error(format!("cannot use {what} as pattern target"), range),
            Some(clause) => self.error(format!("cannot use {clause} statement with {what}"), range),
        })
    }

    /// The error at the first token behind a position.
    fn generic_after(&self, offset: TextSize) -> SyntaxError {
        self.error_at_token("invalid syntax", self.token_after(offset))
    }

    fn unexpected_indent(&self) -> SyntaxError {
        self.unexpected_indent_at(self.range)
    }

    fn unexpected_indent_at(&self, range: TextRange) -> SyntaxError {
        // Behind lines that go on the last one counts.
        let goes_on = self.text(range).contains('\n');
        let range = if goes_on { TextRange::empty(range.end()) } else { range };
        let mut error = self.error("unexpected indent", range).with_kind(ErrorKind::Indentation);
        error.column = (error.end_column - 1).max(i32::from(!goes_on));
        (error.end_line, error.end_column) = (error.line, -1);
        error
    }

    fn other(&self, message: &str) -> SyntaxError {
        let at = |message: &str| self.error(message, self.range);
        if let Some(what) = message.strip_prefix("Expected an indented block after ") {
            return self.missing_block(what);
        }
        match message {
            message if message.contains("ositional patterns") => match self.opener() {
                Some(opener) if self.never_closed(opener) => self.unclosed(opener),
                _ => at("positional patterns follow keyword patterns"),
            },
            "Expected `except` or `finally` after `try` block" => {
                let message = "expected 'except' or 'finally' block";
                match self.at_end() {
                    true => self.indentation_error(message).with_kind(ErrorKind::Syntax),
                    false => at(message),
                }
            }
            "Multiple exception types must be parenthesized when using `as`" => self.unparenthesized_types(),
            "Invalid mapping pattern key" => self.generic_after(self.range.end()),
            "Trailing comma not allowed" => {
                let next = self.token_after(self.range.end());
                match self.line_start(self.at).kind {
                    TokenKind::From => self
                        .error_at_token("trailing comma not allowed without surrounding parentheses", next),
                    _ => self.error_at_token("invalid syntax", next),
                }
            }
            "Expected one or more exception types" => at("expected one or more exception types"),
            message if message.contains("except") && message.contains("except*") => {
                let start = self.token_after(self.range.start()).range.start();
                let star = self.tokens.iter().find(|token| token.range.start() > start);
                let end =
                    star.filter(|star| star.kind == TokenKind::Star).map_or(start, |star| star.range.end());
                let end = if end > start { end } else { start + TextSize::of("except") };
                let message = "cannot have both 'except' and 'except*' on the same 'try'";
                self.error(message, TextRange::new(start, end))
            }
            "Bytes literal cannot be mixed with non-bytes literals" => self
                .error_at_token("cannot mix bytes and nonbytes literals", self.token_after(self.range.end())),
            "Cannot mix t-string literals with string or bytes literals" => {
                at("cannot mix t-string literals with string or bytes literals")
            }
            "Only one '/' separator allowed" => at("/ may appear only once"),
            "Position-only parameter separator not allowed as first parameter" => {
                match self.token_after(self.range.end()).kind {
                    TokenKind::Comma => at("at least one argument must precede /"),
                    _ => at("invalid syntax"),
                }
            }
            "Star import must be the only import" => {
                self.error_at_token("invalid syntax", self.token_after(self.range.start() + TextSize::new(1)))
            }
            "Only single target (not tuple) can be annotated" => self.annotated_tuple(),
            "Only single target (not list) can be annotated" => {
                at("only single target (not list) can be annotated")
            }
            "Expected a parameter name" => self.keyword_name(),
            "Expected symbol after `as`" if self.range.is_empty() || self.text(self.range) == "," => {
                self.generic()
            }
            "Expected symbol after `as`" => {
                at(&format!("cannot use {} as import target", self.describe(self.range)))
            }
            "Expected a pattern" if self.token().kind == TokenKind::Minus => {
                self.error_at_token("invalid syntax", self.after())
            }
            "Expected a statement" if self.token().kind == TokenKind::ColonEqual => self.walrus(),
            "Expected an expression or a ')'"
            | "Expected an expression or a ']'"
            | "Expected an expression or a '}'" => self.expected_expression(),
            _ => self.generic(),
        }
    }

    /// CPython names the statement by the line of its keyword.
    /// An indentation error at the token: at the end of the text it is at the end of its last line.
    fn indentation_error(&self, message: &str) -> SyntaxError {
        let token = self.token();
        let mut error = self.error_at_token(message, token).with_kind(ErrorKind::Indentation);
        if self.at_end() {
            (error.line, error.end_line) = (self.last_line(), self.last_line());
            let line = self.source.line(error.line);
            (error.column, error.end_column) = (line.chars().count() as i32 + 1, -1);
            error.text = Some(format!("{line}\n"));
        }
        error
    }

    /// The line on which the text ends.
    fn last_line(&self) -> u32 {
        self.source
            .position(TextSize::of(self.source.text().strip_suffix('\n').unwrap_or(self.source.text())))
            .line
    }

    fn missing_block(&self, what: &str) -> SyntaxError {
        let name = match what.split('`').nth(1) {
            Some("class") => "class definition".to_owned(),
            Some("except") if self.has_star(self.at.saturating_sub(1)) => "'except*' statement".to_owned(),
            Some(keyword) => format!("'{keyword}' statement"),
            None => what.to_owned(),
        };
        let line = self.source.position(self.line_start(self.at.saturating_sub(1)).range.start()).line;
        let message = format!("expected an indented block after {name} on line {line}");
        self.indentation_error(&message)
    }

    /// Is the clause on the line of a token `except*`?
    fn has_star(&self, at: usize) -> bool {
        self.token_after(self.line_start(at).range.end()).kind == TokenKind::Star
    }

    /// The first token of the logical line that token `at` is on.
    fn line_start(&self, mut at: usize) -> Tok {
        let structural = |kind| {
            matches!(kind, TokenKind::Newline | TokenKind::Indent | TokenKind::Dedent | TokenKind::Semi)
        };
        while at > 0 && self.tokens.get(at).is_some_and(|token| structural(token.kind)) {
            at -= 1;
        }
        while at > 0 && !structural(self.tokens[at - 1].kind) {
            at -= 1;
        }
        self.tokens.get(at).copied().unwrap_or(self.token())
    }

    fn token_after(&self, offset: TextSize) -> Tok {
        let found = self.tokens.iter().find(|token| token.range.start() >= offset);
        found.copied().unwrap_or(self.token())
    }

    /// Does `**` stand before the name before the error?
    fn after_double_star(&self) -> bool {
        let at = self.tokens.partition_point(|token| token.range.start() < self.range.start());
        let parameter = self.tokens[..at].iter().rev().take_while(|token| token.kind != TokenKind::Comma);
        parameter.clone().any(|token| token.kind == TokenKind::DoubleStar)
    }

    /// Does the error stand alone in parentheses that are no call's?
    fn in_group(&self) -> bool {
        let Some(opener) = self.opener().filter(|opener| opener.kind == TokenKind::Lpar) else {
            return false;
        };
        let Some(at) = self.tokens.iter().position(|token| token.range == opener.range) else { return false };
        let called = at > 0 && ends_expression(self.tokens[at - 1].kind);
        let alone = opener.range.end() == self.range.start()
            && self.text(self.token_after(self.range.end()).range) == ")";
        alone && !called
    }

    /// Is the innermost bracket that of a subscript?
    fn is_subscript(&self) -> bool {
        let Some(opener) = self.opener().filter(|opener| opener.kind == TokenKind::Lsqb) else {
            return false;
        };
        let at = self.tokens.iter().position(|token| token.range == opener.range);
        at.is_some_and(|at| at > 0 && ends_expression(self.tokens[at - 1].kind))
    }

    /// Does the range follow the colon of an annotation?
    fn is_annotation(&self) -> bool {
        let at = self.tokens.partition_point(|token| token.range.start() < self.range.start());
        let colon = at.checked_sub(1).is_some_and(|before| self.tokens[before].kind == TokenKind::Colon);
        colon && (self.in_parameters() || self.opener().is_none())
    }

    /// The first comma of a tuple without parentheses.
    fn first_comma(&self) -> TextSize {
        let mut depth = 0;
        let inside = self.tokens.iter().skip_while(|token| token.range.start() < self.range.start());
        for token in inside {
            match token.kind {
                TokenKind::Lpar | TokenKind::Lsqb | TokenKind::Lbrace => depth += 1,
                TokenKind::Rpar | TokenKind::Rsqb | TokenKind::Rbrace => depth -= 1,
                TokenKind::Comma if depth == 0 => return token.range.start(),
                _ => {}
            }
        }
        self.range.start()
    }

    /// `except a, b as c`: up to the name.
    fn unparenthesized_types(&self) -> SyntaxError {
        let names = self.tokens.iter().skip_while(|token| token.range.start() < self.range.end());
        if names.clone().nth(2).is_none_or(|token| token.kind != TokenKind::Colon) {
            return self.generic_after(self.range.end());
        }
        let end = names.clone().nth(1).map_or(self.range.end(), |name| name.range.end());
        let range = TextRange::new(self.range.start(), end);
        self.error("multiple exception types must be parenthesized when using 'as'", range)
    }

    fn bare_star(&self) -> SyntaxError {
        let star = (0..=self.at).rev().map(|at| self.tokens[at]).find(|token| token.kind == TokenKind::Star);
        let star = star.unwrap_or(self.token());
        let name = self.token_after(star.range.end());
        if matches!(name.kind, TokenKind::None | TokenKind::True | TokenKind::False) {
            return self.error_at_token("invalid syntax", name);
        }
        let lambda = self.token_after(star.range.end()).kind == TokenKind::Colon;
        let place = if lambda { self.token_after(star.range.end()) } else { star };
        self.error("named arguments must follow bare *", place.range)
    }

    fn expected_token(&self, expected: TokenKind, found: TokenKind) -> SyntaxError {
        use TokenKind::*;
        match (expected, found) {
            (
                _,
                PlusEqual | MinusEqual | StarEqual | SlashEqual | PercentEqual | AmperEqual | VbarEqual
                | CircumflexEqual | LeftShiftEqual | RightShiftEqual | DoubleStarEqual | DoubleSlashEqual
                | AtEqual,
            ) => {
                let start = self.line_start(self.at).range.start();
                let end = self.before().map_or(start, |token| token.range.end());
                let range = TextRange::new(start, end.max(start));
                if self.parsed(range).is_none() {
                    return self.generic();
                }
                let what = self.describe(range);
                self.error(format!("'{what}' is an illegal expression for augmented assignment"), range)
            }
            (Else, _) => self.missing_else(),
            (Colon, Equal) => self.assignment_in_condition(),
            (Rsqb, Colon) => self.bound_of_starred().unwrap_or_else(|| self.juxtaposed()),
            (Colon, Rbrace | Comma) if self.in_braces() => self.missing_key_colon(),
            (Colon, Dot) | (Comma, Dot | Lpar | Lsqb) if self.after_as().is_some() => self.attribute_target(),
            (Colon, Lpar | Lsqb) if self.after_as().is_some() && self.line_start(self.at).kind == Except => {
                self.attribute_target()
            }
            (Colon, _) => self.missing_colon(),
            (In, _) if self.opener().is_some() => {
                self.error_at_token("'in' expected after for-loop variables", self.token())
            }
            (Rpar | Rsqb | Rbrace, _) => self.juxtaposed(),
            (Lpar, _) if matches!(self.text(self.line_start(self.at).range), "def" | "async") => {
                self.error_at_token("expected '('", self.token())
            }
            (Comma, _) => self.juxtaposed(),
            _ => self.generic(),
        }
    }

    fn missing_key_colon(&self) -> SyntaxError {
        let Some(key) = self.before() else { return self.generic() };
        let mut error = self.error("':' expected after dictionary key", key.range);
        error.end_column = 0;
        error
    }

    fn missing_colon(&self) -> SyntaxError {
        let first = self.line_start(self.at);
        if self.before().is_some_and(|before| before.kind == TokenKind::Lambda) {
            return self.generic();
        }
        let forced = matches!(
            first.kind,
            TokenKind::Else | TokenKind::Try | TokenKind::Finally | TokenKind::Def | TokenKind::Lambda
        ) || first.kind == TokenKind::Async
            && self.token_after(first.range.end()).kind == TokenKind::Def;
        let end = matches!(self.token().kind, TokenKind::Newline | TokenKind::EndOfFile);
        match forced || end {
            true => self.error_at_token("expected ':'", self.token()),
            false => self.juxtaposed(),
        }
    }

    fn expected_expression(&self) -> SyntaxError {
        let Some(before) = self.before() else { return self.generic() };
        let token = self.token();
        let in_field = matches!(before.kind, TokenKind::Lbrace) && self.in_interpolation();
        let closes = matches!(
            token.kind,
            TokenKind::Rbrace | TokenKind::Colon | TokenKind::Exclamation | TokenKind::Equal
        );
        if in_field && closes {
            let text = self.text(token.range);
            return self.error(format!("f-string: valid expression required before '{text}'"), token.range);
        }
        // A slice is no place for a star.
        let second = self.at.checked_sub(2).map(|at| self.tokens[at].kind);
        if before.kind == TokenKind::Star && second == Some(TokenKind::Colon) && self.is_subscript() {
            return self.error_at_token("invalid syntax", before);
        }
        if token.kind == TokenKind::DoubleStar && self.doubly_starred_group() {
            return self.error("cannot use double starred expression here", token.range);
        }
        let ternary = || {
            let line =
                self.tokens[..self.at].iter().rev().take_while(|token| token.kind != TokenKind::Newline);
            line.skip(1).any(|token| token.kind == TokenKind::If)
        };
        if before.kind == TokenKind::Else && ternary() {
            let message = "expected expression after 'else', but statement is given";
            return self.error_at_token(message, token);
        }
        let named =
            self.at.checked_sub(2).map(|at| self.tokens[at]).filter(|name| name.kind == TokenKind::Name);
        if before.kind == TokenKind::Equal
            && matches!(token.kind, TokenKind::Rpar | TokenKind::Comma)
            && self.opener().is_some_and(|opener| opener.kind == TokenKind::Lpar)
            && let Some(name) = named
        {
            let range = TextRange::new(name.range.start(), before.range.end());
            return self.error("expected argument value expression", range);
        }
        if before.kind == TokenKind::Colon
            && matches!(token.kind, TokenKind::Rbrace | TokenKind::Comma)
            && self.in_braces()
            && !self.in_field_braces()
        {
            return self.error("expression expected after dictionary key and ':'", before.range);
        }
        self.generic()
    }

    /// `(**x)`, which is no call.
    fn doubly_starred_group(&self) -> bool {
        let opens = self.before().is_some_and(|before| before.kind == TokenKind::Lpar);
        let called = self.at.checked_sub(2).is_some_and(|at| ends_expression(self.tokens[at].kind));
        let rest = &self.tokens[(self.at + 1).min(self.tokens.len())..];
        let mut depth = 0;
        let end = rest.iter().position(|token| match token.kind {
            TokenKind::Lpar | TokenKind::Lsqb | TokenKind::Lbrace => {
                depth += 1;
                false
            }
            TokenKind::Rpar | TokenKind::Rsqb | TokenKind::Rbrace => {
                depth -= 1;
                depth < 0
            }
            _ => false,
        });
        let Some(end) = end.filter(|end| *end > 0 && opens && !called) else { return false };
        self.parsed(TextRange::new(rest[0].range.start(), rest[end - 1].range.end())).is_some()
    }

    fn in_braces(&self) -> bool {
        self.opener().is_some_and(|token| token.kind == TokenKind::Lbrace)
    }

    /// The innermost bracket that is open at the error.
    pub(crate) fn opener(&self) -> Option<Tok> {
        let mut open = Vec::new();
        for token in &self.tokens[..self.at] {
            match token.kind {
                TokenKind::Lpar | TokenKind::Lsqb | TokenKind::Lbrace => open.push(*token),
                TokenKind::Rpar | TokenKind::Rsqb | TokenKind::Rbrace => {
                    open.pop();
                }
                _ => {}
            }
        }
        open.pop()
    }

    /// Is the innermost bracket that of a function's parameters?
    pub(crate) fn in_parameters(&self) -> bool {
        let Some(opener) = self.opener() else { return false };
        let Some(at) = self.tokens.iter().position(|token| token.range == opener.range) else { return false };
        at >= 2 && self.tokens[at - 2].kind == TokenKind::Def
    }
}

/// Does a statement with a block begin with this?
fn is_compound(kind: TokenKind) -> bool {
    use TokenKind::{Async, At, Class, Def, For, If, Match, Try, While, With};
    matches!(kind, Async | At | Class | Def | For | If | Match | Try | While | With)
}

/// Does the parser report it in the words of its lexer?
pub(crate) fn lexical_type(error: &ParseErrorType) -> Option<&LexicalErrorType> {
    match error {
        ParseErrorType::Lexical(error) => Some(error),
        _ => None,
    }
}
