package app.switchback

import app.switchback.support.anotherJvm
import java.nio.file.Path
import kotlinx.coroutines.flow.first
import kotlinx.coroutines.runBlocking
import org.junit.jupiter.api.Assertions.assertEquals
import org.junit.jupiter.api.Test
import org.junit.jupiter.api.assertThrows
import org.junit.jupiter.api.io.TempDir

/** The fakes for previews and tests of an app. */
class FakeTest {
    @Test
    fun `a fake logs in, shows claims and logs out`() = runBlocking {
        val made = Session.fake(mapOf(ClaimType.NAME to "Ada"), UserInfo("ada", email = "ada@example.org"))
        val client = SwitchbackClient.fake(LoginOutcome.LoggedIn(made))
        assertEquals(CurrentSession.LoggedOut(null), client.current.first { it != CurrentSession.Loading })
        val session = client.logIn(Purpose.LOGIN).session()
        assertEquals(CurrentSession.LoggedIn(session), client.current.value)
        val person = session.presentation(ClaimType.NAME, ClaimType.EMAIL)
        assertEquals("Ada", person[ClaimType.NAME])
        assertEquals(listOf(ClaimType.NAME), person.claims.map(Claim::type))
        assertEquals("ada@example.org", session.userInfo().email)
        assertEquals("Bearer ${session.accessToken().value}", session.authorize("https://service.example/").headers.single().value)
        session.logOut()
        assertEquals(CurrentSession.LoggedOut(SessionEnd.LOGGED_OUT), client.current.value)
        assertThrows<SwitchbackException.LoginRequired> { session.userInfo() }
        client.close()
    }

    @Test
    fun `when a call of a fake returns, the current session shows what it changed`() = runBlocking {
        repeat(500) {
            val client = SwitchbackClient.fake()
            val current = client.current
            val session = client.logIn(Purpose.LOGIN).session()
            assertEquals(CurrentSession.LoggedIn(session), current.value)
            if (it % 2 == 0) session.logOut() else client.removeSession(session.id)
            assertEquals(CurrentSession.LoggedOut(SessionEnd.LOGGED_OUT), current.value)
            assertEquals(SessionState.LoggedOut, session.state.value)
            client.close()
        }
    }

    @Test
    fun `a fake has the given outcome, also for a link`() = runBlocking {
        val failed = LoginOutcome.Failed(LoginFailure(LoginFailure.Code.EXPIRED))
        val client = SwitchbackClient.fake(failed)
        assertEquals(failed, client.logIn(Purpose.ONBOARDING))
        client.handle("https://app.example/")
        assertEquals(failed, client.events.first())
        val declined = LoginOutcome.Declined()
        assertEquals(declined, SwitchbackClient.fake(declined).logIn(Purpose.LOGIN))
    }

    @Test
    fun `a fake needs no native library`(@TempDir empty: Path) {
        val said = anotherJvm("app.switchback.FakeTestKt", libraries = "$empty") { it.inputReader().readText() }
        assertEquals("Ada\n", said)
    }
}

/** Runs in a process without a native library. */
fun main(): Unit = runBlocking {
    val client = SwitchbackClient.fake(LoginOutcome.LoggedIn(Session.fake(mapOf(ClaimType.NAME to "Ada"))))
    println(client.logIn(Purpose.LOGIN).session().presentation(ClaimType.NAME)[ClaimType.NAME])
}
