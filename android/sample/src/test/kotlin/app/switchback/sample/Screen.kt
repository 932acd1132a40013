package app.switchback.sample

import android.app.Dialog
import android.content.ComponentName
import android.content.Intent
import android.view.View
import android.view.ViewGroup
import android.widget.TextView
import app.switchback.android.Task
import app.switchback.android.until as untilSo
import org.robolectric.RuntimeEnvironment
import org.robolectric.shadows.ShadowDialog

/**
 * What a person sees of the app, and does with it. It uses no class of the library or of the app: in [ShrunkPart]
 * these have other names.
 */
abstract class Screen {
    internal val task = Task()

    /** The person opens the app from the launcher. */
    internal fun launch() {
        val app = RuntimeEnvironment.getApplication()
        task.start(Intent().setComponent(ComponentName(app, "app.switchback.sample.MainActivity")))
    }

    internal fun until(what: String, isSo: () -> Boolean) = try {
        untilSo(what) {
            task.settle()
            isSo()
        }
    } catch (error: IllegalStateException) {
        throw AssertionError("${error.message}. On the screen: ${texts()}", error)
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

    internal companion object {
        const val LOGIN = "Login with Truid"
        const val CONTINUE = "Continue with Truid"
        const val HELLO = "Hello, Maja Sjöström"
    }
}
