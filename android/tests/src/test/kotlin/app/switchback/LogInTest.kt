package app.switchback

import app.switchback.support.App
import app.switchback.support.AppStore
import app.switchback.support.LeavingPerson
import app.switchback.support.Person
import app.switchback.support.Sandbox
import app.switchback.support.ScriptedTransport
import app.switchback.support.TestService
import app.switchback.support.bounded
import app.switchback.support.requestFor
import java.util.concurrent.CopyOnWriteArrayList
import kotlin.time.Duration.Companion.milliseconds
import kotlinx.coroutines.CancellationException
import kotlinx.coroutines.CompletableDeferred
import kotlinx.coroutines.async
import kotlinx.coroutines.awaitCancellation
import kotlinx.coroutines.cancelAndJoin
import kotlinx.coroutines.flow.first
import kotlinx.coroutines.job
import kotlinx.coroutines.supervisorScope
import kotlinx.coroutines.test.runTest
import kotlinx.coroutines.withTimeout
import org.junit.jupiter.api.Assertions.assertEquals
import org.junit.jupiter.api.Assertions.assertFalse
import org.junit.jupiter.api.Assertions.assertInstanceOf
import org.junit.jupiter.api.Assertions.assertNotNull
import org.junit.jupiter.api.Assertions.assertNull
import org.junit.jupiter.api.Assertions.assertTrue
import org.junit.jupiter.api.Test
import org.junit.jupiter.api.assertThrows

/** `logIn`: it begins an attempt, opens its URL, and waits for the link. */
class LogInTest {
    @Test
    fun `a person logs in, in direct mode, for every purpose`() = bounded {
        for (purpose in Purpose.values) {
            val app = App()
            val session = app.approving().logIn(requestFor(purpose)).session()
            assertEquals(purpose, session.purpose)
            assertEquals(emptyList<DataPoint>(), session.deniedScopes)
            val person = session.presentation(ClaimType.NAME, ClaimType.EMAIL)
            val info = session.userInfo()
            assertEquals(info.name, person[ClaimType.NAME])
            assertEquals(info.email, person.claim(ClaimType.EMAIL)?.text)
            assertEquals(listOf(ClaimType.NAME, ClaimType.EMAIL), person.claims.map(Claim::type))
            assertEquals(info.subject, person.subject)
            assertEquals(info.subject, session.subject)
            assertNull(person[ClaimType("example.org/claim/other")])
            assertEquals(Revocation.NOT_OFFERED, session.logOut().revocation)
            assertEquals(1, app.sandbox.count("code_exchanges"))
        }
    }

    @Test
    fun `a person logs in and verifies the identity through the backend`() = bounded {
        TestService().use { service ->
            val person = Person(service.sandbox::approve)
            val client = SwitchbackClient(service.appConfig(), Platform(AppStore(), opener = person))
            person.client = client
            val session = client.logIn(Purpose.LOGIN).session()
            assertEquals(session.userInfo().email, session.presentation(ClaimType.EMAIL)[ClaimType.EMAIL])

            val sent = session.authorize(service.at("/truid/session"))
            assertNotNull(sent.headers.singleOrNull())
            assertNull(session.answered(sent, 200))

            val under = client.logIn(Purpose.IDENTITY_VERIFICATION, under = session).session()
            assertEquals(setOf(session, under), client.sessions().toSet())
            assertEquals(Revocation.DONE, session.logOut().revocation)
            assertEquals(under, client.currentSession())
            assertEquals(emptyList<String>(), service.sandbox.findings())
            client.close()
        }
    }

    @Test
    fun `a new process completes the login of an ended one`() = bounded {
        val app = App()
        val leaves = LeavingPerson()
        val first = app.client()
        val waiting = async { first.logIn(requestFor(), leaves) }
        val link = app.sandbox.approve(leaves.opened.await())
        waiting.cancelAndJoin()
        first.close()

        val second = app.client()
        assertTrue(second.handle(link))
        // Some systems pass a link twice.
        assertTrue(second.handle(link))
        val session = second.events.first().session()
        assertEquals(session, second.currentSession())
        assertEquals(1, app.sandbox.count("code_exchanges"))
        assertEquals(CurrentSession.LoggedIn(session), second.current.first { it != CurrentSession.Loading })
    }

    @Test
    fun `the outcome of a cancelled call is an event`() = bounded {
        val app = App()
        val leaves = LeavingPerson()
        val client = app.client()
        val waiting = async { client.logIn(requestFor(), leaves) }
        val url = leaves.opened.await()
        waiting.cancelAndJoin()
        assertThrows<CancellationException> { waiting.await() }
        assertEquals(Purpose.LOGIN, client.pendingLogins().single().purpose)
        client.handle(app.sandbox.approve(url))
        val session = client.events.first().session()
        assertEquals(listOf(session), client.sessions())
    }

    @Test
    fun `two waiting logins each get their own outcome`() = bounded {
        val app = App()
        val client = app.client()
        val (one, other) = LeavingPerson() to LeavingPerson()
        val first = async { client.logIn(requestFor(), one) }
        val second = async { client.logIn(requestFor(Purpose.ONBOARDING), other) }
        val (firstUrl, secondUrl) = one.opened.await() to other.opened.await()
        client.handle(app.sandbox.approve(secondUrl))
        assertEquals(Purpose.ONBOARDING, second.await().session().purpose)
        assertFalse(first.isCompleted)
        client.handle(app.sandbox.decline(firstUrl))
        assertEquals("declined", first.await().code)
    }

    @Test
    fun `declining is an outcome`() = bounded {
        val app = App()
        val outcome = app.client(Person(app.sandbox::decline)).logIn(requestFor())
        assertTrue(outcome is LoginOutcome.Declined)
        assertEquals("declined", outcome.code)
        assertEquals(listOf("login.begun", "callback.received", "login.declined"), app.client().events(outcome))
        assertTrue(outcome.userMessage.isNotEmpty())
    }

    @Test
    fun `a login cannot begin under a fake session`() = bounded {
        val error = assertThrows<SwitchbackException.Configuration> {
            App().client({ true }).logIn(requestFor(), under = Session.fake())
        }
        assertTrue("fake" in error.message, error.message)
    }

    @Test
    fun `an attempt that cannot be opened is cancelled`() = bounded {
        val app = App()
        val client = app.client({ false })
        val outcome = client.logIn(requestFor())
        assertEquals(LoginFailure.Code.NOT_OPENED, outcome.failure().code)
        assertNotNull(outcome.attempt)
        assertNull(client.events(outcome))
        assertEquals(0, client.pendingLogins().size)
    }

    @Test
    fun `an opener that throws cancels the attempt`() = bounded {
        val app = App()
        val opening = listOf<suspend () -> Boolean>(
            { throw IllegalArgumentException("no activity for https://service.example/?state=secret") },
            { withTimeout(1.milliseconds) { awaitCancellation() } },
        )
        for (open in opening) {
            val client = app.client({ open() })
            val thrown = assertThrows<SwitchbackException.Configuration> { client.logIn(requestFor()) }
            val cause = assertInstanceOf(Exception::class.java, thrown.cause)
            assertTrue("the UrlOpener threw ${cause.javaClass.name}" in thrown.message, thrown.message)
            assertFalse("secret" in thrown.message, thrown.message)
            assertEquals(0, client.pendingLogins().size)
        }
        val error = assertThrows<SwitchbackException.Configuration> { app.client().logIn(requestFor()) }
        assertTrue("opener" in error.message)
    }

    @Test
    fun `an opener that throws keeps a pending login`() = bounded {
        val leaves = LeavingPerson()
        val client = App().client()
        val waiting = async { client.logIn(requestFor(), leaves) }
        leaves.opened.await()
        val id = client.pendingLogins().single().id
        val thrown = assertThrows<SwitchbackException.Configuration> {
            client.reopen(id) { throw IllegalArgumentException("no activity") }
        }
        assertInstanceOf(IllegalArgumentException::class.java, thrown.cause)
        assertEquals(id, client.pendingLogins().single().id)
        waiting.cancelAndJoin()
    }

    /** Time is virtual here: every wait ends at once. */
    @Test
    fun `a login without a link expires`() = runTest {
        val outcome = App().client({ true }).logIn(requestFor())
        assertEquals(LoginFailure.Code.EXPIRED, outcome.failure().code)
        assertNotNull(outcome.attempt)
    }

    @Test
    fun `a waiting call returns that the link is late`() = bounded {
        val app = App()
        val late = Person { url -> app.sandbox.approve(url).also { app.advance(601) } }
        assertEquals(LoginFailure.Code.EXPIRED, app.client(late).logIn(requestFor()).failure().code)
    }

    @Test
    fun `a link of another app is not taken`() = bounded {
        val client = App().client()
        assertFalse(client.handle("https://app.example.evil/truid/callback?code=c&state=s"))
        assertFalse(client.handle("no link"))
        assertEquals(LoginFailure.Code.NOT_OURS, client.complete("https://elsewhere.example/").failure().code)
        val unknown = client.complete("${Sandbox.REDIRECT_URI}?code=c&state=s")
        assertEquals(LoginFailure.Code.UNKNOWN, unknown.failure().code)
        assertNull(unknown.attempt)
        val twice = client.complete("${Sandbox.REDIRECT_URI}?code=c&code=c&state=s").failure()
        assertEquals(LoginFailure.Code.MALFORMED, twice.code)
        assertTrue("twice" in twice.message, twice.message)
    }

    @Test
    fun `a link of no login is no event`() = bounded {
        val app = App()
        val (cancelled, leaves) = LeavingPerson() to LeavingPerson()
        val client = app.client()
        for (opener in listOf(cancelled, leaves)) {
            val call = async { client.logIn(requestFor(), opener) }
            opener.opened.await()
            call.cancelAndJoin()
            if (opener === cancelled) client.cancelLogin(client.pendingLogins().single().id)
        }
        val links = listOf(
            "${Sandbox.REDIRECT_URI}?code=c&state=${"s".repeat(43)}",
            "${Sandbox.REDIRECT_URI}?error=access_denied&state=forged",
            "${Sandbox.REDIRECT_URI}?code=c&code=d&state=s",
            "${Sandbox.REDIRECT_URI}?code=c",
            Sandbox.REDIRECT_URI,
            app.sandbox.approve(cancelled.opened.await()),
        )
        for (link in links) {
            assertTrue(client.handle(link))
            client.scope.coroutineContext.job.children.forEach { it.join() }
            assertInstanceOf(LoginOutcome.Failed::class.java, client.complete(link))
        }
        client.handle(app.sandbox.approve(leaves.opened.await()))
        assertInstanceOf(LoginOutcome.LoggedIn::class.java, client.events.first())
    }

    @Test
    fun `a refusal contains the service's error`() = bounded {
        val app = App()
        val refused = Person { "${Sandbox.REDIRECT_URI}?error=invalid_scope&state=" + it.substringAfter("state=").substringBefore("&") }
        val failure = app.client(refused).logIn(requestFor()).failure()
        assertEquals(LoginFailure.Code.REFUSED, failure.code)
        assertEquals("invalid_scope", failure.oauthError?.code)
        assertEquals("login.refused", app.client().events(LoginOutcome.Failed(failure))?.last())
    }

    @Test
    fun `another person is not logged in`() = bounded {
        val app = App()
        val request = LoginRequest(Purpose.LOGIN, listOf(DataPoint.EMAIL), person = "another-person")
        assertEquals(LoginFailure.Code.OTHER_PERSON, app.approving().logIn(request).failure().code)
    }

    @Test
    fun `a waiting login gets the outcome of complete`() = bounded {
        val app = App()
        val leaves = LeavingPerson()
        val client = app.client()
        val waiting = async { client.logIn(requestFor(), leaves) }
        val outcome = client.complete(app.sandbox.approve(leaves.opened.await()))
        assertEquals(outcome, waiting.await())
    }

    @Test
    fun `a login is reopened or cancelled`() = bounded {
        val app = App()
        val leaves = LeavingPerson()
        val client = app.client()
        val waiting = async { client.logIn(requestFor(), leaves) }
        leaves.opened.await()
        val id = client.pendingLogins().single().id
        val again = CompletableDeferred<String>()
        assertTrue(client.reopen(id, again::complete))
        assertEquals(listOf("login.begun", "login.reopened"), client.timeline(id)?.map(TimelineEntry::event))
        client.handle(app.sandbox.approve(again.await()))
        val session = waiting.await().session()
        assertEquals("login.completed", client.timeline(session.id)?.last()?.event)
        assertEquals(client.timeline(id).toString(), client.timeline(session.id).toString())
        client.cancelLogin(id)
        assertFalse(client.reopen(id, again::complete))
    }

    @Test
    fun `closing a client ends a waiting login`() = bounded {
        val leaves = LeavingPerson()
        val client = App().client(leaves)
        supervisorScope {
            val waiting = async { client.logIn(requestFor()) }
            leaves.opened.await()
            client.close()
            val error = assertThrows<IllegalStateException> { waiting.await() }
            assertTrue("closed" in error.message!!, error.message)
        }
    }

    @Test
    fun `closing a client during a retry leaves no uncaught error`() = bounded {
        val app = App()
        lateinit var client: SwitchbackClient
        client = app.client(Person(app.sandbox::approve), ScriptedTransport { throw TransportException.NotSent("no network") }) {
            client.close()
        }
        val uncaught = CopyOnWriteArrayList<Throwable>()
        val before = Thread.getDefaultUncaughtExceptionHandler()
        Thread.setDefaultUncaughtExceptionHandler { _, error -> uncaught += error }
        try {
            assertThrows<IllegalStateException> { client.logIn(requestFor()) }
            client.scope.coroutineContext.job.join()
        } finally {
            Thread.setDefaultUncaughtExceptionHandler(before)
        }
        assertEquals(emptyList<Throwable>(), uncaught)
    }

    @Test
    fun `a closed client throws`() = bounded {
        val client = App().client()
        client.close()
        client.close()
        supervisorScope {
            assertThrows<IllegalStateException> { client.handle("https://app.example/") }
            assertThrows<IllegalStateException> { client.sessions() }
            assertThrows<IllegalStateException> { client.currentSession() }
        }
    }
}

/** The names of the events in the timeline of this login. */
private suspend fun SwitchbackClient.events(outcome: LoginOutcome): List<String>? =
    outcome.attempt?.let { timeline(it) }?.map(TimelineEntry::event)

internal fun LoginOutcome.session(): Session = assertInstanceOf(LoginOutcome.LoggedIn::class.java, this).session

internal fun LoginOutcome.failure(): LoginFailure = assertInstanceOf(LoginOutcome.Failed::class.java, this).failure
