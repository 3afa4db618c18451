//! The same work for many things, on all cores.

use std::panic::resume_unwind;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;

use crate::pipeline::Error;

/// What `work` makes of each item, in no order. Each thread has a state of its own: syntax trees can't be shared.
pub fn each<T: Sync, S, R: Send>(
    items: &[T],
    state: impl Fn() -> Result<S, Error> + Sync,
    work: impl Fn(&S, &T) -> Result<R, Error> + Sync,
) -> Result<Vec<R>, Error> {
    let next = AtomicUsize::new(0);
    let worker = || {
        let state = state()?;
        let mut made = Vec::new();
        while let Some(item) = items.get(next.fetch_add(1, Ordering::Relaxed)) {
            made.push(work(&state, item)?);
        }
        Ok(made)
    };
    let threads = thread::available_parallelism().map_or(1, usize::from);
    let made: Vec<Result<Vec<R>, Error>> = thread::scope(|scope| {
        let workers: Vec<_> = (0..threads).map(|_| scope.spawn(worker)).collect();
        workers.into_iter().map(|worker| worker.join().unwrap_or_else(|panic| resume_unwind(panic))).collect()
    });
    Ok(made.into_iter().collect::<Result<Vec<_>, _>>()?.into_iter().flatten().collect())
}
