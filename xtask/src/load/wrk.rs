//! Runs wrk, which sends requests to one URL as fast as it can, and parses its report.

use super::service::{Requests, output_of};
use crate::process::{Failure, command};

/// Sends requests to one URL, prints the result, and returns it. An empty `header` is not sent.
pub(super) fn ask(
    load: &Requests,
    what: &str,
    url: &str,
    header: &str,
) -> Result<WrkReport, Failure> {
    let mut arguments = vec![
        "-t2".to_owned(),
        format!("-c{}", load.connections),
        format!("-d{}s", load.seconds),
        "--latency".to_owned(),
    ];
    if !header.is_empty() {
        arguments.extend(["-H".to_owned(), header.to_owned()]);
    }
    arguments.push(url.to_owned());
    let report = output_of(command("wrk", &arguments), "it did not run to its end")?;
    let asked = WrkReport::read(&report)
        .ok_or_else(|| Failure(format!("wrk printed an unknown report:\n{report}")))?;
    if let Some(bad) = &asked.bad {
        return Err(Failure(format!("{what}: {bad}")));
    }
    println!(
        "{what:<18} {} per second, p50 {}, p99 {}, longest {}",
        asked.rate, asked.p50, asked.p99, asked.longest
    );
    Ok(asked)
}

/// The report of wrk.
pub(super) struct WrkReport {
    /// Requests per second.
    pub(super) rate: u64,
    p50: String,
    p99: String,
    longest: String,
    /// Missing answers, or answers with an error status.
    bad: Option<String>,
}

impl WrkReport {
    fn read(report: &str) -> Option<Self> {
        let after = |name: &str| {
            let mut lines = report.lines().map(str::trim);
            let line = lines.find_map(|line| line.strip_prefix(name))?;
            Some(line.trim().to_owned())
        };
        let rate = after("Requests/sec:")?;
        // Average, standard deviation, maximum, and the share within the deviation.
        let latency = after("Latency  ")?;
        Some(Self {
            rate: rate.split('.').next()?.parse().ok()?,
            p50: after("50%")?,
            p99: after("99%")?,
            longest: latency.split_whitespace().nth(2)?.to_owned(),
            bad: after("Non-2xx or 3xx responses:")
                .map(|count| format!("{count} answers had an error status"))
                .or_else(|| {
                    after("Socket errors:").map(|errors| format!("socket errors: {errors}"))
                }),
        })
    }

    /// This rate in percent of another rate.
    pub(super) fn percent_of(&self, other: &Self) -> u64 {
        self.rate.saturating_mul(100) / other.rate.max(1)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const REPORT: &str = "Running 6s test\n  Thread Stats   Avg      Stdev     Max   +/- Stdev\n    \
        Latency   373.77us  660.02us  14.58ms   92.71%\n  Latency Distribution\n     50%  \
        237.00us\n     75%    1.00ms\n     99%    5.36ms\n  1 requests in 6.03s\n\
        Requests/sec:  87886.26\n";

    #[test]
    fn a_report_of_wrk_is_parsed() {
        let asked = WrkReport::read(REPORT).expect("figures");
        assert_eq!(asked.rate, 87_886);
        let times = [&*asked.p50, &asked.p99, &asked.longest];
        assert_eq!(times, ["237.00us", "5.36ms", "14.58ms"]);
        assert_eq!(asked.bad, None);
        assert_eq!(asked.percent_of(&asked), 100);
        let refused = format!("{REPORT}  Non-2xx or 3xx responses: 12\n");
        let asked = WrkReport::read(&refused).expect("figures");
        assert_eq!(asked.bad.as_deref(), Some("12 answers had an error status"));
        assert!(WrkReport::read("unable to connect").is_none());
    }
}
