package app.switchback

import app.switchback.internal.assertFails
import app.switchback.support.App
import app.switchback.support.LeavingPerson
import app.switchback.support.bounded
import java.io.ByteArrayInputStream
import java.io.IOException
import java.io.InputStream
import java.net.URI
import java.net.URLDecoder
import java.util.Base64
import java.util.Collections
import java.util.IdentityHashMap
import kotlinx.coroutines.CompletableDeferred
import kotlinx.coroutines.async
import kotlinx.coroutines.cancelAndJoin
import org.junit.jupiter.api.Assertions.assertEquals
import org.junit.jupiter.api.Assertions.assertFalse
import org.junit.jupiter.api.Assertions.assertNotEquals
import org.junit.jupiter.api.Assertions.assertTrue
import org.junit.jupiter.api.Test
import org.junit.jupiter.api.assertThrows

/** A document is signed: what the provider is asked, and the digest of the document. */
class SigningTest {
    private val document = ByteArray(200_001) { it.toByte() }

    @Test
    fun `the identity app is asked to sign the document`() = bounded {
        val person = LeavingPerson()
        val client = App().client(person)
        val sign = SignRequest(
            "https://example.com/contract.pdf", DocumentDigest.of(document), "I sign the contract", "application/pdf",
        )
        val login = async { client.logIn(LoginRequest(Purpose.SIGNING, listOf(DataPoint.NAME), sign = sign)) }
        val url = URI(person.opened.await())
        login.cancelAndJoin()
        assertTrue(url.path.endsWith("/sign"), url.path)
        val asked = url.rawQuery.split("&").associate {
            it.substringBefore("=") to URLDecoder.decode(it.substringAfter("="), "UTF-8")
        }
        val digest = Base64.getUrlEncoder().withoutPadding().encodeToString(sign.digest.bytes)
        assertEquals("https://example.com/contract.pdf", asked["data_object_id"])
        assertEquals(digest, asked["data_object_digest"])
        assertEquals("false", asked["data_object_b64"])
        assertEquals("application/pdf", asked["data_object_content_type"])
        assertEquals("I sign the contract", asked["user_message"])
    }

    @Test
    fun `a login that says nothing to sign is a wrong call`() = bounded {
        val error = assertFails<SwitchbackException.Configuration> {
            App().client(LeavingPerson()).logIn(LoginRequest(Purpose.SIGNING, listOf(DataPoint.NAME)))
        }
        assertTrue("sign" in error.message, error.message)
    }

    @Test
    fun `a stream has the digest of its bytes, however they arrive`() = bounded {
        val whole = DocumentDigest.of(document)
        assertEquals(whole, DocumentDigest.of(ByteArrayInputStream(document)))
        assertEquals(whole, DocumentDigest.of(InParts(document)))
        assertEquals(whole, DocumentDigest.sha256(whole.bytes))
        assertEquals(DocumentDigest.of(ByteArray(0)), DocumentDigest.of(InputStream.nullInputStream()))
    }

    @Test
    fun `the digest of the base64url text is another one`() = bounded {
        val text = Base64.getUrlEncoder().withoutPadding().encode(document)
        val digest = DocumentDigest.of(InParts(document), base64url = true)
        assertEquals(DocumentDigest.sha256(DocumentDigest.of(text).bytes, base64url = true), digest)
        assertNotEquals(DocumentDigest.of(text), digest)
    }

    @Test
    fun `a digest has 32 bytes`() {
        assertThrows<IllegalArgumentException> { DocumentDigest.sha256(ByteArray(31)) }
    }

    @Test
    fun `a file without a certificate is a wrong configuration`() {
        for (wrong in listOf(ByteArray(0), "no certificate".toByteArray())) {
            val error = assertThrows<SwitchbackException.Configuration> {
                SignatureVerifier(Provider.truid(), roots = listOf(wrong))
            }
            assertTrue("certificate" in error.message, error.message)
            val crls = listOf(wrong)
            assertThrows<SwitchbackException.Configuration> { SignatureVerifier(Provider.truid(), emptyList(), crls = crls) }
        }
    }

    @Test
    fun `what is not a signature is a report`() = bounded {
        val verifier = SignatureVerifier(Provider.truid(), roots = emptyList())
        for (text in listOf("", "a", "a..b", "{}", "å".repeat(1_000))) {
            val report = verifier.verify(text, DocumentDigest.of(document))
            assertEquals(SignatureReport.Indication.TOTAL_FAILED, report.indication)
            assertEquals(SignatureReport.SubIndication.FORMAT_FAILURE, report.subIndication)
            assertEquals("TOTAL-FAILED / FORMAT_FAILURE", "$report")
        }
    }

    @Test
    fun `the text of a request shows neither id nor message`() {
        val sign = SignRequest("https://example.com/canary", DocumentDigest.of(document), "canary", "application/pdf")
        assertFalse("canary" in "$sign ${LoginRequest(Purpose.SIGNING, sign = sign)}")
    }

    @Test
    fun `a fake session has no signature`() = bounded {
        val verifier = SignatureVerifier(Provider.truid(), roots = emptyList())
        assertFails<SwitchbackException.Configuration> { Session.fake().signature(verifier) }
    }

    @Test
    fun `a stream of any length needs the memory of one part`() = bounded {
        val stream = Endless(8L * 1024 * 1024)
        DocumentDigest.of(stream)
        assertTrue(stream.longestRead <= 64 * 1024, "${stream.longestRead}")
        assertEquals(1, stream.buffers.size)
    }

    @Test
    fun `a digest can be cancelled`() = bounded {
        val stream = Endless(Long.MAX_VALUE)
        val digest = async { DocumentDigest.of(stream) }
        stream.begun.await()
        digest.cancelAndJoin()
    }

    @Test
    fun `a stream's own exception arrives`() = bounded {
        val broken = object : InputStream() {
            override fun read(): Int = throw IOException("the card was removed")
        }
        assertThrows<IOException> { DocumentDigest.of(broken) }
    }

    /** Zeros, and what was asked of it. */
    private class Endless(private var left: Long) : InputStream() {
        val begun = CompletableDeferred<Unit>()
        val buffers: MutableSet<ByteArray> = Collections.newSetFromMap(IdentityHashMap())
        var longestRead = 0

        override fun read(): Int = error("one byte at a time")

        override fun read(into: ByteArray, offset: Int, length: Int): Int {
            begun.complete(Unit)
            buffers += into
            longestRead = maxOf(longestRead, length)
            val count = minOf(length.toLong(), left).toInt()
            left -= count
            return if (count == 0) -1 else count
        }
    }

    /** Returns few bytes at a time. */
    private class InParts(bytes: ByteArray) : ByteArrayInputStream(bytes) {
        override fun read(into: ByteArray, offset: Int, length: Int): Int =
            super.read(into, offset, minOf(length, 70_001))
    }
}
