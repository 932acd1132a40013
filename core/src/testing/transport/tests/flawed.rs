//! Transports with one mistake each, which fail where that mistake is, and nowhere else.

use std::collections::BTreeSet;
use std::sync::PoisonError;
use std::thread;

use super::plain::{Flaw, Opens};
use super::{THREADS, failed, report_of};
use crate::testing::canary::CANARY;
use crate::testing::transport::cases;

/// Whether these transports fail where they are to. Mostly one waits, so several are tried at
/// once. None of them is tried for threads: others here come and go.
#[track_caller]
fn fails(flaws: &[(Flaw, &[&str])]) {
    let _others = THREADS.read().unwrap_or_else(PoisonError::into_inner);
    let mut but_for_threads = cases::all();
    but_for_threads.retain(|case| case.name != THREAD);
    for several in flaws.chunks(4) {
        let reports = thread::scope(|scope| {
            let cases = but_for_threads.as_slice();
            let tried = |flaw| scope.spawn(move || report_of(Opens(flaw), cases));
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
fn what_a_transport_changes_in_a_request_is_caught() {
    fails(REQUESTS);
}

#[test]
fn what_a_transport_makes_of_an_answer_is_caught() {
    fails(ANSWERS);
}

#[test]
fn what_a_transport_makes_of_a_body_is_caught() {
    fails(BODIES);
}

#[test]
fn a_transport_that_sends_too_often_is_caught() {
    fails(ONCE);
}

#[test]
fn a_transport_that_does_not_give_up_or_says_it_wrongly_is_caught() {
    fails(ERRORS);
}

#[test]
fn a_transport_that_leaves_something_behind_is_caught() {
    fails(LEFT);
    let _alone = THREADS.write().unwrap_or_else(PoisonError::into_inner);
    let report = report_of(Opens(Flaw::LeavesThreads), &cases::all());
    assert_eq!(failed(&report), [THREAD], "{report}");
}

#[test]
fn every_case_is_seen_to_fail() {
    let tables = [REQUESTS, ANSWERS, BODIES, ONCE, ERRORS, LEFT].concat();
    let failed = tables.iter().flat_map(|(_, cases)| *cases).copied();
    let failed: BTreeSet<_> = failed.chain([THREAD]).collect();
    let all = cases::all().into_iter().map(|case| case.name).collect();
    assert_eq!(failed, all);
}

const THREAD: &str = "no-thread-left";

const LEFT: &[(Flaw, &[&str])] = &[(Flaw::LeavesConnections, &["no-connection-left"])];

const REQUESTS: &[(Flaw, &[&str])] = &[
    (Flaw::WritesTheUrlAnew, &["request-as-it-is"]),
    (Flaw::DropsAuthorization, &["request-as-it-is"]),
    (Flaw::SendsAHeaderTwice, &["request-as-it-is"]),
    (Flaw::AddsACharset, &["form-as-it-is"]),
    (Flaw::ReadsTheForm, &["form-as-it-is"]),
    (Flaw::WaitsForContinue, &["body-without-100-continue"]),
    (Flaw::KeepsCookies, &["no-cookie-of-its-own"]),
    (Flaw::KeepsAnswers, &["nothing-from-a-cache"]),
    (Flaw::AsksWhetherItChanged, &["nothing-from-a-cache"]),
    (Flaw::SendsWhatIsUnwanted, &["unwanted-is-not-sent"]),
    (Flaw::OneAtATime, &["several-at-a-time"]),
];

const ANSWERS: &[(Flaw, &[&str])] = &[
    (Flaw::ThrowsForStatuses, &["status-is-an-answer"]),
    (Flaw::RepeatsWhatIsBusy, &["status-is-an-answer"]),
    (Flaw::AnswersChallenges, &["challenge-is-an-answer"]),
    (Flaw::ThrowsForChallenges, &["challenge-is-an-answer"]),
    (Flaw::FollowsRedirects, &["redirect-is-an-answer"]),
    (Flaw::JoinsCookies, &["set-cookie-by-itself"]),
    (Flaw::SortsCookies, &["set-cookie-by-itself"]),
    (Flaw::LeavesNamesAsTheyAre, NAMES),
    (Flaw::WaitsForABody, &["empty-answer"]),
    (Flaw::TakesTheFirstHead, &["interim-answer"]),
];

/// Cookies and codings are looked for by their names.
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
    (Flaw::TakesBodiesForTexts, TEXTS),
    (Flaw::DoesNotKnowExtensions, &["body-in-every-framing"]),
    (Flaw::AsksForWhatItCannotDecode, CODINGS),
    (Flaw::HidesTheCoding, CODINGS),
    (Flaw::CountsWhatCame, &["decoded-bytes-count"]),
    (Flaw::StopsTooEarly, &["body-of-1-mib"]),
    (Flaw::StopsTooLate, &["body-of-more"]),
    (Flaw::NeverStops, &["body-without-end"]),
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
    (Flaw::RepeatsWhatIsLost, REPEATED),
    (Flaw::TakesHalfForTheWhole, &["once-half-answered"]),
    (Flaw::ReusesConnections, &["once-on-a-new-connection"]),
    (Flaw::RepeatsAHalf, &["repeated-whole"]),
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
    (Flaw::TellsTheUrl, &["errors-tell-no-request"]),
    (Flaw::TellsTheForm, &["errors-tell-no-request"]),
];
