package app.switchback.internal

import app.switchback.support.MemoryStore
import app.switchback.support.Sandbox
import app.switchback.support.TestPhone
import app.switchback.support.TestService
import app.switchback.support.app
import app.switchback.support.bounded
import app.switchback.support.httpByJdk
import app.switchback.support.login
import app.switchback.support.sessionOf
import java.net.URI
import java.net.http.HttpClient
import org.junit.jupiter.api.Assertions.assertEquals
import org.junit.jupiter.api.Assertions.assertFalse
import org.junit.jupiter.api.Assertions.assertNotNull
import org.junit.jupiter.api.Assertions.assertNull
import org.junit.jupiter.api.Assertions.assertTrue
import org.junit.jupiter.api.Test
import org.junit.jupiter.params.ParameterizedTest
import org.junit.jupiter.params.provider.EnumSource

/** Complete logins, with Switchback's own transport and with a Kotlin transport. */
internal class LoginTest {
    enum class Http(val transport: () -> HttpTransport?) {
        BUILT_IN({ null }),
        IN_KOTLIN({ httpByJdk() }),
    }

    @ParameterizedTest
    @EnumSource
    fun `a person logs in, in direct mode, for every purpose`(http: Http) = bounded {
        for (purpose in Purpose.entries) {
            val phone = TestPhone()
            val app = phone.app(http = http.transport())
            val login = app.begin(login(purpose))
            assertEquals(listOf(login.id), app.pendingLogins().map(PendingLogin::id))
            val link = phone.sandbox.approve(login.url)
            assertTrue(app.accepts(link))
            val session = app.session(sessionOf(app.complete(link)))
            assertEquals(purpose, session.purpose())
            assertEquals(login.id, session.id())
            assertEquals(emptyList<String>(), session.deniedScopes())
            assertTrue(session.accessToken().expose().isNotEmpty())

            val info = session.userInfo()
            // All claims.
            val claims = TruidClaimType.entries.map { it.key() }
            val shown = session.presentation(claims)
            assertEquals(info.sub, shown.sub())
            assertEquals(info.email, shown.text(TruidClaimType.EMAIL.key()))
            assertEquals(claims, shown.claims().map(Claim::key))
            assertEquals(info.sub, session.subject())
            val portrait = truidPortraitImage(shown)
            assertEquals("PNG", portrait?.image?.decodeToString(1, 4))
            assertNotNull(truidStructuredName(shown)?.fullName)

            assertEquals(Revocation.NOT_OFFERED, session.logOut().revocation)
            assertEquals(emptyList<String>(), app.sessions())
            assertEquals(1, phone.sandbox.count("code_exchanges"))
            assertEquals(emptyList<String>(), phone.sandbox.findings())
        }
    }

    @ParameterizedTest
    @EnumSource
    fun `a person logs in through the service's backend`(http: Http) = bounded {
        TestService().use { service ->
            val store = MemoryStore()
            val login = service.app(store, http.transport()).begin(LoginRequest(Purpose.LOGIN))
            assertNotNull(login.openBefore)
            val link = service.sandbox.approve(login.url)

            // Another process gets the link.
            val app = service.app(store, http.transport())
            val session = app.session(sessionOf(app.complete(link)))
            assertEquals(session.id(), sessionOf(app.complete(link)))
            assertNotNull(session.userInfo().email)
            val shown = session.presentation(listOf(TruidClaimType.EMAIL.key()))
            assertEquals(session.userInfo().email, shown.text(TruidClaimType.EMAIL.key()))

            // A request of the app, and another login under this session.
            assertEquals(200, status(session, service.at("/truid/session")))
            val under = session.begin(LoginRequest(Purpose.IDENTITY_VERIFICATION))
            val other = sessionOf(app.complete(service.sandbox.approve(under.url)))
            assertEquals(setOf(session.id(), other), app.sessions().toSet())

            assertEquals(Revocation.DONE, session.logOut().revocation)
            assertEquals(listOf(other), app.sessions())
            assertEquals(emptyList<String>(), service.sandbox.findings())
        }
    }

    /** A request as in docs/reference/api.md. */
    private suspend fun status(session: Session, url: String): Int {
        var sent: Authorization? = session.authorize(url)
        var status = 0
        while (sent != null) {
            val request = java.net.http.HttpRequest.newBuilder(URI.create(sent.url()))
            sent.headers().forEach { request.header(it.name, it.value) }
            val answer = HttpClient.newHttpClient()
                .send(request.build(), java.net.http.HttpResponse.BodyHandlers.discarding())
            status = answer.statusCode()
            sent = session.answered(sent, status, answer.headers().allValues("set-cookie"))
        }
        return status
    }

    @Test
    fun `a login survives its process, and so does its session`() = bounded {
        val phone = TestPhone()
        val login = phone.app().begin(login())
        val link = phone.sandbox.approve(login.url)
        val id = sessionOf(phone.app().complete(link))
        val third = phone.app()
        assertEquals(listOf(id), third.sessions())
        assertEquals(id, sessionOf(third.complete(link)))
        third.session(id).accessToken()
        assertEquals(1, phone.sandbox.count("code_exchanges"))
        val events = third.timeline(login.id)?.map(TimelineEntry::event)
        assertEquals(listOf("login.begun", "callback.received", "code.sent", "login.completed"), events)
    }

    @Test
    fun `a login is reopened or cancelled`() = bounded {
        val phone = TestPhone()
        val app = phone.app()
        val login = app.begin(login())
        assertEquals(login.url, app.reopen(login.id)?.url)
        app.cancelLogin(login.id)
        app.cancelLogin(login.id)
        assertNull(app.reopen(login.id))
        assertEquals(LoginOutcome.Unknown, app.complete(phone.sandbox.approve(login.url)))
    }

    @Test
    fun `a link of another app is not accepted`() {
        val app = TestPhone().app()
        assertTrue(app.accepts("${Sandbox.REDIRECT_URI}?code=c&state=s"))
        assertFalse(app.accepts("https://app.example.evil/truid/callback?code=c&state=s"))
        assertFalse(app.accepts("no link"))
    }
}
