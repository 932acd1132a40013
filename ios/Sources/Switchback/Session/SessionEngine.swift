import Foundation
internal import SwitchbackBindings

/// The implementation of a ``Session``: the native library, or a fake.
protocol SessionEngine: Sendable {
    var id: SessionID { get }
    var purpose: Purpose { get }
    var loggedInAt: Date { get }
    var expiresAt: Date? { get }
    var scope: [String] { get }
    var deniedScopes: [String] { get }
    var subject: String? { get }
    var end: SessionEnd? { get }

    /// Returns a function for one listener. It waits for the change after the one with this
    /// number (0 at first), and returns its number.
    func changes() -> @Sendable (Int64) async throws -> Int64
    func accessToken() async throws -> AccessToken
    func accessToken(after refused: AccessToken) async throws -> AccessToken
    func authorize(_ url: URL) async throws -> Authorization
    func answered(_ sent: Authorization, status: Int, setCookie: [String]) async throws -> Authorization?
    func userInfo() async throws -> UserInfo
    func presentation(_ claims: [ClaimType]) async throws -> Presentation
    func signature(_ verifier: SignatureVerifier) async throws -> DocumentSignature
    func logOut() async throws -> LogOut
}

/// A session of the native library.
struct LiveSession: SessionEngine {
    let generated: SwitchbackBindings.Session

    var id: SessionID { SessionID(rawValue: generated.id()) }
    var purpose: Purpose { Purpose(generated.purpose()) }
    var loggedInAt: Date { Date(epoch: generated.loggedInAt()) }
    var expiresAt: Date? { generated.expiresAt().map { Date(epoch: $0) } }
    var scope: [String] { generated.scope() }
    var deniedScopes: [String] { generated.deniedScopes() }
    var subject: String? { generated.subject() }
    var end: SessionEnd? { generated.ended().map { SessionEnd($0) } }

    func changes() -> @Sendable (Int64) async throws -> Int64 {
        let events = generated.events()
        return { number in try await events.next(after: number).number }
    }

    func accessToken() async throws -> AccessToken {
        AccessToken(try await translated { try await generated.accessToken().expose() })
    }

    func accessToken(after refused: AccessToken) async throws -> AccessToken {
        AccessToken(
            try await translated { try await generated.accessTokenAfter(refused: refused.value).expose() })
    }

    func authorize(_ url: URL) async throws -> Authorization {
        let made = try await translated { try await generated.authorize(url: url.absoluteString) }
        return Authorization(made, for: url)
    }

    func answered(_ sent: Authorization, status: Int, setCookie: [String]) async throws -> Authorization? {
        guard let authorization = sent.generated else {
            throw SwitchbackError(
                .configuration, "the authorization is from a fake session: use this session's")
        }
        let next = try await translated {
            try await generated.answered(
                sent: authorization, status: Int32(clamping: status), setCookie: setCookie)
        }
        return next.map { Authorization($0, for: sent.url) }
    }

    func userInfo() async throws -> UserInfo {
        UserInfo(try await translated { try await generated.userInfo() })
    }

    func presentation(_ claims: [ClaimType]) async throws -> Presentation {
        Presentation(
            try await translated { try await generated.presentation(claims: claims.map(\.rawValue)) })
    }

    func signature(_ verifier: SignatureVerifier) async throws -> DocumentSignature {
        DocumentSignature(try await translated { try await verifier.generated.fetch(session: generated) })
    }

    func logOut() async throws -> LogOut {
        LogOut(try await translated { try await generated.logOut() })
    }
}
