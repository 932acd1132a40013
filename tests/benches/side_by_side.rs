//! Compares candidates in one run: machines are noisy, and ratios are less so.

use std::time::{Duration, Instant};

/// `cargo bench -- --test` tests that the benchmark runs, not its speed.
pub(crate) fn is_smoke_test() -> bool {
    std::env::args().any(|argument| argument == "--test")
}

/// Prints the median time of each against the first, in rounds in which all run in turn. In a round,
/// each makes this number of calls.
pub(crate) fn compare(what: &str, calls: u32, them: &mut [(&str, &mut dyn FnMut())]) {
    let (rounds, calls) = if is_smoke_test() {
        (1, 1)
    } else {
        (101, calls)
    };
    let mut times = vec![Vec::with_capacity(rounds); them.len()];
    for _ in 0..rounds {
        for ((_, call), times) in them.iter_mut().zip(&mut times) {
            let start = Instant::now();
            for _ in 0..calls {
                call();
            }
            times.push(start.elapsed() / calls);
        }
    }
    let medians: Vec<Duration> = times
        .iter_mut()
        .map(|times| {
            times.sort();
            times[rounds / 2]
        })
        .collect();
    println!("\n{what}, side by side (median of {rounds} rounds):");
    for ((name, _), median) in them.iter().zip(&medians) {
        let ratio = median.as_secs_f64() / medians[0].as_secs_f64();
        println!(
            "  {name:<16} {:>10} ns  {ratio:>7.3} x {}",
            median.as_nanos(),
            them[0].0
        );
    }
    println!();
}
