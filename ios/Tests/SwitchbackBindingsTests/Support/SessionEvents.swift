import SwitchbackBindings

/// The events of a session as a sequence that never ends: the last one first, where there was
/// one. Whoever is slow sees the newest and not each.
extension SessionEvents: AsyncSequence {
    package typealias Element = SessionEvent

    package func makeAsyncIterator() -> Iterator {
        Iterator(events: self)
    }

    /// Gives one change after the other, and never ends.
    package struct Iterator: AsyncIteratorProtocol {
        let events: SessionEvents
        private var number: Int64 = 0

        init(events: SessionEvents) {
            self.events = events
        }

        package mutating func next() async throws -> SessionEvent? {
            let changed = try await events.next(after: number)
            number = changed.number
            return changed.event
        }
    }
}
