import Foundation
internal import SwitchbackBindings

/// The service that a person logs in with. Each service has a function that makes one.
public struct Provider: Hashable, Sendable {
    let generated: SwitchbackBindings.Provider

    /// Truid.
    ///
    /// What Truid does not document (an issuer, a path to revoke tokens or to end the person's
    /// session with Truid) can be set.
    /// - Parameters:
    ///   - baseURL: A test environment, or a sandbox on loopback. Without it
    ///     `https://api.truid.app`.
    ///   - issuer: The issuer that every callback must name (RFC 9207). Without one a callback may
    ///     name none, or one on the service's own host.
    ///   - revocation: The path below the base URL where tokens are revoked (RFC 7009).
    ///   - endSession: The path below the base URL where the person's session with the service is
    ///     ended (OpenID Connect RP-Initiated Logout 1.0).
    public static func truid(
        baseURL: URL? = nil, issuer: String? = nil, revocation: String? = nil, endSession: String? = nil
    ) -> Provider {
        Provider(
            generated: SwitchbackBindings.Provider(
                id: "truid", baseUrl: baseURL?.absoluteString, issuer: issuer, revocation: revocation,
                endSession: endSession))
    }
}
