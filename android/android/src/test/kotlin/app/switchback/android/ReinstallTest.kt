package app.switchback.android

import app.switchback.AfterReinstall
import app.switchback.LoginOutcome
import app.switchback.StoreException
import app.switchback.SwitchbackException
import app.switchback.android.store.FakeAndroidKeystore
import app.switchback.android.store.KeystoreStore
import java.io.File
import org.junit.Assert.assertEquals
import org.junit.Assert.assertNotNull
import org.junit.Assert.assertNull
import org.junit.Assert.assertThrows
import org.junit.Assert.assertTrue
import org.junit.Before
import org.junit.Rule
import org.junit.Test
import org.junit.rules.RuleChain
import org.junit.runner.RunWith
import org.robolectric.RobolectricTestRunner
import org.robolectric.annotation.Config

/** The app is removed and installed again, and files of the earlier installation come back. */
@RunWith(RobolectricTestRunner::class)
@Config(sdk = [36], shadows = [Device.Packages::class, Device.Starts::class])
class ReinstallTest {
    private val phone = Phone()

    @get:Rule
    val rules: RuleChain = RuleChain.outerRule(TestApp()).around(phone)

    private lateinit var store: KeystoreStore

    @Before
    fun logInBefore() {
        store = KeystoreStore(phone.context)
        phone.installIdentityApp()
        phone.launch()
        val switchback = switchback()
        logIn(switchback)
        switchback.close()
        assertTrue(store.list("").isNotEmpty())
    }

    private fun switchback(sessions: AfterReinstall = AfterReinstall.WIPE): Switchback =
        phone.switchback(SwitchbackOptions(store = store, sessionsOfEarlierInstallation = sessions))

    private fun logIn(switchback: Switchback) {
        val call = phone.begin(switchback)
        phone.task.openLink(phone.approve())
        assertTrue(call.result() is LoginOutcome.LoggedIn)
    }

    /** Android removes the keys of an app with the app, and no backup has them. */
    private fun loseKey() = FakeAndroidKeystore.keys.clear()

    private fun loseMarker() = assertTrue(File(phone.context.noBackupFilesDir, "switchback.state").deleteRecursively())

    private fun assertKeyLost(switchback: Switchback) {
        val entries = store.list("").toSet()
        val error = assertThrows(SwitchbackException.StoreFailed::class.java) {
            phone.later { switchback.logIn(phone.main, Phone.REQUEST) }.result()
        }
        assertTrue("$error", error.cause is StoreException.KeyLost)
        assertTrue(error.message, "call Switchback.resetStore" in error.message && "set the store aside" !in error.message)
        assertEquals("nothing was deleted", entries, store.list("").toSet())
    }

    @Test
    fun `a new installation removes restored entries, and the next login works`() {
        loseKey()
        loseMarker()
        val switchback = switchback()
        assertNull(bounded { switchback.currentSession() })
        assertEquals(emptyList<String>(), store.list(""))
        logIn(switchback)
        assertNotNull(bounded { switchback.currentSession() })
    }

    @Test
    fun `without a call before it, the first login of a new installation works, too`() {
        loseKey()
        loseMarker()
        logIn(switchback())
    }

    @Test
    fun `an app can keep sessions whose key is there`() {
        loseMarker()
        assertNotNull(bounded { switchback(AfterReinstall.KEEP).currentSession() })
    }

    @Test
    fun `sessions are removed although their key is there`() {
        loseMarker()
        assertNull(bounded { switchback().currentSession() })
    }

    @Test
    fun `if the marker was restored, too, the store says that the key is lost until a reset`() {
        loseKey()
        val switchback = switchback()
        assertKeyLost(switchback)
        store.reset()
        logIn(switchback)
    }

    @Test
    fun `an app that keeps sessions must reset a store without its key`() {
        loseKey()
        loseMarker()
        val switchback = switchback(AfterReinstall.KEEP)
        assertKeyLost(switchback)
        store.reset()
        logIn(switchback)
    }
}
