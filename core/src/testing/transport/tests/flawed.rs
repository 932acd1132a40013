//! Transports with one flaw each: the suite must fail in the cases about that flaw, and in no other
//! case.

use std::collections::BTreeSet;
use std::sync::PoisonError;
use std::thread;

use super::flawed_client::{Flaw, FlawedTransport};
use super::{THREADS, failed, report_of};
use crate::testing::canary::CANARY;
use crate::testing::transport::cases;

/// Checks that each transport fails in these cases. Most of the time is waiting, so four run at
/// once. The case about threads is left out, since other tests start and end threads.
#[track_caller]
fn fails(flaws: &[(Flaw, &[&str])]) {
    let _others = THREADS.read().unwrap_or_else(PoisonError::into_inner);
    let mut but_for_threads = cases::all();
    but_for_threads.retain(|case| case.name != THREAD);
    for several in flaws.chunks(4) {
        let reports = thread::scope(|scope| {
            let cases = but_for_threads.as_slice();
            let tried = |flaw| scope.spawn(move || report_of(FlawedTransport(flaw), cases));
            let threads: Vec<_> = several.iter().map(|(flaw, _)| tried(*flaw)).collect();
            let ended = threads.into_iter().map(|thread| thread.join().unwrap());
            ended.collect::<Vec<_>>()
        });
        for ((flaw, cases), report) in several.iter().zip(reports) {
            assert_eq!(failed(&report), *cases, "{flaw:?}: {report}");
            assert!(!report.to_string().contains(CANARY), "{report}");
        }
    }
}

#[test]
fn flaws_in_requests_are_caught() {
    fails(REQUESTS);
}

#[test]
fn flaws_in_answers_are_caught() {
    fails(ANSWERS);
}

#[test]
fn flaws_in_bodies_are_caught() {
    fails(BODIES);
}

#[test]
fn repeated_requests_are_caught() {
    fails(ONCE);
}

#[test]
fn flaws_in_timeouts_and_errors_are_caught() {
    fails(ERRORS);
}

#[test]
fn leaked_connections_and_threads_are_caught() {
    fails(LEFT);
    let _alone = THREADS.write().unwrap_or_else(PoisonError::into_inner);
    let report = report_of(FlawedTransport(Flaw::LeaksThreads), &cases::all());
    assert_eq!(failed(&report), [THREAD], "{report}");
}

#[test]
fn every_case_fails_for_some_flaw() {
    let tables = [REQUESTS, ANSWERS, BODIES, ONCE, ERRORS, LEFT].concat();
    let failed = tables.iter().flat_map(|(_, cases)| *cases).copied();
    let failed: BTreeSet<_> = failed.chain([THREAD]).collect();
    let all = cases::all().into_iter().map(|case| case.name).collect();
    assert_eq!(failed, all);
}

const THREAD: &str = "no-thread-left";

const LEFT: &[(Flaw, &[&str])] = &[(Flaw::LeaksConnections, &["no-connection-left"])];

const REQUESTS: &[(Flaw, &[&str])] = &[
    (Flaw::RewritesTheUrl, &["request-as-it-is"]),
    (Flaw::DropsAuthorization, &["request-as-it-is"]),
    (Flaw::SendsAHeaderTwice, &["request-as-it-is"]),
    (Flaw::AddsACharset, &["form-as-it-is"]),
    (Flaw::ReencodesTheForm, &["form-as-it-is"]),
    (Flaw::WaitsForContinue, &["body-without-100-continue"]),
    (Flaw::StoresCookies, &["no-cookie-of-its-own"]),
    (Flaw::CachesAnswers, &["nothing-from-a-cache"]),
    (Flaw::SendsConditionalRequests, &["nothing-from-a-cache"]),
    (Flaw::SendsCancelledRequests, &["unwanted-is-not-sent"]),
    (Flaw::SendsOneAtATime, &["several-at-a-time"]),
];

const ANSWERS: &[(Flaw, &[&str])] = &[
    (Flaw::ReportsStatusesAsErrors, &["status-is-an-answer"]),
    (Flaw::RetriesBusyAnswers, &["status-is-an-answer"]),
    (Flaw::AnswersChallenges, &["challenge-is-an-answer"]),
    (Flaw::ReportsChallengesAsErrors, &["challenge-is-an-answer"]),
    (Flaw::FollowsRedirects, &["redirect-is-an-answer"]),
    (Flaw::JoinsCookies, &["set-cookie-by-itself"]),
    (Flaw::SortsCookies, &["set-cookie-by-itself"]),
    (Flaw::KeepsCaseOfNames, NAMES),
    (Flaw::WaitsForABody, &["empty-answer"]),
    (Flaw::ReturnsInterimAnswers, &["interim-answer"]),
];

/// The suite finds cookies and codings by their header names.
const NAMES: &[&str] = &[
    "set-cookie-by-itself",
    "header-names-in-lower-case",
    "gzip",
    "deflate",
    "decoded-bytes-count",
];

const CODINGS: &[&str] = &["gzip", "deflate", "decoded-bytes-count"];

const TEXTS: &[&str] = &[
    "body-in-every-framing",
    "gzip",
    "deflate",
    "decoded-bytes-count",
];

const BODIES: &[(Flaw, &[&str])] = &[
    (Flaw::DecodesBodiesAsText, TEXTS),
    (Flaw::RejectsChunkExtensions, &["body-in-every-framing"]),
    (Flaw::AcceptsCodingsItCannotDecode, CODINGS),
    (Flaw::DropsContentEncoding, CODINGS),
    (Flaw::CountsEncodedBytes, &["decoded-bytes-count"]),
    (Flaw::HasALowLimit, &["body-of-1-mib"]),
    (Flaw::HasAHighLimit, &["body-of-more"]),
    (Flaw::HasNoLimit, &["body-without-end"]),
];

const REPEATED: &[&str] = &[
    "once-closed",
    "once-reset",
    "once-half-answered",
    "once-after-another",
    "server-stays-silent",
    "answer-that-trickles",
];

const ONCE: &[(Flaw, &[&str])] = &[
    (Flaw::RetriesLostRequests, REPEATED),
    (Flaw::AcceptsTruncatedAnswers, &["once-half-answered"]),
    (Flaw::ReusesConnections, &["once-on-a-new-connection"]),
    (Flaw::RetriesWithHalfABody, &["repeated-whole"]),
];

const ERRORS: &[(Flaw, &[&str])] = &[
    (
        Flaw::HasNoTimeout,
        &["server-stays-silent", "answer-that-trickles"],
    ),
    (Flaw::HasATimeoutForEachRead, &["answer-that-trickles"]),
    (
        Flaw::CallsATimeoutNotSent,
        &["server-stays-silent", "answer-that-trickles"],
    ),
    (Flaw::CallsRefusedLost, &["nobody-listens"]),
    (Flaw::CallsUnresolvedLost, &["no-such-name"]),
    (Flaw::CallsTlsLost, &["tls-refused"]),
    (Flaw::LeaksTheUrl, &["errors-tell-no-request"]),
    (Flaw::LeaksTheForm, &["errors-tell-no-request"]),
];
