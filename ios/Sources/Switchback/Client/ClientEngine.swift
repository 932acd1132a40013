import Foundation
internal import SwitchbackBindings

/// The implementation of a ``SwitchbackClient``: the native library, or a fake.
protocol ClientEngine: Sendable {
    /// In seconds.
    var clockOffset: TimeInterval? { get }

    func begin(_ request: LoginRequest, under session: Session?) async throws -> BegunLogin
    func reopen(_ id: AttemptID) async throws -> BegunLogin?
    func accepts(_ link: URL) -> Bool
    func attempt(of link: URL) async throws -> AttemptID?
    /// Completes the attempt that ``attempt(of:)`` found for this link.
    func complete(_ link: URL, of attempt: AttemptID?) async throws -> LoginOutcome
    func pendingLogins() async throws -> [PendingLogin]
    func cancelLogin(_ id: AttemptID) async throws
    func timeline(_ id: AttemptID) async throws -> [TimelineEntry]?
    /// Adds entries to the timeline of a login.
    func record(_ entries: [TimelineEntry], of id: AttemptID) async throws
    /// What a login opens, and where it comes back to; `nil` if the provider does not have this
    /// purpose.
    func links(_ purpose: Purpose) -> Links?
    /// The sessions that have not ended, as far as is known, in the order of
    /// ``SwitchbackClient/sessions()``.
    func sessions() async throws -> [SessionID]
    func session(_ id: SessionID) async throws -> Session
    func removeSession(_ id: SessionID) async throws
}

extension ClientEngine {
    /// A fake opens nothing.
    func links(_ purpose: Purpose) -> Links? { nil }

    /// These sessions, opened.
    func openSessions() async throws -> [Session] {
        var sessions: [Session] = []
        for id in try await self.sessions() {
            do {
                sessions.append(try await session(id))
            } catch SwitchbackError.Code.loginRequired {
                // It ended after the list was read.
            }
        }
        return sessions.filter { $0.end == nil }
    }
}

/// A client of the native library.
final class LiveClient: ClientEngine {
    private let generated: SwitchbackBindings.Client
    /// The sessions that have not ended. Opening a session twice returns the same object.
    private let opened = Guarded<[SessionID: Session]>([:])

    init(generated: SwitchbackBindings.Client) {
        self.generated = generated
    }

    var clockOffset: TimeInterval? { generated.clockOffset().map { TimeInterval($0) } }

    func begin(_ request: LoginRequest, under session: Session?) async throws -> BegunLogin {
        try BegunLogin(
            try await translated {
                guard let session else { return try await generated.begin(request: request.generated) }
                guard let live = session.engine as? LiveSession else {
                    throw SwitchbackError(
                        .configuration, "a login cannot begin under a fake session: pass a real one")
                }
                return try await live.generated.begin(request: request.generated)
            })
    }

    func reopen(_ id: AttemptID) async throws -> BegunLogin? {
        try await translated { try await generated.reopen(attempt: id.rawValue) }.map { try BegunLogin($0) }
    }

    func accepts(_ link: URL) -> Bool {
        generated.accepts(url: link.absoluteString)
    }

    func attempt(of link: URL) async throws -> AttemptID? {
        let id = try await translated { try await generated.attemptOf(url: link.absoluteString) }
        return id.map { AttemptID(rawValue: $0) }
    }

    func complete(_ link: URL, of attempt: AttemptID?) async throws -> LoginOutcome {
        switch try await translated({ try await generated.complete(url: link.absoluteString) }) {
        case .loggedIn(let id, _): .loggedIn(try await session(SessionID(rawValue: id)))
        case .declined: .declined(attempt: attempt)
        case .refused(let error, let isInterrupted):
            .failed(
                LoginFailure(
                    isInterrupted ? .interrupted : .refused, oauthError: OAuthError(error), attempt: attempt))
        case .notOurs: .failed(LoginFailure(.notOurs))
        case .malformed(let reason): .failed(LoginFailure(malformed: reason))
        // Anyone can make a link with any attempt.
        case .unknown: .failed(LoginFailure(.unknown))
        case .expired: .failed(LoginFailure(.expired, attempt: attempt))
        case .replayed: .failed(LoginFailure(.replayed, attempt: attempt))
        case .forgotten: .failed(LoginFailure(.forgotten, attempt: attempt))
        case .otherPerson: .failed(LoginFailure(.otherPerson, attempt: attempt))
        }
    }

    func pendingLogins() async throws -> [PendingLogin] {
        try await translated { try await generated.pendingLogins() }.map { PendingLogin($0) }
    }

    func cancelLogin(_ id: AttemptID) async throws {
        try await translated { try await generated.cancelLogin(attempt: id.rawValue) }
    }

    func timeline(_ id: AttemptID) async throws -> [TimelineEntry]? {
        try await translated { try await generated.timeline(attempt: id.rawValue) }?
            .map { TimelineEntry($0) }
    }

    func record(_ entries: [TimelineEntry], of id: AttemptID) async throws {
        try await translated {
            try await generated.record(attempt: id.rawValue, entries: entries.map(\.generated))
        }
    }

    func links(_ purpose: Purpose) -> Links? {
        generated.links(purpose: purpose.generated)
    }

    func sessions() async throws -> [SessionID] {
        try await translated { try await generated.sessions() }.map { SessionID(rawValue: $0) }
    }

    func session(_ id: SessionID) async throws -> Session {
        let live = LiveSession(
            generated: try await translated { try await generated.session(id: id.rawValue) })
        return opened.read { opened in
            if let session = opened[id], session.end == nil { return session }
            let session = Session(live)
            opened[id] = session
            return session
        }
    }

    func removeSession(_ id: SessionID) async throws {
        try await translated { try await generated.removeSession(id: id.rawValue) }
    }
}

extension BegunLogin {
    fileprivate init(_ generated: SwitchbackBindings.LoginAttempt) throws {
        guard let url = URL(string: generated.url) else {
            throw SwitchbackError(.internalError, "Foundation cannot read the URL of the login")
        }
        self.init(
            id: AttemptID(rawValue: generated.id), url: url, expiresAt: Date(epoch: generated.expiresAt))
    }
}
