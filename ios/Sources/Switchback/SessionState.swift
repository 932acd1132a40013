import Foundation

/// Whether the person of a session is logged in.
public enum SessionState: Hashable, Sendable {
    /// The person is logged in. The access token expires at this moment, where that is known, and
    /// is refreshed before that whenever somebody asks for it.
    case loggedIn(expiresAt: Date?)
    /// Somebody logged out here: show who is not logged in.
    case loggedOut
    /// The session is over without anybody here having asked for it: offer a login, and say why
    /// with ``SessionEnd/userMessage``.
    case loginRequired(reason: SessionEnd)

    init(end: SessionEnd?, expiresAt: Date?) {
        switch end {
        case nil: self = .loggedIn(expiresAt: expiresAt)
        case .loggedOut?: self = .loggedOut
        case let reason?: self = .loginRequired(reason: reason)
        }
    }

    var isOver: Bool {
        if case .loggedIn = self { false } else { true }
    }
}

/// The states of a session: the present one first, then each change. Whoever is slow sees the
/// newest and not each.
///
/// The sequence ends behind the state in which the session is over, and where its task is
/// cancelled.
public struct SessionStates: AsyncSequence, Sendable {
    /// One state.
    public typealias Element = SessionState
    let session: Session

    /// Gives one state after the other.
    public func makeAsyncIterator() -> Iterator {
        Iterator(session: session, changed: session.engine.changes())
    }

    /// Gives one state after the other.
    public struct Iterator: AsyncIteratorProtocol {
        let session: Session
        let changed: @Sendable (Int64) async throws -> Int64
        private var number: Int64 = 0
        private var last: SessionState?

        init(session: Session, changed: @escaping @Sendable (Int64) async throws -> Int64) {
            self.session = session
            self.changed = changed
        }

        /// The next state; `nil` behind the last one, and where the task is cancelled.
        public mutating func next() async -> SessionState? {
            guard last?.isOver != true else { return nil }
            while session.currentState == last {
                guard let next = try? await changed(number) else { return nil }
                number = next
            }
            last = session.currentState
            return last
        }
    }
}
