package app.switchback

import app.switchback.internal.DocumentDigest as RustDigest
import app.switchback.internal.DocumentHasher
import java.io.InputStream
import java.nio.Buffer
import java.nio.ByteBuffer
import java.nio.channels.Channels
import java.security.MessageDigest
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.ensureActive
import kotlinx.coroutines.withContext

/**
 * The SHA-256 digest of a document that a person signs. The document itself stays in the app. Two digests
 * are equal if their bytes are.
 */
public class DocumentDigest private constructor(internal val rust: RustDigest) {
    /** The 32 bytes. */
    public val bytes: ByteArray get() = rust.sha256.copyOf()

    /** Whether the digest is of the base64url text of the document, and not of the document itself. */
    public val isOfBase64url: Boolean get() = rust.base64url

    override fun equals(other: Any?): Boolean =
        other is DocumentDigest && other.isOfBase64url == isOfBase64url && other.rust.sha256.contentEquals(rust.sha256)

    override fun hashCode(): Int = rust.sha256.contentHashCode()

    override fun toString(): String = "DocumentDigest(${rust.sha256.toHexString()})"

    public companion object {
        private const val SHA256_BYTES = 32
        private const val PART = 64 * 1024

        /** The digest of a document that is in memory. */
        public fun of(document: ByteArray): DocumentDigest =
            DocumentDigest(RustDigest(MessageDigest.getInstance("SHA-256").digest(document), false))

        /**
         * The digest of a document of any length, in constant memory. It reads the stream to its end, off the
         * caller's thread, and does not close it. It throws what the stream throws. For a file:
         * `file.inputStream().use { DocumentDigest.of(it) }`.
         *
         * @param base64url whether to make the digest of the document's base64url text, without padding: for
         *   a signature whose header `b64` is true
         */
        public suspend fun of(document: InputStream, base64url: Boolean = false): DocumentDigest =
            withContext(Dispatchers.IO) {
                translated {
                    NativeLibraryLoader.load()
                    DocumentHasher(base64url).use { hasher ->
                        // The native library reads a direct buffer without a copy.
                        val part = ByteBuffer.allocateDirect(PART)
                        val channel = Channels.newChannel(document)
                        // `ByteBuffer` has its own `flip` and `clear` only since Android 9.
                        val buffer: Buffer = part
                        while (channel.read(part) >= 0) {
                            ensureActive()
                            buffer.flip()
                            hasher.update(part)
                            buffer.clear()
                        }
                        DocumentDigest(hasher.finish())
                    }
                }
            }

        /**
         * A digest that was computed elsewhere.
         *
         * @param bytes 32 bytes
         * @param base64url whether it is of the base64url text of the document
         * @throws IllegalArgumentException if [bytes] are not 32 bytes
         */
        public fun sha256(bytes: ByteArray, base64url: Boolean = false): DocumentDigest {
            require(bytes.size == SHA256_BYTES) { "a SHA-256 digest has 32 bytes, and this one has ${bytes.size}" }
            return DocumentDigest(RustDigest(bytes.copyOf(), base64url))
        }
    }
}
