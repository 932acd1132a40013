package app.switchback.internal

/**
 * Truid. Another base URL than `https://api.truid.app` is a test environment, or a sandbox on loopback. Truid
 * does not document an issuer, a path to revoke tokens, or a path to end the person's session.
 */
internal fun Provider.Companion.truid(
    baseUrl: String? = null,
    issuer: String? = null,
    revocation: String? = null,
    endSession: String? = null,
): Provider = Provider("truid", baseUrl, issuer, revocation, endSession)
