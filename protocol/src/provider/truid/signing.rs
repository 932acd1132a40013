//! Signing with Truid: the parameters of its guide ("JAdES Level Baseline-B signature detached") and
//! the headers of its signatures.

use alloc::borrow::ToOwned as _;
use alloc::string::String;
use alloc::vec;
use alloc::vec::Vec;

use switchback_jades::DigestInput;

use crate::provider::SigningFacts;
use crate::signature::SignRequest;

pub(super) const FACTS: SigningFacts = SigningFacts {
    signature: "/exchange/v1/signature",
    parameters,
    user_message: "truid.app/user_message/v1",
    presentation: Some("truid.app/presentation/v1"),
    subject_prefix: Some("ppid="),
};

fn parameters(request: &SignRequest) -> Vec<(&'static str, String)> {
    let digest = request.digest();
    let b64 = match digest.input() {
        DigestInput::Document => "false",
        DigestInput::Base64url => "true",
    };
    let mut parameters = vec![
        ("signature_profile", "aes_jades_baseline_b-b".to_owned()),
        ("jws_serialization", "compact".to_owned()),
        ("jws_packaging", "detached".to_owned()),
        ("data_object_id", request.id.clone()),
        ("data_object_digest", digest.base64url()),
        ("data_object_digest_algorithm", "S256".to_owned()),
        ("data_object_b64", b64.to_owned()),
    ];
    if let Some(content_type) = &request.content_type {
        parameters.push(("data_object_content_type", content_type.clone()));
    }
    parameters.push(("user_message", request.user_message.clone()));
    parameters
}
