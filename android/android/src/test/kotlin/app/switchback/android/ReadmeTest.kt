package app.switchback.android

import android.app.Activity
import android.content.Context
import android.content.Intent
import android.net.Uri
import app.switchback.Backend
import app.switchback.LoginOutcome
import app.switchback.Mode
import app.switchback.Provider
import app.switchback.Purpose
import app.switchback.Session
import app.switchback.SwitchbackConfig
import app.switchback.android.store.FakeAndroidKeystore
import app.switchback.support.Program
import app.switchback.support.Sandbox
import app.switchback.support.codeOnPage
import java.io.File
import kotlinx.coroutines.CoroutineScope
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.async
import kotlinx.serialization.json.jsonPrimitive
import org.junit.Assert.assertEquals
import org.junit.Assert.assertTrue
import org.junit.Rule
import org.junit.Test
import org.junit.runner.RunWith
import org.robolectric.Robolectric
import org.robolectric.RobolectricTestRunner
import org.robolectric.RuntimeEnvironment
import org.robolectric.annotation.Config

/** The lines for Android in the README. */
internal class Readme(context: Context, config: SwitchbackConfig) {
    val greeted = mutableListOf<Session>()
    val shown = mutableListOf<String>()

    private val switchback = Switchback(context, config) // in Application.onCreate

    suspend fun logIn(activity: Activity) {
        when (val outcome = switchback.logIn(activity, Purpose.LOGIN)) {
            is LoginOutcome.LoggedIn -> greet(outcome.session)
            is LoginOutcome.Declined -> stay()
            else -> show(outcome.userMessage)
        }
    }

    private fun greet(session: Session) {
        greeted += session
    }

    private fun stay() = show("stay")

    private fun show(text: String) {
        shown += text
    }

    fun close() = switchback.close()
}

/** The lines of the README compile, and log a person in through the service of `serve --demo`. */
@RunWith(RobolectricTestRunner::class)
@Config(sdk = [36], shadows = [Device.Packages::class, Device.Starts::class])
class ReadmeTest {
    @get:Rule
    val app = TestApp()

    @Test
    fun `the lines of the README are in this file`() {
        val lines = codeOnPage("README.md", "kotlin").single()
        val code = File("src/test/kotlin/app/switchback/android/ReadmeTest.kt").readLines().map(String::trim)
        var place = 0
        for (line in lines.lines().map(String::trim).filter(String::isNotEmpty)) {
            val found = (place until code.size).firstOrNull { code[it].removePrefix("private ") == line }
            place = 1 + (found ?: throw AssertionError("this file has no such line after line $place: $line"))
        }
    }

    @Test
    fun `the lines of the README log a person in`() {
        FakeAndroidKeystore.install()
        Device.reset()
        Device.installBrowser(Phone.CHROME)
        Program("serve", "--demo", "--port", "0", "--sandbox-port", "0", "--scheme", Phone.APP).use { demo ->
            val sandbox = Sandbox.of(demo)
            val config = SwitchbackConfig(
                Provider.truid(baseUrl = sandbox.url),
                Mode.mediated(Backend.switchback("${demo.url}truid")),
                demo.ready.getValue("redirect_uri").jsonPrimitive.content,
                testService = true,
            )
            val readme = Readme(RuntimeEnvironment.getApplication(), config)
            val task = Task()
            val main = task.launch()
            val call = CoroutineScope(Dispatchers.Default).async { readme.logIn(main) }
            task.start(main.awaitStarted(call))
            val link = Intent(Intent.ACTION_VIEW, Uri.parse(sandbox.approve(task.opened.single().dataString!!)))
            Robolectric.buildActivity(RedirectActivity::class.java, link).create()
            call.result()
            assertEquals(emptyList<String>(), readme.shown)
            assertTrue(bounded { readme.greeted.single().userInfo() }.name!!.isNotEmpty())
            assertEquals(emptyList<String>(), sandbox.findings())
            readme.close()
        }
    }
}
