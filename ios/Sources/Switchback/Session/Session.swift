import Foundation

/// One person's session at one service. It provides an access token that is always valid, and the
/// person's claims. Two sessions are equal if their ``id`` is equal.
///
/// **Errors.** All throwing calls throw ``SwitchbackError``, or `CancellationError` if the task
/// is cancelled. The code is ``SwitchbackError/Code-swift.struct/loginRequired`` if the session
/// has ended, and ``SwitchbackError/Code-swift.struct/tryAgain`` if the network or the service is
/// not available; the person is then still logged in.
public final class Session: Sendable {
    let engine: any SessionEngine
    /// The clients whose current session this is or was.
    let followers = Guarded<[CurrentSessionWatch.Weak]>([])

    init(_ engine: any SessionEngine) {
        self.engine = engine
    }

    /// The id. An app can store it, and open the session with it later:
    /// ``SwitchbackClient/session(_:)``.
    public var id: SessionID { engine.id }

    /// The purpose of the login.
    public var purpose: Purpose { engine.purpose }

    /// When the person logged in, to the second.
    public var loggedInAt: Date { engine.loggedInAt }

    /// When the access token expires, to the second; `nil` if that is unknown. ``accessToken()``
    /// refreshes it before.
    public var expiresAt: Date? { engine.expiresAt }

    /// The scope that the service granted.
    public var scope: [String] { engine.scope }

    /// The data that the app asked for and the service did not grant.
    public var deniedScopes: [String] { engine.deniedScopes }

    /// The identifier of the person at this client, for ``LoginRequest/person``; `nil` if the
    /// client has not read it yet.
    public var subject: String? { engine.subject }

    /// Why the session has ended; `nil` if it has not ended as far as this client knows. The
    /// service may have ended it in the meantime: ``accessToken()`` finds out.
    public var end: SessionEnd? { engine.end }

    /// Whether the person is logged in by this session, as far as this client knows.
    public var currentState: SessionState { SessionState(end: end, expiresAt: expiresAt) }

    /// Whether the person is logged in by this session: the state now, and each change.
    public var state: SessionStates { SessionStates(session: self) }

    /// A valid access token. If necessary, the session refreshes it first, with one request for
    /// all concurrent callers. The refresh continues if its callers are cancelled.
    ///
    /// This works in direct mode, and if the backend gives tokens to the app; otherwise it throws
    /// ``SwitchbackError/Code-swift.struct/configuration``. ``authorize(_:)`` works in both
    /// modes.
    public func accessToken() async throws -> AccessToken {
        try await calling { try await $0.accessToken() }
    }

    /// A new access token, after a resource server refused this one with 401. All concurrent
    /// callers share one refresh.
    /// - Parameter refused: The token that was refused.
    public func accessToken(after refused: AccessToken) async throws -> AccessToken {
        try await calling { try await $0.accessToken(after: refused) }
    }

    /// The headers for a request of the app to its backend, or in direct mode to the provider: a
    /// valid access token, or the backend's cookies. The headers are for this URL only.
    /// Afterwards, pass the response to ``answered(_:status:setCookie:)``.
    /// `URLSession.data(for:session:)` does both.
    ///
    /// Throws ``SwitchbackError/Code-swift.struct/configuration`` if the URL belongs neither to
    /// the backend nor to the provider.
    public func authorize(_ url: URL) async throws -> Authorization {
        try await calling { try await $0.authorize(url) }
    }

    /// Reports the response to a request that was sent with an ``Authorization``.
    /// - Parameters:
    ///   - sent: The authorization that the request was sent with.
    ///   - status: The status of the response.
    ///   - setCookie: Its `Set-Cookie` headers, each separately.
    /// - Returns: `nil` if the response is for the app; otherwise the authorization for sending
    ///   the same request again. Report that response, too.
    public func answered(
        _ sent: Authorization, status: Int, setCookie: [String] = []
    ) async throws -> Authorization? {
        try await calling { try await $0.answered(sent, status: status, setCookie: setCookie) }
    }

    /// Reads the OpenID user info of the person from the provider or the backend, each time it is
    /// called.
    public func userInfo() async throws -> UserInfo {
        try await calling { try await $0.userInfo() }
    }

    /// Reads a presentation of these claims. A claim is not in it if the person did not share its
    /// data, or has no such data.
    ///
    /// Throws ``SwitchbackError/Code-swift.struct/configuration`` if the service has no
    /// presentations.
    public func presentation(_ claims: ClaimType...) async throws -> Presentation {
        try await calling { try await $0.presentation(claims) }
    }

    /// Reads a presentation of the claims in this list.
    public func presentation(of claims: [ClaimType]) async throws -> Presentation {
        try await calling { try await $0.presentation(claims) }
    }

    /// Fetches the signature of a login for ``Purpose/signing`` from the provider, in direct mode,
    /// and verifies it against what the person was asked to sign, which is stored with the session.
    /// The provider returns it for a limited time (Truid: 30 days), as often as it is requested. A
    /// wrong signature is a report, and throws nothing.
    ///
    /// Throws ``SwitchbackError/Code-swift.struct/configuration`` if the login was no signing, and in
    /// mediated mode, where the backend fetches and verifies the signature.
    public func signature(_ verifier: SignatureVerifier) async throws -> DocumentSignature {
        try await calling { try await $0.signature(verifier) }
    }

    /// Ends the session: removes its tokens or cookies from the store, and revokes the session at
    /// the service, if the service supports that. A logout is final. It takes precedence over a
    /// concurrent refresh, also in another process.
    ///
    /// When it returns, ``state`` and ``SwitchbackClient/current`` already show the logout. If it
    /// throws, the person is **still logged in**.
    @discardableResult
    public func logOut() async throws -> LogOut {
        try await calling { try await $0.logOut() }
    }
}

extension Session {
    /// Runs the call. If it ended the session, ``SwitchbackClient/current`` already shows that
    /// when this returns or throws.
    func calling<Value>(_ call: (any SessionEngine) async throws -> Value) async throws -> Value {
        let result: Result<Value, any Error>
        do { result = .success(try await call(engine)) } catch { result = .failure(error) }
        if end != nil {
            for follower in followers.read({ $0 }) { await follower.watch?.read() }
        }
        return try result.get()
    }

    /// From now on this watch reads the store before a call returns that ended this session.
    func follow(with watch: CurrentSessionWatch) {
        followers.read { followers in
            guard !followers.contains(where: { $0.watch === watch }) else { return }
            followers.append(CurrentSessionWatch.Weak(watch: watch))
        }
    }
}

extension Session: Hashable {
    /// Whether both have the same ``id``.
    public static func == (one: Session, other: Session) -> Bool { one.id == other.id }

    /// Its ``id``.
    public func hash(into hasher: inout Hasher) { hasher.combine(id) }
}

extension Session: Identifiable {}

extension Session: CustomStringConvertible, CustomReflectable {
    /// Its id.
    public var description: String { "Session(\(id))" }

    /// A mirror that shows only ``description``, and no property.
    public var customMirror: Mirror { Mirror(closed: self) }
}
