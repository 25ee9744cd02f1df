//! `StaticRef`: a reference to static data that a heap object may hold.
//!
//! Invariant: the stored number is an offset from a fixed static of this program, so heap cells hold no
//! raw code or data addresses and a heap snapshot stays loadable at another address.
#![allow(unsafe_code)]

use std::marker::PhantomData;
use std::ops::Deref;

static ANCHOR: u64 = 0x7461_6970_616e;

/// `&'static T`, stored relative to the program's image.
pub struct StaticRef<T: 'static>(isize, PhantomData<&'static T>);

impl<T> Clone for StaticRef<T> {
    fn clone(&self) -> Self {
        *self
    }
}
impl<T> Copy for StaticRef<T> {}

impl<T> StaticRef<T> {
    pub fn new(target: &'static T) -> StaticRef<T> {
        let base = std::ptr::from_ref(&ANCHOR) as isize;
        StaticRef((std::ptr::from_ref(target) as isize).wrapping_sub(base), PhantomData)
    }

    #[inline(always)]
    pub fn get(self) -> &'static T {
        let base = std::ptr::from_ref(&ANCHOR) as isize;
        let address = base.wrapping_add(self.0) as *const T;
        // SAFETY: `new` stored the distance of a `&'static T` from the same anchor.
        unsafe { &*address }
    }
}

impl<T> Deref for StaticRef<T> {
    type Target = T;
    #[inline(always)]
    fn deref(&self) -> &T {
        self.get()
    }
}

// SAFETY: static data holds no heap values.
unsafe impl<T> crate::layout::Trace for StaticRef<T> {
    const TRACES: bool = false;
    fn trace(&self, _marker: &mut taipan_gc::Marker) {}
}
