//! Filters: from the dicts that describe them to liblzma's chains, and to and from their encoded properties. CPython:
//! `lzma_filter_converter` and `build_filter_spec` in `Modules/_lzmamodule.c`; the xz file format, section 5.3.
//!
//! Invariant: numbers are only checked where liblzma or the encoding does.

use liblzma::stream::{Error, Filters, LzmaOptions, MatchFinder, Mode};
use taipan_runtime::exception;
use taipan_runtime::prelude::*;

use super::{ERROR, raise, unsigned, unsigned32};

pub(super) const LZMA1: u64 = 0x4000_0000_0000_0001;
pub(super) const LZMA2: u64 = 0x21;
pub(super) const DELTA: u64 = 3;
pub(super) const X86: u64 = 4;
pub(super) const POWERPC: u64 = 5;
pub(super) const IA64: u64 = 6;
pub(super) const ARM: u64 = 7;
pub(super) const ARMTHUMB: u64 = 8;
pub(super) const SPARC: u64 = 9;

pub(super) const PRESET_DEFAULT: u32 = 6;
pub(super) const PRESET_EXTREME: u32 = 1 << 31;
/// Logarithms of the dictionary sizes of the presets.
const DICT_BITS: [u32; 10] = [18, 20, 21, 22, 22, 23, 23, 24, 25, 26];

/// One filter with its options.
pub(super) enum Filter {
    Lzma { id: u64, options: Lzma },
    Delta { distance: u32 },
    Branch { id: u64, start_offset: u32 },
}

/// Options of the LZMA filters; those that are absent come from the preset.
pub(super) struct Lzma {
    preset: u32,
    dict_size: u32,
    lc: u32,
    lp: u32,
    pb: u32,
    mode: Option<u32>,
    nice_len: Option<u32>,
    mf: Option<u32>,
    depth: Option<u32>,
}

#[cold]
fn invalid_preset(cx: &mut Context, preset: u32) -> Raised {
    ERROR.raise(cx, format!("Invalid compression preset: {preset}"))
}

impl Lzma {
    pub(super) fn of_preset(cx: &mut Context, preset: u32) -> Result<Lzma> {
        let bits = DICT_BITS.get((preset & !PRESET_EXTREME) as usize);
        let Some(bits) = bits else { return Err(invalid_preset(cx, preset)) };
        Ok(Lzma {
            preset,
            dict_size: 1 << bits,
            lc: 3,
            lp: 0,
            pb: 2,
            mode: None,
            nice_len: None,
            mf: None,
            depth: None,
        })
    }

    pub(super) fn options(&self) -> std::result::Result<LzmaOptions, Error> {
        let mut options = LzmaOptions::new_preset(self.preset)?;
        options.dict_size(self.dict_size);
        options.literal_context_bits(self.lc).literal_position_bits(self.lp).position_bits(self.pb);
        if let Some(mode) = self.mode {
            options.mode(match mode {
                1 => Mode::Fast,
                2 => Mode::Normal,
                _ => return Err(Error::Options),
            });
        }
        if let Some(length) = self.nice_len {
            options.nice_len(length);
        }
        if let Some(finder) = self.mf {
            options.match_finder(match finder {
                3 => MatchFinder::HashChain3,
                4 => MatchFinder::HashChain4,
                18 => MatchFinder::BinaryTree2,
                19 => MatchFinder::BinaryTree3,
                20 => MatchFinder::BinaryTree4,
                _ => return Err(Error::Options),
            });
        }
        if let Some(depth) = self.depth {
            options.depth(depth);
        }
        Ok(options)
    }
}

/// The numbers of a filter's dict: those of `names` that it has. Another key than these and "id" is an error.
fn numbers<const N: usize>(
    cx: &mut Context,
    spec: Value,
    names: [&str; N],
    kind: &str,
) -> Result<[Option<u32>; N]> {
    let mut found = [None; N];
    let invalid = |cx: &Context| cx.value_error(format!("Invalid filter specifier for {kind} filter"));
    let Some(dict) = spec.downcast::<Dict>() else { return Err(invalid(cx)) };
    for (key, value) in dict.entries(cx).iter() {
        let key = key.downcast::<Str>();
        if key.is_some_and(|key| key.is("id")) {
            continue;
        }
        let Some(place) = names.iter().position(|name| key.is_some_and(|key| key.is(name))) else {
            return Err(invalid(cx));
        };
        match unsigned32(cx, *value) {
            Ok(number) => found[place] = Some(number),
            Err(raised) => {
                cx.take_exception(raised);
                return Err(invalid(cx));
            }
        }
    }
    Ok(found)
}

/// `spec[key]`, or `None` where that raises KeyError.
fn item(cx: &mut Context, spec: Value, key: &str) -> Result<Option<Value>> {
    let key = cx.intern(key).value();
    match cx.get_item(spec, key) {
        Ok(value) => Ok(Some(value)),
        Err(raised) => cx.swallow(raised, exception::key_error).map(|_| None),
    }
}

/// The filter that a dict describes.
pub(super) fn parse(cx: &mut Context, spec: Value) -> Result<Filter> {
    if !cx.class_of(spec).slots.get_item.is_set() {
        return Err(cx.type_error("Filter specifier must be a dict or dict-like object"));
    }
    let Some(id) = item(cx, spec, "id")? else {
        return Err(cx.value_error("Filter specifier must have an \"id\" entry"));
    };
    match unsigned(cx, id, "lzma_vli", u64::MAX)? {
        id @ (LZMA1 | LZMA2) => {
            let preset = match item(cx, spec, "preset")? {
                Some(preset) => unsigned32(cx, preset)?,
                None => PRESET_DEFAULT,
            };
            let mut options = Lzma::of_preset(cx, preset)?;
            const NAMES: [&str; 9] =
                ["preset", "dict_size", "lc", "lp", "pb", "mode", "nice_len", "mf", "depth"];
            let [_, dict_size, lc, lp, pb, mode, nice_len, mf, depth] = numbers(cx, spec, NAMES, "LZMA")?;
            options.dict_size = dict_size.unwrap_or(options.dict_size);
            options.lc = lc.unwrap_or(options.lc);
            options.lp = lp.unwrap_or(options.lp);
            options.pb = pb.unwrap_or(options.pb);
            (options.mode, options.nice_len, options.mf, options.depth) = (mode, nice_len, mf, depth);
            Ok(Filter::Lzma { id, options })
        }
        DELTA => {
            let [distance] = numbers(cx, spec, ["dist"], "delta")?;
            Ok(Filter::Delta { distance: distance.unwrap_or(1) })
        }
        id @ X86..=SPARC => {
            let [start_offset] = numbers(cx, spec, ["start_offset"], "BCJ")?;
            Ok(Filter::Branch { id, start_offset: start_offset.unwrap_or(0) })
        }
        other => Err(cx.value_error(format!("Invalid filter ID: {other}"))),
    }
}

/// The filters of a sequence of dicts.
pub(super) fn parse_all(cx: &mut Context, specs: Value) -> Result<Vec<Filter>> {
    if specs.downcast::<Dict>().is_some() {
        let found = cx.type_name(specs);
        return Err(cx.type_error(format!("{found} is not a sequence")));
    }
    let count = cx.len(specs)?;
    if count > 4 {
        return Err(cx.value_error("Too many filters - liblzma supports a maximum of 4"));
    }
    let mut filters = Vec::with_capacity(count);
    for index in 0..count {
        let spec = cx.get_item(specs, Value::int(index as i64))?;
        filters.push(parse(cx, spec)?);
    }
    Ok(filters)
}

/// liblzma's chain.
pub(super) fn chain(cx: &mut Context, filters: &[Filter]) -> Result<Filters> {
    build_chain(filters).map_err(|error| raise(cx, error))
}

fn build_chain(filters: &[Filter]) -> std::result::Result<Filters, Error> {
    let mut chain = Filters::new();
    for filter in filters {
        let properties = match filter {
            Filter::Lzma { id: LZMA1, options } => {
                chain.lzma1(&options.options()?);
                continue;
            }
            Filter::Lzma { options, .. } => {
                chain.lzma2(&options.options()?);
                continue;
            }
            Filter::Delta { distance } if !(1..=256).contains(distance) => return Err(Error::Options),
            _ => encode(filter)?,
        };
        match filter {
            Filter::Branch { id: X86, .. } => chain.x86_properties(&properties)?,
            Filter::Branch { id: POWERPC, .. } => chain.powerpc_properties(&properties)?,
            Filter::Branch { id: IA64, .. } => chain.ia64_properties(&properties)?,
            Filter::Branch { id: ARM, .. } => chain.arm_properties(&properties)?,
            Filter::Branch { id: ARMTHUMB, .. } => chain.arm_thumb_properties(&properties)?,
            Filter::Branch { .. } => chain.sparc_properties(&properties)?,
            _ => chain.delta_properties(&properties)?,
        };
    }
    Ok(chain)
}

/// The bytes that a stream's header has for a filter.
pub(super) fn encode(filter: &Filter) -> std::result::Result<Vec<u8>, Error> {
    match filter {
        Filter::Lzma { id: LZMA1, options } => {
            let Lzma { dict_size, lc, lp, pb, .. } = options;
            if *lc > 4 || *lp > 4 || lc + lp > 4 || *pb > 4 {
                return Err(Error::Program);
            }
            let mut bytes = vec![((pb * 5 + lp) * 9 + lc) as u8];
            bytes.extend_from_slice(&dict_size.to_le_bytes());
            Ok(bytes)
        }
        // The size is rounded up to 2^n or 2^n + 2^(n-1).
        Filter::Lzma { options, .. } => {
            let size = options.dict_size.max(4096);
            let code = (0..40u8).find(|code| dict_size_of(*code).is_some_and(|dict| dict >= size));
            Ok(vec![code.unwrap_or(40)])
        }
        Filter::Delta { distance } => match distance {
            1..=256 => Ok(vec![(distance - 1) as u8]),
            _ => Err(Error::Program),
        },
        Filter::Branch { start_offset: 0, .. } => Ok(Vec::new()),
        Filter::Branch { start_offset, .. } => Ok(start_offset.to_le_bytes().to_vec()),
    }
}

/// The dictionary size that a byte of LZMA2 stands for.
fn dict_size_of(code: u8) -> Option<u32> {
    match code {
        0..40 => Some((2 | u32::from(code & 1)) << (code / 2 + 11)),
        40 => Some(u32::MAX),
        _ => None,
    }
}

/// The dict that describes a filter of encoded properties.
pub(super) fn decode(cx: &mut Context, id: u64, properties: &[u8]) -> Result<Gc<Dict>> {
    let fields: Option<Vec<(&str, u32)>> = match (id, properties) {
        (LZMA1, &[code, a, b, c, d]) if code < 225 => {
            let (pb, rest) = (u32::from(code / 45), u32::from(code % 45));
            let (lp, lc) = (rest / 9, rest % 9);
            let dict_size = u32::from_le_bytes([a, b, c, d]);
            (lc + lp <= 4).then(|| vec![("lc", lc), ("lp", lp), ("pb", pb), ("dict_size", dict_size)])
        }
        (LZMA2, &[code]) => dict_size_of(code).map(|size| vec![("dict_size", size)]),
        (DELTA, &[distance]) => Some(vec![("dist", u32::from(distance) + 1)]),
        (X86..=SPARC, &[] | &[0, 0, 0, 0]) => Some(Vec::new()),
        (X86..=SPARC, &[a, b, c, d]) => Some(vec![("start_offset", u32::from_le_bytes([a, b, c, d]))]),
        _ => None,
    };
    let Some(fields) = fields else { return Err(raise(cx, Error::Options)) };
    let spec = cx.new_dict();
    let number = cx.new_int(id as i64);
    spec.set_str(cx, cx.intern("id"), number);
    for (name, value) in fields {
        spec.set_str(cx, cx.intern(name), Value::int(i64::from(value)));
    }
    Ok(spec)
}
