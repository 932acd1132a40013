package app.switchback.android

import android.app.Activity
import android.content.Intent
import android.net.Uri
import android.os.Looper
import app.switchback.AttemptId
import app.switchback.TimelineEntry
import java.time.Duration
import org.junit.After
import org.junit.Assert.assertEquals
import org.junit.Assert.assertFalse
import org.junit.Assert.assertNull
import org.junit.Assert.assertTrue
import org.junit.Rule
import org.junit.Test
import org.junit.rules.RuleChain
import org.junit.runner.RunWith
import org.robolectric.Robolectric
import org.robolectric.RobolectricTestRunner
import org.robolectric.Shadows.shadowOf
import org.robolectric.android.controller.ActivityController
import org.robolectric.annotation.Config
import org.robolectric.shadows.ShadowSystemClock

/**
 * A login in an Auth Tab. Chromium's `AuthTabIntent` has the results: -1 with the redirect, 0 if the tab was closed,
 * 2 if the domain's verification failed, 3 if it took too long. After 2 and 3 the code of an approved login is lost.
 */
@RunWith(RobolectricTestRunner::class)
@Config(sdk = [36], shadows = [Device.Packages::class, Device.Starts::class])
class AuthTabTest {
    private val phone = Phone()

    @get:Rule
    val rules: RuleChain = RuleChain.outerRule(TestApp()).around(phone)

    private var freshUrls = mutableListOf("https://id.example/authorize?state=second")
    private val login = OpenLogin(
        AttemptId("id"), Uri.parse("https://id.example/authorize?state=first"),
        LoginPlan(
            Uri.parse("https://app.example/callback"),
            LinkCheck(LinkCheck.Returns.THIS_APP, listOf(step(LinkCheck.Opens.AUTH_TAB), step(LinkCheck.Opens.CUSTOM_TAB)), emptyList()),
            browsers = setOf(Phone.CHROME.`package`),
        ),
        DeviceFacts(phone.context) { Device },
    ) { freshUrls.removeFirstOrNull() }

    private fun step(opens: LinkCheck.Opens) =
        LinkCheck.Step(opens, Phone.CHROME.`package`, isEphemeral = false, needsTap = false, isLeftOut = false, reason = "a test")

    private fun begun(): ActivityController<LoginActivity> {
        OpenLogin.add(login)
        return Robolectric.buildActivity(LoginActivity::class.java, LoginActivity.open(phone.context, login)).setup()
    }

    @After
    fun forget() = OpenLogin.remove(login)

    private fun opened(activity: Activity): Intent? = shadowOf(activity).nextStartedActivityForResult?.intent

    /** The browser closes the tab with this result, after this time. */
    private fun ActivityController<LoginActivity>.returns(result: Int, link: String? = null, after: Duration = Duration.ofSeconds(5)) {
        pause().stop()
        ShadowSystemClock.advanceBy(after)
        val data = link?.let { Intent().setData(Uri.parse(it)) }
        get().callOnActivityResult(result, data)
        start().resume()
    }

    private fun LoginActivity.callOnActivityResult(result: Int, data: Intent?) = onActivityResult(LoginActivity.AUTH_TAB, result, data)

    private fun events(): List<String> = login.takeEntries().map(TimelineEntry::event)

    @Test
    fun `the tab gets the parts of the redirect URI`() {
        val tab = opened(begun().get())!!
        assertTrue(tab.getBooleanExtra(BrowserIntents.EXTRA_AUTH_TAB, false))
        assertTrue(tab.hasExtra(BrowserIntents.EXTRA_SESSION))
        assertEquals("app.example", tab.getStringExtra(BrowserIntents.EXTRA_REDIRECT_HOST))
        assertEquals("/callback", tab.getStringExtra(BrowserIntents.EXTRA_REDIRECT_PATH))
        assertFalse(tab.hasExtra(BrowserIntents.EXTRA_REDIRECT_SCHEME))
        assertTrue(bounded { login.opened.await() })
    }

    @Test
    fun `a custom scheme is another extra`() {
        val tab = BrowserIntents.authTab(Uri.parse("https://id.example"), null, false, Uri.parse("com.example.app://app/callback"))
        assertEquals("com.example.app", tab.getStringExtra(BrowserIntents.EXTRA_REDIRECT_SCHEME))
        assertFalse(tab.hasExtra(BrowserIntents.EXTRA_REDIRECT_HOST))
    }

    @Test
    fun `its result is the link`() {
        val activity = begun()
        activity.returns(Activity.RESULT_OK, "https://app.example/callback?code=a&state=first")
        assertTrue(activity.get().isFinishing)
        activity.pause().stop().destroy()
        assertFalse(login.returned.isCompleted)
    }

    @Test
    fun `a person who closes the tab is back without the link`() {
        val activity = begun()
        opened(activity.get())
        activity.returns(Activity.RESULT_CANCELED)
        assertNull(opened(activity.get()))
        shadowOf(Looper.getMainLooper()).idleFor(Duration.ofMillis(500))
        assertTrue(activity.get().isFinishing)
        activity.pause().stop().destroy()
        assertTrue(login.returned.isCompleted)
        assertEquals(1, freshUrls.size)
    }

    @Test
    fun `after a failure a Custom Tab opens once, with another URL`() {
        for ((result, after) in listOf(2 to 5L, 3 to 5L, -2 to 5L, 42 to 5L, Activity.RESULT_CANCELED to 0L, Activity.RESULT_OK to 5L)) {
            freshUrls = mutableListOf("https://id.example/authorize?state=second")
            val activity = begun()
            opened(activity.get())
            activity.returns(result, after = Duration.ofSeconds(after))
            val tab = awaitOpened(activity.get())
            assertEquals("$result", "https://id.example/authorize?state=second", tab.dataString)
            assertFalse(tab.hasExtra(BrowserIntents.EXTRA_AUTH_TAB))
            assertTrue(tab.getBooleanExtra(BrowserIntents.EXTRA_SEND_TO_APPS, false))
            assertFalse(activity.get().isFinishing)
            assertFalse(login.returned.isCompleted)
            assertTrue("open.failed" in events())
            activity.pause().stop()
        }
    }

    @Test
    fun `a login that is not pending any more is not opened again`() {
        freshUrls.clear()
        val activity = begun()
        opened(activity.get())
        activity.returns(2)
        until("the activity ends") { activity.get().isFinishing }
        assertNull(opened(activity.get()))
    }

    private fun awaitOpened(activity: Activity): Intent {
        var opened: Intent? = null
        until("something is open") { opened(activity)?.also { opened = it } != null }
        return opened!!
    }
}
