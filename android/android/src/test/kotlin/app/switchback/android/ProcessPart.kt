package app.switchback.android

import android.content.Context
import android.content.ContextWrapper
import android.content.Intent
import android.net.Uri
import app.switchback.Backend
import app.switchback.LoginOutcome
import app.switchback.Mode
import app.switchback.Provider
import app.switchback.SwitchbackConfig
import app.switchback.android.store.FakeAndroidKeystore
import java.io.File
import kotlinx.coroutines.CoroutineScope
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.async
import kotlinx.coroutines.flow.first
import org.junit.Assert.assertEquals
import org.junit.Assert.assertTrue
import org.junit.Before
import org.junit.Rule
import org.junit.Test
import org.junit.runner.RunWith
import org.robolectric.Robolectric
import org.robolectric.RobolectricTestRunner
import org.robolectric.RuntimeEnvironment
import org.robolectric.annotation.Config

/**
 * One process of the app, in a JVM of its own: [ProcessDeathTest] starts one that begins a login, and then one that
 * the link starts. They share a folder: the files of the app, and the keys of the keystore, which on a phone are in
 * another process. Surefire does not run this class, because of its name.
 */
@RunWith(RobolectricTestRunner::class)
@Config(sdk = [36], shadows = [Device.Packages::class, Device.Starts::class])
class ProcessPart {
    @get:Rule
    val app = TestApp()

    private val folder = File(System.getProperty("switchback.folder")!!)
    private val link = File(folder, "link")

    /** The app, whose files are in the shared folder. */
    private val context: Context = object : ContextWrapper(RuntimeEnvironment.getApplication()) {
        override fun getApplicationContext(): Context = this

        override fun getNoBackupFilesDir(): File = File(folder, "no_backup").apply { mkdirs() }
    }

    private val config by lazy {
        SwitchbackConfig(
            Provider.truid(baseUrl = text("provider")),
            text("backend").ifEmpty { null }?.let { Mode.mediated(Backend.switchback(it)) } ?: Mode.direct("demo-app"),
            text("redirect_uri"),
            testService = true,
        )
    }

    private fun text(name: String): String = File(folder, name).readText()

    @Before
    fun makePhone() {
        FakeAndroidKeystore.install()
        FakeAndroidKeystore.load(File(folder, "keystore"))
        Device.reset()
        Device.installBrowser(Phone.CHROME)
    }

    @Test
    fun run() = if (link.exists()) complete() else begin()

    /** The person is in the browser when the system ends the process. */
    private fun begin() {
        val task = Task()
        val main = task.launch()
        // In direct mode a login needs a scope, which the lines of the README do not have.
        val isDirect = text("backend").isEmpty()
        val begun = System.nanoTime()
        val call = CoroutineScope(Dispatchers.Default).async {
            if (isDirect) Switchback(context, config).logIn(main, Phone.REQUEST) else Readme(context, config).logIn(main)
        }
        task.start(main.awaitStarted(call))
        File(folder, "first-url").writeText("${(System.nanoTime() - begun) / NANOS_PER_MS}")
        FakeAndroidKeystore.save(File(folder, "keystore"))
        File(folder, "url").writeText(task.opened.single().dataString!!)
        Runtime.getRuntime().halt(KILLED)
    }

    /** The link starts the process: first the application, then the redirect activity. */
    private fun complete() {
        val switchback = Switchback(context, config)
        val intent = Intent(Intent.ACTION_VIEW, Uri.parse(link.readText()))
        Robolectric.buildActivity(RedirectActivity::class.java, intent).create()
        // Some systems pass a link twice.
        Robolectric.buildActivity(RedirectActivity::class.java, intent).create()
        val outcome = bounded { switchback.events.first() }
        assertTrue("$outcome", outcome is LoginOutcome.LoggedIn)
        val session = (outcome as LoginOutcome.LoggedIn).session
        assertEquals(session, bounded { switchback.currentSession() })
        val timeline = bounded { switchback.client().timeline(session.id) }!!.map { it.event }
        assertTrue("$timeline", timeline.containsAll(listOf("login.begun", "callback.received", "login.completed")))
        File(folder, "subject").writeText(bounded { session.userInfo() }.subject)
    }

    companion object {
        const val KILLED = 9
        private const val NANOS_PER_MS = 1_000_000
    }
}
