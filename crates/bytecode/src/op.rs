//! The instruction set: one table, from which the enum, the operand metadata, the encoder, the decoder, the
//! disassembler and the verifier are made. CPython's counterpart: `Python/bytecodes.c`.
//! Invariant: an instruction's length depends on its opcode alone; quickened forms have the length and the operands of
//! the generic form that they replace.
//!
//! # Words
//! An instruction is a first word `op:8 | A:8 | B:8 | C:8` (op in the low byte) followed by the extra words that its row
//! lists. An `EXT` word before it carries bits 8..15 of A, B and C; extra words do not change. A jump is a signed 32-bit
//! distance in words from the first word of its own instruction (not from an `EXT` before it).
//!
//! # Rows
//! ```text
//! /// what it does
//! CamelName snake_name (operand: role, ..) [extra ..] raises|pure;
//! ```
//! Operands take the fields A, B, C in order; `konst` and `simm16` take B and C together.
//!
//! | role | meaning |
//! | --- | --- |
//! | `dst` | register written. An op that raises writes it last, so that it still holds its old value in a handler |
//! | `src` | register read |
//! | `both` | register read and written |
//! | `base` | first of several registers; how many is the op's business (see `extent` in `verify.rs`) |
//! | `window` | first register of a call window, the highest live temporary |
//! | `count` | an unsigned number (16 bits with `EXT`) |
//! | `imm` | an unsigned number that selects a form |
//! | `simm` | a signed 8-bit number (never extended) |
//! | `simm16` | a signed 16-bit number in B and C (never extended) |
//! | `konst` | index into the pool, in B and C; `EXT` gives bits 16..31 by its own B and C |
//!
//! | extra | the word |
//! | --- | --- |
//! | `ic` | `ic:16 \| 0:16`: number of an inline cache; `NO_CACHE` if the code has too many |
//! | `ic_name` | `ic:16 \| name:16`: also a pool index of an interned name; field C (and its `EXT`) carries bits 16.. of it |
//! | `name` | `NO_CACHE \| name:16`, as above without a cache |
//! | `jump` | signed distance |
//! | `pool` | 32-bit pool index of a constant |
//! | `amount` | 32-bit unsigned number |
//!
//! # The pool
//! A code object's pool is its names (as interned strings) followed by its constants: a `name` indexes the pool, and so
//! does a `konst`. `Code::pool` answers what an index means.
//!
//! # Frames
//! `regs[0..]`: parameters (positional-only, positional, keyword-only, `*args`, `**kwargs`), other locals, cell-only
//! locals, free variables, temporaries. An unbound local is EMPTY. At entry everything but the parameters is EMPTY.
//! A captured local holds its Cell in its own register (`MakeCell`); `CopyFree` fills the free registers.
//!
//! # Call windows
//! `w+0..w+5` callee header, of which `w+3` = function of a method call, `w+4` = callable of a plain call; `w+6` = self
//! or EMPTY; arguments from `w+7`. A method call whose `w+6` is EMPTY calls `w+4` with the arguments alone.

/// The `ic` number of a site without a cache.
pub const NO_CACHE: u16 = 0xFFFF;
/// Registers that a call window has before its first argument.
pub const WINDOW_ARGS: u32 = 7;
/// Window register of the function of a method call.
pub const WINDOW_METHOD: u32 = 3;
/// Window register of the callable of a plain call.
pub const WINDOW_CALLABLE: u32 = 4;
/// Window register of the receiver of a method call.
pub const WINDOW_SELF: u32 = 6;
/// Registers that an iterator takes.
pub const ITERATOR_REGS: u32 = 3;

/// Calls `$callback! { $args.. generic { rows } quickened { rows } }` with the whole table.
#[macro_export]
macro_rules! for_each_op {
    ($callback:path $(, $($args:tt)*)?) => { $callback! { $($($args)*)?
    generic {
        /// Bits 8..15 of A, B and C of the next instruction. Never a jump's target's second half: jumps go to the EXT.
        Ext ext (a: imm, b: imm, c: imm) [] pure;
        /// Nothing.
        Nop nop () [] pure;

        // Moves and constants.
        /// R[dst] = R[src], whatever the word is (EMPTY and cells included).
        Move move_ (dst: dst, src: src) [] pure;
        /// R[dst] = pool[konst].
        LoadK load_k (dst: dst, konst: konst) [] pure;
        /// R[dst] = the int simm16.
        LoadI load_i (dst: dst, value: simm16) [] pure;
        /// R[dst] = None.
        LoadNone load_none (dst: dst) [] pure;
        /// R[dst] = True.
        LoadTrue load_true (dst: dst) [] pure;
        /// R[dst] = False.
        LoadFalse load_false (dst: dst) [] pure;
        /// R[dst] = EMPTY.
        Clear clear (dst: dst) [] pure;
        /// Raises UnboundLocalError naming local `local` if it is EMPTY.
        CheckBound check_bound (local: src) [] raises;
        /// As CheckBound, then makes it EMPTY.
        DeleteLocal delete_local (local: both) [] raises;
        /// R[dst] = a well-known object, see `Common`.
        LoadCommon load_common (dst: dst, which: imm) [] pure;

        // Cells.
        /// R[cell] = a new cell that holds R[cell] (EMPTY included).
        MakeCell make_cell (cell: both) [] pure;
        /// R[start + i] = closure[i], for i < count; at the start of a function with free variables,
        /// after GeneratorStart.
        CopyFree copy_free_vars (start: base, count: count) [] pure;
        /// R[dst] = contents of cell R[cell]; raises UnboundLocalError (cell variable) or NameError (free variable).
        LoadCell load_cell (dst: dst, cell: src) [] raises;
        /// Contents of cell R[cell] = R[src] (EMPTY included).
        StoreCell store_cell (cell: src, src: src) [] pure;
        /// Empties cell R[cell]; raises as LoadCell if it is empty.
        DeleteCell delete_cell (cell: src) [] raises;
        /// R[dst] = R[mapping][name of the cell's variable] or else LoadCell.
        LoadFromDictOrCell load_from_dict_or_cell (dst: dst, mapping: src, cell: src) [] raises;

        // Names.
        /// R[dst] = global or builtin `name`.
        LoadGlobal load_global (dst: dst) [ic_name] raises;
        /// globals[name] = R[src].
        StoreGlobal store_global (src: src) [ic_name] raises;
        /// del globals[name].
        DeleteGlobal delete_global () [name] raises;
        /// R[dst] = `name` from the frame's namespace, globals or builtins (module code, class bodies, exec).
        LoadName load_name (dst: dst) [ic_name] raises;
        /// namespace[name] = R[src].
        StoreName store_name (src: src) [ic_name] raises;
        /// del namespace[name].
        DeleteName delete_name () [name] raises;
        /// R[dst] = R[mapping][name] or else LoadGlobal.
        LoadFromDictOrGlobals load_from_dict_or_globals (dst: dst, mapping: src) [ic_name] raises;
        /// R[dst] = the frame's namespace object.
        LoadLocals load_locals (dst: dst) [] raises;
        /// R[dst] = builtins.__build_class__.
        LoadBuildClass load_build_class (dst: dst) [] raises;
        /// Makes sure that the namespace has `__annotations__`, a dict.
        SetupAnnotations setup_annotations () [] raises;

        // Attributes.
        /// R[dst] = R[object].name.
        LoadAttr load_attr (dst: dst, object: src) [ic_name] raises;
        /// R[object].name = R[src].
        StoreAttr store_attr (object: src, src: src) [ic_name] raises;
        /// del R[object].name.
        DeleteAttr delete_attr (object: src) [name] raises;
        /// Looks R[object].name up for a call: function to w+3 and receiver to w+6, or bound value to w+4 and EMPTY to w+6.
        LoadMethod load_method (window: window, object: src) [ic_name] raises;
        /// R[dst] = super(R[b+1], R[b+2]).name, where R[b] is what the name `super` means here; if that is not the
        /// builtin, R[b] is called: without arguments if zero is 1, else with the two. No bits 16.. of the name.
        LoadSuperAttr load_super_attr (dst: dst, base: base, zero: imm) [ic_name] raises;
        /// The same lookup with the result as LoadMethod leaves it in window A.
        LoadSuperMethod load_super_method (window: window, base: base, zero: imm) [ic_name] raises;
        /// Looks the special method `which` (see `Special`) up on the type of R[object], as LoadMethod into the window;
        /// raises TypeError in the words of a `with` statement if there is none.
        LoadSpecial load_special (window: window, object: src, which: imm) [] raises;
        /// The same into a pair that may be kept: R[pair] = function or bound value, R[pair+1] = receiver or EMPTY.
        LoadSpecialPair load_special_pair (pair: base, object: src, which: imm) [] raises;

        // Items.
        /// R[dst] = R[object][R[key]].
        GetItem get_item (dst: dst, object: src, key: src) [ic] raises;
        /// R[dst] = R[object][simm].
        GetItemI get_item_i (dst: dst, object: src, key: simm) [ic] raises;
        /// R[object][R[key]] = R[src].
        SetItem set_item (object: src, key: src, src: src) [ic] raises;
        /// del R[object][R[key]].
        DelItem del_item (object: src, key: src) [] raises;
        /// R[dst] = R[object][R[bounds]:R[bounds+1]].
        GetSlice get_slice (dst: dst, object: src, bounds: base) [] raises;
        /// R[object][R[bounds]:R[bounds+1]] = R[src].
        SetSlice set_slice (object: src, bounds: base, src: src) [] raises;

        // Arithmetic. The in-place forms follow in the same order, then the forms with a small int on the right.
        /// R[dst] = R[lhs] + R[rhs].
        Add add (dst: dst, lhs: src, rhs: src) [] raises;
        /// R[dst] = R[lhs] - R[rhs].
        Sub sub (dst: dst, lhs: src, rhs: src) [] raises;
        /// R[dst] = R[lhs] * R[rhs].
        Mul mul (dst: dst, lhs: src, rhs: src) [] raises;
        /// R[dst] = R[lhs] / R[rhs].
        TrueDiv true_div (dst: dst, lhs: src, rhs: src) [] raises;
        /// R[dst] = R[lhs] // R[rhs].
        FloorDiv floor_div (dst: dst, lhs: src, rhs: src) [] raises;
        /// R[dst] = R[lhs] % R[rhs].
        Mod mod_ (dst: dst, lhs: src, rhs: src) [] raises;
        /// R[dst] = R[lhs] ** R[rhs].
        Pow pow (dst: dst, lhs: src, rhs: src) [] raises;
        /// R[dst] = R[lhs] @ R[rhs].
        MatMul mat_mul (dst: dst, lhs: src, rhs: src) [] raises;
        /// R[dst] = R[lhs] << R[rhs].
        LShift lshift (dst: dst, lhs: src, rhs: src) [] raises;
        /// R[dst] = R[lhs] >> R[rhs].
        RShift rshift (dst: dst, lhs: src, rhs: src) [] raises;
        /// R[dst] = R[lhs] & R[rhs].
        And and (dst: dst, lhs: src, rhs: src) [] raises;
        /// R[dst] = R[lhs] | R[rhs].
        Or or (dst: dst, lhs: src, rhs: src) [] raises;
        /// R[dst] = R[lhs] ^ R[rhs].
        Xor xor (dst: dst, lhs: src, rhs: src) [] raises;
        /// R[dst] = R[lhs] += R[rhs].
        IAdd iadd (dst: dst, lhs: src, rhs: src) [] raises;
        /// R[dst] = R[lhs] -= R[rhs].
        ISub isub (dst: dst, lhs: src, rhs: src) [] raises;
        /// R[dst] = R[lhs] *= R[rhs].
        IMul imul (dst: dst, lhs: src, rhs: src) [] raises;
        /// R[dst] = R[lhs] /= R[rhs].
        ITrueDiv itrue_div (dst: dst, lhs: src, rhs: src) [] raises;
        /// R[dst] = R[lhs] //= R[rhs].
        IFloorDiv ifloor_div (dst: dst, lhs: src, rhs: src) [] raises;
        /// R[dst] = R[lhs] %= R[rhs].
        IMod imod (dst: dst, lhs: src, rhs: src) [] raises;
        /// R[dst] = R[lhs] **= R[rhs].
        IPow ipow (dst: dst, lhs: src, rhs: src) [] raises;
        /// R[dst] = R[lhs] @= R[rhs].
        IMatMul imat_mul (dst: dst, lhs: src, rhs: src) [] raises;
        /// R[dst] = R[lhs] <<= R[rhs].
        ILShift ilshift (dst: dst, lhs: src, rhs: src) [] raises;
        /// R[dst] = R[lhs] >>= R[rhs].
        IRShift irshift (dst: dst, lhs: src, rhs: src) [] raises;
        /// R[dst] = R[lhs] &= R[rhs].
        IAnd iand (dst: dst, lhs: src, rhs: src) [] raises;
        /// R[dst] = R[lhs] |= R[rhs].
        IOr ior (dst: dst, lhs: src, rhs: src) [] raises;
        /// R[dst] = R[lhs] ^= R[rhs].
        IXor ixor (dst: dst, lhs: src, rhs: src) [] raises;
        /// R[dst] = R[lhs] + simm.
        AddI add_i (dst: dst, lhs: src, rhs: simm) [] raises;
        /// R[dst] = R[lhs] - simm.
        SubI sub_i (dst: dst, lhs: src, rhs: simm) [] raises;
        /// R[dst] = R[lhs] += simm.
        IAddI iadd_i (dst: dst, lhs: src, rhs: simm) [] raises;
        /// R[dst] = R[lhs] -= simm.
        ISubI isub_i (dst: dst, lhs: src, rhs: simm) [] raises;
        /// R[dst] = R[lhs] * simm.
        MulI mul_i (dst: dst, lhs: src, rhs: simm) [] raises;
        /// R[dst] = R[lhs] // simm (never 0).
        FloorDivI floor_div_i (dst: dst, lhs: src, rhs: simm) [] raises;
        /// R[dst] = R[lhs] % simm (never 0).
        ModI mod_i (dst: dst, lhs: src, rhs: simm) [] raises;
        /// R[dst] = R[lhs] & simm.
        AndI and_i (dst: dst, lhs: src, rhs: simm) [] raises;
        /// R[dst] = R[lhs] << simm (0..=62).
        LShiftI lshift_i (dst: dst, lhs: src, rhs: simm) [] raises;
        /// R[dst] = R[lhs] >> simm (0..=62).
        RShiftI rshift_i (dst: dst, lhs: src, rhs: simm) [] raises;
        /// R[dst] = -R[src].
        Neg neg (dst: dst, src: src) [] raises;
        /// R[dst] = +R[src].
        Pos pos (dst: dst, src: src) [] raises;
        /// R[dst] = ~R[src].
        Invert invert (dst: dst, src: src) [] raises;
        /// R[dst] = not R[src].
        Not not_ (dst: dst, src: src) [] raises;

        // Comparisons as values.
        /// R[dst] = R[lhs] < R[rhs].
        Lt lt (dst: dst, lhs: src, rhs: src) [] raises;
        /// R[dst] = R[lhs] <= R[rhs].
        Le le (dst: dst, lhs: src, rhs: src) [] raises;
        /// R[dst] = R[lhs] == R[rhs].
        Eq eq (dst: dst, lhs: src, rhs: src) [] raises;
        /// R[dst] = R[lhs] != R[rhs].
        Ne ne (dst: dst, lhs: src, rhs: src) [] raises;
        /// R[dst] = R[lhs] > R[rhs].
        Gt gt (dst: dst, lhs: src, rhs: src) [] raises;
        /// R[dst] = R[lhs] >= R[rhs].
        Ge ge (dst: dst, lhs: src, rhs: src) [] raises;
        /// R[dst] = R[lhs] is R[rhs].
        Is is (dst: dst, lhs: src, rhs: src) [] pure;
        /// R[dst] = R[lhs] is not R[rhs].
        IsNot is_not (dst: dst, lhs: src, rhs: src) [] pure;
        /// R[dst] = R[lhs] in R[rhs].
        In in_ (dst: dst, lhs: src, rhs: src) [] raises;
        /// R[dst] = R[lhs] not in R[rhs].
        NotIn not_in (dst: dst, lhs: src, rhs: src) [] raises;

        // Jumps. Every jump that is taken backward polls and counts. J<cmp> usually closes a loop (but may go forward);
        // JN<cmp> jumps if the comparison is false (not: if the inverse is true) and only goes forward.
        /// Jump.
        Jmp jmp () [jump] pure;
        /// Jump backward, with a poll.
        Loop loop_ () [jump] raises;
        /// Jump if R[src] is true; either direction.
        JT jt (src: src) [jump] raises;
        /// Jump if R[src] is false; either direction.
        JF jf (src: src) [jump] raises;
        /// Jump if R[src] is None; forward.
        JNone jnone (src: src) [jump] pure;
        /// Jump if R[src] is not None; forward.
        JNNone jnnone (src: src) [jump] pure;
        /// Jump if R[lhs] is R[rhs]; forward.
        JIs jis (lhs: src, rhs: src) [jump] pure;
        /// Jump if R[lhs] is not R[rhs]; forward.
        JIsNot jis_not (lhs: src, rhs: src) [jump] pure;
        /// Jump if R[src] is EMPTY; forward.
        JEmpty jempty (src: src) [jump] pure;
        /// Jump if R[lhs] < R[rhs].
        JLt jlt (lhs: src, rhs: src) [jump] raises;
        /// Jump if R[lhs] <= R[rhs].
        JLe jle (lhs: src, rhs: src) [jump] raises;
        /// Jump if R[lhs] == R[rhs].
        JEq jeq (lhs: src, rhs: src) [jump] raises;
        /// Jump if R[lhs] != R[rhs].
        JNe jne (lhs: src, rhs: src) [jump] raises;
        /// Jump if R[lhs] > R[rhs].
        JGt jgt (lhs: src, rhs: src) [jump] raises;
        /// Jump if R[lhs] >= R[rhs].
        JGe jge (lhs: src, rhs: src) [jump] raises;
        /// Jump forward unless R[lhs] < R[rhs].
        JNLt jnlt (lhs: src, rhs: src) [jump] raises;
        /// Jump forward unless R[lhs] <= R[rhs].
        JNLe jnle (lhs: src, rhs: src) [jump] raises;
        /// Jump forward unless R[lhs] == R[rhs].
        JNEq jneq (lhs: src, rhs: src) [jump] raises;
        /// Jump forward unless R[lhs] != R[rhs].
        JNNe jnne (lhs: src, rhs: src) [jump] raises;
        /// Jump forward unless R[lhs] > R[rhs].
        JNGt jngt (lhs: src, rhs: src) [jump] raises;
        /// Jump forward unless R[lhs] >= R[rhs].
        JNGe jnge (lhs: src, rhs: src) [jump] raises;
        /// Jump if R[lhs] < simm.
        JLtI jlt_i (lhs: src, rhs: simm) [jump] raises;
        /// Jump if R[lhs] <= simm.
        JLeI jle_i (lhs: src, rhs: simm) [jump] raises;
        /// Jump if R[lhs] == simm.
        JEqI jeq_i (lhs: src, rhs: simm) [jump] raises;
        /// Jump if R[lhs] != simm.
        JNeI jne_i (lhs: src, rhs: simm) [jump] raises;
        /// Jump if R[lhs] > simm.
        JGtI jgt_i (lhs: src, rhs: simm) [jump] raises;
        /// Jump if R[lhs] >= simm.
        JGeI jge_i (lhs: src, rhs: simm) [jump] raises;
        /// Jump forward unless R[lhs] < simm.
        JNLtI jnlt_i (lhs: src, rhs: simm) [jump] raises;
        /// Jump forward unless R[lhs] <= simm.
        JNLeI jnle_i (lhs: src, rhs: simm) [jump] raises;
        /// Jump forward unless R[lhs] == simm.
        JNEqI jneq_i (lhs: src, rhs: simm) [jump] raises;
        /// Jump forward unless R[lhs] != simm.
        JNNeI jnne_i (lhs: src, rhs: simm) [jump] raises;
        /// Jump forward unless R[lhs] > simm.
        JNGtI jngt_i (lhs: src, rhs: simm) [jump] raises;
        /// Jump forward unless R[lhs] >= simm.
        JNGeI jnge_i (lhs: src, rhs: simm) [jump] raises;

        // Iteration.
        /// Starts iterating over R[src] in the registers iter..iter+3 (raw words; only ForIter reads them). If `made` is 1,
        /// R[src] is an iterator already, whose `__iter__` nobody calls (a generator expression's argument).
        GetIter get_iter (iter: base, src: src, made: imm) [] raises;
        /// R[dst] = next item and jump back to the loop's body (with a poll); falls through at the end.
        ForIter for_iter (iter: base, dst: dst) [jump] raises;
        /// R[dst] = iter(R[src]), an ordinary object.
        GetIterObject get_iter_object (dst: dst, src: src) [] raises;

        // Building.
        /// R[dst] = (R[start], .., R[start+count-1]).
        BuildTuple build_tuple (dst: dst, start: base, count: count) [] pure;
        /// R[dst] = [R[start], .., R[start+count-1]].
        BuildList build_list (dst: dst, start: base, count: count) [] pure;
        /// R[dst] = {R[start], .., R[start+count-1]}.
        BuildSet build_set (dst: dst, start: base, count: count) [] raises;
        /// R[dst] = {R[start]: R[start+1], ..}, count pairs.
        BuildDict build_dict (dst: dst, start: base, count: count) [] raises;
        /// R[dst] = the concatenation of count exact strings.
        BuildString build_string (dst: dst, start: base, count: count) [] raises;
        /// R[dst] = slice(R[parts], R[parts+1], R[parts+2]).
        BuildSlice build_slice (dst: dst, parts: base) [] pure;
        /// Appends R[src] to the exact list R[list].
        ListAppend list_append (list: src, src: src) [] raises;
        /// Adds R[src] to the exact set R[set].
        SetAdd set_add (set: src, src: src) [] raises;
        /// R[dict][R[key]] = R[value], an exact dict.
        DictSet dict_set (dict: src, key: src, value: src) [] raises;
        /// Extends the exact list by an iterable ("Value after * must be an iterable, not ..").
        ListExtend list_extend (list: src, src: src) [] raises;
        /// Updates the exact set from an iterable.
        SetUpdate set_update (set: src, src: src) [] raises;
        /// Updates the exact dict from a mapping ("'..' object is not a mapping").
        DictUpdate dict_update (dict: src, src: src) [] raises;
        /// As DictUpdate for the keywords of a call of R[callee]: keys are not to repeat, messages name the callee.
        DictMerge dict_merge (dict: src, src: src, callee: src) [] raises;
        /// R[dst] = tuple of the exact list R[src], which is not used again.
        ListToTuple list_to_tuple (dst: dst, src: src) [] pure;
        /// R[start + i] = item i of R[src], which has exactly count items. The registers may be variables: all items are
        /// there before the first is written.
        UnpackSeq unpack_seq (start: base, src: src, count: count) [] raises;
        /// R[start..] = `before` items, then a list of the rest, then `amount` items of R[src].
        UnpackEx unpack_ex (start: base, src: src, before: count) [amount] raises;
        /// R[dst] = str(), repr() or ascii() of R[src] (conversion: `s`, `r`, `a` as a byte).
        Convert convert (dst: dst, src: src, conversion: imm) [] raises;
        /// R[dst] = format(R[src]).
        FormatSimple format_simple (dst: dst, src: src) [] raises;
        /// R[dst] = format(R[src], R[spec]).
        FormatSpec format_spec (dst: dst, src: src, spec: src) [] raises;
        /// R[dst] = Interpolation(R[parts], R[parts+1], conversion, R[parts+2]); conversion: 0, `s`, `r` or `a` as a byte.
        BuildInterpolation build_interpolation (dst: dst, parts: base, conversion: imm) [] raises;
        /// R[dst] = Template of the tuple of strings R[strings] and the tuple of interpolations R[interpolations].
        BuildTemplate build_template (dst: dst, strings: src, interpolations: src) [] raises;
        /// R[dst] = function of code pool[..]; R[parts] defaults, +1 keyword defaults (dict), +2 annotate function,
        /// +3 closure tuple, each only read if its bit of `function_flag` is set.
        MakeFunction make_function (dst: dst, parts: base, flags: imm) [pool] raises;

        // Calls: the window as in the head of this file, nargs without the receiver.
        /// R[dst] = R[w+4](R[w+7], ..).
        Call call (dst: dst, window: window, nargs: count) [ic] raises;
        /// R[dst] = R[w+3](R[w+6], R[w+7], ..), or R[w+4](R[w+7], ..) if R[w+6] is EMPTY.
        CallMethod call_method (dst: dst, window: window, nargs: count) [ic] raises;
        /// As Call; the last arguments are those of the keywords in the tuple pool[..].
        CallKw call_kw (dst: dst, window: window, nargs: count) [ic pool] raises;
        /// As CallMethod; the last arguments are those of the keywords in the tuple pool[..].
        CallMethodKw call_method_kw (dst: dst, window: window, nargs: count) [ic pool] raises;
        /// R[dst] = R[w+4](*R[w+7], **R[w+8]): any iterable (an exact tuple or list is not copied first) and a dict that
        /// is not used again, or EMPTY.
        CallEx call_ex (dst: dst, window: window) [ic] raises;
        /// Return R[src].
        Return return_ (src: src) [] pure;
        /// Return None.
        ReturnNone return_none () [] pure;
        /// R[dst] = a rarely needed operation `which` (see `Intrinsic`) on R[args]..
        Intrinsic intrinsic (dst: dst, args: base, which: imm) [] raises;

        // Imports.
        /// R[dst] = __import__(name, globals, namespace, fromlist = R[args+1], level = R[args]).
        ImportName import_name (dst: dst, args: base) [ic_name] raises;
        /// R[dst] = R[module].name, or the submodule of that name.
        ImportFrom import_from (dst: dst, module: src) [name] raises;
        /// Copies the public names of R[module] into the namespace.
        ImportStar import_star (module: src) [] raises;

        // Exceptions.
        /// raise
        RaiseAgain raise_again () [] raises;
        /// raise R[exc]
        Raise raise (exc: src) [] raises;
        /// raise R[exc] from R[cause]
        RaiseFrom raise_from (exc: src, cause: src) [] raises;
        /// Raises the exception R[exc] as it is: no context, no new traceback entry.
        Reraise reraise (exc: src) [] raises;
        /// R[save] = the handled exception; the handled exception = R[exc].
        PushExc push_exc (save: dst, exc: src) [] pure;
        /// The handled exception = R[save].
        PopExc pop_exc (save: src) [] pure;
        /// R[dst] = does R[exc] match the class or tuple R[type_]; TypeError for anything else.
        CheckExcMatch check_exc_match (dst: dst, exc: src, type_: src) [] raises;
        /// except*: R[split] = the matching part of R[exc] or None, R[split+1] = the rest or None. R[exc] may be None.
        CheckEgMatch check_eg_match (split: base, exc: src, type_: src) [] raises;
        /// R[start] = type(R[exc]), R[start+1] = R[exc], R[start+2] = its traceback or None.
        ExcTriple exc_triple (start: base, exc: src) [] pure;

        // Generators and coroutines.
        /// Makes the generator, coroutine or async generator of this frame (by the code's flags) and returns it.
        GeneratorStart generator_start () [] raises;
        /// Yields R[src]; R[dst] = what is sent. Registers below nlive are kept.
        Yield yield_ (dst: dst, src: src, nlive: count) [] raises;
        /// The same in an async generator: the value is wrapped for `__anext__`.
        AsyncYield async_yield (dst: dst, src: src, nlive: count) [] raises;
        /// Drives the iterator R[iter] (send, throw and close go to it); R[dst] = the value of its StopIteration.
        YieldFrom yield_from (dst: dst, iter: src, nlive: count) [] raises;
        /// R[dst] = what `yield from R[src]` drives: a generator or coroutine as it is, else iter().
        GetYieldFromIter get_yield_from_iter (dst: dst, src: src) [] raises;
        /// R[dst] = the awaitable's iterator; why: 0 plain, 1 result of `__aenter__`, 2 of `__aexit__`.
        GetAwaitable get_awaitable (dst: dst, src: src, why: imm) [] raises;
        /// R[dst] = aiter(R[src]).
        GetAiter get_aiter (dst: dst, src: src) [] raises;
        /// R[dst] = awaitable of R[aiter].__anext__(), ready for YieldFrom.
        GetAnext get_anext (dst: dst, aiter: src) [] raises;
        /// Reraises R[exc] unless it is a StopAsyncIteration.
        EndAsyncFor end_async_for (exc: src) [] raises;

        // Patterns.
        /// R[dst] = is R[src] a sequence for `match`.
        MatchSequence match_sequence (dst: dst, src: src) [] pure;
        /// R[dst] = is R[src] a mapping for `match`.
        MatchMapping match_mapping (dst: dst, src: src) [] pure;
        /// R[dst] = tuple of the values of R[src] for the keys in the tuple R[keys], or None if one is missing.
        MatchKeys match_keys (dst: dst, src: src, keys: src) [] raises;
        /// R[dst] = tuple of attributes, or None: subject R[parts], class +1, tuple of names +2; `positional` come first.
        MatchClass match_class (dst: dst, parts: base, positional: count) [] raises;
        /// R[dst] = len(R[src]).
        GetLen get_len (dst: dst, src: src) [] raises;
    }
    quickened {
        /// As LoadK, with an index instead of a distance: the constant is too far away.
        LoadKFar load_k_far (dst: dst, konst: konst) [] pure;
        /// As Add, for two floats.
        AddFloat add_float (dst: dst, lhs: src, rhs: src) [] raises;
        /// As Sub, for two floats.
        SubFloat sub_float (dst: dst, lhs: src, rhs: src) [] raises;
        /// As Mul, for two floats.
        MulFloat mul_float (dst: dst, lhs: src, rhs: src) [] raises;
        /// As TrueDiv, for two floats.
        TrueDivFloat true_div_float (dst: dst, lhs: src, rhs: src) [] raises;
        /// As IAdd, for two floats.
        IAddFloat iadd_float (dst: dst, lhs: src, rhs: src) [] raises;
        /// As ISub, for two floats.
        ISubFloat isub_float (dst: dst, lhs: src, rhs: src) [] raises;
        /// As IMul, for two floats.
        IMulFloat imul_float (dst: dst, lhs: src, rhs: src) [] raises;
        /// As ITrueDiv, for two floats.
        ITrueDivFloat itrue_div_float (dst: dst, lhs: src, rhs: src) [] raises;
        /// As JLt, for two floats.
        JLtFloat jlt_float (lhs: src, rhs: src) [jump] raises;
        /// As JLe, for two floats.
        JLeFloat jle_float (lhs: src, rhs: src) [jump] raises;
        /// As JGt, for two floats.
        JGtFloat jgt_float (lhs: src, rhs: src) [jump] raises;
        /// As JGe, for two floats.
        JGeFloat jge_float (lhs: src, rhs: src) [jump] raises;
        /// As JNLt, for two floats.
        JNLtFloat jnlt_float (lhs: src, rhs: src) [jump] raises;
        /// As JNLe, for two floats.
        JNLeFloat jnle_float (lhs: src, rhs: src) [jump] raises;
        /// As JNGt, for two floats.
        JNGtFloat jngt_float (lhs: src, rhs: src) [jump] raises;
        /// As JNGe, for two floats.
        JNGeFloat jnge_float (lhs: src, rhs: src) [jump] raises;
        /// As LoadGlobal, from the cells in the cache.
        LoadGlobalCell load_global_cell (dst: dst) [ic_name] raises;
        /// As LoadAttr, of an instance whose shape is in the cache.
        LoadAttrSlot load_attr_slot (dst: dst, object: src) [ic_name] raises;
        /// As LoadAttr, of an instance that has one of the shapes in the cache.
        LoadAttrPoly load_attr_poly (dst: dst, object: src) [ic_name] raises;
        /// As LoadAttr, of an instance whose class has the value in the cache.
        LoadAttrFound load_attr_found (dst: dst, object: src) [ic_name] raises;
        /// As LoadAttr, of an instance whose class has a property: the getter in the cache is a Python function.
        LoadAttrProperty load_attr_property (dst: dst, object: src) [ic_name] raises;
        /// As LoadAttr, of the class in the cache.
        LoadAttrClass load_attr_class (dst: dst, object: src) [ic_name] raises;
        /// As LoadAttr, of the module in the cache.
        LoadAttrModule load_attr_module (dst: dst, object: src) [ic_name] raises;
        /// As StoreAttr, of an instance whose shape is in the cache.
        StoreAttrSlot store_attr_slot (object: src, src: src) [ic_name] raises;
        /// As StoreAttr, of a member of `__slots__` in an instance whose shape is in the cache.
        StoreAttrMember store_attr_member (object: src, src: src) [ic_name] raises;
        /// As StoreAttr, of an instance that has one of the shapes in the cache.
        StoreAttrPoly store_attr_poly (object: src, src: src) [ic_name] raises;
        /// As StoreAttr, of an instance that gets the attribute and thus a shape in the cache.
        StoreAttrAdd store_attr_add (object: src, src: src) [ic_name] raises;
        /// As LoadMethod, of an instance whose own attribute is called.
        LoadMethodSlot load_method_slot (window: window, object: src) [ic_name] raises;
        /// As LoadMethod, of the module in the cache.
        LoadMethodModule load_method_module (window: window, object: src) [ic_name] raises;
        /// As LoadMethod, of the class in the cache.
        LoadMethodClass load_method_class (window: window, object: src) [ic_name] raises;
        /// As LoadMethod, of an object whose shape is in the cache.
        LoadMethodCached load_method_cached (window: window, object: src) [ic_name] raises;
        /// As GetItem, of an instance whose class has `__getitem__`, the Python function in the cache.
        GetItemFunction get_item_function (dst: dst, object: src, key: src) [ic] raises;
        /// As Call, of a Python function that takes exactly these arguments.
        CallFunction call_function (dst: dst, window: window, nargs: count) [ic] raises;
        /// As Call, of a bound method whose function is a Python function.
        CallBound call_bound (dst: dst, window: window, nargs: count) [ic] raises;
        /// As Call, of a Python function whose missing arguments all have defaults.
        CallDefaults call_defaults (dst: dst, window: window, nargs: count) [ic] raises;
        /// As Call, of a class whose `__init__` is a Python function that takes exactly these arguments.
        CallClass call_class (dst: dst, window: window, nargs: count) [ic] raises;
        /// As Call, of a native function that takes these arguments by position.
        CallNative call_native (dst: dst, window: window, nargs: count) [ic] raises;
        /// As Call, of a native class.
        CallNativeClass call_native_class (dst: dst, window: window, nargs: count) [ic] raises;
        /// As CallMethod, of a Python function that takes exactly these arguments, without a receiver.
        CallMethodPlain call_method_plain (dst: dst, window: window, nargs: count) [ic] raises;
        /// As CallMethod, of a Python function whose missing arguments all have defaults.
        CallMethodDefaults call_method_defaults (dst: dst, window: window, nargs: count) [ic] raises;
        /// As CallMethod, of a class without a receiver: see CallClass.
        CallMethodClass call_method_class (dst: dst, window: window, nargs: count) [ic] raises;
        /// As CallMethod, of a method of a native type that takes these arguments by position.
        CallMethodNative call_method_native (dst: dst, window: window, nargs: count) [ic] raises;
        /// As CallMethod, of a native function that takes these arguments by position, without a receiver.
        CallMethodNativePlain call_method_native_plain (dst: dst, window: window, nargs: count) [ic] raises;
        /// As CallMethod, of a Python function that takes exactly these arguments.
        CallMethodFunction call_method_function (dst: dst, window: window, nargs: count) [ic] raises;
    }
    } };
}

/// What an operand field means; the names are those of the table's rows.
#[allow(non_camel_case_types)]
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Role {
    /// Register written.
    dst,
    /// Register read.
    src,
    /// Register read and written.
    both,
    /// First of several registers.
    base,
    /// Call window.
    window,
    /// Unsigned number.
    count,
    /// Unsigned number that selects a form.
    imm,
    /// Signed 8-bit number.
    simm,
    /// Signed 16-bit number in B and C.
    simm16,
    /// Pool index in B and C.
    konst,
}

/// What an extra word means; the names are those of the table's rows.
#[allow(non_camel_case_types)]
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Extra {
    /// Inline cache number in the low half.
    ic,
    /// Inline cache number and name.
    ic_name,
    /// Name in the high half, no cache.
    name,
    /// Signed distance in words.
    jump,
    /// Pool index.
    pool,
    /// Unsigned number.
    amount,
}

/// What the table says about an opcode.
#[derive(Debug)]
pub struct Info {
    /// Name in the manner of `LOAD_ATTR`, lower case.
    pub name: &'static str,
    /// Operands in the order of the fields A, B, C.
    pub operands: &'static [(Role, &'static str)],
    /// Extra words.
    pub extra: &'static [Extra],
    /// Can it raise (or run Python, or poll)?
    pub raises: bool,
    /// Is it one of the interpreter's quickened forms, which never stand in a `Code`?
    pub quickened: bool,
}

macro_rules! define_ops {
    (
        generic { $($(#[$doc:meta])* $name:ident $snake:ident ($($operand:ident : $role:ident),*) [$($extra:ident)*] $raises:ident;)* }
        quickened { $($(#[$qdoc:meta])* $qname:ident $qsnake:ident ($($qoperand:ident : $qrole:ident),*) [$($qextra:ident)*] $qraises:ident;)* }
    ) => {
        /// An opcode. The numbers of generic ops precede those of the quickened ones.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
        #[repr(u8)]
        pub enum Op { $($(#[$doc])* $name,)* $($(#[$qdoc])* $qname,)* }

        /// All opcodes in numerical order.
        pub static OPS: &[Op] = &[$(Op::$name,)* $(Op::$qname,)*];

        static INFO: &[Info] = &[
            $(Info {
                name: stringify!($snake),
                operands: &[$((Role::$role, stringify!($operand))),*],
                extra: &[$(Extra::$extra),*],
                raises: define_ops!(@raises $raises),
                quickened: false,
            },)*
            $(Info {
                name: stringify!($qsnake),
                operands: &[$((Role::$qrole, stringify!($qoperand))),*],
                extra: &[$(Extra::$qextra),*],
                raises: define_ops!(@raises $qraises),
                quickened: true,
            },)*
        ];
    };
    (@raises raises) => { true };
    (@raises pure) => { false };
}
for_each_op!(define_ops);

impl Op {
    /// The opcode with this number.
    #[inline]
    pub const fn from_u8(number: u8) -> Option<Op> {
        if (number as usize) < OPS.len() { Some(OPS[number as usize]) } else { None }
    }

    /// What the table says.
    #[inline]
    pub fn info(self) -> &'static Info {
        &INFO[self as usize]
    }

    /// Words that the instruction takes, without an `EXT` before it.
    #[inline]
    pub fn len(self) -> usize {
        1 + self.info().extra.len()
    }

    /// Does control never reach the next instruction?
    pub fn is_terminal(self) -> bool {
        use Op::*;
        matches!(self, Jmp | Loop | Return | ReturnNone | RaiseAgain | Raise | RaiseFrom | Reraise)
    }
}

impl std::fmt::Display for Op {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.info().name.trim_end_matches('_').to_ascii_uppercase())
    }
}

/// What `LoadCommon` loads.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
pub enum Common {
    /// `AssertionError`.
    AssertionError,
    /// `NotImplementedError`.
    NotImplementedError,
    /// `Ellipsis`.
    Ellipsis,
}

impl Common {
    /// All of them in numerical order.
    pub const ALL: [Common; 3] = [Common::AssertionError, Common::NotImplementedError, Common::Ellipsis];
}

/// Which special method `LoadSpecial` looks up.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
pub enum Special {
    /// `__enter__`.
    Enter,
    /// `__exit__`.
    Exit,
    /// `__aenter__`.
    AEnter,
    /// `__aexit__`.
    AExit,
}

impl Special {
    /// All of them in numerical order.
    pub const ALL: [Special; 4] = [Special::Enter, Special::Exit, Special::AEnter, Special::AExit];
}

/// What `Intrinsic` does with the registers from `args` on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
pub enum Intrinsic {
    /// `sys.displayhook(args[0])`: an expression statement of an interactive session.
    Print,
    /// `TypeVar(args[0])` of a type parameter list.
    TypeVar,
    /// The same with args[1], a function that evaluates the bound.
    TypeVarWithBound,
    /// The same with args[1], a function that evaluates the constraints.
    TypeVarWithConstraints,
    /// `ParamSpec(args[0])`.
    ParamSpec,
    /// `TypeVarTuple(args[0])`.
    TypeVarTuple,
    /// Gives the type parameter args[0] the function args[1] that evaluates its default; the result is args[0].
    SetTypeparamDefault,
    /// `Generic[*args[0]]` for the base of a generic class: args[0] is the tuple of type parameters.
    SubscriptGeneric,
    /// `TypeAliasType` of (name, type parameters or None, function that evaluates the value) in the tuple args[0].
    TypeAlias,
    /// Gives the function args[0] its `__type_params__` args[1]; the result is args[0].
    SetFunctionTypeParams,
    /// except*: args[0] = the original exception, args[1] = list of exceptions raised and unhandled rests (None
    /// entries do not count); the result is the exception to raise or None.
    PrepReraiseStar,
}

impl Intrinsic {
    /// All of them in numerical order.
    pub const ALL: [Intrinsic; 11] = [
        Intrinsic::Print,
        Intrinsic::TypeVar,
        Intrinsic::TypeVarWithBound,
        Intrinsic::TypeVarWithConstraints,
        Intrinsic::ParamSpec,
        Intrinsic::TypeVarTuple,
        Intrinsic::SetTypeparamDefault,
        Intrinsic::SubscriptGeneric,
        Intrinsic::TypeAlias,
        Intrinsic::SetFunctionTypeParams,
        Intrinsic::PrepReraiseStar,
    ];

    /// How many registers it reads.
    pub fn arity(self) -> u32 {
        use Intrinsic::*;
        match self {
            Print | TypeVar | ParamSpec | TypeVarTuple | SubscriptGeneric | TypeAlias => 1,
            TypeVarWithBound
            | TypeVarWithConstraints
            | SetTypeparamDefault
            | SetFunctionTypeParams
            | PrepReraiseStar => 2,
        }
    }
}

/// Bits of `MakeFunction`'s flags.
pub mod function_flag {
    /// R[parts] is the tuple of positional defaults.
    pub const DEFAULTS: u32 = 1;
    /// R[parts+1] is the dict of keyword-only defaults.
    pub const KWDEFAULTS: u32 = 2;
    /// R[parts+2] is the annotate function (PEP 649).
    pub const ANNOTATE: u32 = 4;
    /// R[parts+3] is the closure tuple.
    pub const CLOSURE: u32 = 8;
}
