//! All operations of the control API, except the one that serves the OpenAPI document. The
//! routes and the document are both made from this table.

use super::operation::{Operation, delete, get, post, put};
use super::{Empty, app, people, rules, sandbox, trace};
use crate::http::waiting;
use crate::{Callback, Counters, Decision, FlowTrace, Rule, Waiting};

const WAITING_ID: &str = "What waits, by the `id` that it was listed with.";
const FLOW_ID: &str = "The flow, by its `id`.";
const NO_FLOW: &str = "no flow has this id, or not any more";
const NOBODY_WAITS: &str = "nothing with this id waits, or not any more";

/// The operations, each with what it belongs to.
pub(super) fn operations() -> [(&'static str, Vec<Operation>); 4] {
    [
        ("app", the_app()),
        ("misbehaviour", misbehaviour()),
        ("trace", the_trace()),
        ("sandbox", the_sandbox()),
    ]
}

fn the_app() -> Vec<Operation> {
    vec![
        post(
            "/app/open",
            app::open,
            "openLink",
            "Opens a link as the phone does",
        )
        .about(
            "The service's app asks the operating system to open the authorization URL, \
                 and the system opens the Truid app with it. What the authorization endpoint \
                 refuses is refused here, with the codes of RFC 6749 and status 400.",
        )
        .takes::<app::OpenLink>()
        .gives::<Waiting>("It waits for the person now.")
        .refuses(400, "unknown_link", "it is no link of this sandbox"),
        get(
            "/app/waiting",
            app::waiting,
            "listWaiting",
            "What waits for the person",
        )
        .gives::<app::WaitingList>("All that waits, the oldest first."),
        get(
            "/app/waiting/{id}",
            app::one,
            "getWaiting",
            "One request that waits",
        )
        .at::<String>("id", WAITING_ID)
        .gives::<Waiting>("It waits.")
        .refuses(404, "not_found", NOBODY_WAITS)
        .refuses(409, "already_decided", "the person has decided")
        .refuses(410, "expired", "it waited too long"),
        post(
            "/app/waiting/{id}/{decision}",
            app::decide,
            "decide",
            "The person decides",
        )
        .about(
            "The answer has what the Truid app opens then. Nobody follows it but the \
                 test: take the code out of it, or hand it to the app.",
        )
        .at::<String>("id", WAITING_ID)
        .at::<Decision>("decision", "What the person does.")
        .misbehaves()
        .may_take::<app::DecideAs>()
        .gives::<Callback>("It is decided.")
        .refuses(404, "not_found", NOBODY_WAITS)
        .refuses(
            404,
            "no_such_person",
            "the configuration has nobody of this id",
        )
        .refuses(
            409,
            "assurance_too_low",
            "the service wants somebody who is known more surely",
        )
        .refuses(409, "already_decided", "the person has decided")
        .refuses(410, "expired", "it waited too long"),
        get(
            "/app/waiting/{id}/events",
            waiting::events,
            "waitFor",
            "Waits for the decision, as the authorize page does",
        )
        .about(
            "Server-sent events: `waiting` with the seconds that are left, at once and when \
                 the clock is moved; then `decided` with a `redirect`, or `expired`; and the \
                 end. The redirect is given until its code was used, and only where the \
                 decision was made for a service on another device.",
        )
        .at::<String>("id", WAITING_ID)
        .answers_as::<String>(200, "text/event-stream", "It goes on until the decision.")
        .refuses(404, "not_found", NOBODY_WAITS),
        get(
            "/people",
            people::list,
            "listPeople",
            "The people who can hold the phone",
        )
        .gives::<people::People>("Everybody, in the order of the configuration."),
        put(
            "/people/{person}",
            people::change,
            "changePerson",
            "Changes the data of a person until the next reset",
        )
        .about("Changes the fields that are named; null takes one away.")
        .at::<String>("person", "The person, by the `id` of the configuration.")
        .takes::<people::Changes>()
        .gives::<people::Shown>("The person as they are now.")
        .refuses(
            404,
            "no_such_person",
            "the configuration has nobody of this id",
        ),
        post(
            "/app/end-sessions",
            app::end_sessions,
            "endSessions",
            "The person ends all login sessions with a service",
        )
        .takes::<app::EndSessions>()
        .gives::<app::Ended>("They are over."),
    ]
}

fn misbehaviour() -> Vec<Operation> {
    vec![
        get(
            "/misbehaviours",
            rules::misbehaviours,
            "listMisbehaviours",
            "What can go wrong on demand",
        )
        .gives::<rules::Misbehaviours>("All there are."),
        get("/rules", rules::list, "listRules", "What is to go wrong")
            .gives::<rules::Rules>("In the order in which they were made."),
        post("/rules", rules::add, "addRule", "Lets something go wrong")
            .about(
                "With the next request that it fits, once, unless `times` says otherwise. To \
                 let one request go wrong, send the header `Switchback-Misbehave` with it.",
            )
            .takes::<Rule>()
            .answers::<rules::Added>(201, "It waits for its request."),
        delete(
            "/rules",
            rules::clear,
            "removeRules",
            "Lets nothing go wrong any more",
        )
        .gives::<rules::Removed>("All rules are gone."),
        delete(
            "/rules/{rule}",
            rules::remove,
            "removeRule",
            "Takes one rule away",
        )
        .at::<u64>("rule", "The rule, by its `id`.")
        .gives::<Empty>("It is gone.")
        .refuses(404, "not_found", "no rule has this id, or not any more"),
    ]
}

fn the_trace() -> Vec<Operation> {
    vec![
        get(
            "/trace",
            trace::flows,
            "listFlows",
            "The flows that are remembered",
        )
        .asks::<trace::Which>()
        .gives::<trace::Flows>("The newest first."),
        get(
            "/trace/{flow}",
            trace::flow,
            "getFlow",
            "One flow with all that was said in it",
        )
        .about("Secrets are masked: the same secret has the same mask throughout.")
        .at::<String>("flow", FLOW_ID)
        .gives::<FlowTrace>("The flow.")
        .refuses(404, "not_found", NO_FLOW),
        get(
            "/findings",
            trace::findings,
            "listFindings",
            "What was found",
        )
        .asks::<trace::Filter>()
        .gives::<trace::Findings>("In the order of the flows.")
        .refuses(404, "not_found", NO_FLOW),
        post(
            "/assert/no-findings",
            trace::assert_none,
            "assertNoFindings",
            "Holds the client to having done nothing that is found fault with",
        )
        .about("For the end of a test.")
        .may_take::<trace::Allowed>()
        .gives::<Empty>("Nothing was found but what is allowed.")
        .answers::<trace::FoundSome>(409, "`findings`: something was found.")
        .refuses(404, "not_found", NO_FLOW),
    ]
}

fn the_sandbox() -> Vec<Operation> {
    vec![
        get("/clock", sandbox::clock, "getClock", "The sandbox's clock")
            .gives::<sandbox::Clock>("The time."),
        post(
            "/clock",
            sandbox::advance,
            "moveClock",
            "Moves the sandbox's clock",
        )
        .takes::<sandbox::Advance>()
        .gives::<sandbox::Clock>("The time after it."),
        get(
            "/counters",
            sandbox::counters,
            "getCounters",
            "How often what happened",
        )
        .gives::<Counters>("Since the start or the last reset."),
        post(
            "/reset",
            sandbox::reset,
            "reset",
            "Forgets all that happened",
        )
        .about(
            "Sets the clock right, takes all rules away. With a `seed` all ids, codes and \
                 tokens begin anew from it: the same for the same requests in the same order.",
        )
        .may_take::<sandbox::Reset>()
        .gives::<Empty>("Nothing has happened."),
        get(
            "/events",
            sandbox::events,
            "listen",
            "Hears when something happens",
        )
        .about(
            "Server-sent events: an event `changed` at once, and whenever something \
                 happens. Its data is a number that means nothing but that it is another \
                 one: who listens looks for itself.",
        )
        .answers_as::<String>(
            200,
            "text/event-stream",
            "It goes on until the sandbox ends.",
        ),
    ]
}
