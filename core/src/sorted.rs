//! Sorts what a phone has few of.

/// The items in this order. Not `sort`, whose code has 4 kB for each type: every phone has it.
pub(crate) fn sorted<T>(
    items: impl Iterator<Item = T>,
    is_before: impl Fn(&T, &T) -> bool,
) -> Vec<T> {
    let mut sorted = Vec::new();
    for item in items {
        let place = sorted.partition_point(|other| is_before(other, &item));
        sorted.insert(place, item);
    }
    sorted
}
