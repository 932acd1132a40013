package app.switchback

import app.switchback.internal.ExpectedSignature
import app.switchback.internal.SignatureVerifier as RustVerifier
import kotlin.time.Duration
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.withContext

/**
 * Verifies the signatures that people make with the identity app (JAdES, ETSI TS 119 182-1), and sends
 * nothing. Make one, and reuse it from any thread: the constructor parses the certificates.
 *
 * It knows the algorithm of Truid's signatures: ECDSA with P-256 and SHA-256. A signature, a revocation
 * list or a timestamp with another algorithm (P-384, RSA) is undecided here; a backend and the command line
 * know more.
 *
 * @param provider the service whose signatures these are
 * @param roots the certificates that are trusted: those of the service, each a file as PEM or DER. Nothing
 *   in a signature is ever trusted
 * @param timestampRoots the trusted certificates of timestamp authorities. Empty: no timestamp proves a time
 * @param crls the revocation lists that the app has, each a file as PEM or DER
 * @throws SwitchbackException.Configuration if a file cannot be read
 */
public class SignatureVerifier(
    provider: Provider,
    roots: List<ByteArray>,
    timestampRoots: List<ByteArray> = emptyList(),
    crls: List<ByteArray> = emptyList(),
) {
    internal val rust = translated {
        NativeLibraryLoader.load()
        RustVerifier(provider.forRust(), roots, timestampRoots, crls)
    }

    /**
     * Verifies a signature. A wrong signature is a report, and throws nothing. It takes some milliseconds of
     * a processor, off the caller's thread.
     *
     * @param signature the signature: a JWS, compact or as JSON
     * @param document the digest of the document. Without it, the report is
     *   [INDETERMINATE][SignatureReport.Indication.INDETERMINATE] at best
     * @param id the document's id that was asked to be signed; null: any
     * @param contentType the document's media type that was asked to be signed; null: any
     * @param userMessage the text that the identity app had to show to the person; null: any
     * @param atEpochSeconds the time of the verification, in seconds since 1970-01-01 UTC
     * @param maxAge how old the signature may be; null: any age
     */
    public suspend fun verify(
        signature: String,
        document: DocumentDigest?,
        id: String? = null,
        contentType: String? = null,
        userMessage: String? = null,
        atEpochSeconds: Long = System.currentTimeMillis() / MILLISECONDS,
        maxAge: Duration? = null,
    ): SignatureReport = withContext(Dispatchers.Default) {
        val expected = ExpectedSignature(
            document?.rust, id, contentType, userMessage, atEpochSeconds, maxAge?.inWholeSeconds,
        )
        translated { rust.verify(signature, expected).forApps() }
    }
}

/**
 * A signature, with the report of its verification. Its text shows only the result.
 *
 * @property jws the signature: a JWS in compact form. It contains data of the person
 * @property report what the verification found
 */
public class DocumentSignature internal constructor(public val jws: String, public val report: SignatureReport) {
    override fun toString(): String = "DocumentSignature($report)"
}

internal const val MILLISECONDS = 1000
