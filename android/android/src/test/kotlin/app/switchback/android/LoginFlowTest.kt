package app.switchback.android

import android.content.ComponentName
import android.content.Intent
import android.net.Uri
import app.switchback.CurrentSession
import app.switchback.LoginFailure
import app.switchback.LoginOutcome
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
import org.robolectric.RobolectricTestRunner
import org.robolectric.annotation.Config

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
}
