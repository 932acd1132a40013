/// The changes of a session as a sequence that never ends: the last one first, where there was
/// one. Whoever is slow sees the newest and not each.
extension Changes: AsyncSequence {
    public typealias Element = Change

    public func makeAsyncIterator() -> Iterator {
        Iterator(changes: self)
    }

    /// Gives one change after the other, and never ends.
    public struct Iterator: AsyncIteratorProtocol {
        let changes: Changes
        private var number: Int64 = 0

        init(changes: Changes) {
            self.changes = changes
        }

        public mutating func next() async throws -> Change? {
            let changed = try await changes.next(after: number)
            number = changed.number
            return changed.change
        }
    }
}
