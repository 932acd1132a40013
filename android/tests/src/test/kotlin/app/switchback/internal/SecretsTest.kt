package app.switchback.internal

import app.switchback.support.TestPhone
import app.switchback.support.bounded
import app.switchback.support.login
import app.switchback.support.sessionOf
import org.junit.jupiter.api.Assertions.assertEquals
import org.junit.jupiter.api.Assertions.assertFalse
import org.junit.jupiter.api.Assertions.assertTrue
import org.junit.jupiter.api.DynamicTest
import org.junit.jupiter.api.DynamicTest.dynamicTest
import org.junit.jupiter.api.Test
import org.junit.jupiter.api.TestFactory

/** Every object of the bindings may be printed: the text contains no secret. */
internal class SecretsTest {
    @TestFactory
    fun `text of objects with secrets shows no secret`(): List<DynamicTest> = listOf(
        LoginRequest(Purpose.LOGIN, emptyList(), false, mapOf("hint" to CANARY), CANARY),
        LoginAttempt("attempt", "https://id.example/?state=$CANARY", 0, null),
        Header("authorization", CANARY),
        HttpRequest("POST", "https://id.example/t?x=$CANARY", listOf(Header("cookie", CANARY)), CANARY, true, 1),
        HttpRequest("GET", "https://id.example/t#$CANARY", emptyList(), null, false, 1),
        HttpResponse(200, listOf(Header("set-cookie", CANARY)), CANARY.toByteArray()),
        UserInfo(CANARY, CANARY, CANARY, CANARY, CANARY, CANARY, CANARY, CANARY, CANARY, true, CANARY, true, CANARY, CANARY),
        Claim("truid.app/claim/email/v1", ClaimValue.Text(CANARY), CANARY),
        ClaimValue.Text(CANARY),
        TruidStructuredName(CANARY, CANARY, CANARY, CANARY),
        TruidPortraitImage(CANARY, CANARY.toByteArray(), CANARY),
        ClaimValue.Other(CANARY),
        LogOut(Revocation.DONE, "https://id.example/end?id_token_hint=$CANARY"),
    ).map { value ->
        dynamicTest(value.javaClass.name.substringAfter("app.switchback.internal.")) {
            assertShowsNothing(value, CANARY)
            assertShowsNothing(listOf(value), CANARY)
        }
    }

    @Test
    fun `text of objects shows what a developer needs`() {
        assertEquals("authorization: [redacted]", "${Header("authorization", CANARY)}")
        assertEquals("GET https://id.example/t", "${HttpRequest("GET", "https://id.example/t?x=1", emptyList(), null, true, 1)}")
        assertEquals("status 200, 3 bytes", "${HttpResponse(200, emptyList(), ByteArray(3))}")
        assertEquals("LogOut(revocation=Done)", "${LogOut(Revocation.DONE, null)}")
    }

    @Test
    fun `the printed objects of a login show no secret`() = bounded {
        val phone = TestPhone()
        val app = phone.app()
        val login = app.begin(login())
        val state = login.url.substringAfter("state=").substringBefore("&")
        val completion = app.complete(phone.sandbox.approve(login.url))
        val session = app.session(sessionOf(completion))
        val token = session.accessToken()
        val authorization = session.authorize("${phone.sandbox.url}/oidc/v1/user-info")
        val info = session.userInfo()
        val shown = session.presentation(TruidClaimType.entries.map { it.key() })
        val secrets = listOf(state, token.expose(), info.sub, info.email!!, info.name!!, info.birthdate!!)
        val crossed = listOf(
            app, login, completion, session, token, authorization, authorization.headers(), info, shown,
            shown.claims(), shown.get(TruidClaimType.STRUCTURED_NAME.key()),
            truidStructuredName(shown), truidPortraitImage(shown), app.timeline(login.id), app.pendingLogins(),
            session.events().last(), session.logOut(),
        )
        for (value in crossed) for (secret in secrets) assertShowsNothing(value, secret)
        assertEquals("[redacted]", "$token")
        assertTrue("truid.app/claim/email/v1" in "$shown", "$shown")
    }

    private fun assertShowsNothing(value: Any?, secret: String) {
        assertFalse(secret in "$value", "$value")
        // Nor the bytes of the secret.
        assertFalse(secret.toByteArray().joinToString(", ") in "$value", "$value")
    }

    private companion object {
        const val CANARY = "c4nary-s3cr3t"
    }
}
