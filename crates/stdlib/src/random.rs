//! `_random`: the Mersenne twister. CPython: `Modules/_randommodule.c`.
//!
//! Invariant: the same seed gives the same numbers as CPython's.

use taipan_num::mt19937::Twister;
use taipan_runtime::prelude::*;
use taipan_runtime::types::int;

pub struct RandomModule;

/// The body of `_random.Random`.
#[derive(Trace)]
pub struct Random {
    state: Guarded<Opaque<Twister>>,
}

impl Random {
    /// Seeds with the magnitude of an int, the hash of another object, or fresh entropy for None.
    fn reseed(&self, cx: &mut Context, seed: Value) -> Result<()> {
        let limbs = match seed.not_none() {
            None => entropy(),
            Some(seed) if cx.is_int(seed) => match int::to_limbs(seed) {
                Some((_, limbs)) => limbs,
                None => vec![cx.int_to_i64(seed).unwrap_or(0).unsigned_abs()],
            },
            Some(seed) => vec![cx.hash(seed)? as u64],
        };
        let twister = Twister::from_magnitude(&limbs);
        self.state.lock(cx).0 = twister;
        Ok(())
    }
}

/// Words that differ from process to process and call to call.
fn entropy() -> Vec<u64> {
    use std::hash::{BuildHasher, Hasher};
    // Each RandomState has keys from the system's entropy.
    (0..39)
        .map(|round| {
            let mut hasher = std::collections::hash_map::RandomState::new().build_hasher();
            hasher.write_u64(round);
            hasher.finish()
        })
        .collect()
}

/// Random() -> create a random number generator with its own internal state.
#[class(name = "Random", module = "_random", flags = BASETYPE)]
impl Random {
    #[slot(new)]
    fn new(cx: &mut Context, class: Gc<Class>, args: Args<'_>) -> Result {
        if args.positional().len() > 1 {
            return Err(cx.type_error(format!(
                "Random() takes at most 1 argument ({} given)",
                args.positional().len()
            )));
        }
        let seed = args.positional().first().copied().unwrap_or(Value::NONE);
        let state = Guarded::new(Opaque(Twister::from_magnitude(&[])));
        let this = cx.new_instance(class, Random { state });
        this.reseed(cx, seed)?;
        Ok(this.value())
    }

    #[slot(init)]
    fn init(cx: &mut Context, this: Value, args: Args<'_>) -> Result<()> {
        let _ = (cx, this, args);
        Ok(())
    }

    /// random() -> x in the interval [0, 1).
    #[function("()")]
    fn random(&self, cx: &Context) -> f64 {
        self.state.lock(cx).next_f64()
    }

    /// seed([n]) -> None.
    ///
    /// Defaults to use urandom and falls back to a combination
    /// of the current time and the process identifier.
    #[function("(n=None, /)")]
    fn seed(&self, cx: &mut Context, n: Value) -> Result<()> {
        self.reseed(cx, n)
    }

    /// getstate() -> tuple containing the current state.
    #[function("()")]
    fn getstate(&self, cx: &mut Context) -> Value {
        let words: Vec<i64> = {
            let state = self.state.lock(cx);
            let (words, index) = state.state();
            words.iter().map(|word| i64::from(*word)).chain([index as i64]).collect()
        };
        let items: GVec<Value> = words.into_iter().map(Value::int).collect();
        cx.new_tuple(&items).value()
    }

    /// setstate(state) -> None.  Restores generator state.
    #[function("(state, /)")]
    fn setstate(&self, cx: &mut Context, state: Value) -> Result<()> {
        let Some(state) = state.downcast::<Tuple>() else {
            return Err(cx.type_error("state vector must be a tuple"));
        };
        if state.items().len() != 625 {
            return Err(cx.value_error("state vector is the wrong size"));
        }
        let mut words = [0u32; 624];
        for (word, item) in words.iter_mut().zip(state.items()) {
            *word = cx.index_i128(*item)? as u32;
        }
        let index = cx.index_i128(state.items()[624])?;
        let restored = usize::try_from(index).ok().and_then(|index| Twister::from_state(words, index).ok());
        match restored {
            Some(twister) => {
                self.state.lock(cx).0 = twister;
                Ok(())
            }
            None => Err(cx.value_error("invalid state")),
        }
    }

    /// getrandbits(k) -> x.  Generates an int with k random bits.
    #[function("(k, /)")]
    fn getrandbits(&self, cx: &mut Context, k: Value) -> Result {
        let count = cx.index_i128(k)?;
        if count > i128::from(u64::MAX) {
            return Err(cx.overflow_error("Python int too large for C uint64_t"));
        }
        let Ok(count) = u64::try_from(count) else {
            return Err(cx.value_error("Cannot convert negative int"));
        };
        if count == 0 {
            return Ok(Value::int(0));
        }
        if count > 1 << 40 {
            return Err(cx.memory_error());
        }
        let limbs = self.state.lock(cx).bits(count);
        Ok(int::from_limbs(cx, false, &limbs))
    }
}

/// Module implements the Mersenne Twister random number generator.
#[module("_random", classes(Random))]
impl RandomModule {}
