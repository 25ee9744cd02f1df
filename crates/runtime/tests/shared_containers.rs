//! Several threads at one list, dict or set: nothing is lost, torn or seen half done.

mod common;

use std::sync::atomic::{AtomicBool, Ordering};

use common::{numbers, with_context};
use taipan_runtime::types::dict::Dict;
use taipan_runtime::types::list::List;
use taipan_runtime::types::set::{self, AnySet, Set};
use taipan_runtime::{Context, Gc, Value};

const STACK: usize = 1 << 20;
const THREADS: i64 = 4;
const ROUNDS: i64 = 3_000;

/// Runs `act(cx, shared, number)` on several threads at once.
fn hammer(cx: &mut Context, shared: Value, act: fn(&mut Context, Value, i64)) {
    taipan_gc::set_multi_threaded();
    let bits = shared.bits();
    cx.blocking(|| {
        std::thread::scope(|scope| {
            for number in 0..THREADS {
                scope.spawn(move || {
                    let mut cx = Context::attach(STACK, STACK);
                    // The caller's stack keeps the object.
                    let shared = Value::from_bits(bits).expect("an object");
                    act(&mut cx, shared, number);
                });
            }
        });
    });
    taipan_gc::keep_alive(shared);
}

#[test]
fn appends_of_all_threads_arrive() {
    with_context(|cx| {
        let list = cx.new_list(&[]);
        hammer(cx, list.value(), |cx, list, number| {
            let list = list.downcast::<List>().unwrap();
            for i in 0..ROUNDS {
                list.push(cx, Value::int(number * ROUNDS + i));
                let last = list.get(list.len() - 1);
                assert!(last.is_none_or(|item| item.is_small_int()));
                cx.poll().unwrap();
            }
        });
        let mut items = numbers(list.snapshot(cx));
        items.sort_unstable();
        assert_eq!(items, (0..THREADS * ROUNDS).collect::<Vec<_>>());
    });
}

/// Waits until the list has an item, and takes the first.
fn take_first(cx: &mut Context, list: Gc<List>) {
    while let Err(raised) = cx.call_method(list.value(), "pop", &[Value::int(0)]) {
        cx.take_exception(raised);
        cx.poll().unwrap();
    }
}

#[test]
fn shifting_lists_show_old_or_new() {
    with_context(|cx| {
        let list = cx.new_list(&common::ints(0..100));
        hammer(cx, list.value(), |cx, list, number| {
            let list = list.downcast::<List>().unwrap();
            for i in 0..ROUNDS {
                match number {
                    0 => list.insert(cx, i as isize % 50, Value::int(i)),
                    1 => take_first(cx, list),
                    2 => list.reverse(cx),
                    _ => {
                        for index in 0..list.len() {
                            assert!(list.get(index).is_none_or(|item| item.is_small_int()));
                        }
                    }
                }
                cx.poll().unwrap();
            }
        });
        assert_eq!(list.len(), 100);
    });
}

#[test]
fn a_dict_loses_no_key() {
    with_context(|cx| {
        let dict = cx.new_dict();
        hammer(cx, dict.value(), |cx, dict, number| {
            let dict = dict.downcast::<Dict>().unwrap();
            for i in 0..ROUNDS {
                let (mine, shared) =
                    (Value::int(i * THREADS + number), cx.new_str(&format!("key{}", i % 97)));
                dict.set(cx, mine, mine).unwrap();
                assert_eq!(dict.get(cx, mine).unwrap(), Some(mine));
                dict.set_str(cx, shared, mine);
                assert!(dict.get_str(cx, shared).is_some());
                if i % 3 == 0 {
                    assert_eq!(dict.remove(cx, mine).unwrap(), Some(mine));
                    assert_eq!(dict.get(cx, mine).unwrap(), None);
                }
                cx.poll().unwrap();
            }
        });
        let kept = (0..ROUNDS).filter(|i| i % 3 != 0).count() as i64 * THREADS + 97;
        assert_eq!(dict.len() as i64, kept);
        assert_eq!(dict.entries(cx).len() as i64, kept);
    });
}

#[test]
fn setdefault_has_one_winner() {
    with_context(|cx| {
        let dict = cx.new_dict();
        hammer(cx, dict.value(), |cx, dict, number| {
            let dict = dict.downcast::<Dict>().unwrap();
            for i in 0..ROUNDS {
                let first = dict.set_default(cx, Value::int(i), Value::int(number)).unwrap();
                assert_eq!(dict.get(cx, Value::int(i)).unwrap(), Some(first));
                cx.poll().unwrap();
            }
        });
        assert_eq!(dict.len() as i64, ROUNDS);
    });
}

#[test]
fn keys_that_ask_python_are_found_under_change() {
    with_context(|cx| {
        let dict = cx.new_dict();
        hammer(cx, dict.value(), |cx, dict, number| {
            let dict = dict.downcast::<Dict>().unwrap();
            for i in 0..ROUNDS / 4 {
                let key = |cx: &Context, a: i64| cx.new_tuple(&common::ints([a, a * 2])).value();
                let (common, mine) = (key(cx, i % 31), key(cx, 1_000_000 * (number + 1) + i));
                dict.set(cx, common, Value::int(i)).unwrap();
                dict.set(cx, mine, Value::int(i)).unwrap();
                let twin = key(cx, 1_000_000 * (number + 1) + i);
                assert_eq!(dict.get(cx, twin).unwrap(), Some(Value::int(i)));
                assert!(dict.get(cx, common).unwrap().is_some());
                cx.poll().unwrap();
            }
        });
        assert_eq!(dict.len() as i64, 31 + THREADS * (ROUNDS / 4));
    });
}

#[test]
fn a_set_loses_no_member() {
    with_context(|cx| {
        let shared = set::empty(cx);
        hammer(cx, shared.value(), |cx, shared, number| {
            let shared = AnySet::from(shared.downcast::<Set>().unwrap());
            for i in 0..ROUNDS {
                let mine = Value::int(i * THREADS + number);
                shared.add(cx, mine).unwrap();
                assert!(shared.contains(cx, mine).unwrap());
                if i % 2 == 0 {
                    assert!(shared.discard(cx, mine).unwrap());
                    assert!(!shared.contains(cx, mine).unwrap());
                }
                cx.poll().unwrap();
            }
        });
        assert_eq!(shared.len() as i64, THREADS * ROUNDS / 2);
    });
}

#[test]
fn copies_are_of_one_moment() {
    static DONE: AtomicBool = AtomicBool::new(false);
    with_context(|cx| {
        // Two keys change together under one lock; a copy must show them equal.
        let dict = cx.new_dict();
        for i in 0..2 {
            dict.set(cx, Value::int(i), Value::int(0)).unwrap();
        }
        hammer(cx, dict.value(), |cx, dict, number| {
            let dict = dict.downcast::<Dict>().unwrap();
            if number == 0 {
                for round in 1..ROUNDS {
                    let update = cx.new_dict();
                    for i in 0..2 {
                        update.set(cx, Value::int(i), Value::int(round)).unwrap();
                    }
                    dict.merge(cx, update).unwrap();
                    cx.poll().unwrap();
                }
                DONE.store(true, Ordering::Release);
                return;
            }
            while !DONE.load(Ordering::Acquire) {
                let values = dict.copy(cx).values(cx);
                assert_eq!(values[0], values[1]);
                cx.poll().unwrap();
            }
        });
    });
}
