import SwitchbackBindings

/// The events of a session as a sequence that never ends. It begins with the last event, if there was
/// one. A slow listener gets the newest event and may miss others.
extension SessionEvents: AsyncSequence {
    package typealias Element = SessionEvent

    package func makeAsyncIterator() -> Iterator {
        Iterator(events: self)
    }

    /// An iterator that never ends.
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
