//! Ids that begin with the second in which they were made. UUID version 7 does the same with
//! milliseconds (RFC 9562 sections 5.7 and 6.13). Rows with such ids are added and removed in the
//! order of their index, so that each operation touches few pages of a large database.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use switchback_protocol::Secret;
use switchback_protocol::attempt::AttemptId;

/// The number of bytes that hold the second; the rest is random.
const SECOND_BYTES: usize = 4;

/// Writes the second over the first random bytes.
pub(crate) fn stamp(random: &mut [u8], second: i64) {
    let second = u32::try_from(second).unwrap_or_default();
    if let Some(front) = random.first_chunk_mut::<SECOND_BYTES>() {
        *front = second.to_be_bytes();
    }
}

/// The second at the start of a name.
pub(crate) fn second(name: &[u8]) -> u32 {
    let front = name.first_chunk::<SECOND_BYTES>();
    front.map_or(0, |front| u32::from_be_bytes(*front))
}

/// A row id: the second in hexadecimal, which keeps the order, and a hash.
pub(crate) fn id(name: &[u8], hash: &str) -> String {
    format!("{:08x}{hash}", second(name))
}

/// The id of the login with this `state`. A `state` that this service did not make leads to an id
/// that no login has.
pub(crate) fn attempt_id(state: &Secret) -> AttemptId {
    let hash = AttemptId::of(state);
    // Eight characters of base64url are six bytes.
    let front = state.expose().get(..8);
    let front = front.and_then(|front| URL_SAFE_NO_PAD.decode(front).ok());
    let id = id(&front.unwrap_or_default(), &hash.as_str()[..24]);
    id.parse().unwrap_or(hash)
}

#[cfg(test)]
mod tests {
    use super::*;
    use switchback_protocol::Random;

    fn state(second: i64, random: u8) -> Secret {
        let mut bytes = [random; 32];
        stamp(&mut bytes, second);
        Secret::from(&Random::new(&bytes))
    }

    #[test]
    fn ids_sort_by_the_second() {
        let id = |second, random| attempt_id(&state(second, random));
        let seconds = [0, 1, 255, 256, 1_800_000_000, 4_294_967_295];
        let ids: Vec<_> = seconds.iter().map(|second| id(*second, 7)).collect();
        assert!(ids.is_sorted_by_key(|id| id.as_str()), "{ids:?}");
        assert_eq!(&id(1_800_000_000, 7).as_str()[..8], "6b49d200");
        assert_ne!(id(9, 7), id(9, 8));
        assert_eq!(id(9, 7).as_str()[..8], id(9, 8).as_str()[..8]);
    }

    #[test]
    fn a_foreign_state_has_an_id() {
        for text in ["", "x", "%%%%%%%%%%%%", "ååååååååååå", &"a".repeat(10_000)] {
            assert_eq!(attempt_id(&text.into()).as_str().len(), 32, "{text}");
        }
    }
}
