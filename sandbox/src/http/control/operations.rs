//! All operations of the control API, except the one that serves the OpenAPI document. Both
//! the routes and the document are generated from this table.

use super::operation::{Operation, delete, get, post, put};
use super::{Empty, app, people, rules, sandbox, signing, trace};
use crate::http::waiting;
use crate::{Callback, Counters, Decision, FlowTrace, Rule, Waiting};

const WAITING_ID: &str = "The `id` of the pending request.";
const FLOW_ID: &str = "The `id` of the flow.";
const NO_FLOW: &str = "no flow has this id, or the sandbox has deleted it";
const NOT_WAITING: &str = "no request has this id, or the sandbox has deleted it";

/// The operations by their tag.
pub(super) fn operations() -> [(&'static str, Vec<Operation>); 5] {
    [
        ("app", the_app()),
        ("misbehaviour", misbehaviour()),
        ("trace", the_trace()),
        ("signing", the_signing()),
        ("sandbox", the_sandbox()),
    ]
}

fn the_app() -> Vec<Operation> {
    vec![
        post(
            "/app/open",
            app::open,
            "openLink",
            "Opens a link in the Truid app",
        )
        .about(
            "As on a phone: the service's app asks the operating system to open the \
                 authorization URL, and the system opens the Truid app with it. This operation \
                 refuses the same requests as the authorization endpoint, with the error codes \
                 of RFC 6749 and status 400.",
        )
        .takes::<app::OpenLink>()
        .gives::<Waiting>("The request is pending: it waits for the person's decision.")
        .refuses(400, "unknown_link", "the URL is not a link of this sandbox"),
        get(
            "/app/waiting",
            app::waiting,
            "listWaiting",
            "Lists the pending requests",
        )
        .gives::<app::WaitingList>("All pending requests, the oldest first."),
        get(
            "/app/waiting/{id}",
            app::one,
            "getWaiting",
            "Returns one pending request",
        )
        .at::<String>("id", WAITING_ID)
        .gives::<Waiting>("The request.")
        .refuses(404, "not_found", NOT_WAITING)
        .refuses(409, "already_decided", "the person has decided")
        .refuses(410, "expired", "the request has expired"),
        post(
            "/app/waiting/{id}/{decision}",
            app::decide,
            "decide",
            "Decides as the person",
        )
        .about(
            "The answer contains the redirect URI that the Truid app opens. The sandbox does \
                 not open it: take the code from it, or pass it to the app.",
        )
        .at::<String>("id", WAITING_ID)
        .at::<Decision>("decision", "The decision.")
        .misbehaves()
        .may_take::<app::DecideAs>()
        .gives::<Callback>("The callback.")
        .refuses(404, "not_found", NOT_WAITING)
        .refuses(
            404,
            "no_such_person",
            "no person in the configuration has this id",
        )
        .refuses(
            409,
            "assurance_too_low",
            "the service requires a higher assurance level than this person has",
        )
        .refuses(409, "already_decided", "the person has decided")
        .refuses(410, "expired", "the request has expired"),
        get(
            "/app/waiting/{id}/events",
            waiting::events,
            "waitFor",
            "Waits for the decision, as the authorize page does",
        )
        .about(
            "Server-sent events: `waiting` with the remaining seconds, immediately and when the \
                 clock is moved; then `decided` with a `redirect`, or `expired`; then the stream \
                 ends. `redirect` is present only if the decision was for a service on another \
                 device, and until its code is used.",
        )
        .at::<String>("id", WAITING_ID)
        .answers_as::<String>(
            200,
            "text/event-stream",
            "The stream ends with the decision.",
        )
        .refuses(404, "not_found", NOT_WAITING),
        get(
            "/people",
            people::list,
            "listPeople",
            "Lists the people who can use the phone",
        )
        .gives::<people::People>("All people, in the order of the configuration."),
        put(
            "/people/{person}",
            people::change,
            "changePerson",
            "Changes the data of a person until the next reset",
        )
        .about("Changes the fields in the body; null removes a field.")
        .at::<String>("person", "The `id` of the person in the configuration.")
        .takes::<people::Changes>()
        .gives::<people::Shown>("The person after the change.")
        .refuses(
            404,
            "no_such_person",
            "no person in the configuration has this id",
        ),
        post(
            "/app/end-sessions",
            app::end_sessions,
            "endSessions",
            "Ends all login sessions with a service, as the person can in the Truid app",
        )
        .takes::<app::EndSessions>()
        .gives::<app::Ended>("The number of sessions that ended."),
    ]
}

fn misbehaviour() -> Vec<Operation> {
    vec![
        get(
            "/misbehaviours",
            rules::misbehaviours,
            "listMisbehaviours",
            "Lists the misbehaviours",
        )
        .gives::<rules::Misbehaviours>("All misbehaviours."),
        get("/rules", rules::list, "listRules", "Lists the active rules")
            .gives::<rules::Rules>("The rules, the oldest first."),
        post("/rules", rules::add, "addRule", "Adds a rule")
            .about(
                "The rule applies to the next matching request, once, unless `times` says \
                 otherwise. For a single request, send the header `Switchback-Misbehave` with it \
                 instead.",
            )
            .takes::<Rule>()
            .answers::<rules::Added>(201, "The rule is active."),
        delete("/rules", rules::clear, "removeRules", "Removes all rules")
            .gives::<rules::Removed>("All rules are removed."),
        delete(
            "/rules/{rule}",
            rules::remove,
            "removeRule",
            "Removes one rule",
        )
        .at::<u64>("rule", "The `id` of the rule.")
        .gives::<Empty>("The rule is removed.")
        .refuses(
            404,
            "not_found",
            "no rule has this id, or the rule was removed",
        ),
    ]
}

fn the_trace() -> Vec<Operation> {
    vec![
        get(
            "/trace",
            trace::flows,
            "listFlows",
            "Lists the recorded flows",
        )
        .asks::<trace::FlowFilter>()
        .gives::<trace::Flows>("The flows, the newest first."),
        get(
            "/trace/{flow}",
            trace::flow,
            "getFlow",
            "Returns one flow with its requests and answers",
        )
        .about("Secrets are masked: equal secrets have equal masks.")
        .at::<String>("flow", FLOW_ID)
        .gives::<FlowTrace>("The flow.")
        .refuses(404, "not_found", NO_FLOW),
        get(
            "/findings",
            trace::findings,
            "listFindings",
            "Lists the findings",
        )
        .asks::<trace::FindingFilter>()
        .gives::<trace::Findings>("The findings, in the order of the flows.")
        .refuses(404, "not_found", NO_FLOW),
        post(
            "/assert/no-findings",
            trace::assert_none,
            "assertNoFindings",
            "Fails if there are findings",
        )
        .about("For the end of a test.")
        .may_take::<trace::Allowed>()
        .gives::<Empty>("There are no findings except allowed ones.")
        .answers::<trace::UnexpectedFindings>(
            409,
            "`findings`: there are findings that are not allowed.",
        )
        .refuses(404, "not_found", NO_FLOW),
    ]
}

fn the_signing() -> Vec<Operation> {
    vec![
        get(
            "/certificate-authority",
            signing::authority,
            "getCertificateAuthority",
            "Returns the URLs of the certificate authority",
        )
        .gives::<signing::CertificateAuthority>("The certificate authority."),
        post(
            "/certificate-authority",
            signing::revoke,
            "revokeIntermediate",
            "Revokes the intermediate certificate, or undoes that",
        )
        .about(
            "The certificate revocation list contains the intermediate certificate with the time \
                 of the first revocation. A reset undoes it.",
        )
        .takes::<signing::Revocation>()
        .gives::<signing::CertificateAuthority>("The certificate authority."),
    ]
}

fn the_sandbox() -> Vec<Operation> {
    vec![
        get(
            "/clock",
            sandbox::clock,
            "getClock",
            "Returns the time of the sandbox's clock",
        )
        .gives::<sandbox::Clock>("The time."),
        post(
            "/clock",
            sandbox::advance,
            "moveClock",
            "Moves the sandbox's clock",
        )
        .takes::<sandbox::Advance>()
        .gives::<sandbox::Clock>("The time after the move."),
        get(
            "/counters",
            sandbox::counters,
            "getCounters",
            "Counts what happened",
        )
        .gives::<Counters>("The numbers since the start or the last reset."),
        post(
            "/reset",
            sandbox::reset,
            "reset",
            "Deletes all flows, grants and tokens",
        )
        .about(
            "Also undoes moves of the clock and changes of people, and restores the rules of the \
                 configuration. With a `seed`, all following ids, codes and tokens depend on it \
                 only: they are the same for the same requests in the same order.",
        )
        .may_take::<sandbox::Reset>()
        .gives::<Empty>("The sandbox is reset."),
        get("/events", sandbox::events, "listen", "Reports changes")
            .about(
                "Server-sent events: an event `changed` immediately, and whenever something \
                 happens. Its data is a number that differs from the previous one and has no \
                 other meaning: request the state that you need.",
            )
            .answers_as::<String>(
                200,
                "text/event-stream",
                "The stream ends when the sandbox stops.",
            ),
    ]
}
