extension Provider {
    /// Truid. Its base URL is `https://api.truid.app`; another one is a test environment, or a
    /// sandbox on loopback. What Truid does not document (an issuer, a path to revoke tokens or
    /// to end the person's session with Truid) can be set.
    public static func truid(
        baseUrl: String? = nil, issuer: String? = nil, revocation: String? = nil,
        endSession: String? = nil
    ) -> Provider {
        Provider(
            id: "truid", baseUrl: baseUrl, issuer: issuer, revocation: revocation,
            endSession: endSession)
    }
}
