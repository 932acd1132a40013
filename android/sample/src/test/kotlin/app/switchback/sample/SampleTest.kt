package app.switchback.sample

import android.animation.ValueAnimator
import android.app.Dialog
import android.content.ComponentName
import android.content.Intent
import android.os.Looper
import android.view.View
import android.view.ViewGroup
import android.widget.TextView
import app.switchback.android.Device
import app.switchback.android.LIMIT
import app.switchback.android.Task
import app.switchback.android.TestApp
import app.switchback.internal.Browser
import app.switchback.support.Sandbox
import org.junit.After
import org.junit.Before
import org.junit.ClassRule
import org.junit.runner.RunWith
import org.robolectric.RobolectricTestRunner
import org.robolectric.RuntimeEnvironment
import org.robolectric.Shadows.shadowOf
import org.robolectric.annotation.Config
import org.robolectric.annotation.GraphicsMode
import org.robolectric.shadows.ShadowDialog
import org.robolectric.shadows.ShadowPausedLooper

/** Tests of the app on a phone with an identity app, a browser, and a sandbox as the provider. */
@RunWith(RobolectricTestRunner::class)
@Config(
    sdk = [36],
    application = TestApplication::class,
    shadows = [Device.Packages::class, Device.Starts::class],
    qualifiers = "w360dp-h640dp-hdpi",
)
@GraphicsMode(GraphicsMode.Mode.NATIVE)
abstract class SampleTest {
    internal val app get() = RuntimeEnvironment.getApplication() as TestApplication
    internal open val sandbox: Sandbox get() = TestApplication.sandbox
    internal val task = Task()

    @Before
    fun prepare() {
        Device.reset()
        Device.installBrowser(Browser("com.android.chrome", isDefault = true, customTab = true, authTab = true, ephemeral = true))
        TestApplication.sandbox.reset()
        // Otherwise the angle of a spinner depends on the time.
        ValueAnimator.setDurationScale(0f)
    }

    @After
    fun close() = app.switchback.close()

    internal fun installIdentityApp() {
        Device.install(IDENTITY_APP, sandbox.url)
        Device.choose(sandbox.url, IDENTITY_APP)
    }

    /** The person opens the app from the launcher. */
    internal fun launch() = task.start(Intent().setComponent(ComponentName(app, MainActivity::class.java)))

    /** Runs the main thread until this is so. The other threads post to it. */
    internal fun until(what: String, isSo: () -> Boolean) {
        val end = System.nanoTime() + LIMIT * 1_000_000
        while (true) {
            task.settle()
            if (isSo()) return
            check(System.nanoTime() < end) { "not within the limit: $what. On the screen: ${texts()}" }
            (shadowOf(Looper.getMainLooper()) as ShadowPausedLooper).poll(POLL)
        }
    }

    internal fun untilShown(text: String) = until(text) { text in texts() }

    /** The texts that the person sees. */
    internal fun texts(): List<String> = views().filterIsInstance<TextView>().map { "${it.text}" }

    internal fun views(): List<View> =
        task.front?.window?.decorView?.let(::below).orEmpty() + sheet()?.window?.decorView?.let(::below).orEmpty()

    internal fun sheet(): Dialog? = ShadowDialog.getLatestDialog()?.takeIf { it.isShowing }

    internal fun below(view: View): List<View> = when {
        view.visibility != View.VISIBLE -> emptyList()
        view is ViewGroup -> listOf(view) + (0 until view.childCount).flatMap { below(view.getChildAt(it)) }
        else -> listOf(view)
    }

    internal fun tap(text: String, which: Int = 0) {
        views().filterIsInstance<TextView>().filter { "${it.text}" == text }[which].performClick()
        task.settle()
    }

    /** The person taps the button, and the app opens something. */
    internal fun tapAndLeave(text: String, which: Int = 0) {
        val before = task.opened.size
        tap(text, which)
        until("something is open") { task.opened.size > before }
    }

    internal fun openedUrl(): String = task.opened.last().dataString!!

    /** The person approves, and the identity app or browser opens the link. */
    internal fun approve() = task.openLink(sandbox.approve(openedUrl()))

    /** The person comes back without the link. */
    internal fun comeBack() {
        task.comeBack()
        task.pass(LINK_DELAY)
        until("the sheet") { sheet() != null }
    }

    internal companion object {
        const val IDENTITY_APP = "com.example.identity"
        const val LOGIN = "Login with Truid"
        const val CONTINUE = "Continue with Truid"
        const val HELLO = "Hello, Maja Sjöström"

        /** A little more than the time that the library waits for the link. */
        const val LINK_DELAY = 600L

        /** How long the main thread waits for a message before it looks again, in milliseconds. */
        private const val POLL = 100L

        @JvmField
        @ClassRule
        val testApp = TestApp()
    }
}
