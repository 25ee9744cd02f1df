//! Kinds of tokens with CPython's numbers. CPython: `Grammar/Tokens`.

/// What a token is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// The end of the text.
    EndMarker,
    /// A name or keyword.
    Name,
    /// A number.
    Number,
    /// A string or bytes literal.
    String,
    /// The end of a logical line.
    Newline,
    /// More indentation.
    Indent,
    /// Less indentation.
    Dedent,
    /// An operator or a bracket, by its number.
    Operator(u8),
    /// Prefix and opening quote of an f-string (or t-string, if true).
    StringStart(bool),
    /// Literal text of one.
    StringMiddle(bool),
    /// Its closing quote.
    StringEnd(bool),
    /// A comment.
    Comment,
    /// The end of a line that ends no logical line.
    Nl,
}

impl Kind {
    /// CPython's number.
    pub fn number(self) -> u8 {
        match self {
            Kind::EndMarker => 0,
            Kind::Name => 1,
            Kind::Number => 2,
            Kind::String => 3,
            Kind::Newline => 4,
            Kind::Indent => 5,
            Kind::Dedent => 6,
            Kind::Operator(number) => number,
            Kind::StringStart(template) => 59 + 3 * u8::from(template),
            Kind::StringMiddle(template) => 60 + 3 * u8::from(template),
            Kind::StringEnd(template) => 61 + 3 * u8::from(template),
            Kind::Comment => 65,
            Kind::Nl => 66,
        }
    }

    /// May it stretch over several lines, as strings do?
    pub fn is_string(self) -> bool {
        matches!(self, Kind::String | Kind::StringStart(_) | Kind::StringMiddle(_) | Kind::StringEnd(_))
    }
}
