package app.switchback.android

import android.app.Activity
import android.content.ActivityNotFoundException
import android.content.Intent
import android.os.Bundle
import android.os.Looper
import android.window.OnBackInvokedCallback
import java.util.concurrent.TimeUnit
import org.robolectric.Robolectric
import org.robolectric.RuntimeEnvironment
import org.robolectric.Shadows.shadowOf
import org.robolectric.android.controller.ActivityController
import org.robolectric.util.ReflectionHelpers

/**
 * The task of the app on a phone: the stack of its activities. Robolectric starts no activity itself, so this does
 * what the documentation "Tasks and the back stack" and `Intent.FLAG_ACTIVITY_CLEAR_TOP` say: an activity that is
 * covered is paused and stopped; one that is in front again is started and resumed; `CLEAR_TOP` with `SINGLE_TOP`
 * finishes what is above the activity, and gives it the intent.
 *
 * @property keepsActivities the developer option "Don't keep activities" is off
 */
class Task(private val keepsActivities: Boolean = true) {
    /** An activity of the app, or a tab of a browser in the same task (without a class). */
    private inner class Entry(val type: Class<out Activity>?, val intent: Intent) {
        private var controller: ActivityController<out Activity>? = null
        private var saved: Bundle? = null
        val activity: Activity? get() = controller?.get()

        fun show() {
            if (type == null) return
            if (controller == null) {
                val making = Robolectric.buildActivity(type, intent)
                shadowOf(making.get()).setIsTaskRoot(stack.none { it !== this && it.activity?.isFinishing != true })
                controller = making.create(saved)
            }
            controller?.run { if (!get().isFinishing) start().resume() }
        }

        fun cover() {
            val running = controller ?: return
            running.pause().stop()
            saved = Bundle().also(running::saveInstanceState)
            if (!keepsActivities) forget()
        }

        /** The system removes the activity, and creates it again when it is needed. */
        fun forget() {
            controller?.destroy()
            controller = null
        }

        fun give(intent: Intent) {
            if (controller == null) show()
            controller?.newIntent(intent)
        }

        fun end() {
            val running = controller ?: return
            if (!running.get().isFinishing) running.get().finish()
            running.pause().stop().destroy()
        }
    }

    private val stack = ArrayDeque<Entry>()

    /** What is in front of the person: an activity of the app; null for a tab, and for another app. */
    val front: Activity? get() = if (isAway) null else stack.lastOrNull()?.activity

    /** Another app is on the screen. */
    private var isAway = false

    /** The intents that opened another app or a tab. */
    val opened = mutableListOf<Intent>()

    /** No app handles these intents. */
    var refuses: (Intent) -> Boolean = { false }

    val size: Int get() = stack.size

    inline fun <reified T : Activity> isInFront(): Boolean = front is T

    /** The person opens the app from the launcher. */
    fun launch(): MainActivity {
        start(Intent(RuntimeEnvironment.getApplication(), MainActivity::class.java))
        return front as MainActivity
    }

    /** Something starts an activity of the app. */
    fun start(intent: Intent) {
        val component = intent.component ?: intent.resolveActivity(RuntimeEnvironment.getApplication().packageManager)
        val type = Class.forName(component.className).asSubclass(Activity::class.java)
        val there = stack.indexOfLast { it.type == type }
        val clears = intent.flags and Intent.FLAG_ACTIVITY_CLEAR_TOP != 0 && there >= 0
        if (!isAway) stack.lastOrNull()?.takeIf { !clears || stack.lastIndex != there }?.cover()
        isAway = false
        if (clears) {
            while (stack.lastIndex > there) stack.removeLast().end()
            stack.last().run {
                give(intent)
                show()
            }
        } else {
            stack += Entry(type, intent).also { it.show() }
        }
        settle()
    }

    /** Does what the activity in front has asked for, until it asks for nothing. */
    fun settle() {
        shadowOf(Looper.getMainLooper()).idle()
        while (!isAway) {
            val entry = stack.lastOrNull() ?: return
            val activity = entry.activity ?: return
            val next = shadowOf(activity).nextStartedActivityForResult?.intent
            when {
                next == null && !activity.isFinishing -> return
                next == null -> {
                    stack.removeLast().end()
                    stack.lastOrNull()?.show()
                }
                next.component != null -> start(next)
                else -> leave(next)
            }
            shadowOf(Looper.getMainLooper()).idle()
        }
    }

    private fun leave(intent: Intent) {
        opened += intent
        stack.last().cover()
        if (intent.flags and Intent.FLAG_ACTIVITY_NEW_TASK != 0) isAway = true else stack += Entry(null, intent)
    }

    /** The person closes the tab, or leaves the other app, without a link. */
    fun comeBack() {
        if (isAway) isAway = false else check(stack.removeLast().type == null) { "no tab is open" }
        stack.last().show()
        settle()
    }

    /**
     * The person uses the back gesture: Android calls the uppermost callback of the window, or else finishes the
     * activity ("Predictive back").
     */
    fun goBack() {
        val activity = front!!
        val dispatcher: Any? = ReflectionHelpers.getField(activity.window.onBackInvokedDispatcher, "mActualDispatcher")
        val callback = dispatcher?.let { ReflectionHelpers.callInstanceMethod<OnBackInvokedCallback?>(it, "getTopCallback") }
        callback?.onBackInvoked() ?: activity.finish()
        settle()
    }

    /** The activity of the app that the other app covers. */
    fun below(): Activity = checkNotNull(stack.last().activity)

    /** The person removes the app from the list of recent apps, but its process continues. */
    fun remove() {
        while (stack.isNotEmpty()) stack.removeLast().end()
    }

    /** Time passes. */
    fun pass(milliseconds: Long) {
        shadowOf(Looper.getMainLooper()).idleFor(milliseconds, TimeUnit.MILLISECONDS)
        settle()
    }

    /** A browser or another app opens the link. */
    fun openLink(link: String) = start(
        Intent(Intent.ACTION_VIEW, android.net.Uri.parse(link)).addCategory(Intent.CATEGORY_BROWSABLE)
            .addFlags(Intent.FLAG_ACTIVITY_NEW_TASK),
    )

    /** The person turns the phone: the activity in front is made again, and the others when they are shown. */
    fun rotate() = stack.forEach {
        val isShown = it.activity != null && it === stack.last() && !isAway
        if (isShown) it.cover()
        it.forget()
        if (isShown) it.show()
    }.also { settle() }
}
