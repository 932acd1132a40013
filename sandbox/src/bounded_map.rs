//! A map with numbered entries and a limit, which forgets the oldest.

use std::collections::BTreeMap;

/// How many entries there are before those that are over begin to go. Until then they
/// stay, so that who comes late is told why it is too late.
const ROOMY: usize = 1_000;
/// How many entries are looked at when one is put in. More than one, so that what is over
/// goes faster than entries come.
const LOOKED_AT: usize = 32;

/// Entries by a number that grows. When there is no more room, those go that are over,
/// as far as they were looked at, and then the oldest.
pub(crate) struct BoundedMap<T> {
    entries: BTreeMap<u64, T>,
    next: u64,
    limit: usize,
    /// Where the next look for entries that are over begins.
    look_from: u64,
}

impl<T> BoundedMap<T> {
    /// An empty map for at most `limit` entries, and for one at least.
    pub(crate) fn new(limit: usize) -> Self {
        BoundedMap {
            entries: BTreeMap::new(),
            next: 1,
            limit: limit.max(1),
            look_from: 0,
        }
    }

    /// Puts an entry in and gives its number. Numbers are never used again. `is_over` says
    /// which entries nothing can come of any more.
    pub(crate) fn put(&mut self, entry: T, is_over: impl Fn(&T) -> bool) -> u64 {
        if self.entries.len() >= self.limit.min(ROOMY) {
            self.sweep(is_over);
        }
        self.put_last(entry).0
    }

    /// Puts an entry in and gives its number, and the oldest that had to go for it.
    pub(crate) fn put_last(&mut self, entry: T) -> (u64, Option<T>) {
        let full = self.entries.len() >= self.limit;
        let gone = if full { self.pop_first() } else { None };
        let number = self.next;
        self.next += 1;
        self.entries.insert(number, entry);
        (number, gone)
    }

    /// Takes the oldest entry out.
    pub(crate) fn pop_first(&mut self) -> Option<T> {
        self.entries.pop_first().map(|(_, entry)| entry)
    }

    /// Looks at the next few entries, round and round, and drops those that are over.
    fn sweep(&mut self, is_over: impl Fn(&T) -> bool) {
        let looked_at: Vec<(u64, bool)> = self
            .entries
            .range(self.look_from..)
            .take(LOOKED_AT)
            .map(|(number, entry)| (*number, is_over(entry)))
            .collect();
        self.look_from = match looked_at.last() {
            Some((last, _)) if looked_at.len() == LOOKED_AT => last + 1,
            _ => 0,
        };
        for (number, _) in looked_at.iter().filter(|(_, over)| *over) {
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

    /// Empties the map. Its numbers go on.
    pub(crate) fn clear(&mut self) {
        self.entries.clear();
    }

    /// Empties the map, and begins again with the numbers.
    pub(crate) fn restart(&mut self) {
        self.entries.clear();
        self.next = 1;
        self.look_from = 0;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_oldest_goes_and_no_number_comes_back() {
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
    fn what_is_over_goes_before_what_is_not() {
        let mut map = BoundedMap::new(2);
        for entry in ['a', 'b', 'c'] {
            map.put(entry, |entry| *entry == 'b');
        }
        assert_eq!(map.iter().map(|(n, _)| n).collect::<Vec<_>>(), [1, 3]);
    }

    #[test]
    fn what_is_over_stays_while_there_is_room_and_goes_then() {
        let mut map = BoundedMap::new(20_000);
        // Every tenth entry is good for ever, and must not keep the others in.
        let is_over = |number: &usize| !number.is_multiple_of(10);
        for number in 0..ROOMY {
            map.put(number, is_over);
        }
        assert_eq!(map.entries.len(), ROOMY);
        for number in ROOMY..8_000 {
            map.put(number, is_over);
        }
        assert!(map.entries.len() <= ROOMY, "{}", map.entries.len());
        let live = map.iter().filter(|(_, number)| !is_over(number)).count();
        assert_eq!(live, 800);
    }
}
