package app.switchback.android

import android.app.Activity
import android.content.ComponentName
import android.content.Intent
import android.net.Uri
import android.view.MotionEvent
import app.switchback.CurrentSession
import app.switchback.LoginOutcome
import kotlinx.coroutines.Deferred
import kotlinx.coroutines.flow.first
import org.junit.Assert.assertEquals
import org.junit.Assert.assertFalse
import org.junit.Assert.assertNotEquals
import org.junit.Assert.assertNull
import org.junit.Assert.assertSame
import org.junit.Assert.assertTrue
import org.junit.Rule
import org.junit.Test
import org.junit.rules.RuleChain
import org.junit.runner.RunWith
import org.robolectric.Robolectric
import org.robolectric.RobolectricTestRunner
import org.robolectric.Shadows.shadowOf
import org.robolectric.annotation.Config
import org.robolectric.shadows.ShadowApplication

/** A login from the tap to the session: what is opened, how the link comes back, and what the person sees then. */
@RunWith(RobolectricTestRunner::class)
@Config(sdk = [36], shadows = [Device.Packages::class, Device.Starts::class])
class LoginFlowTest {
    private val phone = Phone()

    @get:Rule
    val rules: RuleChain = RuleChain.outerRule(TestApp()).around(phone)

    private val task get() = phone.task

    @Test
    fun `a person logs in with the identity app`() {
        phone.installIdentityApp()
        val switchback = phone.switchback()
        phone.launch()
        val call = phone.begin(switchback)
        assertEquals(phone.sandbox.url, task.opened.single().dataString!!.substringBefore("/oauth2"))
        assertNull(task.front)
        task.openLink(phone.approve())
        val outcome = call.result()
        assertTrue("$outcome", outcome is LoginOutcome.LoggedIn)
        assertSame(phone.main, task.front)
        assertEquals(1, task.size)
    }

    private fun begun(): Pair<Switchback, Deferred<LoginOutcome>> {
        phone.installIdentityApp()
        val switchback = phone.switchback()
        phone.launch()
        return switchback to phone.begin(switchback)
    }

    private fun LoginOutcome.id() = (this as LoginOutcome.LoggedIn).session.id

    private fun LoginOutcome.pending() = (this as LoginOutcome.Pending).login

    @Test
    fun `the person declines`() {
        val (switchback, call) = begun()
        task.openLink(phone.sandbox.decline(phone.openedUrl()))
        val outcome = call.result()
        assertTrue("$outcome", outcome is LoginOutcome.Declined)
        assertSame(phone.main, task.front)
        val events = bounded { switchback.client().timeline(outcome.attempt!!) }!!.map { it.event }
        assertTrue("$events", events.containsAll(listOf("open.done", "login.declined")))
    }

    @Test
    fun `a second copy of the link changes nothing`() {
        val (switchback, call) = begun()
        val link = phone.approve()
        task.openLink(link)
        val first = call.result()
        task.openLink(link)
        assertEquals(first.id(), bounded { switchback.client().complete(link) }.id())
        assertEquals(1, phone.sandbox.count("code_exchanges"))
        assertSame(phone.main, task.front)
    }

    @Test
    fun `a link of no login leads back and completes nothing`() {
        val (_, call) = begun()
        task.openLink("${Phone.REDIRECT_URI}?code=forged&state=forged")
        assertSame(phone.main, task.front)
        assertFalse(call.isCompleted)
        task.openLink(phone.approve())
        assertTrue(call.result() is LoginOutcome.LoggedIn)
    }

    @Test
    fun `each of two attempts gets its own link`() {
        val (switchback, first) = begun()
        val firstUrl = phone.openedUrl()
        task.comeBack()
        task.pass(LINK_DELAY)
        val pending = first.result().pending()
        val second = phone.begin(switchback)
        assertNotEquals(firstUrl, phone.openedUrl())
        task.openLink(phone.sandbox.approve(firstUrl))
        val late = bounded { switchback.events.first() }
        assertEquals(pending.id.text, late.id().text)
        assertFalse(second.isCompleted)
        task.openLink(phone.approve())
        assertNotEquals(late.id(), second.result().id())
    }

    @Test
    fun `back without the link the login is pending, and is opened again`() {
        val (switchback, call) = begun()
        task.comeBack()
        assertTrue(task.front is LoginActivity)
        assertFalse(call.isCompleted)
        task.pass(LINK_DELAY)
        val pending = call.result().pending()
        assertSame(phone.main, task.front)

        val again = phone.later { switchback.reopen(phone.main, pending.id) }
        task.start(phone.main.awaitStarted(again))
        assertEquals(2, task.opened.size)
        task.openLink(phone.approve())
        assertTrue(again.result() is LoginOutcome.LoggedIn)
        assertNull(bounded { switchback.reopen(phone.main, pending.id) })
        val events = bounded { switchback.client().timeline(pending.id) }!!.map { it.event }
        assertEquals(1, events.count { it == "open.returned" })
        assertEquals(2, events.count { it == "open.done" })
    }

    @Test
    fun `the link that comes right after the person wins`() {
        val (_, call) = begun()
        val link = phone.approve()
        task.comeBack()
        task.pass(LINK_DELAY / 2)
        task.openLink(link)
        task.pass(LINK_DELAY)
        assertTrue(call.result() is LoginOutcome.LoggedIn)
    }

    @Test
    fun `on another device the person uses the page of the provider`() {
        val (switchback, call) = begun()
        task.comeBack()
        task.pass(LINK_DELAY)
        val id = call.result().pending().id
        val again = phone.later { switchback.reopen(phone.main, id, onOtherDevice = true) }
        task.start(phone.main.awaitStarted(again))
        val tab = task.opened.last()
        assertEquals(Phone.CHROME.`package`, tab.`package`)
        assertTrue(tab.hasExtra(BrowserIntents.EXTRA_SESSION))
        task.openLink(phone.approve())
        assertTrue(again.result() is LoginOutcome.LoggedIn)
        assertEquals(1, task.size)
    }

    @Test
    fun `a cancelled login is not pending`() {
        val (switchback, call) = begun()
        task.comeBack()
        task.pass(LINK_DELAY)
        val id = call.result().pending().id
        bounded { switchback.cancelLogin(id) }
        assertEquals(emptyList<Any>(), bounded { switchback.client().pendingLogins() })
        assertNull(bounded { switchback.reopen(phone.main, id) })
    }

    @Test
    fun `the back gesture leaves the login pending`() {
        ShadowApplication.setEnableOnBackInvokedCallback(true)
        val (_, call) = begun()
        task.comeBack()
        task.goBack()
        assertTrue(call.result() is LoginOutcome.Pending)
        assertSame(phone.main, task.front)
    }

    @Test
    fun `a touch beside the identity app in a split screen ends the wait`() {
        val (_, call) = begun()
        val login = task.below()
        login.dispatchTouchEvent(MotionEvent.obtain(0, 0, MotionEvent.ACTION_DOWN, 1f, 1f, 0))
        assertTrue(login.isFinishing)
        task.comeBack()
        assertTrue(call.result() is LoginOutcome.Pending)
    }

    @Test
    fun `the phone is turned during the login`() {
        val (_, call) = begun()
        task.rotate()
        task.openLink(phone.approve())
        assertTrue(call.result() is LoginOutcome.LoggedIn)
        assertTrue(task.front is MainActivity)
        assertEquals(1, task.opened.size)
    }

    @Test
    fun `the phone is turned while the login is in front`() {
        val (_, call) = begun()
        task.comeBack()
        task.rotate()
        assertEquals(1, task.opened.size)
        task.pass(LINK_DELAY)
        assertTrue(call.result() is LoginOutcome.Pending)
    }

    @Test
    fun `the app shows another screen when the link comes`() {
        val (_, call) = begun()
        task.comeBack()
        task.pass(LINK_DELAY)
        assertTrue(call.result() is LoginOutcome.Pending)
        task.start(Intent(phone.context, OtherActivity::class.java))
        task.openLink(phone.approve())
        assertTrue(task.front is OtherActivity)
        assertEquals(2, task.size)
    }

    @Test
    fun `the person removed the task of the app`() {
        val (switchback, call) = begun()
        val link = phone.approve()
        task.remove()
        assertTrue(call.result() is LoginOutcome.Pending)
        task.openLink(link)
        assertTrue(task.front is MainActivity)
        assertTrue(bounded { switchback.events.first() } is LoginOutcome.LoggedIn)
    }

    @Test
    fun `the scope of the call ends with the activity`() {
        val (switchback, call) = begun()
        val link = phone.approve()
        call.cancel()
        task.openLink(link)
        assertTrue(bounded { switchback.events.first() } is LoginOutcome.LoggedIn)
        assertTrue(task.front is MainActivity)
    }

    @Test
    fun `an intent that is no link is ignored`() {
        val (_, call) = begun()
        val redirect = ComponentName(phone.context, RedirectActivity::class.java)
        val nested = Intent(phone.context, MainActivity::class.java)
        val strange = listOf(
            Intent(),
            Intent(Intent.ACTION_VIEW),
            Intent(Intent.ACTION_SEND, Uri.parse("${Phone.REDIRECT_URI}?code=a&state=b")),
            Intent().putExtra(Intent.EXTRA_INTENT, nested).putExtra("back", true),
        )
        for (intent in strange) {
            val activity = Robolectric.buildActivity(RedirectActivity::class.java, intent.setComponent(redirect)).create().get()
            assertTrue(activity.isFinishing)
            assertNull(shadowOf(activity).nextStartedActivityForResult)
        }
        assertFalse(call.isCompleted)
        call.cancel()
    }

    @Test
    fun `a link starts only the library's own activity`() {
        val nested = Intent(phone.context, MainActivity::class.java)
        val link = Intent(Intent.ACTION_VIEW, Uri.parse("${Phone.REDIRECT_URI}?code=a&state=b")).putExtra(Intent.EXTRA_INTENT, nested)
        val activity = Robolectric.buildActivity(RedirectActivity::class.java, link).create().get()
        val started = shadowOf(activity)
        assertEquals(LoginActivity::class.java.name, started.nextStartedActivityForResult.intent.component!!.className)
        assertNull(started.nextStartedActivityForResult)
    }

    @Test
    fun `a link that comes before the app made a Switchback is kept`() {
        val (first, call) = begun()
        val link = phone.approve()
        call.cancel()
        first.close()
        task.openLink(link)
        val second = phone.switchback()
        val outcome = bounded { second.events.first() }
        assertTrue("$outcome", outcome is LoginOutcome.LoggedIn)
        val current = bounded { second.current.first { it != CurrentSession.Loading } }
        assertEquals(CurrentSession.LoggedIn((outcome as LoginOutcome.LoggedIn).session), current)
    }

    @Test
    fun `the timeline says what was opened and why`() {
        val (switchback, call) = begun()
        val lines = phone.timeline(switchback)
        assertEquals(
            listOf(
                "login.begun: login",
                "links.checked: the link: it opens this app; any other app can claim the scheme com.example.app and receive the code",
                "open.left-out: auth_tab: left out: the identity app returns by the link, which an Auth Tab does not receive",
                "open.done: identity_app com.example.identity: it handles the authorization URL",
            ),
            lines,
        )
        // The URL is a secret.
        assertFalse(lines.any { "state" in it || "oauth2" in it })
        call.cancel()
    }
}

private const val LINK_DELAY = 500L

/** Another screen of the app. */
class OtherActivity : Activity()
