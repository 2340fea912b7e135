//! Serial or parallel: the one place that decides.
//!
//! A small link (configure runs hundreds) is dominated by start-up, so no thread is started for it: the same
//! stage code runs in the calling thread. Which it is depends on the size of the inputs and on `--threads`;
//! results never depend on it, because every helper keeps the order of its input.

use rayon::prelude::*;

/// Bytes of input under which a link runs in one thread. With `--cfg wcc_always_parallel` none is: so the thread sanitizer
/// sees the threads of every test (`tests/robustness/sanitize`).
pub const SMALL_LINK: u64 = if cfg!(wcc_always_parallel) {
    0
} else {
    3 << 20
};

#[derive(Clone, Copy, Debug)]
pub struct Par {
    pub threads: usize,
}

impl Par {
    pub const SERIAL: Par = Par { threads: 1 };

    pub fn is_parallel(self) -> bool {
        self.threads > 1
    }

    /// `f` on every item.
    pub fn for_each<T: Sync>(self, items: &[T], f: impl Fn(&T) + Sync + Send) {
        if self.is_parallel() {
            items.par_iter().for_each(f)
        } else {
            items.iter().for_each(f)
        }
    }

    pub fn for_each_mut<T: Send>(self, items: &mut [T], f: impl Fn(usize, &mut T) + Sync + Send) {
        if self.is_parallel() {
            items.par_iter_mut().enumerate().for_each(|(i, t)| f(i, t))
        } else {
            items.iter_mut().enumerate().for_each(|(i, t)| f(i, t))
        }
    }

    pub fn map<T: Sync, R: Send>(self, items: &[T], f: impl Fn(&T) -> R + Sync + Send) -> Vec<R> {
        if self.is_parallel() {
            items.par_iter().map(f).collect()
        } else {
            items.iter().map(f).collect()
        }
    }

    /// As [`Self::map`], for few items of very different size: a thread that has nothing to do gets single ones.
    pub fn map_uneven<T: Sync, R: Send>(
        self,
        items: &[T],
        f: impl Fn(&T) -> R + Sync + Send,
    ) -> Vec<R> {
        if self.is_parallel() {
            items.par_iter().with_max_len(1).map(f).collect()
        } else {
            items.iter().map(f).collect()
        }
    }

    pub fn map_range<R: Send>(self, n: usize, f: impl Fn(usize) -> R + Sync + Send) -> Vec<R> {
        if self.is_parallel() {
            (0..n).into_par_iter().map(f).collect()
        } else {
            (0..n).map(f).collect()
        }
    }

    /// Sorts; equal ones keep their order.
    pub fn sort_by_key<T: Send, K: Ord>(self, items: &mut [T], key: impl Fn(&T) -> K + Sync) {
        if self.is_parallel() {
            items.par_sort_by_key(key)
        } else {
            items.sort_by_key(key)
        }
    }

    /// Runs both, at the same time when parallel.
    pub fn join<A: Send, B: Send>(
        self,
        a: impl FnOnce() -> A + Send,
        b: impl FnOnce() -> B + Send,
    ) -> (A, B) {
        if self.is_parallel() {
            rayon::join(a, b)
        } else {
            (a(), b())
        }
    }
}

/// Runs `f` with `threads` threads: in this thread when it is one, otherwise inside a pool of its own.
pub fn with_threads<R: Send>(threads: usize, f: impl FnOnce(Par) -> R + Send) -> R {
    if threads > 1
        && let Ok(pool) = rayon::ThreadPoolBuilder::new().num_threads(threads).build()
    {
        return pool.install(|| f(Par { threads }));
    }
    f(Par::SERIAL)
}
