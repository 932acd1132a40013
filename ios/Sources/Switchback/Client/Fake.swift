import Foundation

extension SwitchbackClient {
    /// A client for previews and for tests of screens. Every login immediately has the same
    /// outcome. The client opens, stores and sends nothing. ``current`` and ``events`` work as in
    /// a real client: no person is logged in before the first login.
    public static func fake(outcome: LoginOutcome = .loggedIn(.fake())) -> SwitchbackClient {
        let opener = FakeOpener()
        let client = SwitchbackClient(FakeClient(outcome: outcome), opener: opener, timing: .system)
        opener.client.update { $0.client = client }
        return client
    }
}

extension Session {
    /// A session for previews and for tests of screens. ``presentation(_:)`` and ``userInfo()``
    /// return the values that are passed here, and ``logOut()`` works. The session stores and
    /// sends nothing.
    public static func fake(
        id: SessionID = SessionID(rawValue: String(repeating: "0", count: 32)), purpose: Purpose = .login,
        claims: [ClaimType: String] = [:], userInfo: UserInfo = UserInfo(subject: "a person"),
        deniedScopes: [String] = []
    ) -> Session {
        Session(
            FakeSession(
                id: id, purpose: purpose, loggedInAt: Date(), deniedScopes: deniedScopes, claims: claims,
                info: userInfo))
    }
}

/// Returns at once.
private final class FakeOpener: URLOpener {
    struct Weak {
        weak var client: SwitchbackClient?
    }

    let client = Guarded(Weak())

    func open(_ url: URL) async -> Bool {
        client.read { $0.client }?.handle(url) ?? false
    }
}

private final class FakeClient: ClientEngine {
    private struct State {
        var logins: [AttemptID] = []
        var number = 0
        var sessions: [Session] = []
    }

    private static let baseURL = "https://fake.invalid/"
    private let outcome: LoginOutcome
    private let state = Guarded(State())

    init(outcome: LoginOutcome) {
        self.outcome = outcome
    }

    var clockOffset: TimeInterval? { nil }

    func begin(_ request: LoginRequest, under session: Session?) async throws -> BegunLogin {
        let id = state.update { state in
            state.number += 1
            let id = AttemptID(rawValue: "\(state.number)")
            state.logins.append(id)
            return id
        }
        return login(id)
    }

    private func login(_ id: AttemptID) -> BegunLogin {
        BegunLogin(
            id: id, url: URL(string: Self.baseURL + id.rawValue) ?? URL(fileURLWithPath: "/"),
            expiresAt: .distantFuture)
    }

    func reopen(_ id: AttemptID) async throws -> BegunLogin? {
        state.read { $0.logins.contains(id) } ? login(id) : nil
    }

    func accepts(_ link: URL) -> Bool { link.absoluteString.hasPrefix(Self.baseURL) }

    func attempt(of link: URL) async throws -> AttemptID? { AttemptID(rawValue: link.lastPathComponent) }

    func complete(_ link: URL, of attempt: AttemptID?) async throws -> LoginOutcome {
        let id = AttemptID(rawValue: link.lastPathComponent)
        return state.update { state in
            guard let login = state.logins.firstIndex(of: id) else { return .failed(LoginFailure(.unknown)) }
            state.logins.remove(at: login)
            if case .loggedIn(let session) = outcome, !state.sessions.contains(session) {
                state.sessions.append(session)
            }
            return outcome
        }
    }

    func pendingLogins() async throws -> [PendingLogin] { [] }

    func cancelLogin(_ id: AttemptID) async throws {
        state.update { $0.logins.removeAll { $0 == id } }
    }

    func timeline(_ id: AttemptID) async throws -> [TimelineEntry]? { nil }

    func record(_ entries: [TimelineEntry], of id: AttemptID) async throws {}

    func sessions() async throws -> [SessionID] {
        state.read { $0.sessions.filter { $0.end == nil }.map(\.id) }
    }

    func session(_ id: SessionID) async throws -> Session {
        guard let session = state.read({ $0.sessions.first { $0.id == id } }) else {
            throw SwitchbackError(
                .loginRequired, detail: SessionEnd.noSession.rawValue, reason: .noSession,
                "there is no such session")
        }
        return session
    }

    func removeSession(_ id: SessionID) async throws {
        guard let session = state.read({ $0.sessions.first { $0.id == id } }) else { return }
        _ = try? await session.engine.logOut()
        state.update { $0.sessions.removeAll { $0.id == id } }
    }
}

private final class FakeSession: SessionEngine {
    let id: SessionID
    let purpose: Purpose
    let loggedInAt: Date
    let deniedScopes: [String]
    private let claims: [ClaimType: String]
    private let info: UserInfo
    private let isOver = Guarded(false)

    init(
        id: SessionID, purpose: Purpose, loggedInAt: Date, deniedScopes: [String],
        claims: [ClaimType: String], info: UserInfo
    ) {
        self.id = id
        self.purpose = purpose
        self.loggedInAt = loggedInAt
        self.deniedScopes = deniedScopes
        self.claims = claims
        self.info = info
    }

    var expiresAt: Date? { nil }
    var scope: [String] { [] }
    var subject: String? { info.subject }
    var end: SessionEnd? { isOver.read { $0 } ? .loggedOut : nil }

    func changes() -> @Sendable (Int64) async throws -> Int64 {
        { [isOver] number in
            guard await isOver.first({ $0 && number == 0 ? true : nil }) != nil else {
                throw CancellationError()
            }
            return 1
        }
    }

    private func use() throws {
        guard end == nil else {
            throw SwitchbackError(
                .loginRequired, detail: SessionEnd.loggedOut.rawValue, reason: .loggedOut,
                "the person must log in again: the person logged out in this app")
        }
    }

    func accessToken() async throws -> AccessToken {
        try use()
        return AccessToken("fake")
    }

    func accessToken(after refused: AccessToken) async throws -> AccessToken { try await accessToken() }

    func authorize(_ url: URL) async throws -> Authorization {
        let token = try await accessToken()
        return Authorization(
            url: url, headers: [HTTPHeader(name: "authorization", value: "Bearer \(token.value)")])
    }

    func answered(_ sent: Authorization, status: Int, setCookie: [String]) async throws -> Authorization? {
        nil
    }

    func userInfo() async throws -> UserInfo {
        try use()
        return info
    }

    func presentation(_ asked: [ClaimType]) async throws -> Presentation {
        try use()
        let shared = asked.compactMap { type in claims[type].map { Claim(type: type, text: $0) } }
        return Presentation(subject: info.subject, claims: shared)
    }

    func signature(_ verifier: SignatureVerifier) async throws -> DocumentSignature {
        throw SwitchbackError(.configuration, "a fake session has no signature")
    }

    func logOut() async throws -> LogOut {
        try use()
        isOver.update { $0 = true }
        return LogOut(.done)
    }
}
