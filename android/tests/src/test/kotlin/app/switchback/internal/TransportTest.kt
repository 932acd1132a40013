package app.switchback.internal

import app.switchback.support.ScriptedRustTransport
import app.switchback.support.TestPhone
import app.switchback.support.bounded
import app.switchback.support.httpByJdk
import app.switchback.support.json
import app.switchback.support.login
import app.switchback.support.sessionOf
import java.util.concurrent.CountDownLatch
import java.util.concurrent.TimeUnit
import kotlin.concurrent.thread
import kotlinx.coroutines.CancellationException
import kotlinx.coroutines.CompletableDeferred
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.async
import kotlinx.coroutines.runBlocking
import kotlinx.coroutines.supervisorScope
import org.junit.jupiter.api.Assertions.assertEquals
import org.junit.jupiter.api.Assertions.assertFalse
import org.junit.jupiter.api.Assertions.assertTrue
import org.junit.jupiter.api.DynamicTest
import org.junit.jupiter.api.DynamicTest.dynamicTest
import org.junit.jupiter.api.Test
import org.junit.jupiter.api.TestFactory

/**
 * The calls between Rust and a transport in Kotlin. The conformance suite tests whether a transport meets its
 * contract: see app.switchback.TransportTest.
 */
internal class TransportTest {
    private val phone by lazy(::TestPhone)

    /** Completes a login with this transport. */
    private suspend fun complete(http: HttpTransport): LoginOutcome {
        val app = phone.app(http = http)
        val state = app.begin(login()).url.substringAfter("state=").substringBefore("&")
        return app.complete("${phone.config().redirectUri}?code=c&state=$state")
    }

    private val tokens = json("""{"access_token":"A","token_type":"bearer","expires_in":60}""")

    @Test
    fun `a lost refresh was sent once`() = bounded {
        val session = phone.loggedIn(phone.app(http = httpByJdk()))
        phone.advance(60)
        phone.sandbox.misbehave("dropped-after", "refresh")
        assertFails<SwitchbackException.TryAgain> { session.accessToken() }
        assertEquals(1, phone.sandbox.count("refreshes"))
        assertEquals(0, phone.sandbox.count("refused_token_requests"))
        assertEquals(0, phone.sandbox.count("revoked_grants"))
    }

    @Test
    fun `a response over 1 MiB is rejected`() = bounded {
        val long = ScriptedRustTransport { _, completion -> completion.succeed(tokens.copy(body = ByteArray((1 shl 20) + 1))) }
        assertTrue("1 MiB" in assertFails<SwitchbackException> { complete(long) }.message.orEmpty())
    }

    @TestFactory
    fun `a transport's error reaches the caller`(): List<DynamicTest> = listOf(
        TransportException.NotSent("because"),
        TransportException.Lost("because"),
        TransportException.TooLong(),
    ).flatMap { error ->
        listOf<Pair<String, (HttpCompletion) -> Unit>>(
            "thrown" to { throw error },
            "told" to { it.fail(error) },
        ).map { (how, answer) ->
            dynamicTest("${error.javaClass.simpleName}, $how") {
                bounded {
                    assertEquals(error.describe(), error.message)
                    val told = assertFails<SwitchbackException> { complete(ScriptedRustTransport { _, completion -> answer(completion) }) }
                    val words = if (error is TransportException.TooLong) "1 MiB" else "because"
                    assertTrue(words in told.message.orEmpty(), told.message)
                }
            }
        }
    }

    @TestFactory
    fun `an undeclared transport exception becomes Lost without its text`(): List<DynamicTest> =
        listOf(IllegalStateException(CANARY), NotImplementedError(CANARY), StackOverflowError(CANARY)).map { thrown ->
            dynamicTest(thrown.javaClass.simpleName) {
                bounded {
                    val http = ScriptedRustTransport { _, _ -> throw thrown }
                    val error = assertFails<SwitchbackException.TryAgain> { complete(http) }
                    assertTrue(thrown.javaClass.name in error.message, error.message)
                    assertFalse(CANARY in error.stackTraceToString())
                    // The request may have arrived, so it is not sent again.
                    assertEquals(1, http.seen.size)
                }
            }
        }

    @Test
    fun `a response may come late, twice, and from another thread`() = bounded {
        val told = CountDownLatch(2)
        val http = ScriptedRustTransport { _, completion ->
            repeat(2) {
                thread {
                    completion.succeed(tokens)
                    completion.fail(TransportException.Lost("late"))
                    told.countDown()
                }
            }
        }
        sessionOf(complete(http))
        assertTrue(told.await(20, TimeUnit.SECONDS))
    }

    @Test
    fun `secrets of the request are redacted in errors`() = bounded {
        val http = ScriptedRustTransport { request, completion ->
            completion.fail(TransportException.Lost("${request.body} was not answered"))
        }
        val error = assertFails<SwitchbackException.TryAgain> { complete(http) }
        assertTrue("was not answered" in error.message, error.message)
        val verifier = http.seen.single().body!!.substringAfter("code_verifier=").substringBefore("&")
        assertFalse(verifier in error.message, error.message)
    }

    @Test
    fun `the first response counts`() = bounded {
        sessionOf(complete(ScriptedRustTransport { _, completion ->
            completion.succeed(tokens)
            completion.succeed(json("", 500))
            error("after it has answered")
        }))
    }

    @Test
    fun `a transport that closes a request has lost it`() = bounded {
        val error = assertFails<SwitchbackException.TryAgain> {
            complete(ScriptedRustTransport { _, completion -> completion.close() })
        }
        assertTrue("dropped" in error.message, error.message)
    }

    @Test
    fun `an unclosed request is lost at garbage collection`() = bounded {
        val started = CompletableDeferred<Unit>()
        supervisorScope {
            val call = async(Dispatchers.Default) { complete(ScriptedRustTransport { _, _ -> started.complete(Unit) }) }
            started.await()
            while (call.isActive) {
                System.gc()
                kotlinx.coroutines.delay(10)
            }
            assertFails<SwitchbackException.TryAgain> { call.await() }
        }
    }

    @Test
    fun `a transport that never answers stops no other caller`() = bounded {
        val held = CompletableDeferred<HttpCompletion>()
        val silent = ScriptedRustTransport { _, completion -> held.complete(completion) }
        supervisorScope {
            val call = async { complete(silent) }
            val completion = held.await()
            TestPhone().let { it.loggedIn(it.app()) }.accessToken()
            call.cancel()
            assertFails<CancellationException> { call.await() }
            // The login continues without its caller until its response.
            assertTrue(completion.isWanted())
            completion.succeed(tokens)
            assertFalse(completion.isWanted())
            completion.close()
        }
    }

    @Test
    fun `a transport that hangs in start stops no other caller`() = bounded {
        val (reached, go) = CountDownLatch(1) to CountDownLatch(1)
        val hangs = ScriptedRustTransport { _, completion ->
            reached.countDown()
            go.await(25, TimeUnit.SECONDS)
            completion.succeed(tokens)
        }
        supervisorScope {
            val call = async(Dispatchers.Default) { complete(hangs) }
            assertTrue(reached.await(20, TimeUnit.SECONDS))
            TestPhone().let { it.loggedIn(it.app(http = httpByJdk())) }.accessToken()
            go.countDown()
            sessionOf(call.await())
        }
    }

    @Test
    fun `a transport may call the client and wait`() = bounded {
        val other = phone.app()
        sessionOf(complete(ScriptedRustTransport { _, completion ->
            runBlocking { other.pendingLogins() }
            completion.succeed(tokens)
        }))
    }

    private companion object {
        const val CANARY = "c4nary-s3cr3t"
    }
}
