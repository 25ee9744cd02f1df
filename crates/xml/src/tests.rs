//! Documents from their bytes to their events, however they are cut.
//!
//! Invariant: what is expected was observed with expat.

use crate::{Code, Event, Parser, Step, Wanted};

const EVERYTHING: Wanted = Wanted((1 << 22) - 1);

fn seen(parser: &mut Parser, log: &mut Vec<String>) -> Result<(), Code> {
    loop {
        let text = match parser.next() {
            Step::Done => return Ok(()),
            Step::Failed(code) => return Err(code),
            Step::Event(Event::StartElement { name, attributes }) => {
                let attributes: Vec<_> =
                    attributes.iter().map(|(name, value)| format!(" {name}={value}")).collect();
                format!("<{name}{}>", attributes.concat())
            }
            Step::Event(Event::EndElement(name)) => format!("</{name}>"),
            Step::Event(Event::CharacterData(data)) => {
                let data = format!("'{data}'");
                match log.last_mut() {
                    Some(last) if last.starts_with('\'') => {
                        last.pop();
                        last.push_str(&data[1..]);
                        continue;
                    }
                    _ => data,
                }
            }
            Step::Event(other) => format!("{other:?}"),
        };
        log.push(text);
    }
}

/// The events of a document that is fed in these pieces, with the failure and its place at the end.
fn events(pieces: &[&[u8]], separator: Option<u8>) -> Vec<String> {
    let mut parser = Parser::new(None, separator);
    parser.set_wanted(EVERYTHING.with(Wanted::DEFAULT, false), true);
    let mut log = Vec::new();
    for (at, piece) in pieces.iter().enumerate() {
        let is_final = at + 1 == pieces.len();
        let result = match parser.feed(piece, piece.len(), is_final) {
            Ok(()) => seen(&mut parser, &mut log),
            Err(code) => Err(code),
        };
        if let Err(code) = result {
            log.push(format!("{code:?} {:?} {}", parser.position(), parser.byte_index()));
            break;
        }
    }
    log
}

#[test]
fn elements_text_and_references() {
    let log = events(&[b"<a b='1&amp;2'>x&lt;y&#x41;\r\nz<c/></a>"], None);
    assert_eq!(log, ["<a b=1&2>", "'x<yA\nz'", "<c>", "</c>", "</a>"]);
}

#[test]
fn namespaces_stand_before_names() {
    let log = events(&[b"<p:a xmlns:p='u' p:k='v'/>"], Some(b'!'));
    assert_eq!(
        log,
        [
            "StartNamespace { prefix: Some(\"p\"), uri: Some(\"u\") }",
            "<u!a u!k=v>",
            "</u!a>",
            "EndNamespace(Some(\"p\"))"
        ]
    );
    assert_eq!(events(&[b"<p:a/>"], Some(b'!')), ["UnboundPrefix (1, 0) 0"]);
    assert_eq!(events(&[b"<p:a/>"], None), ["<p:a>", "</p:a>"]);
}

#[test]
fn failures_have_places() {
    assert_eq!(events(&[b"<a>\n<b></a>"], None), ["<a>", "'\n'", "<b>", "TagMismatch (2, 5) 9"]);
    assert_eq!(events(&[b""], None), ["NoElements (1, 0) 0"]);
    assert_eq!(events(&[b"<a>\xc3\xa9\xff</a>"], None), ["<a>", "'\u{e9}'", "InvalidToken (1, 4) 5"]);
    assert_eq!(events(&[b"<a>]]>"], None), ["<a>", "InvalidToken (1, 5) 5"]);
}

#[test]
fn entities_expand_and_stop() {
    let document = b"<!DOCTYPE a [<!ENTITY e '<b/>&f;'><!ENTITY f 'F'>]><a>&e;</a>";
    let log = events(&[document], None);
    assert_eq!(log[log.len() - 5..], ["<a>", "<b>", "</b>", "'F'", "</a>"]);
    let laughs = "<!DOCTYPE a [<!ENTITY e0 'ha'>".to_owned()
        + &(1..12)
            .map(|row| format!("<!ENTITY e{row} '{}'>", format!("&e{};", row - 1).repeat(10)))
            .collect::<String>()
        + "]><a>&e11;</a>";
    let log = events(&[laughs.as_bytes()], None);
    assert!(log.last().is_some_and(|last| last.starts_with("AmplificationLimitBreach")));
}

#[test]
fn utf16_has_places_in_bytes() {
    let document: Vec<u8> = "\u{feff}<a>\u{1f600}</b>".encode_utf16().flat_map(u16::to_le_bytes).collect();
    assert_eq!(events(&[&document], None), ["<a>", "'\u{1f600}'", "TagMismatch (1, 7) 16"]);
}

/// Numbers that look random and are the same each time.
struct Numbers(u64);

impl Numbers {
    fn below(&mut self, limit: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) as usize % limit
    }
}

const SEEDS: [&str; 3] = [
    "<?xml version='1.0'?><!DOCTYPE d [<!ENTITY e 'x<i/>'><!ENTITY % p '<!ELEMENT d ANY>'>%p;]><d a='1'>&e;]]\r\n</d> ",
    "<n:a xmlns:n='u' xmlns='v' n:b='&#65;'><c xmlns=''/><![CDATA[ ]] ]]>é中\u{1f600}</n:a><!-- c --><?p d?>",
    "<!DOCTYPE a SYSTEM 's' [<!ATTLIST a b (c|d) 'c' e NMTOKENS #IMPLIED><!NOTATION n PUBLIC 'p'>]><a e=' f  g '/>\r",
];
const PIECES: [&str; 12] =
    ["<", ">", "&", "'", "]]>", "<!--", "<![CDATA[", "&e;", "\r", "xmlns:n='w'", "%p;", "\u{0}"];

/// A document with some of its characters changed; it may be in UTF-16.
fn mutated(numbers: &mut Numbers) -> Vec<u8> {
    let mut text: Vec<char> = SEEDS[numbers.below(SEEDS.len())].chars().collect();
    for _ in 0..numbers.below(4) {
        let at = numbers.below(text.len() + 1);
        match numbers.below(3) {
            0 => drop(text.drain(at..(at + numbers.below(6)).min(text.len()))),
            _ => drop(text.splice(at..at, PIECES[numbers.below(PIECES.len())].chars())),
        }
    }
    let text: String = text.into_iter().collect();
    match numbers.below(4) {
        0 => text.encode_utf16().flat_map(u16::to_be_bytes).collect(),
        _ => text.into_bytes(),
    }
}

/// The events without text that stands right before a failure: how much of it is told depends on the pieces.
fn settled(mut log: Vec<String>) -> Vec<String> {
    if let [.., before, last] = &log[..]
        && before.starts_with('\'')
        && last.ends_with(|c: char| c.is_ascii_digit())
    {
        log.remove(log.len() - 2);
    }
    log
}

#[test]
fn cuts_do_not_change_events() {
    let mut numbers = Numbers(2026);
    for _ in 0..2000 {
        let document = mutated(&mut numbers);
        let separator = (numbers.below(2) == 0).then_some(b' ');
        let whole = settled(events(&[&document], separator));
        let mut pieces = Vec::new();
        let mut rest = &document[..];
        while !rest.is_empty() {
            let (piece, more) = rest.split_at((1 + numbers.below(9)).min(rest.len()));
            pieces.push(piece);
            rest = more;
        }
        pieces.push(b"");
        assert_eq!(settled(events(&pieces, separator)), whole, "{}", String::from_utf8_lossy(&document));
    }
}
