//! The runner. Contestants take turns, round by round, so that whatever else the machine does falls on all of them alike; what counts is
//! the median, and the ratio within a round. Benchmark frameworks measure one contestant after the other, and can't do that.

use std::time::Duration;

use nix::sys::time::TimeValLike;
use nix::time::{ClockId, clock_gettime};

/// Rounds of a comparison.
const ROUNDS: usize = 21;

/// A piece of work that is done again and again.
pub struct Case<'a> {
    pub name: &'a str,
    /// How many things one run does, events as a rule.
    pub units: usize,
    pub run: Box<dyn FnMut() -> usize + 'a>,
}

impl<'a> Case<'a> {
    pub fn new(name: &'a str, units: usize, run: impl FnMut() -> usize + 'a) -> Self {
        Self { name, units, run: Box::new(run) }
    }
}

/// What the rounds gave: for each case the nanoseconds of one unit, round by round.
pub struct Rounds {
    names: Vec<String>,
    times: Vec<Vec<f64>>,
}

impl Rounds {
    pub fn run(mut cases: Vec<Case<'_>>) -> Self {
        let names = cases.iter().map(|case| case.name.to_owned()).collect();
        let mut times = vec![Vec::new(); cases.len()];
        for round in 0..=ROUNDS {
            for (case, times) in cases.iter_mut().zip(&mut times) {
                let start = cpu_time();
                std::hint::black_box((case.run)());
                let time = cpu_time().saturating_sub(start);
                // The first round warms up.
                if round > 0 {
                    times.push(time.as_nanos() as f64 / case.units as f64);
                }
            }
        }
        Self { names, times }
    }

    fn of(&self, name: &str) -> &[f64] {
        let index = self.names.iter().position(|other| other == name);
        &self.times[index.unwrap_or_else(|| panic!("no case is named {name}"))]
    }

    /// The median of the nanoseconds of one unit.
    pub fn time(&self, name: &str) -> f64 {
        median(self.of(name))
    }

    /// How long `name` takes for each of `other`'s seconds, as the median of the rounds.
    pub fn ratio(&self, name: &str, other: &str) -> f64 {
        median(&self.of(name).iter().zip(self.of(other)).map(|(a, b)| a / b).collect::<Vec<_>>())
    }

    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.names.iter().map(String::as_str)
    }
}

pub fn median(values: &[f64]) -> f64 {
    let mut values = values.to_vec();
    values.sort_by(f64::total_cmp);
    values[values.len() / 2]
}

/// The CPU time of all threads, in user space and in the kernel.
pub fn cpu_time() -> Duration {
    let time = clock_gettime(ClockId::CLOCK_PROCESS_CPUTIME_ID).expect("Unix has this clock");
    Duration::from_nanos(time.num_nanoseconds().unsigned_abs())
}
