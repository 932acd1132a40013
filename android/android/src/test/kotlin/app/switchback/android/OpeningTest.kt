package app.switchback.android

import android.app.Activity
import android.content.Intent
import android.os.SystemClock
import app.switchback.CurrentSession
import app.switchback.LoginFailure
import app.switchback.LoginOutcome
import app.switchback.Mode
import app.switchback.Provider
import app.switchback.SwitchbackConfig
import app.switchback.SwitchbackException
import app.switchback.android.store.FakeAndroidKeystore
import app.switchback.internal.Browser
import app.switchback.internal.HostState
import kotlinx.coroutines.Deferred
import kotlinx.coroutines.flow.first
import org.junit.Assert.assertEquals
import org.junit.Assert.assertFalse
import org.junit.Assert.assertNull
import org.junit.Assert.assertSame
import org.junit.Assert.assertThrows
import org.junit.Assert.assertTrue
import org.junit.Rule
import org.junit.Test
import org.junit.rules.RuleChain
import org.junit.runner.RunWith
import org.robolectric.RobolectricTestRunner
import org.robolectric.annotation.Config

/** What a login opens, and what it opens if that fails. */
@RunWith(RobolectricTestRunner::class)
@Config(sdk = [36], shadows = [Device.Packages::class, Device.Starts::class])
class OpeningTest {
    private val phone = Phone(hasBrowser = false)

    @get:Rule
    val rules: RuleChain = RuleChain.outerRule(TestApp()).around(phone)

    private val task get() = phone.task

    private fun begin(options: SwitchbackOptions = SwitchbackOptions()): Pair<Switchback, Deferred<LoginOutcome>> {
        val switchback = phone.switchback(options)
        phone.launch()
        return switchback to phone.begin(switchback)
    }

    private fun opened(): Intent = task.opened.single()

    @Test
    fun `nothing on the phone opens the login`() {
        val (switchback, call) = begin()
        assertEquals(LoginFailure.Code.NOT_OPENED, (call.result() as LoginOutcome.Failed).failure.code)
        assertEquals(emptyList<Any>(), bounded { switchback.client().pendingLogins() })
        assertSame(phone.main, task.front)
    }

    @Test
    fun `the identity app is opened in its own task, and never in a browser`() {
        Device.installBrowser(Phone.CHROME)
        phone.installIdentityApp()
        val (_, call) = begin()
        val needed = Intent.FLAG_ACTIVITY_NEW_TASK or Intent.FLAG_ACTIVITY_REQUIRE_NON_BROWSER
        assertEquals(needed, opened().flags and needed)
        // The system decides: another app could also say that it handles the URL.
        assertNull(opened().`package`)
        call.cancel()
    }

    @Test
    fun `an identity app whose domain is not verified gives way to a tab`() {
        Device.installBrowser(Phone.CHROME)
        Device.install(Phone.IDENTITY_APP, phone.sandbox.url)
        val (switchback, call) = begin()
        assertEquals(Phone.CHROME.`package`, opened().`package`)
        val lines = phone.timeline(switchback)
        assertTrue("$lines", "open.failed: identity_app com.example.identity: ActivityNotFoundException" in lines)
        assertTrue("$lines", "open.done: custom_tab com.android.chrome: it is the default browser" in lines)
        call.cancel()
    }

    @Test
    fun `a tab has what Chrome needs to open an app`() {
        Device.installBrowser(Phone.CHROME)
        val (_, call) = begin()
        val tab = opened()
        assertEquals(Intent.ACTION_VIEW to Phone.CHROME.`package`, tab.action to tab.`package`)
        assertTrue(tab.hasExtra(BrowserIntents.EXTRA_SESSION))
        assertTrue(tab.getBooleanExtra(BrowserIntents.EXTRA_SEND_TO_APPS, false))
        assertFalse(tab.hasExtra(BrowserIntents.EXTRA_EPHEMERAL))
        // In the task of the app, so that the link closes it.
        assertEquals(0, tab.flags and Intent.FLAG_ACTIVITY_NEW_TASK)
        task.openLink(phone.approve())
        assertTrue(call.result() is LoginOutcome.LoggedIn)
        assertEquals(1, task.size)
    }

    @Test
    fun `a tab without cookies is asked for only if the browser has it`() {
        Device.installBrowser(Phone.CHROME)
        val (_, call) = begin(SwitchbackOptions(isEphemeral = true))
        assertTrue(opened().getBooleanExtra(BrowserIntents.EXTRA_EPHEMERAL, false))
        call.cancel()
    }

    @Test
    fun `the app prefers a browser`() {
        Device.installBrowser(Phone.CHROME)
        Device.installBrowser(FIREFOX)
        val (_, call) = begin(SwitchbackOptions(browsers = listOf(FIREFOX.`package`)))
        assertEquals(FIREFOX.`package`, opened().`package`)
        call.cancel()
    }

    @Test
    fun `a browser without tabs opens the login itself`() {
        Device.installBrowser(SIMPLE)
        val (_, call) = begin()
        assertEquals(SIMPLE.`package`, opened().`package`)
        assertFalse(opened().hasExtra(BrowserIntents.EXTRA_SESSION))
        assertTrue(opened().flags and Intent.FLAG_ACTIVITY_NEW_TASK != 0)
        task.openLink(phone.approve())
        assertTrue(call.result() is LoginOutcome.LoggedIn)
        assertSame(phone.main, task.front)
    }

    @Test
    fun `each call says that the configuration is wrong, and nothing else fails`() {
        val wrong = SwitchbackConfig(Provider.truid(baseUrl = phone.sandbox.url), Mode.direct(""), Phone.REDIRECT_URI, testService = true)
        val switchback = phone.switchback(config = wrong)
        phone.launch()
        val called = assertThrows(SwitchbackException.Configuration::class.java) { bounded { switchback.logIn(phone.main, Phone.REQUEST) } }
        val current = bounded { switchback.current.first { it != CurrentSession.Loading } }
        assertEquals(called.message, (current as CurrentSession.Unavailable).error.message)
        // A link, and the end, are no reason for an exception in another thread.
        task.openLink("${Phone.REDIRECT_URI}?code=a&state=b")
        switchback.close()
    }

    @Test
    fun `a store whose key is lost works again after a reset`() {
        Device.installBrowser(Phone.CHROME)
        val (switchback, first) = begin()
        task.openLink(phone.approve())
        assertTrue(first.result() is LoginOutcome.LoggedIn)
        FakeAndroidKeystore.keys.clear()
        val lost = assertThrows(SwitchbackException.StoreFailed::class.java) {
            bounded { switchback.logIn(phone.main, Phone.REQUEST) }
        }
        assertEquals("key_lost", lost.detail)
        bounded { switchback.resetStore() }
        assertEquals(emptyList<Any>(), bounded { switchback.client().sessions() })
        val again = phone.begin(switchback)
        task.openLink(phone.approve())
        assertTrue(again.result() is LoginOutcome.LoggedIn)
    }

    @Test
    fun `the link check says the same before the login`() {
        Device.installBrowser(Phone.CHROME)
        val check = bounded { phone.switchback().checkLinks() }
        assertEquals(LinkCheck.Returns.THIS_APP, check.returns)
        assertTrue(check.isGood)
        assertEquals(listOf("custom_scheme", "no_identity_app"), check.warnings.map { it.code }.sorted())
        val used = check.steps.filter { !it.isLeftOut }.map { it.opens }
        assertEquals(listOf(LinkCheck.Opens.CUSTOM_TAB, LinkCheck.Opens.BROWSER), used)
        assertTrue("$check".contains("the link: it opens this app"))
    }

    private companion object {
        val FIREFOX = Browser("org.mozilla.firefox", isDefault = false, customTab = true, authTab = false, ephemeral = false)
        val SIMPLE = Browser("com.example.browser", isDefault = true, customTab = false, authTab = false, ephemeral = false)
    }
}
