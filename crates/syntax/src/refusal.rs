//! What the parser refused, in CPython's words. CPython's counterparts: the `invalid_` rules of the grammar,
//! `Parser/pegen_errors.c`.
//! Invariant: errors of the tokenizer, wherever they are, win over those of the parser, as in CPython's second pass.

use ruff_python_ast::Expr;
use ruff_python_ast::token::{TokenKind, Tokens};
use ruff_python_parser::{
    InterpolatedStringErrorType, LexicalErrorType, ParseError, ParseErrorType, UnsupportedSyntaxError,
    UnsupportedSyntaxErrorKind, parse_expression,
};
use ruff_text_size::{Ranged, TextRange, TextSize};

use crate::{ErrorKind, Source, SyntaxError, lexical, scan};

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
pub(crate) fn explain(source: &Source, errors: &[ParseError], tokens: &Tokens) -> SyntaxError {
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
    let reached = refusal.token().range.start();
    if let Some(error) = scan::tokenizer_error(source, reached) {
        return error;
    }
    let literal = errors.iter().find(|error| lexical::is_literal(&error.error));
    if let Some(error) = literal {
        return lexical::explain(&refusal, &error.error, error.location);
    }
    let mut error = refusal.explain(&error.error);
    // The text ends with the line that the tokenizer is in.
    if source.position(reached).line > error.line
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

    /// "invalid syntax" at the token where the parser stopped.
    fn generic(&self) -> SyntaxError {
        let token = match self.token().kind {
            // `not` might have begun `not in`, `-` a number.
            TokenKind::Not if self.before().is_some_and(|token| ends_expression(token.kind)) => self.after(),
            _ => self.token(),
        };
        match token.kind {
            TokenKind::Indent => {
                self.error("unexpected indent", token.range).with_kind(ErrorKind::Indentation)
            }
            _ => self.error_at_token("invalid syntax", token),
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
            VarParameterWithDefault => at(match self.text(self.range).starts_with("**") {
                true => "var-keyword argument cannot have default value",
                false => "var-positional argument cannot have default value",
            }),
            UnparenthesizedGeneratorExpression => at("Generator expression must be parenthesized"),
            EmptyTypeParams => at("Type parameter list cannot be empty"),
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
            InvalidStarredExpressionUsage => at("can't use starred expression here"),
            UnparenthesizedNamedExpression => self.generic(),
            FStringError(kind) | TStringError(kind) => {
                let what = if matches!(error, FStringError(_)) { "f-string" } else { "t-string" };
                self.interpolated(what, kind)
            }
            ExpectedImaginaryNumber => at("imaginary number required in complex literal"),
            ExpectedRealNumber => at("real number required in complex literal"),
            ExpectedToken { expected, found } => self.expected_token(*expected, *found),
            ExpectedExpression => self.expected_expression(),
            SimpleStatementsOnSameLine => self.juxtaposed(),
            _ => self.generic(),
        }
    }

    fn unexpected_indent(&self) -> SyntaxError {
        let mut error = self.error("unexpected indent", self.range).with_kind(ErrorKind::Indentation);
        error.column = (error.end_column - 1).max(1);
        (error.end_line, error.end_column) = (error.line, -1);
        error
    }

    fn other(&self, message: &str) -> SyntaxError {
        let at = |message: &str| self.error(message, self.range);
        if let Some(what) = message.strip_prefix("Expected an indented block after ") {
            return self.missing_block(what);
        }
        match message {
            message if message.contains("ositional patterns") => {
                at("positional patterns follow keyword patterns")
            }
            "Expected `except` or `finally` after `try` block" => {
                let message = "expected 'except' or 'finally' block";
                match self.token().kind {
                    TokenKind::EndOfFile => self.indentation_error(message).with_kind(ErrorKind::Syntax),
                    _ => at(message),
                }
            }
            "Trailing comma not allowed" => at("trailing comma not allowed without surrounding parentheses"),
            "Expected one or more exception types" => at("expected one or more exception types"),
            message if message.contains("except") && message.contains("except*") => {
                at("cannot have both 'except' and 'except*' on the same 'try'")
            }
            "Bytes literal cannot be mixed with non-bytes literals" => self
                .error_at_token("cannot mix bytes and nonbytes literals", self.token_after(self.range.end())),
            "Only one '/' separator allowed" => at("/ may appear only once"),
            "Position-only parameter separator not allowed as first parameter" => {
                at("at least one argument must precede /")
            }
            "Star import must be the only import" => {
                self.error_at_token("invalid syntax", self.token_after(self.range.start() + TextSize::new(1)))
            }
            "Only single target (not tuple) can be annotated" => self.annotated_tuple(),
            "Only single target (not list) can be annotated" => {
                at("only single target (not list) can be annotated")
            }
            "Expected a parameter name" => self.keyword_name(),
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
        let end = token.kind == TokenKind::EndOfFile
            || self.source.text()[token.range.start().to_usize()..].trim().is_empty();
        if end {
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
            Some(keyword) => format!("'{keyword}' statement"),
            None => what.to_owned(),
        };
        let line = self.source.position(self.line_start(self.at.saturating_sub(1)).range.start()).line;
        let message = format!("expected an indented block after {name} on line {line}");
        self.indentation_error(&message)
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

    fn bare_star(&self) -> SyntaxError {
        let star = (0..=self.at).rev().map(|at| self.tokens[at]).find(|token| token.kind == TokenKind::Star);
        let star = star.unwrap_or(self.token());
        let lambda = self.token_after(star.range.end()).kind == TokenKind::Colon;
        let place = if lambda { self.token_after(star.range.end()) } else { star };
        self.error("named arguments must follow bare *", place.range)
    }

    fn annotated_tuple(&self) -> SyntaxError {
        let message = "only single target (not tuple) can be annotated";
        match self.parsed(self.range) {
            Some(Expr::Tuple(tuple)) if !tuple.parenthesized && !tuple.elts.is_empty() => {
                self.error(message, tuple.elts[0].range() + self.range.start())
            }
            _ => self.error(message, self.range),
        }
    }

    /// `f(True=1)`, `f(a.b=1)`.
    fn keyword_name(&self) -> SyntaxError {
        let equals = self.token_after(self.range.end());
        let range = TextRange::new(self.range.start(), equals.range.end().max(self.range.end()));
        match self.text(self.range) {
            name @ ("True" | "False" | "None") => self.error(format!("cannot assign to {name}"), range),
            _ => self.error("expression cannot contain assignment, perhaps you meant \"==\"?", range),
        }
    }

    /// `[x, y for ..]`, `x <> y`, `case x as _`.
    fn target_message(&self) -> Option<(&'static str, TextRange)> {
        let (token, before) = (self.token(), self.before()?);
        if token.kind == TokenKind::Greater
            && before.kind == TokenKind::Less
            && before.range.end() == token.range.start()
        {
            let range = TextRange::new(before.range.start(), token.range.end());
            return Some(("invalid syntax.  Maybe you meant '!=' instead of '<>'?", range));
        }
        let first = self.line_start(self.at);
        if first.kind == TokenKind::Import && token.kind == TokenKind::From {
            let ends = |kind| matches!(kind, TokenKind::Newline | TokenKind::Semi | TokenKind::EndOfFile);
            let last = self.tokens[self.at..].iter().take_while(|token| !ends(token.kind)).last();
            let end = last.map_or(token.range.end(), |token| token.range.end());
            let message = "Did you mean to use 'from ... import ...' instead?";
            return Some((message, TextRange::new(first.range.start(), end)));
        }
        if before.kind == TokenKind::As && self.text(token.range) == "_" {
            return Some(("cannot use '_' as a target", token.range));
        }
        let opener =
            self.opener().filter(|opener| matches!(opener.kind, TokenKind::Lsqb | TokenKind::Lbrace))?;
        if token.kind != TokenKind::For {
            return None;
        }
        let inside = self.tokens[..self.at].iter().filter(|token| token.range.start() >= opener.range.end());
        inside.clone().any(|token| token.kind == TokenKind::Comma).then(|| {
            let start = inside.clone().next().map_or(opener.range.end(), |first| first.range.start());
            let message = "did you forget parentheses around the comprehension target?";
            (message, TextRange::new(start, before.range.end()))
        })
    }

    /// What is wrong in a replacement field of an f-string, if nothing but that explains the error.
    fn field_message(&self) -> Option<(&'static str, TextRange)> {
        if !self.in_interpolation() {
            return None;
        }
        let (token, before) = (self.token(), self.before()?);
        let operand = ends_expression(before.kind);
        let exclamation =
            self.at.checked_sub(2).map(|at| self.tokens[at].kind) == Some(TokenKind::Exclamation);
        match token.kind {
            TokenKind::Comma if before.kind == TokenKind::Lbrace => {
                Some(("f-string: expecting a valid expression after '{'", token.range))
            }
            _ if exclamation && before.kind == TokenKind::Name => {
                Some(("f-string: expecting ':' or '}'", token.range))
            }
            TokenKind::Unknown if operand => {
                Some(("f-string: expecting '=', or '!', or ':', or '}'", token.range))
            }
            _ => None,
        }
    }

    /// `a.b := 1`.
    fn walrus(&self) -> SyntaxError {
        let start = self.line_start(self.at).range.start();
        let Some(before) = self.before().filter(|token| token.range.start() >= start) else {
            return self.generic();
        };
        let range = TextRange::new(start, before.range.end());
        match self.parsed(range) {
            None | Some(Expr::Name(_)) => self.generic(),
            Some(_) => {
                self.error(format!("cannot use assignment expressions with {}", self.describe(range)), range)
            }
        }
    }

    fn assignment_target(&self) -> SyntaxError {
        let what = self.describe(self.range);
        if what == "yield expression" {
            return self.error("assignment to yield expression not possible", self.range);
        }
        let plain = self.error(format!("cannot assign to {what}"), self.range);
        let literal = matches!(&*what, "True" | "False" | "None" | "list" | "tuple" | "generator expression");
        if literal || !self.is_operand(self.range) || !self.one_plain_assignment() {
            return plain;
        }
        self.error(format!("cannot assign to {what} here. Maybe you meant '==' instead of '='?"), self.range)
    }

    /// Does `= something` follow the range, with no further `=`?
    fn one_plain_assignment(&self) -> bool {
        let mut rest = self.tokens.iter().skip_while(|token| token.range.start() < self.range.end());
        let mut token = rest.next();
        while token.is_some_and(|token| token.kind == TokenKind::Rpar) {
            token = rest.next();
        }
        if token.is_none_or(|token| token.kind != TokenKind::Equal) {
            return false;
        }
        let line: Vec<TokenKind> = rest
            .map(|token| token.kind)
            .take_while(|kind| !matches!(kind, TokenKind::Newline | TokenKind::Semi | TokenKind::EndOfFile))
            .collect();
        let starts = !matches!(
            line.first(),
            None | Some(TokenKind::Lambda | TokenKind::Not | TokenKind::Yield | TokenKind::Star)
        );
        let mut depth = 0;
        let again = line.iter().any(|kind| {
            match kind {
                TokenKind::Lpar | TokenKind::Lsqb | TokenKind::Lbrace => depth += 1,
                TokenKind::Rpar | TokenKind::Rsqb | TokenKind::Rbrace => depth -= 1,
                _ => {}
            }
            depth == 0 && matches!(kind, TokenKind::Equal | TokenKind::ColonEqual)
        });
        starts && !again
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
                let what = self.describe(range);
                self.error(format!("'{what}' is an illegal expression for augmented assignment"), range)
            }
            (Else, _) => self.missing_else(),
            (Colon, Equal) => self.assignment_in_condition(),
            (Colon, Rbrace | Comma) => self.missing_key_colon(),
            (Colon, Dot) | (Comma, Dot | Lpar | Lsqb) if self.after_as().is_some() => self.attribute_target(),
            (Colon, _) => self.missing_colon(),
            (Lpar, _) if self.text(self.line_start(self.at).range) == "def" => {
                self.error_at_token("expected '('", self.token())
            }
            (Comma, _) => self.juxtaposed(),
            _ => self.generic(),
        }
    }

    fn missing_key_colon(&self) -> SyntaxError {
        let Some(key) = self.before() else { return self.generic() };
        let mut error = self.error("':' expected after dictionary key", key.range);
        error.end_column = error.column;
        error
    }

    /// Where the name after `as` begins, if the tokens before the error are `as name`.
    fn after_as(&self) -> Option<Tok> {
        let name = self.before().filter(|token| token.kind == TokenKind::Name)?;
        let keyword = self.at.checked_sub(2).map(|at| self.tokens[at])?;
        (keyword.kind == TokenKind::As).then_some(name)
    }

    /// `import a as b.c`, `case x as y.z`.
    fn attribute_target(&self) -> SyntaxError {
        let name = self.after_as().expect("checked by the caller");
        let ends = |kind| {
            use TokenKind::{Colon, Comma, EndOfFile, If, Newline, Semi};
            matches!(kind, Comma | Colon | Newline | Semi | If | EndOfFile)
        };
        let last = self.tokens[self.at..].iter().take_while(|token| !ends(token.kind)).last();
        let range =
            TextRange::new(name.range.start(), last.map_or(name.range.end(), |token| token.range.end()));
        let import = matches!(self.line_start(self.at).kind, TokenKind::Import | TokenKind::From);
        let what = if import { "import target" } else { "pattern target" };
        self.error(format!("cannot use {} as {what}", self.describe(range)), range)
    }

    fn missing_else(&self) -> SyntaxError {
        let mut depth = 0;
        let mut start = None;
        for at in (0..self.at).rev() {
            let token = self.tokens[at];
            match token.kind {
                TokenKind::Rpar | TokenKind::Rsqb | TokenKind::Rbrace => depth += 1,
                TokenKind::Lpar | TokenKind::Lsqb | TokenKind::Lbrace if depth == 0 => break,
                TokenKind::Lpar | TokenKind::Lsqb | TokenKind::Lbrace => depth -= 1,
                TokenKind::Comma
                | TokenKind::Equal
                | TokenKind::Newline
                | TokenKind::Semi
                | TokenKind::Colon
                | TokenKind::Return
                    if depth == 0 =>
                {
                    break;
                }
                _ => {}
            }
            start = Some(token.range.start());
        }
        let end = self.before().map_or(self.range.end(), |token| token.range.end());
        let start = start.unwrap_or(end);
        self.error("expected 'else' after 'if' expression", TextRange::new(start, end))
    }

    /// `if x = 1:`.
    fn assignment_in_condition(&self) -> SyntaxError {
        let Some(name) = self.before() else { return self.generic() };
        let ends = |kind| {
            matches!(kind, TokenKind::Colon | TokenKind::Newline | TokenKind::Comma | TokenKind::EndOfFile)
        };
        let last = self.tokens[self.at..].iter().take_while(|token| !ends(token.kind)).last();
        let end = last.map_or(name.range.end(), |token| token.range.end());
        if name.kind == TokenKind::Name
            && self.at.checked_sub(2).is_some_and(|at| self.tokens[at].kind != TokenKind::Dot)
        {
            let message = "invalid syntax. Maybe you meant '==' or ':=' instead of '='?";
            return self.error(message, TextRange::new(name.range.start(), end));
        }
        let start = self.line_start(self.at).range.end();
        let range = trimmed(self.source, TextRange::new(start, name.range.end()));
        let what = self.describe(range);
        match &*what {
            "True" | "False" | "None" => self.error(format!("cannot assign to {what}"), range),
            _ => self
                .error(format!("cannot assign to {what} here. Maybe you meant '==' instead of '='?"), range),
        }
    }

    fn missing_colon(&self) -> SyntaxError {
        let first = self.line_start(self.at).kind;
        let forced = matches!(
            first,
            TokenKind::Else | TokenKind::Try | TokenKind::Finally | TokenKind::Def | TokenKind::Lambda
        );
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
        let ternary = || {
            let line =
                self.tokens[..self.at].iter().rev().take_while(|token| token.kind != TokenKind::Newline);
            line.skip(1).any(|token| token.kind == TokenKind::If)
        };
        if before.kind == TokenKind::Else && ternary() {
            let message = "expected expression after 'else', but statement is given";
            return self.error_at_token(message, token);
        }
        if before.kind == TokenKind::Colon
            && matches!(token.kind, TokenKind::Rbrace | TokenKind::Comma)
            && self.in_braces()
        {
            return self.error("expression expected after dictionary key and ':'", before.range);
        }
        self.generic()
    }

    fn in_interpolation(&self) -> bool {
        let mut depth = 0;
        for token in &self.tokens[..self.at] {
            match token.kind {
                TokenKind::FStringStart | TokenKind::TStringStart => depth += 1,
                TokenKind::FStringEnd | TokenKind::TStringEnd => depth -= 1,
                _ => {}
            }
        }
        depth > 0
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

    /// An expression follows another without anything between them.
    fn juxtaposed(&self) -> SyntaxError {
        let (Some(before), token) = (self.before(), self.token()) else { return self.generic() };
        if before.kind == TokenKind::Name
            && matches!(self.text(before.range), "print" | "exec")
            && self.line_start(self.at).range == before.range
        {
            return self.legacy_statement(before);
        }
        let soft = matches!(self.text(before.range), "match" | "case" | "type" | "_");
        let string_after_name = before.kind == TokenKind::Name && token.kind == TokenKind::String;
        if self.opener().is_some()
            && !self.in_parameters()
            && ends_expression(before.kind)
            && starts_expression(token.kind)
            && !soft
            && !string_after_name
        {
            if let Some(range) = self.two_expressions() {
                return self.error("invalid syntax. Perhaps you forgot a comma?", range);
            }
        }
        self.generic()
    }

    /// Is the innermost bracket that of a function's parameters?
    pub(crate) fn in_parameters(&self) -> bool {
        let Some(opener) = self.opener() else { return false };
        let Some(at) = self.tokens.iter().position(|token| token.range == opener.range) else { return false };
        at >= 2 && self.tokens[at - 2].kind == TokenKind::Def
    }

    /// From the start of the expression before the error to the end of the one after it.
    fn two_expressions(&self) -> Option<TextRange> {
        let boundary = |kind: TokenKind| {
            use TokenKind::*;
            matches!(
                kind,
                Comma | Colon | Equal | Lpar | Lsqb | Lbrace | Rpar | Rsqb | Rbrace | For | ColonEqual | Star
            )
        };
        let mut depth = 0;
        let mut start = self.before()?.range.start();
        for at in (0..self.at).rev() {
            let kind = self.tokens[at].kind;
            match kind {
                TokenKind::Rpar | TokenKind::Rsqb | TokenKind::Rbrace => depth += 1,
                TokenKind::Lpar | TokenKind::Lsqb | TokenKind::Lbrace if depth > 0 => depth -= 1,
                kind if depth == 0 && boundary(kind) => break,
                _ => {}
            }
            start = self.tokens[at].range.start();
        }
        let mut depth = 0;
        let mut end = self.token().range.end();
        for token in &self.tokens[self.at..] {
            match token.kind {
                TokenKind::Lpar | TokenKind::Lsqb | TokenKind::Lbrace => depth += 1,
                TokenKind::Rpar | TokenKind::Rsqb | TokenKind::Rbrace if depth > 0 => depth -= 1,
                kind if depth == 0 && boundary(kind) => break,
                TokenKind::EndOfFile => return None,
                _ => {}
            }
            end = token.range.end();
        }
        let first = TextRange::new(start, self.before()?.range.end());
        let second = TextRange::new(self.token().range.start(), end);
        self.parsed(first)?;
        self.parsed(second)?;
        Some(TextRange::new(start, end))
    }

    fn legacy_statement(&self, name: Tok) -> SyntaxError {
        let ends = |kind| matches!(kind, TokenKind::Newline | TokenKind::Semi | TokenKind::EndOfFile);
        let last = self.tokens[self.at..].iter().take_while(|token| !ends(token.kind)).last();
        let range =
            TextRange::new(name.range.start(), last.map_or(name.range.end(), |token| token.range.end()));
        let rest = TextRange::new(name.range.end(), range.end());
        if self.parsed(trimmed(self.source, rest)).is_none() {
            return self.generic();
        }
        let word = self.text(name.range);
        self.error(format!("Missing parentheses in call to '{word}'. Did you mean {word}(...)?"), range)
    }

    fn interpolated(&self, what: &str, kind: &InterpolatedStringErrorType) -> SyntaxError {
        use InterpolatedStringErrorType::*;
        let start = TextRange::empty(self.range.start());
        match kind {
            InvalidConversionFlag => {
                let found = self.text(self.token().range);
                let message = match ends_field(self.token().kind) {
                    true => format!("{what}: missing conversion character"),
                    false => {
                        format!("{what}: invalid conversion character '{found}': expected 's', 'r', or 'a'")
                    }
                };
                self.error(message, self.range)
            }
            UnclosedLbrace => self.error(format!("{what}: expecting '}}'"), start),
            SingleRbrace => self.error(format!("{what}: single '}}' is not allowed"), start),
            LambdaWithoutParentheses => self
                .error(format!("{what}: lambda expressions are not allowed without parentheses"), self.range),
            ConversionFlagNotImmediatelyAfterExclamation => self.error(
                format!("{what}: conversion type must come right after the exclamation mark"),
                self.range,
            ),
            NewlineInFormatSpec => self.error(
                format!("{what}: newlines are not allowed in format specifiers for single quoted {what}s"),
                start,
            ),
            UnterminatedString | UnterminatedTripleQuotedString => self.generic(),
        }
    }

    /// The expression at a range, if it is one. Its positions count from the start of the range.
    fn parsed(&self, range: TextRange) -> Option<Expr> {
        let text = self.source.slice(range);
        // Parsing a slice of a broken file: brackets within are few, since the whole was checked.
        parse_expression(text).ok().map(|parsed| parsed.into_expr())
    }

    /// Is it an operand of `|` or binds tighter?
    fn is_operand(&self, range: TextRange) -> bool {
        use Expr::*;
        match self.parsed(range) {
            Some(UnaryOp(node)) => node.op != ruff_python_ast::UnaryOp::Not,
            Some(
                BoolOp(_) | Compare(_) | Lambda(_) | If(_) | Yield(_) | YieldFrom(_) | Named(_) | Starred(_),
            )
            | None => false,
            Some(_) => true,
        }
    }

    /// The kind of the expression at a range, in CPython's words (`_PyPegen_get_expr_name`).
    fn describe(&self, range: TextRange) -> String {
        use Expr::*;
        let Some(expr) = self.parsed(range) else {
            let text = self.text(range);
            let yields = text.starts_with("yield");
            return if yields {
                "yield expression"
            } else if text.starts_with('*') {
                "starred"
            } else {
                "expression"
            }
            .into();
        };
        match expr {
            Attribute(_) => "attribute",
            Subscript(_) => "subscript",
            Starred(_) => "starred",
            Name(_) => "name",
            List(_) => "list",
            Tuple(_) => "tuple",
            Lambda(_) => "lambda",
            Call(_) => "function call",
            BoolOp(_) | BinOp(_) | UnaryOp(_) => "expression",
            Generator(_) => "generator expression",
            Yield(_) | YieldFrom(_) => "yield expression",
            Await(_) => "await expression",
            ListComp(_) => "list comprehension",
            SetComp(_) => "set comprehension",
            DictComp(_) => "dict comprehension",
            Dict(_) => "dict literal",
            Set(_) => "set display",
            FString(_) => "f-string expression",
            TString(_) => "t-string expression",
            NumberLiteral(_) | StringLiteral(_) | BytesLiteral(_) => "literal",
            BooleanLiteral(node) if node.value => "True",
            BooleanLiteral(_) => "False",
            NoneLiteral(_) => "None",
            EllipsisLiteral(_) => "ellipsis",
            Compare(_) => "comparison",
            If(_) => "conditional expression",
            Named(_) => "named expression",
            _ => "expression",
        }
        .into()
    }
}

fn ends_field(kind: TokenKind) -> bool {
    matches!(kind, TokenKind::Rbrace | TokenKind::Colon)
}

fn trimmed(source: &Source, range: TextRange) -> TextRange {
    let text = source.slice(range);
    let skip = text.len() - text.trim_start().len();
    let keep = text.trim().len();
    let start = range.start() + TextSize::new(skip as u32);
    TextRange::at(start, TextSize::new(keep as u32))
}

fn ends_expression(kind: TokenKind) -> bool {
    use TokenKind::*;
    matches!(
        kind,
        Name | Int
            | Float
            | Complex
            | String
            | FStringEnd
            | TStringEnd
            | Rpar
            | Rsqb
            | Rbrace
            | None
            | True
            | False
            | Ellipsis
    )
}

fn starts_expression(kind: TokenKind) -> bool {
    use TokenKind::*;
    matches!(
        kind,
        Name | Int
            | Float
            | Complex
            | String
            | FStringStart
            | TStringStart
            | Lpar
            | Lsqb
            | Lbrace
            | None
            | True
            | False
            | Ellipsis
            | Lambda
            | Await
            | Tilde
    )
}

/// Syntax that 3.14 does not have yet.
pub(crate) fn unsupported(source: &Source, error: &UnsupportedSyntaxError) -> SyntaxError {
    use UnsupportedSyntaxErrorKind as Kind;
    let (message, range) = match error.kind {
        Kind::UnpackingInComprehension(kind) if format!("{kind:?}").contains("Dict") => {
            let stars = TextRange::at(error.range.start(), TextSize::new(2));
            ("dict unpacking cannot be used in dict comprehension", stars)
        }
        Kind::UnpackingInComprehension(_) => {
            ("iterable unpacking cannot be used in comprehension", error.range)
        }
        _ => return SyntaxError::at_range(source, newer_syntax(error), error.range),
    };
    SyntaxError::at_range(source, message, range)
}

/// Syntax that is newer than the version asked for.
fn newer_syntax(error: &UnsupportedSyntaxError) -> String {
    use UnsupportedSyntaxErrorKind as Kind;
    let (what, minor) = match error.kind {
        Kind::Walrus => ("Assignment expressions are", 8),
        Kind::PositionalOnlyParameter => ("Positional-only parameters are", 8),
        Kind::Match => ("Pattern matching is", 10),
        Kind::ExceptStar => ("Exception groups are", 11),
        Kind::TypeParameterList => ("Type parameter lists are", 12),
        Kind::TypeAliasStatement => ("Type statement is", 12),
        Kind::TypeParamDefault => ("Type parameter defaults are", 13),
        Kind::TemplateStrings => ("t-strings are", 14),
        _ => return "invalid syntax".to_owned(),
    };
    format!("{what} only supported in Python 3.{minor} and greater")
}

/// Does the parser report it in the words of its lexer?
pub(crate) fn lexical_type(error: &ParseErrorType) -> Option<&LexicalErrorType> {
    match error {
        ParseErrorType::Lexical(error) => Some(error),
        _ => None,
    }
}
