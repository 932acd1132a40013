package app.switchback.internal

/**
 * Truid. Its base URL is `https://api.truid.app`; another one is a test environment, or a sandbox
 * on loopback. What Truid does not document (an issuer, a path to revoke tokens or to end the
 * person's session with Truid) can be set.
 */
internal fun Provider.Companion.truid(
    baseUrl: String? = null,
    issuer: String? = null,
    revocation: String? = null,
    endSession: String? = null,
): Provider = Provider("truid", baseUrl, issuer, revocation, endSession)
