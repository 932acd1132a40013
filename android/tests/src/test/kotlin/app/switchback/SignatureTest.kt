package app.switchback

import app.switchback.internal.assertFails
import app.switchback.support.App
import app.switchback.support.AppStore
import app.switchback.support.Demo
import app.switchback.support.Person
import app.switchback.support.Sandbox
import app.switchback.support.bounded
import app.switchback.support.text
import java.security.MessageDigest
import java.util.Base64
import kotlin.time.Duration.Companion.minutes
import org.junit.jupiter.api.Assertions.assertEquals
import org.junit.jupiter.api.Assertions.assertFalse
import org.junit.jupiter.api.Assertions.assertInstanceOf
import org.junit.jupiter.api.Assertions.assertNotNull
import org.junit.jupiter.api.Assertions.assertNull
import org.junit.jupiter.api.Assertions.assertTrue
import org.junit.jupiter.api.Test

/** A person signs a document, and the app or its backend verifies the signature. */
class SignatureTest {
    private val document = "the contract".toByteArray()
    private val message = "Jag signerar hyresavtalet: hyran är 9 000 kr"

    private fun verifier(sandbox: Sandbox) =
        SignatureVerifier(Provider.truid(), listOf(sandbox.root()), crls = listOf(sandbox.revocationList()))

    private suspend fun App.signed(digest: DocumentDigest = DocumentDigest.of(document)): Session {
        val sign = SignRequest("https://service.example/contract.txt", digest, message, "text/plain")
        return approving().logIn(LoginRequest(Purpose.SIGNING, listOf(DataPoint.NAME), sign = sign)).session()
    }

    @Test
    fun `the app verifies a signature of bytes, of a stream and of a digest`() = bounded {
        for (digest in listOf(
            DocumentDigest.of(document),
            DocumentDigest.of(document.inputStream()),
            DocumentDigest.of(document.inputStream(), base64url = true),
            DocumentDigest.sha256(MessageDigest.getInstance("SHA-256").digest(document)),
        )) {
            val app = App()
            val session = app.signed(digest)
            val verifier = verifier(app.sandbox)
            val signature = session.signature(verifier)
            val report = signature.report
            assertTrue(report.isPassed) { report.checks.joinToString("\n") { "$it: ${it.text}" } }
            assertEquals("TOTAL-PASSED", "$report")
            assertNull(report.subIndication)
            assertEquals("DocumentSignature(TOTAL-PASSED)", "$signature")
            // The provider returns it as often as it is requested.
            assertEquals(signature.jws, session.signature(verifier).jws)
            assertEquals(emptyList<String>(), app.sandbox.findings())
        }
    }

    @Test
    fun `a report says who signed what, and when`() = bounded {
        val app = App()
        val session = app.signed()
        val summary = session.signature(verifier(app.sandbox)).report.summary!!
        val info = session.userInfo()
        assertEquals("B-B", summary.level)
        assertEquals(app.sandbox.now(), summary.claimedAtEpochSeconds)
        assertEquals("iat", summary.claimedIn)
        assertNull(summary.provenAtEpochSeconds ?: summary.provenBy)
        assertEquals("https://service.example/contract.txt", summary.document?.id)
        assertEquals("text/plain", summary.document?.contentType)
        val digest = Base64.getUrlEncoder().withoutPadding().encodeToString(DocumentDigest.of(document).bytes)
        assertEquals(digest, summary.document?.digest)
        assertEquals(message, summary.userMessage)
        assertEquals(info.subject, summary.subject)
        assertEquals(info.subject, summary.presentation?.subject)
        assertEquals(info.name, summary.presentation?.get(ClaimType.NAME))
        val signer = summary.certificates.first()
        assertEquals(summary.certificates[1].subject, signer.issuer)
        assertTrue(app.sandbox.now() in signer.notBeforeEpochSeconds..signer.notAfterEpochSeconds)
        assertTrue("PSEUDONYM" in signer.attributes.map { it.name }, "${signer.attributes}")
    }

    @Test
    fun `a wrong signature is a report that names the check`() = bounded {
        val app = App()
        val session = app.signed()
        val verifier = verifier(app.sandbox)
        for ((wrong, reason, check) in listOf(
            Triple("other-document", SignatureReport.SubIndication.HASH_FAILURE, "document-digest"),
            Triple("other-message", SignatureReport.SubIndication.SIG_CONSTRAINTS_FAILURE, "user-message"),
            Triple("changed-header", SignatureReport.SubIndication.SIG_CRYPTO_FAILURE, "signature-value"),
            Triple("foreign-root", SignatureReport.SubIndication.NO_CERTIFICATE_CHAIN_FOUND, "certificate-chain"),
        )) {
            app.sandbox.misbehave("signature-$wrong", "signature")
            val report = session.signature(verifier).report
            assertFalse(report.isPassed)
            assertEquals(reason, report.subIndication, wrong)
            assertEquals(check, report.checks.first { it.subIndication == reason }.name, wrong)
        }
        assertTrue(session.signature(verifier).report.isPassed)
    }

    @Test
    fun `what is missing makes a signature undecided, and the report says what`() = bounded {
        val app = App()
        val jws = app.signed().signature(verifier(app.sandbox)).jws
        val root = listOf(app.sandbox.root())
        val digest = DocumentDigest.of(document)
        suspend fun reason(verifier: SignatureVerifier, of: DocumentDigest? = digest) =
            verifier.verify(jws, of, atEpochSeconds = app.sandbox.now()).subIndication
        assertNull(reason(verifier(app.sandbox)))
        assertEquals(SignatureReport.SubIndication.TRY_LATER, reason(SignatureVerifier(Provider.truid(), root)))
        val withoutRoot = SignatureVerifier(Provider.truid(), roots = emptyList())
        assertEquals(SignatureReport.SubIndication.NO_CERTIFICATE_CHAIN_FOUND, reason(withoutRoot))
        assertEquals(SignatureReport.SubIndication.SIGNED_DATA_NOT_FOUND, reason(verifier(app.sandbox), of = null))
    }

    @Test
    fun `after its certificate a signature is good only at the time that it claims`() = bounded {
        val app = App()
        val jws = app.signed().signature(verifier(app.sandbox)).jws
        app.advance(31 * DAY)
        val report = verifier(app.sandbox).verify(jws, DocumentDigest.of(document), atEpochSeconds = app.sandbox.now())
        assertEquals("INDETERMINATE / OUT_OF_BOUNDS_NO_POE", "$report")
        assertEquals(SignatureReport.Indication.TOTAL_PASSED, report.atClaimedTime)
        val undecided = report.checks.filter { it.outcome == SignatureReport.Outcome.UNDECIDED }
        assertEquals(listOf("certificate-validity"), undecided.map { it.name })
    }

    @Test
    fun `the age of a signature can be limited`() = bounded {
        val app = App()
        val jws = app.signed().signature(verifier(app.sandbox)).jws
        app.advance(DAY / 2)
        val report = verifier(app.sandbox).verify(
            jws, DocumentDigest.of(document), atEpochSeconds = app.sandbox.now(), maxAge = 5.minutes,
        )
        assertEquals("signing-time-age", report.checks.first { it.subIndication != null }.name)
    }

    @Test
    fun `a person signs what the backend has prepared`() = bounded {
        Demo().use { demo ->
            val person = Person(demo.sandbox::approve)
            val client = SwitchbackClient(demo.appConfig(), Platform(AppStore(), opener = person))
            person.client = client
            val id = demo.prepared()
            val session = client.logIn(prepared(id)).session()
            assertEquals(Purpose.SIGNING, session.purpose)
            assertEquals("signed", demo.signing(id).text("status"))
            assertNotNull(session.presentation(ClaimType.NAME)[ClaimType.NAME])
            val error = assertFails<SwitchbackException.Configuration> { session.signature(verifier(demo.sandbox)) }
            assertTrue("the backend" in error.message, error.message)

            // The app verifies what the service passes on.
            val report = verifier(demo.sandbox).verify(
                demo.signing(id).text("signature"), DocumentDigest.of(document), userMessage = message,
            )
            assertTrue(report.isPassed, "$report")
            assertEquals(emptyList<String>(), demo.sandbox.findings())
            client.close()
        }
    }

    @Test
    fun `a signing that the backend does not begin says what to do`() = bounded {
        Demo().use { demo ->
            var decide: (String) -> String = demo.sandbox::decline
            val person = Person { decide(it) }
            val client = SwitchbackClient(demo.appConfig(), Platform(AppStore(), opener = person))
            person.client = client

            suspend fun refused(id: String, why: String, whatToDo: String, under: Session? = null) {
                val error = assertFails<SwitchbackException.SigningUnavailable> { client.logIn(prepared(id), under = under) }
                assertEquals(why, error.detail)
                assertTrue(whatToDo in error.message, error.message)
                assertFalse(error.isRetryable)
                assertFalse(id in "$error ${error.message}")
                assertNotNull(error.userMessage("sv"))
            }

            val id = demo.prepared()
            // A person who declined may begin again.
            assertInstanceOf(LoginOutcome.Declined::class.java, client.logIn(prepared(id)))
            decide = demo.sandbox::approve
            client.logIn(prepared(id)).session()
            refused(id, "signing_closed", "prepare another signing")
            demo.deleteSigning(id)
            refused(id, "unknown_signing", "the id of a prepared signing")
            refused("no-id", "unknown_signing", "the id of a prepared signing")

            val forAnother = demo.prepared("sub" to "another-person")
            val needed = assertFails<SwitchbackException.Configuration> { client.logIn(prepared(forAnother)) }
            assertTrue("under a session" in needed.message, needed.message)
            val session = client.logIn(Purpose.LOGIN).session()
            refused(forAnother, "other_person", "let that person log in", under = session)
            assertEquals(emptyList<PendingLogin>(), client.pendingLogins())
            client.close()
        }
    }

    @Test
    fun `the app does not decide what is signed through a backend`() = bounded {
        Demo().use { demo ->
            val client = SwitchbackClient(demo.appConfig(), Platform(AppStore(), opener = Person { error("it is open") }))
            val sign = SignRequest("https://service.example/contract.txt", DocumentDigest.of(document), message)
            val error = assertFails<SwitchbackException.Configuration> {
                client.logIn(LoginRequest(Purpose.SIGNING, sign = sign))
            }
            assertTrue("`extra`" in error.message, error.message)
            client.close()
        }
    }

    /** The service's own code prepares the document. Returns the id. */
    private fun Demo.prepared(vararg more: Pair<String, String>): String = prepareSigning(
        "document_id" to "https://service.example/contract.txt",
        "digest" to Base64.getUrlEncoder().withoutPadding().encodeToString(DocumentDigest.of(document).bytes),
        "content_type" to "text/plain",
        "user_message" to message,
        *more,
    )

    private fun prepared(id: String) = LoginRequest(Purpose.SIGNING, extra = mapOf("request" to id))

    private companion object {
        const val DAY = 24L * 60 * 60
    }
}
