package app.switchback.android

import app.switchback.LoginOutcome
import org.junit.Assert.assertEquals
import org.junit.Assert.assertTrue
import org.junit.Rule
import org.junit.Test
import org.junit.rules.RuleChain
import org.junit.runner.RunWith
import org.robolectric.RobolectricTestRunner
import org.robolectric.annotation.Config

/** The developer option "Don't keep activities": the system removes each activity that is covered. */
@RunWith(RobolectricTestRunner::class)
@Config(sdk = [36], shadows = [Device.Packages::class, Device.Starts::class])
class DontKeepActivitiesTest {
    private val phone = Phone(keepsActivities = false)

    @get:Rule
    val rules: RuleChain = RuleChain.outerRule(TestApp()).around(phone)

    private fun begun() = phone.run {
        installIdentityApp()
        val switchback = switchback()
        launch()
        begin(switchback)
    }

    @Test
    fun `a person logs in`() {
        val call = begun()
        phone.task.openLink(phone.approve())
        assertTrue(call.result() is LoginOutcome.LoggedIn)
        assertTrue(phone.task.front is MainActivity)
        assertEquals(1, phone.task.size)
    }

    @Test
    fun `a person comes back without the link`() {
        val call = begun()
        phone.task.comeBack()
        assertEquals(1, phone.task.opened.size)
        phone.task.pass(500)
        assertTrue(call.result() is LoginOutcome.Pending)
        assertTrue(phone.task.front is MainActivity)
    }
}
