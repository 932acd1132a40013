package app.switchback.android.store

import android.app.Activity
import android.content.Context
import app.switchback.LoginOutcome
import app.switchback.Session
import app.switchback.StoreException
import app.switchback.SwitchbackConfig
import app.switchback.android.Device
import app.switchback.android.Phone
import app.switchback.android.Switchback
import app.switchback.android.SwitchbackOptions as Options
import app.switchback.android.TestApp
import app.switchback.android.bounded
import app.switchback.android.result
import app.switchback.support.codeOnPage
import app.switchback.support.unindented
import java.io.File
import kotlin.time.Duration.Companion.minutes
import org.junit.Assert.assertEquals
import org.junit.Assert.assertTrue
import org.junit.Rule
import org.junit.Test
import org.junit.rules.RuleChain
import org.junit.runner.RunWith
import org.robolectric.RobolectricTestRunner
import org.robolectric.annotation.Config

/** The code in `docs/how-to/android-store.md` compiles, and does what the page says. */
@RunWith(RobolectricTestRunner::class)
@Config(sdk = [36], shadows = [Device.Packages::class, Device.Starts::class])
class DocumentationTest {
    private val phone = Phone()

    @get:Rule
    val rules: RuleChain = RuleChain.outerRule(TestApp()).around(phone)

    private val shown = mutableListOf<String>()

    @Test
    fun `the code of the page is in this file`() {
        val blocks = codeOnPage("docs/how-to/android-store.md", "kotlin")
        assertEquals(2, blocks.size)
        val code = File("src/test/kotlin/app/switchback/android/store/DocumentationTest.kt").readText().unindented()
        for (block in blocks) assertTrue(block, block.unindented() in code)
    }

    @Test
    fun `the person unlocks the store and is logged in`() {
        phone.installIdentityApp()
        phone.launch()
        FakeAndroidKeystore.unlock()
        val (store, switchback) = make(phone.context, phone.config())
        val call = phone.begin(switchback)
        phone.task.openLink(phone.approve())
        assertTrue(call.result() is LoginOutcome.LoggedIn)
        bounded { unlock(store, switchback, phone.main) }
        assertEquals(listOf("a session"), shown)
        switchback.close()
    }

    private fun make(context: Context, config: SwitchbackConfig): Pair<KeystoreStore, Switchback> {
        @Suppress("FunctionName")
        fun SwitchbackOptions(store: KeystoreStore) = Options(store).apply { domainVerification = { Device } }
        val store = KeystoreStore(context, unlockFor = 15.minutes)
        val switchback = Switchback(context, config, SwitchbackOptions(store = store))
        return store to switchback
    }

    private suspend fun unlock(store: KeystoreStore, switchback: Switchback, activity: Activity) {
        try {
            store.unlock(activity, title = "Unlock your account")
            show(switchback.currentSession())
        } catch (error: StoreException) {
            tell(error)
        }
    }

    private fun show(session: Session?) {
        shown += if (session == null) "nothing" else "a session"
    }

    private fun tell(error: StoreException) {
        shown += error.code
    }
}
