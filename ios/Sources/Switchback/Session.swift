import Foundation

/// One person's session at one service. One that was opened twice is the same session in two
/// objects, which are equal.
///
/// **Errors.** What throws throws ``SwitchbackError``, or `CancellationError` where its task is cancelled:
/// ``SwitchbackError/Code-swift.struct/loginRequired`` where the session is over, and
/// ``SwitchbackError/Code-swift.struct/tryAgain`` where the network or the service is not there, by which
/// nobody is logged out.
public final class Session: Sendable {
    let engine: any SessionEngine

    init(_ engine: any SessionEngine) {
        self.engine = engine
    }

    /// Its id, to keep and to open it with later: ``SwitchbackClient/session(_:)``.
    public var id: SessionID { engine.id }

    /// What the person logged in for.
    public var purpose: Purpose { engine.purpose }

    /// When the person logged in, to the second.
    public var loggedInAt: Date { engine.loggedInAt }

    /// When the access token expires, to the second; it is refreshed before that whenever somebody
    /// asks for it.
    public var expiresAt: Date? { engine.expiresAt }

    /// The scope that was granted.
    public var scope: [String] { engine.scope }

    /// What was asked for and not granted.
    public var deniedScopes: [String] { engine.deniedScopes }

    /// Who the person is to this client, where it was read before: for ``LoginRequest/person`` of
    /// the next login.
    public var subject: String? { engine.subject }

    /// Why it is over, where that is known. `nil` does not promise that the service has not ended it
    /// since: ``accessToken()`` finds out.
    public var end: SessionEnd? { engine.end }

    /// Whether the person is logged in, as far as is known now.
    public var currentState: SessionState { SessionState(end: end, expiresAt: expiresAt) }

    /// Whether the person is logged in, now and whenever it changes: whoever shows that somebody is
    /// logged in listens here.
    public var state: SessionStates { SessionStates(session: self) }

    /// An access token that is good: refreshed before, if need be, once for all who ask at the same
    /// time. A refresh goes on when its callers are cancelled.
    ///
    /// In direct mode, or where the backend gives tokens; elsewhere it throws
    /// ``SwitchbackError/Code-swift.struct/configuration``. ``authorize(_:)`` works in both modes.
    public func accessToken() async throws -> AccessToken {
        try await engine.accessToken()
    }

    /// Another access token, after a resource of yours has refused this one (401): by one refresh
    /// for all who ask at the same time.
    /// - Parameter refused: The token that was refused.
    public func accessToken(after refused: AccessToken) async throws -> AccessToken {
        try await engine.accessToken(after: refused)
    }

    /// What to send with a request of the app's own to its backend, or in direct mode to the
    /// provider: an access token that is good, or the backend's cookies. It is for this URL and no
    /// other. Tell ``answered(_:status:setCookie:)`` what came back. `URLSession.data(for:session:)` does
    /// both.
    ///
    /// Throws ``SwitchbackError/Code-swift.struct/configuration`` where the URL is of an origin that this
    /// session is not for.
    public func authorize(_ url: URL) async throws -> Authorization {
        try await engine.authorize(url)
    }

    /// Tells what came back of a request that was sent with an ``Authorization``.
    /// - Parameters:
    ///   - sent: What was sent.
    ///   - status: The status of the answer.
    ///   - setCookie: Its `Set-Cookie` headers, each by itself.
    /// - Returns: `nil` where the answer is the app's; an authorization where the request is to be
    ///   sent again with it, and that answer to be told as well.
    public func answered(
        _ sent: Authorization, status: Int, setCookie: [String] = []
    ) async throws -> Authorization? {
        try await engine.answered(sent, status: status, setCookie: setCookie)
    }

    /// Who the person is, as OpenID user info: from the provider, or from the backend. It is asked for each
    /// time.
    public func userInfo() async throws -> UserInfo {
        try await engine.userInfo()
    }

    /// Who the person is, as a presentation of these claims. A claim whose data was not shared, or
    /// that the person does not have, is not in the answer.
    ///
    /// Throws ``SwitchbackError/Code-swift.struct/configuration`` where the service has no
    /// presentations.
    public func presentation(_ claims: ClaimType...) async throws -> Presentation {
        try await engine.presentation(claims)
    }

    /// Who the person is, as a presentation of these claims, which the app knows as a list.
    public func presentation(of claims: [ClaimType]) async throws -> Presentation {
        try await engine.presentation(claims)
    }

    /// Forgets the session: its tokens or cookies are removed from the store, and the service is
    /// told where it can be. It is final, and wins over a refresh under way, also one in another
    /// process.
    ///
    /// Where it throws the person is **still logged in**.
    @discardableResult
    public func logOut() async throws -> LogOut {
        try await engine.logOut()
    }
}

extension Session: Hashable {
    /// Whether both are the same session.
    public static func == (one: Session, other: Session) -> Bool { one.id == other.id }

    /// Its ``id``.
    public func hash(into hasher: inout Hasher) { hasher.combine(id) }
}

extension Session: Identifiable {}

extension Session: CustomStringConvertible, CustomReflectable {
    /// Its id.
    public var description: String { "Session(\(id))" }

    /// Nothing but ``description``.
    public var customMirror: Mirror { Mirror(closed: self) }
}
