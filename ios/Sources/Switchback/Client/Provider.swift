import Foundation
internal import SwitchbackBindings

/// The service that a person logs in with. For each service there is a function here that makes
/// one.
public struct Provider: Hashable, Sendable {
    let generated: SwitchbackBindings.Provider

    /// Truid.
    ///
    /// Truid does not document an issuer, a path to revoke tokens, or a path to end the person's
    /// session with Truid. An app can set them.
    /// - Parameters:
    ///   - baseURL: A test environment, or a sandbox on loopback; by default
    ///     `https://api.truid.app`.
    ///   - issuer: The issuer that every callback must name (RFC 9207). Without it, a callback
    ///     may name no issuer, or an issuer on the provider's own host.
    ///   - revocation: The path below the base URL where tokens are revoked (RFC 7009).
    ///   - endSession: The path below the base URL where the person's session with the provider
    ///     ends (OpenID Connect RP-Initiated Logout 1.0).
    public static func truid(
        baseURL: URL? = nil, issuer: String? = nil, revocation: String? = nil, endSession: String? = nil
    ) -> Provider {
        Provider(
            generated: SwitchbackBindings.Provider(
                id: "truid", baseUrl: baseURL?.absoluteString, issuer: issuer, revocation: revocation,
                endSession: endSession))
    }
}
