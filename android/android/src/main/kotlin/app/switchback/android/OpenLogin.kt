package app.switchback.android

import android.app.Activity
import android.content.ActivityNotFoundException
import android.content.Intent
import android.net.Uri
import android.os.Build
import app.switchback.AttemptId
import app.switchback.TimelineEntry
import java.util.concurrent.ConcurrentHashMap
import java.util.concurrent.ConcurrentLinkedQueue
import kotlinx.coroutines.CompletableDeferred

/**
 * A login that a [LoginActivity] opens. Its URL is a secret, so it stays in this process, and the intent of the
 * activity has only the id.
 *
 * @property plan the ways to open it
 * @property fresh another URL of the same login, after a browser has used this one; null if the login is not
 *   pending any more
 */
internal class OpenLogin(
    val id: AttemptId,
    private var url: Uri,
    private val plan: LoginPlan,
    private val facts: DeviceFacts,
    private val fresh: suspend () -> String?,
) {
    /** Whether anything is open. */
    val opened = CompletableDeferred<Boolean>()

    /** Completes when the person is back without the link. */
    val returned = CompletableDeferred<Unit>()

    private val entries = ConcurrentLinkedQueue<TimelineEntry>()

    init {
        val link = "the link: ${plan.check.returns.message}"
        record("links.checked", (listOf(link) + plan.check.warnings.map { it.message }).joinToString("; "))
        plan.check.steps.filter { it.isLeftOut }.forEach { record("open.left-out", "$it") }
    }

    /** The entries for the timeline since the last call. */
    fun takeEntries(): List<TimelineEntry> = generateSequence(entries::poll).toList()

    fun record(event: String, note: String? = null) {
        entries += TimelineEntry(System.currentTimeMillis() / MILLIS, event, note)
    }

    /**
     * Opens the first way of the plan that can be opened.
     *
     * @param after only the ways after this one
     * @return what is open; null if nothing could be opened
     */
    fun openWith(activity: Activity, after: LinkCheck.Opens? = null): LinkCheck.Step? {
        val steps = plan.check.steps.filter { !it.isLeftOut && (after == null || it.opens > after) }
        val step = steps.firstOrNull { tryStep(it, activity) }
        if (step != null) record("open.done", "$step")
        return step
    }

    /** Gets another URL for a login whose URL a browser has used. It returns false if the login is not pending. */
    suspend fun refresh(): Boolean = fresh()?.let { url = Uri.parse(it) } != null

    private fun tryStep(step: LinkCheck.Step, activity: Activity): Boolean = try {
        when (step.opens) {
            LinkCheck.Opens.IDENTITY_APP -> openIdentityApp(activity)
            LinkCheck.Opens.AUTH_TAB -> activity.startActivityForResult(
                BrowserIntents.authTab(url, step.target, step.isEphemeral, plan.redirectUri), LoginActivity.AUTH_TAB,
            )
            LinkCheck.Opens.CUSTOM_TAB -> activity.startActivity(BrowserIntents.customTab(url, step.target, step.isEphemeral))
            LinkCheck.Opens.BROWSER ->
                activity.startActivity(BrowserIntents.browser(url, step.target).addFlags(Intent.FLAG_ACTIVITY_NEW_TASK))
        }
        true
    } catch (error: ActivityNotFoundException) {
        notOpened(step, error)
    } catch (error: SecurityException) {
        // The activity is not exported.
        notOpened(step, error)
    }

    /** The message of the exception has the URL, so only its type is named. */
    private fun notOpened(step: LinkCheck.Step, error: Exception): Boolean {
        record("open.failed", "${step.name}: ${error.javaClass.simpleName}")
        return false
    }

    private fun openIdentityApp(activity: Activity) {
        // In its own task, and not on top of this app's screens.
        val intent = Intent(Intent.ACTION_VIEW, url).addCategory(Intent.CATEGORY_BROWSABLE).addFlags(Intent.FLAG_ACTIVITY_NEW_TASK)
        if (Build.VERSION.SDK_INT >= Build.VERSION_CODES.R) {
            intent.addFlags(Intent.FLAG_ACTIVITY_REQUIRE_NON_BROWSER)
        } else {
            val opens = facts.opens(url)
            if (opens == null || opens in plan.browsers) throw ActivityNotFoundException()
        }
        activity.startActivity(intent)
    }

    companion object {
        private const val MILLIS = 1000

        private val all = ConcurrentHashMap<String, OpenLogin>()

        fun add(login: OpenLogin) {
            all[login.id.text] = login
        }

        fun remove(login: OpenLogin) {
            all.remove(login.id.text, login)
        }

        /** The login with this id, if this process opens it. */
        fun find(id: String?): OpenLogin? = id?.let(all::get)
    }
}
