import Foundation

/// Whether the person is logged in by a session.
public enum SessionState: Hashable, Sendable {
    /// The person is logged in. The access token expires at this time, if that is known; the
    /// session refreshes it before.
    case loggedIn(expiresAt: Date?)
    /// The person logged out in this app.
    case loggedOut
    /// The session ended, but not by a logout in this app: offer a login, and say why with
    /// ``SessionEnd/userMessage``.
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

/// The states of a session: the state now, and each change. A slow listener gets the newest state
/// and may miss others.
///
/// The sequence ends after the state in which the session has ended, or when its task is
/// cancelled.
public struct SessionStates: AsyncSequence, Sendable {
    /// One state.
    public typealias Element = SessionState
    let session: Session

    /// Returns an iterator over the states.
    public func makeAsyncIterator() -> Iterator {
        Iterator(session: session, changed: session.engine.changes())
    }

    /// An iterator over the states.
    public struct Iterator: AsyncIteratorProtocol {
        let session: Session
        let changed: @Sendable (Int64) async throws -> Int64
        private var number: Int64 = 0
        private var last: SessionState?

        init(session: Session, changed: @escaping @Sendable (Int64) async throws -> Int64) {
            self.session = session
            self.changed = changed
        }

        /// The next state; `nil` after the last one, or if the task is cancelled.
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
