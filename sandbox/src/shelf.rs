//! A map with numbered entries and a limit.

use std::collections::BTreeMap;

/// Entries by a number that grows. The oldest goes when there is no more room.
pub(crate) struct Shelf<T> {
    entries: BTreeMap<u64, T>,
    next: u64,
    limit: usize,
}

impl<T> Shelf<T> {
    /// An empty shelf for at most `limit` entries, and for one at least.
    pub(crate) fn new(limit: usize) -> Self {
        Shelf {
            entries: BTreeMap::new(),
            next: 1,
            limit: limit.max(1),
        }
    }

    /// Puts an entry in and gives its number. Numbers are never used again.
    pub(crate) fn put(&mut self, entry: T) -> u64 {
        while self.entries.len() >= self.limit {
            self.entries.pop_first();
        }
        let number = self.next;
        self.next += 1;
        self.entries.insert(number, entry);
        number
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
    pub(crate) fn iter(&self) -> impl Iterator<Item = (u64, &T)> {
        self.entries.iter().map(|(number, entry)| (*number, entry))
    }

    /// All entries, to change them.
    pub(crate) fn values_mut(&mut self) -> impl Iterator<Item = &mut T> {
        self.entries.values_mut()
    }

    /// Empties the shelf. Its numbers go on.
    pub(crate) fn clear(&mut self) {
        self.entries.clear();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_oldest_goes_and_no_number_comes_back() {
        let mut shelf = Shelf::new(2);
        assert_eq!((shelf.put('a'), shelf.put('b'), shelf.put('c')), (1, 2, 3));
        assert_eq!((shelf.get(1), shelf.get(3)), (None, Some(&'c')));
        assert_eq!(shelf.iter().map(|(n, _)| n).collect::<Vec<_>>(), [2, 3]);
        shelf.clear();
        assert_eq!(shelf.put('d'), 4);
        assert_eq!(Shelf::new(0).put('x'), 1);
    }
}
