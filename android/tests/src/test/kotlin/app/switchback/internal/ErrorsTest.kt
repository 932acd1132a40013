package app.switchback.internal

import app.switchback.support.HookedStore
import app.switchback.support.MemoryStore
import app.switchback.support.ScriptedRustTransport
import app.switchback.support.TestPhone
import app.switchback.support.TestService
import app.switchback.support.app
import app.switchback.support.bounded
import app.switchback.support.json
import app.switchback.support.login
import app.switchback.support.sessionOf
import java.net.InetAddress
import java.net.ServerSocket
import org.junit.jupiter.api.Assertions.assertEquals
import org.junit.jupiter.api.Assertions.assertFalse
import org.junit.jupiter.api.Assertions.assertNull
import org.junit.jupiter.api.Assertions.assertTrue
import org.junit.jupiter.api.DynamicTest
import org.junit.jupiter.api.DynamicTest.dynamicTest
import org.junit.jupiter.api.Test
import org.junit.jupiter.api.TestFactory
import org.junit.jupiter.api.assertThrows

/** Every error, with a message that says what happened and what to do. */
internal class ErrorsTest {
    @Test
    fun `a busy service is TryAgain`() = bounded {
        val phone = TestPhone()
        val session = phone.loggedIn()
        phone.advance(60)
        phone.sandbox.misbehave("unavailable", "refresh")
        val error = assertFails<SwitchbackException.TryAgain> { session.accessToken() }
        assertEquals(30, error.retryAfter)
        assertEquals("${error.what}; try again in 30 s", error.message)
    }

    @Test
    fun `an unreachable service is TryAgain`() = bounded {
        val phone = TestPhone()
        val app = phone.app(config = phone.config().copy(provider = Provider.truid("http://127.0.0.1:${unusedPort()}")))
        val state = app.begin(login()).url.substringAfter("state=").substringBefore("&")
        val error = assertFails<SwitchbackException.TryAgain> {
            app.complete("${phone.config().redirectUri}?code=c&state=$state")
        }
        assertNull(error.retryAfter)
        assertTrue(error.reason.orEmpty().contains("refused"), error.message)
        assertEquals("${error.what}; try again (${error.reason})", error.message)
    }

    /** The ways in which a session ends, and the reason that its next caller gets. */
    private val ends: Map<SessionEnd, suspend (TestPhone, Session) -> Unit> = mapOf(
        SessionEnd.LOGGED_OUT to { _, session -> session.logOut() },
        SessionEnd.REVOKED to { phone, _ -> phone.sandbox.endSessions() },
        SessionEnd.ROTATION_INTERRUPTED to { phone, session ->
            phone.advance(60)
            phone.sandbox.misbehave("dropped-after", "refresh")
            assertFails<SwitchbackException.TryAgain> { session.accessToken() }
        },
    )

    @TestFactory
    fun `an ended session is LoginRequired`(): List<DynamicTest> = ends.map { (why, end) ->
        dynamicTest("$why") {
            bounded {
                val phone = TestPhone()
                val session = phone.loggedIn()
                end(phone, session)
                phone.advance(60)
                val error = assertFails<SwitchbackException.LoginRequired> { session.accessToken() }
                assertEquals(why, error.reason)
                assertEquals(why, session.ended())
                assertReadable(error)
            }
        }
    }

    @Test
    fun `a missing refresh token is LoginRequired`() = bounded {
        val phone = TestPhone()
        phone.sandbox.misbehave("rotated-token-withheld", "code-exchange")
        val session = phone.loggedIn()
        phone.advance(60)
        val error = assertFails<SwitchbackException.LoginRequired> { session.accessToken() }
        assertEquals(SessionEnd.EXPIRED, error.reason)
    }

    @Test
    fun `a missing or damaged session is LoginRequired`() = bounded {
        val phone = TestPhone()
        val none = assertFails<SwitchbackException.LoginRequired> { phone.app().session("0".repeat(32)) }
        assertEquals(SessionEnd.NO_SESSION, none.reason)
        assertReadable(none)

        val id = phone.loggedIn().id()
        val (key, _) = phone.store.entry("session")
        phone.store.put(key, "{".toByteArray())
        val damaged = assertFails<SwitchbackException.LoginRequired> { phone.app().session(id) }
        assertEquals(SessionEnd.DAMAGED, damaged.reason)
        assertReadable(damaged)
    }

    @Test
    fun `the tokens of another person are LoginRequired`() = bounded {
        val phone = TestPhone()
        var person = "maja"
        val http = ScriptedRustTransport { _, completion ->
            completion.succeed(json("""{"access_token":"A","token_type":"bearer","expires_in":60,
                "refresh_token":"R","id_token":"${idToken(person)}"}"""))
        }
        val app = phone.app(http = http)
        val state = app.begin(login()).url.substringAfter("state=").substringBefore("&")
        val session = app.session(sessionOf(app.complete("${phone.config().redirectUri}?code=c&state=$state")))
        person = "robin"
        phone.advance(60)
        val error = assertFails<SwitchbackException.LoginRequired> { session.accessToken() }
        assertEquals(SessionEnd.OTHER_PERSON, error.reason)
        assertReadable(error)
    }

    private fun idToken(sub: String): String =
        listOf("""{"alg":"none"}""", """{"sub":"$sub"}""", "").joinToString(".") {
            java.util.Base64.getUrlEncoder().withoutPadding().encodeToString(it.toByteArray())
        }

    @Test
    fun `a session that the backend ended is LoginRequired`() = bounded {
        TestService().use { service ->
            val app = service.app()
            val link = service.sandbox.approve(app.begin(LoginRequest(Purpose.LOGIN)).url)
            val session = app.session(sessionOf(app.complete(link)))
            val sent = session.authorize(service.at("/truid/session"))
            val error = assertFails<SwitchbackException.LoginRequired> {
                var again: Authorization? = sent
                while (again != null) again = session.answered(again, 401, emptyList())
            }
            assertEquals(SessionEnd.ENDED_BY_BACKEND, error.reason)
            assertReadable(error)
        }
    }

    /** The exceptions of a store in Kotlin, and those that the app gets. */
    @TestFactory
    fun `a store's error reaches the caller`(): List<DynamicTest> = listOf(
        StoreException.Locked(),
        StoreException.KeyLost("because"),
        StoreException.Denied("because"),
        StoreException.Full("because"),
        StoreException.Corrupt("because"),
        StoreException.Newer("because"),
        StoreException.Unavailable("because"),
        StoreException.AuthenticationRequired(),
        StoreException.Cancelled(),
    ).map { thrown ->
        dynamicTest(thrown.javaClass.simpleName) {
            bounded {
                val app = TestPhone().app(HookedStore { _, _ -> throw thrown })
                assertReadable(thrown)
                if (thrown is StoreException.Locked) {
                    assertReadable(assertFails<SwitchbackException.StoreLocked> { app.begin(login()) })
                } else {
                    val error = assertFails<SwitchbackException.Store> { app.begin(login()) }
                    assertEquals(thrown.javaClass, error.reason.javaClass)
                    assertEquals(error.reason, error.cause)
                    assertEquals("the secure store failed: ${thrown.message}", error.message)
                    if ("because" in thrown.message.orEmpty()) assertTrue("because" in error.message)
                }
            }
        }
    }

    @Test
    fun `every kind of store error is tested`() {
        assertEquals(9, StoreException::class.java.declaredClasses.count { it.superclass == StoreException::class.java })
        assertEquals(8, SwitchbackException::class.java.declaredClasses.count { it.superclass == SwitchbackException::class.java })
        assertEquals(8, SessionEnd.entries.size)
    }

    @Test
    fun `a wrong configuration is reported`() = bounded {
        val config = TestPhone().config().copy(redirectUri = "http://app.example/callback")
        val error = assertThrows<SwitchbackException.Configuration> { Client(config, Platform(MemoryStore())) }
        assertEquals("wrong configuration: ${error.what}", error.message)

        val under = TestPhone().loggedIn()
        assertReadable(assertFails<SwitchbackException.Configuration> { under.begin(login()) })
        val sent = under.authorize("${TestPhone().sandbox.url}/")
        assertReadable(assertFails<SwitchbackException.Configuration> { under.answered(sent, -1, emptyList()) })

        val two = Platform(MemoryStore(), lockFile = LockFile("/", "lock"), processLock = CallbacksTest.TestLock())
        assertReadable(assertThrows<SwitchbackException.Configuration> { Client(TestPhone().config(), two) })
    }

    @Test
    fun `a malformed id is refused`() = bounded {
        val app = TestPhone().app()
        val calls = listOf<suspend (String) -> Any?>(
            { app.session(it) },
            { app.removeSession(it) },
            { app.reopen(it) },
            { app.cancelLogin(it) },
            { app.timeline(it) },
        )
        for (call in calls) {
            for (text in listOf("", "none", "../" + "0".repeat(29))) {
                val error = assertFails<SwitchbackException.Configuration> { call(text) }
                assertTrue("32 hexadecimal digits" in error.what, error.what)
                assertReadable(error)
            }
        }
    }

    @Test
    fun `a protocol error names its rule`() = bounded {
        val phone = TestPhone()
        val app = phone.app()
        val link = phone.sandbox.approve(app.begin(login()).url)
        phone.sandbox.misbehave("redirected", "code-exchange")
        val error = assertFails<SwitchbackException.Protocol> { app.complete(link) }
        assertEquals("Redirect", error.rule)
        assertEquals("${error.endpoint} broke the protocol: ${error.what}", error.message)
    }

    private fun assertReadable(error: SwitchbackException) {
        assertEquals(error.describe(), error.message)
        assertSentence(error.message.orEmpty())
    }

    private fun assertReadable(error: StoreException) {
        assertEquals(error.describe(), error.message)
        assertSentence(error.message.orEmpty())
    }

    /** The message is a sentence, without names of fields. */
    private fun assertSentence(message: String) {
        assertTrue(message.split(" ").size >= 3, message)
        assertFalse("reason=" in message, message)
    }

    /** A port without a listener: this process has just released it. */
    private fun unusedPort(): Int = ServerSocket(0, 1, InetAddress.getLoopbackAddress()).use { it.localPort }
}
