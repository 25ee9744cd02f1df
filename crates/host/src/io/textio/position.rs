//! Positions in text: `tell` and `seek`. CPython: `_io_TextIOWrapper_tell_impl` in `Modules/_io/textio.c`.
//!
//! Invariant: a cookie holds everything that a decoder needs to go on from a place in the bytes.

use std::sync::atomic::Ordering;

use taipan_runtime::prelude::*;

use super::{Newline, TextIoWrapper};
use crate::io::unsupported;

impl TextIoWrapper {
    /// A cookie: the byte position, and where it is not at a piece's start, decoder state and offsets.
    pub(super) fn position(&self, cx: &mut Context, object: Value) -> Result<Value> {
        let buffer = self.open_buffer(cx)?;
        if !self.seekable.load(Ordering::Relaxed) {
            return Err(unsupported(cx, "underlying stream is not seekable"));
        }
        if !self.state.lock(cx).telling {
            return Err(cx.os_error_message("telling position disabled by next() call"));
        }
        self.lock.hold(cx, object, |cx| self.flush_pending(cx, buffer))?;
        cx.call_method(buffer, "flush", &[])?;
        let position = cx.call_method(buffer, "tell", &[])?;
        let position = cx.index_i128(position)?;
        let (snapshot, used) = {
            let state = self.state.lock(cx);
            (state.snapshot.clone(), state.used)
        };
        let Some((flags, bytes)) = snapshot else { return Ok(cx.new_int_i128(position)) };
        let start = position - bytes.len() as i128;
        if used == 0 && flags == 0 {
            return Ok(cx.new_int_i128(start));
        }
        // Decode again, a byte at a time, until as many characters came out as were used.
        let saved = self.save_decoder(cx)?;
        self.set_decoder(cx, flags, &[])?;
        let mut given = 0;
        let mut chars = 0;
        let mut safe = (0, flags, 0);
        while chars < used && given < bytes.len() {
            let piece = self.decode_with_newlines(cx, &bytes[given..=given], false)?;
            given += 1;
            chars += piece.len();
            let (state, held) = self.decoder_state(cx)?;
            if held.is_empty() && chars <= used {
                safe = (given, state, chars);
            }
        }
        if chars < used {
            chars += self.decode_with_newlines(cx, &[], true)?.len();
        }
        self.restore_decoder(cx, saved)?;
        if chars < used {
            return Err(cx.os_error_message("can't reconstruct logical file position"));
        }
        let (safe_bytes, safe_flags, safe_chars) = safe;
        let start = start + safe_bytes as i128;
        let (feed, skip) = (given - safe_bytes, used - safe_chars);
        if skip == 0 && safe_flags == 0 {
            return Ok(cx.new_int_i128(start));
        }
        // position | flags << 64 | bytes to feed << 96 | characters to skip << 104
        if start < 1 << 62 && safe_flags < 1 << 30 {
            let cookie = start | safe_flags << 64 | (feed as i128) << 96 | (skip as i128) << 104;
            return Ok(cx.new_int_i128(cookie));
        }
        Err(cx.os_error_message("can't reconstruct logical file position"))
    }

    fn decode_with_newlines(&self, cx: &mut Context, input: &[u8], last: bool) -> Result<Vec<u32>> {
        let text = self.decode(cx, input, last)?;
        let newline = self.state.lock(cx).newline;
        Ok(if newline.is_universal() {
            self.newlines.feed(text, newline == Newline::Translate, last)
        } else {
            text
        })
    }

    fn save_decoder(&self, cx: &mut Context) -> Result<(i128, Vec<u8>)> {
        self.decoder_state(cx)
    }

    fn restore_decoder(&self, cx: &mut Context, saved: (i128, Vec<u8>)) -> Result<()> {
        self.set_decoder(cx, saved.0, &saved.1)
    }

    fn set_decoder(&self, cx: &mut Context, flags: i128, held: &[u8]) -> Result<()> {
        self.newlines.set_pending(flags & 1 != 0);
        match self.decoder.load() {
            Some(decoder) => {
                let state = [cx.new_bytes(held).value(), cx.new_int_i128(flags >> 1)];
                let state = cx.new_tuple(&state).value();
                cx.call_method(decoder, "setstate", &[state]).map(drop)
            }
            None => {
                self.state.lock(cx).partial = held.to_vec();
                Ok(())
            }
        }
    }

    /// Puts the decoder at the start of a stream, where a byte order mark may stand.
    fn reset_decoder(&self, cx: &mut Context) -> Result<()> {
        self.set_decoder(cx, 0, &[])?;
        match self.decoder.load() {
            Some(decoder) => cx.call_method(decoder, "reset", &[]).map(drop),
            None => Ok(()),
        }
    }

    /// Tells the encoder whether a byte order mark is due.
    fn reset_encoder(&self, cx: &mut Context, at_start: bool) -> Result<()> {
        let Some(encoder) = self.encoder.load() else { return Ok(()) };
        match at_start {
            true => cx.call_method(encoder, "reset", &[]).map(drop),
            false => cx.call_method(encoder, "setstate", &[Value::int(0)]).map(drop),
        }
    }

    /// A stream that is not at its start gets no byte order mark. CPython: `_textiowrapper_fix_encoder_state`.
    pub(super) fn fix_encoder(&self, cx: &mut Context, buffer: Value) -> Result<()> {
        if !self.seekable.load(Ordering::Relaxed) || self.encoder.load().is_none() {
            return Ok(());
        }
        let position = cx.call_method(buffer, "tell", &[])?;
        if cx.index_i128(position)? != 0 {
            self.reset_encoder(cx, false)?;
        }
        Ok(())
    }

    pub(super) fn seek_to(
        &self,
        cx: &mut Context,
        object: Value,
        cookie: Value,
        whence: i32,
    ) -> Result<Value> {
        let buffer = self.open_buffer(cx)?;
        if !self.seekable.load(Ordering::Relaxed) {
            return Err(unsupported(cx, "underlying stream is not seekable"));
        }
        let mut wide = cx.index_i128(cookie)?;
        match whence {
            0 => {}
            1 if wide == 0 => {
                let here = self.position(cx, object)?;
                wide = cx.index_i128(here)?;
            }
            1 => return Err(unsupported(cx, "can't do nonzero cur-relative seeks")),
            2 if wide == 0 => {
                cx.call_method(object, "flush", &[])?;
                self.forget_read_ahead(cx)?;
                self.reset_decoder(cx)?;
                let (zero, two) = (Value::int(0), Value::int(2));
                let end = cx.call_method(buffer, "seek", &[zero, two])?;
                let empty = cx.index_i128(end)? == 0;
                self.reset_encoder(cx, empty)?;
                return Ok(end);
            }
            2 => return Err(unsupported(cx, "can't do nonzero end-relative seeks")),
            _ => return Err(cx.value_error(format!("invalid whence ({whence}, should be 0, 1 or 2)"))),
        }
        if wide < 0 {
            return Err(cx.value_error(format!("negative seek position {wide}")));
        }
        cx.call_method(object, "flush", &[])?;
        let start = wide & ((1 << 64) - 1);
        let (flags, feed, skip) =
            (wide >> 64 & 0xffff_ffff, (wide >> 96 & 0xff) as usize, (wide >> 104) as usize);
        let target = cx.new_int_i128(start);
        cx.call_method(buffer, "seek", &[target])?;
        self.forget_read_ahead(cx)?;
        match start == 0 && flags == 0 {
            true => self.reset_decoder(cx)?,
            false => self.set_decoder(cx, flags, &[])?,
        }
        self.reset_encoder(cx, wide == 0)?;
        self.state.lock(cx).snapshot = Some((flags, Vec::new()));
        if skip > 0 {
            let size = Value::int(feed as i64);
            let input = cx.call_method(buffer, "read", &[size])?;
            let input = cx.with_buffer(input, |bytes| bytes.to_vec())?;
            let text = self.decode_with_newlines(cx, &input, false)?;
            if text.len() < skip {
                return Err(cx.os_error_message("can't restore logical file position"));
            }
            let mut state = self.state.lock(cx);
            state.decoded = text;
            state.used = skip;
            state.snapshot = Some((flags, input));
        }
        Ok(cx.new_int_i128(wide))
    }
}
