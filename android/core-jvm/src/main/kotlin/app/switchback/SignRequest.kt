package app.switchback

import app.switchback.internal.SignRequest as RustSignRequest

/**
 * What a person is asked to sign, in direct mode. In mediated mode the backend decides it: there the app
 * names the backend's request in [LoginRequest.extra].
 *
 * The document stays in the app: the provider gets its id and its digest. The text of a request shows
 * neither the id nor the message. Write each text on one line, without control characters.
 *
 * @property id the document's id: a URI, preferably one that locates the document
 * @property digest the document's digest
 * @property userMessage the text that the identity app shows to the person, in the person's language
 * @property contentType the document's media type, for example `application/pdf`
 */
public class SignRequest(
    public val id: String,
    public val digest: DocumentDigest,
    public val userMessage: String,
    public val contentType: String? = null,
) {
    internal fun forRust(): RustSignRequest = RustSignRequest(id, digest.rust, userMessage, contentType)

    override fun toString(): String = "SignRequest(contentType=$contentType)"
}
