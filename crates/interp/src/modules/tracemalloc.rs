//! `_tracemalloc`: what `tracemalloc` asks. CPython: `Modules/_tracemalloc.c`.
//! Invariant: what is told of memory was looked at after a collection, so that garbage does not count.

use taipan_runtime::prelude::*;

use crate::memory::{self, MOST_FRAMES};

/// The module.
pub struct Tracemalloc;

/// `-X tracemalloc`.
pub fn start_at_boot(cx: &mut Context, frames: usize) -> Result<()> {
    if frames > 0 {
        Tracemalloc::start(cx, frames as i32)?;
    }
    Ok(())
}

fn pair(cx: &mut Context, file: &str, line: u32) -> Value {
    let items = [cx.intern(file).value(), Value::int(line.into())];
    cx.new_tuple(&items).value()
}

/// Debug module to trace memory blocks allocated by Python.
#[module("_tracemalloc")]
impl Tracemalloc {
    /// Return True if the tracemalloc module is tracing Python memory allocations.
    #[function("()")]
    fn is_tracing() -> bool {
        memory::is_on()
    }

    /// Clear traces of memory blocks allocated by Python.
    #[function("()")]
    fn clear_traces() {
        memory::clear();
    }

    /// Get traces of all memory blocks allocated by Python.
    ///
    /// Return a list of (size: int, traceback: tuple) tuples.
    /// traceback is a tuple of (filename: str, lineno: int) tuples.
    ///
    /// Return an empty list if the tracemalloc module is disabled.
    #[function("()")]
    fn _get_traces(cx: &mut Context) -> Result<Gc<List>> {
        if !memory::is_on() {
            return Ok(cx.new_list(&[]));
        }
        cx.collect_garbage()?;
        memory::untraced(|| {
            let copy = memory::copy();
            let stacks: GVec<(Value, Value)> = copy
                .tracebacks
                .iter()
                .map(|traceback| {
                    let frames = traceback.frames.iter();
                    let frames: GVec<Value> =
                        frames.map(|(file, line)| pair(cx, &copy.files[*file as usize], *line)).collect();
                    (cx.new_tuple(&frames).value(), Value::int(traceback.depth as i64))
                })
                .collect();
            let list = cx.new_list(&[]);
            for (bytes, traceback) in &copy.traces {
                let (frames, depth) = stacks[*traceback as usize];
                let row = cx.new_tuple(&[Value::int(0), Value::int(*bytes as i64), frames, depth]);
                list.push(cx, row.value());
            }
            Ok(list)
        })
    }

    /// Get the traceback where the Python object obj was allocated.
    ///
    /// Return a tuple of (filename: str, lineno: int) tuples.
    /// Return None if the tracemalloc module is disabled or did not
    /// trace the allocation of the object.
    #[function("(obj, /)")]
    fn _get_object_traceback(cx: &mut Context, obj: Value) -> Option<Gc<Tuple>> {
        let frames = memory::origin(obj)?;
        let frames: GVec<Value> = frames.iter().map(|(file, line)| pair(cx, file, *line)).collect();
        Some(cx.new_tuple(&frames))
    }

    /// Start tracing Python memory allocations.
    ///
    /// Also set the maximum number of frames stored in the traceback of a
    /// trace to nframe.
    #[function("(nframe=1, /)")]
    fn start(cx: &mut Context, nframe: i32) -> Result<()> {
        if !(1..=MOST_FRAMES as i32).contains(&nframe) {
            let message = format!("the number of frames must be in range [1; {MOST_FRAMES}]");
            return Err(cx.value_error(message));
        }
        memory::start(cx, nframe as usize);
        Ok(())
    }

    /// Stop tracing Python memory allocations.
    ///
    /// Also clear traces of memory blocks allocated by Python.
    #[function("()")]
    fn stop(cx: &mut Context) {
        memory::stop(cx);
    }

    /// Get the maximum number of frames stored in the traceback of a trace.
    ///
    /// By default, a trace of an allocated memory block only stores
    /// the most recent frame: the limit is 1.
    #[function("()")]
    fn get_traceback_limit() -> usize {
        memory::limit()
    }

    /// Get the memory usage in bytes of the tracemalloc module.
    ///
    /// This memory is used internally to trace memory allocations.
    #[function("()")]
    fn get_tracemalloc_memory() -> usize {
        memory::own_size()
    }

    /// Get the current size and peak size of memory blocks traced by tracemalloc.
    ///
    /// Returns a tuple: (current: int, peak: int).
    #[function("()")]
    fn get_traced_memory(cx: &mut Context) -> Result<(usize, usize)> {
        if memory::is_on() {
            cx.collect_garbage()?;
        }
        Ok(memory::traced())
    }

    /// Set the peak size of memory blocks traced by tracemalloc to the current size.
    ///
    /// Do nothing if the tracemalloc module is not tracing memory allocations.
    #[function("()")]
    fn reset_peak(cx: &mut Context) -> Result<()> {
        if memory::is_on() {
            cx.collect_garbage()?;
        }
        memory::reset_peak();
        Ok(())
    }

    #[exec]
    fn exec(cx: &mut Context, module: Gc<Module>) -> Result<()> {
        crate::trace::register_switches(cx, module, &["start", "stop"]);
        Ok(())
    }
}
