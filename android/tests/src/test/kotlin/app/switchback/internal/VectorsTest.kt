package app.switchback.internal

import app.switchback.support.MemoryStore
import app.switchback.support.ScriptedRustTransport
import app.switchback.support.bounded
import app.switchback.support.property
import app.switchback.support.sessionOf
import app.switchback.support.text
import app.switchback.testing.ClockForRust
import app.switchback.testing.TestClock
import app.switchback.testing.internal.Entropy
import app.switchback.testing.internal.clientForTests
import java.io.File
import java.net.URI
import java.net.URLDecoder
import java.security.MessageDigest
import java.util.Base64
import kotlin.time.Duration.Companion.seconds
import kotlinx.serialization.json.Json
import kotlinx.serialization.json.JsonArray
import kotlinx.serialization.json.JsonObject
import kotlinx.serialization.json.booleanOrNull
import kotlinx.serialization.json.contentOrNull
import kotlinx.serialization.json.int
import kotlinx.serialization.json.jsonArray
import kotlinx.serialization.json.jsonObject
import kotlinx.serialization.json.jsonPrimitive
import kotlinx.serialization.json.longOrNull
import org.junit.jupiter.api.Assertions.assertEquals
import org.junit.jupiter.api.Assertions.assertFalse
import org.junit.jupiter.api.Assertions.assertTrue
import org.junit.jupiter.api.DynamicTest
import org.junit.jupiter.api.DynamicTest.dynamicTest
import org.junit.jupiter.api.Test
import org.junit.jupiter.api.TestFactory
import org.junit.jupiter.api.assertThrows

/**
 * Runs all cases in `tests/vectors/` through the API. Rust and Swift run them, too. The core makes `state` and
 * `nonce` from random bytes, so these replace the values of the vectors.
 */
internal class VectorsTest {
    @Test
    fun `the vectors have the expected number of cases`() {
        // If a case is added, check that these tests cover it.
        assertEquals(
            listOf(8, 67, 33, 68),
            listOf("authorization-url", "callback", "registration", "token-answer").map { cases(it).size },
        )
    }

    @TestFactory
    fun `authorization URLs match the vectors`(): List<DynamicTest> =
        each("authorization-url") { case ->
            val client = client(
                config(case.text("redirect_uri"), clientId = case.text("client_id")).copy(
                    redirectUris = case["redirect_uris"]?.jsonObject.orEmpty()
                        .mapKeys { purpose(it.key) }.mapValues { it.value.jsonPrimitive.content },
                ),
                entropy = bytes(case.text("verifier")),
            )
            val request = LoginRequest(
                purpose = purpose(case.text("purpose")),
                scope = case.getValue("scope").jsonArray.map { it.jsonPrimitive.content },
                nonce = "nonce" in case,
                extra = case["extra"]?.jsonObject.orEmpty().mapValues { it.value.jsonPrimitive.content },
            )
            val url = case.maybe("url")
            if (url == null) {
                val complaint = assertThrows<SwitchbackException.Configuration> { bounded { client.begin(request) } }
                assertTrue(complaint.what.contains(words.getValue(case.text("error"))), complaint.message)
            } else bounded {
                val expected = url
                    .replace("&state=${case.text("state")}&", "&state=$STATE&")
                    .replace("&nonce=${case.maybe("nonce")}&", "&nonce=$NONCE&")
                assertEquals(expected, client.begin(request).url)
            }
        }

    private val words = mapOf("ReservedParameter" to "`extra`", "Scope" to "scope")

    @TestFactory
    fun `links match the vectors`(): List<DynamicTest> = each("callback") { case ->
        bounded {
            val http = ScriptedRustTransport { _, completion ->
                completion.succeed(app.switchback.support.json("""{"access_token":"A","token_type":"bearer"}"""))
            }
            val test = case["test_service"]?.jsonPrimitive?.booleanOrNull ?: false
            val client = client(config(case.text("redirect_uri"), test, issuer = case.maybe("issuer")), http)
            val state = parameters(client.begin(LoginRequest(Purpose.LOGIN)).url).getValue("state")
            val url = case.text("url").withState(case.maybe("state"), state)
            val completion = client.complete(url)
            assertEquals(case.text("outcome") != "not-ours", client.accepts(url))
            when (case.text("outcome")) {
                "code" -> {
                    sessionOf(completion)
                    assertEquals(case.text("code"), parameters("?" + http.seen.single().body).getValue("code"))
                }
                "declined" -> assertEquals(LoginOutcome.Declined, completion)
                "refused" -> {
                    val error = OAuthError(case.text("error"), case.maybe("description"))
                    assertEquals(LoginOutcome.Refused(error, false), completion)
                }
                "not-ours" -> assertEquals(LoginOutcome.NotOurs, completion)
                "malformed" -> assertEquals(LoginOutcome.Malformed(malformed(case.text("rule"))), completion)
                else -> throw AssertionError("an unknown outcome")
            }
            if (case.text("outcome") in listOf("not-ours", "malformed")) {
                assertEquals(0, http.seen.size)
                assertEquals(1, client.pendingLogins().size)
            }
        }
    }

    @TestFactory
    fun `configurations match the vectors`(): List<DynamicTest> = each("registration") { case ->
        val config = config(
            case.text("redirect_uri"),
            case["test_service"]?.jsonPrimitive?.booleanOrNull ?: false,
            case.text("client_id"),
            case.maybe("base_url"),
        )
        if ("error" !in case) client(config).close()
        else {
            val complaint = assertThrows<SwitchbackException.Configuration> { client(config) }
            assertTrue(complaint.message.contains(case.text("says")), complaint.message)
        }
    }

    @TestFactory
    fun `token responses match the vectors`(): List<DynamicTest> =
        each("token-answer") { case ->
            bounded {
                val clock = TestClock(1_800_000_000)
                val http = ScriptedRustTransport { _, completion -> completion.succeed(answer(case)) }
                val provider = Provider.truid(endSession = "/end")
                val config = config("https://example.com/cb").copy(provider = provider, refreshSkew = 0)
                val client = client(config, http, clock)
                val state = parameters(client.begin(LoginRequest(Purpose.LOGIN)).url).getValue("state")
                val complete = suspend { client.complete("https://example.com/cb?code=c&state=$state") }
                when (case.text("outcome")) {
                    "tokens" -> tokens(case, client.session(sessionOf(complete())), clock, http)
                    "refused" -> refused(case, runCatching { complete() })
                    "busy" -> assertEquals(
                        case["retry_after_seconds"]?.jsonPrimitive?.longOrNull,
                        assertFails<SwitchbackException.TryAgain> { complete() }.retryAfter,
                    )
                    "failed" -> assertEquals(
                        null,
                        assertFails<SwitchbackException.TryAgain> { complete() }.retryAfter,
                    )
                    "broken" -> {
                        val error = assertFails<SwitchbackException.Protocol> { complete() }
                        assertEquals(case.text("rule"), error.rule)
                    }
                    else -> throw AssertionError("an unknown outcome")
                }
            }
        }

    /** Checks the session against the token response. */
    private suspend fun tokens(case: JsonObject, session: Session, clock: TestClock, http: ScriptedRustTransport) {
        assertEquals(case.text("access_token"), session.accessToken().expose())
        val lifetime = case["expires_in"]?.jsonPrimitive?.longOrNull
        if (lifetime != null) assertEquals(1_800_000_000 + lifetime, session.expiresAt())
        case["scope"]?.let { scope ->
            assertEquals(scope.jsonArray.map { it.jsonPrimitive.content }, session.scope())
        }
        if ("id_token" in case) {
            val end = session.logOut().endSessionUrl
            return assertEquals(case.text("id_token"), end?.let { parameters(it)["id_token_hint"] })
        }
        clock.advance((lifetime ?: 100_000).seconds)
        val again = runCatching { session.accessToken() }
        val refresh = http.seen.drop(1).firstOrNull()?.body?.let { parameters("?$it")["refresh_token"] }
        assertEquals(case.maybe("refresh_token"), refresh)
        if (case.maybe("refresh_token") == null && lifetime != null) {
            val over = again.exceptionOrNull() as SwitchbackException.LoginRequired
            assertEquals(SessionEnd.EXPIRED, over.reason)
        }
    }

    /** A refused code is an outcome; a refused client is a configuration error. */
    private fun refused(case: JsonObject, completion: Result<LoginOutcome>) {
        val code = case.text("error")
        if (code == "invalid_client") {
            val mistake = completion.exceptionOrNull() as SwitchbackException.Configuration
            assertTrue(mistake.message.contains(code), mistake.message)
        } else {
            val error = OAuthError(code, case.maybe("description"))
            assertEquals(LoginOutcome.Refused(error, false), completion.getOrThrow())
        }
    }

    private fun answer(case: JsonObject): HttpResponse {
        val headers =
            listOf("content-type" to "content_type", "retry-after" to "retry_after", "date" to "date")
        return HttpResponse(
            case.getValue("status").jsonPrimitive.int,
            headers.mapNotNull { (name, key) -> case.maybe(key)?.let { Header(name, it) } },
            case.maybe("body_base64")?.let { Base64.getDecoder().decode(it) } ?: case.text("body").toByteArray(),
        )
    }

    @Test
    fun `the vectors' verifiers look like real ones`() {
        // The verifier of RFC 7636 is 32 bytes in base64url, like ours, so it passed through the API.
        val verifier = cases("authorization-url").first().text("verifier")
        assertEquals(32, Base64.getUrlDecoder().decode(verifier).size)
        val challenge = MessageDigest.getInstance("SHA-256").digest(verifier.toByteArray())
        val url = cases("authorization-url").first().text("url")
        assertEquals(base64(challenge), parameters(url)["code_challenge"])
        assertFalse(url.contains(verifier))
    }

    private fun client(
        config: Config,
        http: HttpTransport? = null,
        clock: TestClock = TestClock(1_800_000_000),
        entropy: Entropy? = null,
    ): Client = clientForTests(config, Platform(MemoryStore(), http), ClockForRust(clock), entropy)

    private fun config(
        redirectUri: String,
        testService: Boolean = false,
        clientId: String = "c",
        baseUrl: String? = null,
        issuer: String? = null,
    ) = Config(Provider.truid(baseUrl, issuer), Mode.Direct(clientId), redirectUri, testService)

    private fun purpose(name: String) = Purpose.valueOf(name.uppercase().replace('-', '_'))

    /** Random bytes for one login: state, verifier and nonce, 32 bytes each. */
    private fun bytes(verifier: String) = object : Entropy {
        override fun bytes(count: UInt): ByteArray {
            if (count.toInt() != 96) return ByteArray(count.toInt())
            // Without a URL the test cannot see a verifier either.
            val secret = if (verifier.length == 43) Base64.getUrlDecoder().decode(verifier) else ByteArray(32)
            return ByteArray(32) { 1 } + secret + ByteArray(32) { 3 }
        }
    }

    private companion object {
        val STATE = base64(ByteArray(32) { 1 })
        val NONCE = base64(ByteArray(32) { 3 })

        fun base64(bytes: ByteArray): String = Base64.getUrlEncoder().withoutPadding().encodeToString(bytes)

        fun cases(name: String): List<JsonObject> {
            val text = File(property("switchback.vectors"), "$name.json").readText()
            return (Json.parseToJsonElement(text).jsonObject.getValue("cases") as JsonArray).map { it.jsonObject }
        }

        fun each(name: String, test: (JsonObject) -> Unit): List<DynamicTest> =
            cases(name).map { case -> dynamicTest(case.text("name")) { test(case) } }

        fun JsonObject.maybe(name: String): String? = this[name]?.jsonPrimitive?.contentOrNull

        fun String.withState(theirs: String?, ours: String): String =
            if (theirs == null) this else replace(Regex("(?<=[?&]state=)$theirs(?=&|#|$)"), ours)

        fun malformed(rule: String): MalformedLink =
            MalformedLink.valueOf(rule.replace(Regex("(?<=[a-z])(?=[A-Z])"), "_").uppercase())

        /** Decoded like a form: the core reads `+` as a space. */
        fun parameters(url: String): Map<String, String> =
            (URI(url).rawQuery ?: "").split("&").associate {
                it.substringBefore("=") to URLDecoder.decode(it.substringAfter("="), "UTF-8")
            }
    }
}

/** The exception of a suspending call. */
internal suspend inline fun <reified T : Throwable> assertFails(call: suspend () -> Any?): T {
    val error = try {
        throw AssertionError("it gave ${call()}")
    } catch (error: Throwable) {
        error
    }
    return error as? T ?: throw AssertionError("another error than ${T::class.simpleName}", error)
}
