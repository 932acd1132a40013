package app.switchback

import app.switchback.support.App
import app.switchback.support.bounded
import kotlin.time.Duration.Companion.seconds
import org.junit.jupiter.api.Assertions.assertEquals
import org.junit.jupiter.api.Assertions.assertFalse
import org.junit.jupiter.api.Test

/** An app may print every public object: the text contains no secret. */
class PrintedTest {
    @Test
    fun `text of objects with secrets shows no secret`() {
        val headers = listOf(HttpHeader("cookie", CANARY))
        val values = listOf(
            LoginRequest(Purpose.LOGIN, extra = mapOf("hint" to CANARY), person = CANARY),
            SignRequest(CANARY, DocumentDigest.of(CANARY.toByteArray()), CANARY),
            AccessToken { CANARY },
            Authorization("https://service.example/?token=$CANARY", headers, null),
            headers,
            HttpRequest("POST", "https://id.example/t?x=$CANARY", headers, CANARY, true, 1.seconds),
            HttpRequest("GET", "https://id.example/t#$CANARY", headers, null, true, 1.seconds),
            HttpResponse(200, headers, CANARY.toByteArray()),
            UserInfo(CANARY, CANARY, CANARY, CANARY, CANARY, CANARY, CANARY, CANARY, CANARY, true, CANARY, true, CANARY, CANARY),
            Claim(ClaimType.EMAIL, ClaimValue(CANARY, null), CANARY),
            ClaimValue(null, CANARY),
            StructuredName(CANARY, CANARY, CANARY, CANARY),
            PortraitImage(CANARY, CANARY.toByteArray(), CANARY),
            LogOut(Revocation.DONE, "https://id.example/end?id_token_hint=$CANARY"),
        )
        for (value in values) assertFalse(CANARY in "$value", value.javaClass.name)
        assertEquals("GET https://id.example/t", "${values[6]}")
    }

    @Test
    fun `the printed objects of a login show no secret`() = bounded {
        val app = App()
        val client = app.approving()
        val outcome = client.logIn(LoginRequest(Purpose.LOGIN, listOf(DataPoint.NAME, DataPoint.EMAIL)))
        val session = outcome.session()
        val token = session.accessToken()
        val info = session.userInfo()
        val shown = session.presentation(ClaimType.NAME, ClaimType.EMAIL)
        val sent = session.authorize("${app.sandbox.url}/oidc/v1/user-info")
        val printed = listOf(client, outcome, session, session.state.value, token, info, shown, shown.claims, sent, client.currentSession())
        for (secret in listOf(token.value, info.subject, info.email!!, info.name!!)) {
            for (value in printed) assertFalse(secret in "$value", value?.javaClass?.name)
        }
    }

    private companion object {
        const val CANARY = "canary-9f2c"
    }
}
