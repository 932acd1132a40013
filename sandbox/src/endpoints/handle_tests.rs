//! Tests of complete requests without a network. The same requests in the same state have the
//! same answers.

use serde_json::Value;

use super::*;
use crate::misbehaviour::Rule;
use crate::provider::testing::*;
use crate::{FlowTrace, Purpose, Refusal};

fn names() -> Names {
    Names::new("127.0.0.1:8080".parse().unwrap(), false, None)
}

fn handle(provider: &mut Provider, sent: &Sent, place: Target) -> Answer {
    let incoming = sent.incoming(place);
    provider.handle(&incoming, &names(), NOW * 1_000).answer
}

/// The status and the body of an answer.
fn parts(answer: &Answer) -> (u16, Value) {
    let body = serde_json::from_slice(answer.body()).unwrap_or_default();
    (answer.status().as_u16(), body)
}

/// The only flow.
fn flow(provider: &Provider) -> FlowTrace {
    let mut flows = provider.trace.iter();
    let (number, flow) = flows.next().unwrap();
    assert!(flows.next().is_none(), "there are more flows than one");
    flow.trace(number, &provider.mask, provider.moment(NOW))
}

/// Logs in and sends the code twice. Returns the answers and the trace.
fn log_in() -> (Vec<(u16, Value)>, FlowTrace) {
    let mut provider = provider();
    let mut asked = Sent::query(&Parameters::authorization(), None);
    asked.accept("application/json");
    let waiting = handle(
        &mut provider,
        &asked,
        Target::Authorize(Purpose::IdentityVerification),
    );
    let mut answers = vec![parts(&waiting)];
    let id = answers[0].1["id"].as_str().unwrap();
    let callback = provider.approve(id, NOW).unwrap();
    let code = parameter(&callback, "code").unwrap();
    let sent = Sent::body(&Parameters::exchange(&code), None);
    for _ in 0..2 {
        answers.push(parts(&handle(&mut provider, &sent, Target::Token)));
    }
    (answers, flow(&provider))
}

#[test]
fn the_same_requests_have_the_same_answers_and_the_same_trace() {
    let (answers, trace) = log_in();
    let statuses: Vec<u16> = answers.iter().map(|(status, _)| *status).collect();
    assert_eq!(statuses, [200, 200, 400]);
    let steps: Vec<Option<u16>> = trace.said.iter().map(|step| step.status).collect();
    // Two steps without a status: the person approves, and the Truid app opens the callback.
    assert_eq!(steps, [Some(200), None, None, Some(200), Some(400)]);
    assert_eq!(log_in(), (answers, trace));
}

#[test]
fn an_impossible_misbehaviour_begins_no_flow_and_uses_no_rule() {
    let mut provider = provider();
    provider.rules.add(Rule::new(Misbehaviour::Slow)).unwrap();
    let sent = Sent::body(&Parameters::refresh("x"), None);
    let mut incoming = sent.incoming(Target::Token);
    incoming.misbehave = Some(Rule::new(Misbehaviour::CallbackTwice));
    let handled = provider.handle(&incoming, &names(), NOW * 1_000);
    assert_eq!(handled.answer.status().as_u16(), 400);
    assert_eq!(handled.active, None);
    assert_eq!(provider.trace.iter().count(), 0);
    assert_eq!(provider.rules.iter().count(), 1);
}

#[test]
fn a_request_to_an_unknown_path_is_traced_and_keeps_the_code_valid() {
    let mut provider = provider();
    let code = provider.code(Purpose::IdentityVerification);
    let sent = Sent::body(&Parameters::exchange(&code), None);
    let refusal = Refusal::own("not_found", "there is nothing at this path");
    let answer = handle(&mut provider, &sent, Target::Unknown(refusal));
    assert_eq!(answer.status().as_u16(), 404);
    assert_eq!(flow(&provider).said.last().unwrap().status, Some(404));
    let tokens = handle(&mut provider, &sent, Target::Token);
    assert_eq!(tokens.status().as_u16(), 200);
}
