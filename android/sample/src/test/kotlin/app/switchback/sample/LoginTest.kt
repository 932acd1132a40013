package app.switchback.sample

import android.app.Activity
import android.widget.TextView
import app.switchback.Purpose
import app.switchback.android.LoginActivity
import app.switchback.android.ui.TruidButton
import app.switchback.support.Program
import app.switchback.support.Sandbox
import kotlinx.coroutines.runBlocking
import org.junit.Assert.assertEquals
import org.junit.Assert.assertFalse
import org.junit.Assert.assertNull
import org.junit.Assert.assertTrue
import org.junit.Test
import org.robolectric.Robolectric
import org.robolectric.Shadows.shadowOf

/** A person logs in with the app, in direct mode unless the test says another thing. */
class LoginTest : SampleTest() {
    private fun isInProgress() = views().filterIsInstance<TruidButton>().map { it.isInProgress }.distinct().single()

    private fun begin() {
        installIdentityApp()
        launch()
        untilShown("No person is logged in")
        tapAndLeave(LOGIN)
    }

    @Test
    fun `a person logs in`() {
        begin()
        approve()
        untilShown(HELLO)
        assertTrue(texts().any { it.startsWith("Logged in since ") })
        assertFalse(isInProgress())
    }

    @Test
    fun `a person declines`() {
        begin()
        task.openLink(sandbox.decline(openedUrl()))
        untilShown("The login was declined.")
        assertTrue("No person is logged in" in texts())
    }

    @Test
    fun `a person is onboarded, and proves who they are`() {
        installIdentityApp()
        launch()
        tapAndLeave(CONTINUE, which = 0)
        assertTrue(openedUrl(), "confirm-signup" in openedUrl())
        approve()
        untilShown(HELLO)
        tapAndLeave(CONTINUE, which = 1)
        assertTrue(openedUrl(), "/idv" in openedUrl())
        approve()
        until("two sessions") { sessions().size == 2 }
    }

    @Test
    fun `a person who comes back without the link opens Truid again`() {
        begin()
        comeBack()
        assertTrue("The login is not finished yet." in texts())
        tapAndLeave("Open Truid again")
        approve()
        untilShown(HELLO)
        assertNull(sheet())
    }

    @Test
    fun `a person uses another device`() {
        begin()
        comeBack()
        tapAndLeave("Use another device")
        assertEquals("com.android.chrome", task.opened.last().`package`)
        approve()
        untilShown(HELLO)
    }

    @Test
    fun `a person cancels`() {
        begin()
        comeBack()
        tap("Cancel")
        until("no pending login") { runBlocking { app.switchback.client().pendingLogins() }.isEmpty() }
        until("the button is ready") { !isInProgress() }
        assertNull(sheet())
    }

    @Test
    fun `a late link completes the login behind the closed sheet`() {
        begin()
        comeBack()
        sheet()!!.cancel()
        approve()
        untilShown(HELLO)
    }

    @Test
    fun `the link starts a new process, and the screen gets the outcome`() {
        begin()
        val link = sandbox.approve(openedUrl())
        task.remove()
        app.restart()
        task.openLink(link)
        untilShown(HELLO)
    }

    @Test
    fun `in a new process without the link the person is asked what to do`() {
        begin()
        task.remove()
        app.restart()
        launch()
        until("the sheet") { sheet() != null }
        tapAndLeave("Open Truid again")
        approve()
        untilShown(HELLO)
    }

    @Test
    fun `Android removes the activity during the login`() {
        begin()
        task.rotate()
        approve()
        untilShown(HELLO)
    }

    @Test
    fun `the call of a login survives a rotation`() {
        installIdentityApp()
        // The task of the tests removes activities, but has no rotation that retains objects.
        val screen = Robolectric.buildActivity(MainActivity::class.java).setup()
        below(screen.get()).first { "${it.text}" == LOGIN }.performClick()
        until("the login's activity") { shadowOf(screen.get()).peekNextStartedActivity() != null }
        val login = Robolectric.buildActivity(LoginActivity::class.java, shadowOf(screen.get()).nextStartedActivity).setup().get()
        val url = shadowOf(login).nextStartedActivity.dataString!!
        screen.recreate()
        assertTrue(below(screen.get()).filterIsInstance<TruidButton>().all { it.isInProgress })
        app.switchback.handle(sandbox.approve(url))
        until(HELLO) { below(screen.get()).any { "${it.text}" == HELLO } }
        screen.pause().stop().destroy()
    }

    private fun below(screen: Activity) = below(screen.window.decorView).filterIsInstance<TextView>()

    @Test
    fun `with a service a logged-in person proves who they are under their session`() {
        Program("serve", "--demo", "--port", "0", "--sandbox-port", "0", "--scheme", "app.switchback.sample").use { demo ->
            val provider = Sandbox.of(demo)
            app.restart("client_id" to "", "service_url" to "${demo.url}truid", "provider_url" to provider.url)
            launch()
            tapAndLeave(LOGIN)
            task.openLink(provider.approve(openedUrl()))
            untilShown(HELLO)
            tapAndLeave(CONTINUE, which = 1)
            task.openLink(provider.approve(openedUrl()))
            until("both sessions") { sessions().map { it.purpose }.toSet() == setOf(Purpose.LOGIN, Purpose.IDENTITY_VERIFICATION) }
            app.switchback.close()
        }
    }

    private fun sessions() = runBlocking { app.switchback.client().sessions() }
}
