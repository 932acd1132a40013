//! [`BoundedMap`]: a map with numbered entries and a limit, which drops the oldest.

use std::collections::BTreeMap;

/// Below this number of entries, the map keeps ended entries, so that a late request gets the
/// reason of its refusal.
const KEEP_ENDED: usize = 1_000;
/// The number of entries that each insertion examines. More than one, so that ended entries
/// go faster than new ones come.
const EXAMINED: usize = 32;

/// Entries by an increasing number. A full map drops the ended entries that it has examined, and
/// then the oldest entry.
pub(crate) struct BoundedMap<T> {
    entries: BTreeMap<u64, T>,
    next: u64,
    limit: usize,
    /// The number at which the next search for ended entries begins.
    examine_from: u64,
}

impl<T> BoundedMap<T> {
    /// An empty map for at most `limit` entries, and at least one.
    pub(crate) fn new(limit: usize) -> Self {
        BoundedMap {
            entries: BTreeMap::new(),
            next: 1,
            limit: limit.max(1),
            examine_from: 0,
        }
    }

    /// Inserts an entry and returns its number. Numbers are never used again. `has_ended` says
    /// which entries have no use any more.
    pub(crate) fn put(&mut self, entry: T, has_ended: impl Fn(&T) -> bool) -> u64 {
        if self.entries.len() >= self.limit.min(KEEP_ENDED) {
            self.sweep(has_ended);
        }
        self.put_last(entry).0
    }

    /// Inserts an entry; returns its number, and the oldest entry if the map was full.
    pub(crate) fn put_last(&mut self, entry: T) -> (u64, Option<T>) {
        let full = self.entries.len() >= self.limit;
        let removed = if full { self.pop_first() } else { None };
        let number = self.next;
        self.next += 1;
        self.entries.insert(number, entry);
        (number, removed)
    }

    /// Removes the oldest entry.
    pub(crate) fn pop_first(&mut self) -> Option<T> {
        self.entries.pop_first().map(|(_, entry)| entry)
    }

    /// Examines the next few entries, in a circle, and drops those that have ended.
    fn sweep(&mut self, has_ended: impl Fn(&T) -> bool) {
        let examined: Vec<(u64, bool)> = self
            .entries
            .range(self.examine_from..)
            .take(EXAMINED)
            .map(|(number, entry)| (*number, has_ended(entry)))
            .collect();
        self.examine_from = match examined.last() {
            Some((last, _)) if examined.len() == EXAMINED => last + 1,
            _ => 0,
        };
        for (number, _) in examined.iter().filter(|(_, ended)| *ended) {
            self.entries.remove(number);
        }
    }

    /// The entry with this number.
    pub(crate) fn get(&self, number: u64) -> Option<&T> {
        self.entries.get(&number)
    }

    /// The entry with this number, to change it.
    pub(crate) fn get_mut(&mut self, number: u64) -> Option<&mut T> {
        self.entries.get_mut(&number)
    }

    /// All entries, the oldest first.
    pub(crate) fn iter(&self) -> impl DoubleEndedIterator<Item = (u64, &T)> {
        self.entries.iter().map(|(number, entry)| (*number, entry))
    }

    /// Empties the map. Its numbers continue.
    pub(crate) fn clear(&mut self) {
        self.entries.clear();
    }

    /// Empties the map, and starts the numbers again at 1.
    pub(crate) fn restart(&mut self) {
        self.entries.clear();
        self.next = 1;
        self.examine_from = 0;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_oldest_is_dropped_and_no_number_is_used_twice() {
        let mut map = BoundedMap::new(2);
        let live = |_: &char| false;
        let numbers = ['a', 'b', 'c'].map(|entry| map.put(entry, live));
        assert_eq!(numbers, [1, 2, 3]);
        assert_eq!((map.get(1), map.get(3)), (None, Some(&'c')));
        assert_eq!(map.iter().map(|(n, _)| n).collect::<Vec<_>>(), [2, 3]);
        map.clear();
        assert_eq!(map.put('d', live), 4);
        assert_eq!(BoundedMap::new(0).put('x', live), 1);
    }

    #[test]
    fn ended_entries_are_dropped_first() {
        let mut map = BoundedMap::new(2);
        for entry in ['a', 'b', 'c'] {
            map.put(entry, |entry| *entry == 'b');
        }
        assert_eq!(map.iter().map(|(n, _)| n).collect::<Vec<_>>(), [1, 3]);
    }

    #[test]
    fn ended_entries_stay_while_the_map_is_small() {
        let mut map = BoundedMap::new(20_000);
        // Every tenth entry never ends, and must not keep the others in the map.
        let has_ended = |number: &usize| !number.is_multiple_of(10);
        for number in 0..KEEP_ENDED {
            map.put(number, has_ended);
        }
        assert_eq!(map.entries.len(), KEEP_ENDED);
        for number in KEEP_ENDED..8_000 {
            map.put(number, has_ended);
        }
        assert!(map.entries.len() <= KEEP_ENDED, "{}", map.entries.len());
        let live = map.iter().filter(|(_, number)| !has_ended(number)).count();
        assert_eq!(live, 800);
    }
}
