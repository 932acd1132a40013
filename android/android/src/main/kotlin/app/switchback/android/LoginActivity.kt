package app.switchback.android

import android.app.Activity
import android.content.Context
import android.content.Intent
import android.os.Bundle
import android.os.Handler
import android.os.Looper
import android.os.SystemClock
import android.view.MotionEvent
import kotlinx.coroutines.CoroutineScope
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.SupervisorJob
import kotlinx.coroutines.cancel
import kotlinx.coroutines.launch

/**
 * Is between the app's screen and the identity app or tab: it opens them, and notices when the person is back.
 * It has no screen of its own.
 *
 * When the link comes, [RedirectActivity] starts this activity again with `CLEAR_TOP`. Android then closes the
 * tab above it, and it ends.
 */
internal class LoginActivity : Activity() {
    private val scope = CoroutineScope(SupervisorJob() + Dispatchers.Default)
    private val handler = Handler(Looper.getMainLooper())
    private val endWithoutLink = Runnable { finish() }

    /** Null if the process that began the login has ended, or no caller waits for it any more. */
    private var login: OpenLogin? = null

    /** When the identity app or tab was opened, in milliseconds since the device started; 0 before that. */
    private var openedAt = 0L

    /** The identity app or tab was on the screen. */
    private var hasLeft = false
    private var hasLink = false
    private var isOpeningAgain = false

    override fun onCreate(state: Bundle?) {
        super.onCreate(state)
        login = OpenLogin.find(intent.getStringExtra(LOGIN))
        openedAt = state?.getLong(OPENED_AT) ?: 0
        hasLeft = openedAt != 0L
        when {
            intent.hasExtra(BACK) -> goBack()
            login == null -> finish()
            !hasLeft -> open()
        }
    }

    override fun onSaveInstanceState(state: Bundle) {
        super.onSaveInstanceState(state)
        state.putLong(OPENED_AT, openedAt)
    }

    override fun onNewIntent(intent: Intent) {
        super.onNewIntent(intent)
        if (intent.hasExtra(BACK)) goBack()
    }

    override fun onResume() {
        super.onResume()
        // The link may come a moment later than the person.
        if (hasLeft && !hasLink && !isOpeningAgain) handler.postDelayed(endWithoutLink, LINK_DELAY_MS)
    }

    override fun onPause() {
        super.onPause()
        handler.removeCallbacks(endWithoutLink)
        if (openedAt != 0L) hasLeft = true
    }

    override fun onDestroy() {
        super.onDestroy()
        handler.removeCallbacks(endWithoutLink)
        scope.cancel()
        if (isFinishing && !hasLink) login?.returned?.complete(Unit)
    }

    /** In a split screen the identity app may be beside this activity, which then stays in front of the app. */
    override fun onTouchEvent(event: MotionEvent): Boolean {
        if (openedAt != 0L && !isOpeningAgain) finish()
        return true
    }

    public override fun onActivityResult(request: Int, result: Int, data: Intent?) {
        super.onActivityResult(request, result, data)
        if (request != AUTH_TAB) return
        val link = data?.dataString
        val isAtOnce = SystemClock.elapsedRealtime() - openedAt < AT_ONCE_MS
        when {
            result == RESULT_OK && link != null -> {
                hasLink = true
                LinkReceiver.receive(link)
                finish()
            }
            // The person closed the tab.
            result == RESULT_CANCELED && !isAtOnce -> Unit
            else -> openAgain(result)
        }
    }

    private fun open(after: LinkCheck.Opens? = null) {
        val login = login ?: return
        val step = login.openWith(this, after)
        if (step == null) finish() else openedAt = SystemClock.elapsedRealtime()
        login.opened.complete(step != null)
    }

    /** The Auth Tab failed, maybe after the person approved. Its URL is used, so the next way needs another one. */
    private fun openAgain(result: Int) {
        val login = login ?: return finish()
        login.record("open.failed", "auth_tab: the browser returned $result")
        isOpeningAgain = true
        scope.launch {
            val isPending = login.refresh()
            runOnUiThread {
                isOpeningAgain = false
                hasLeft = false
                if (isPending) open(after = LinkCheck.Opens.AUTH_TAB) else finish()
            }
        }
    }

    /** The link is here: the screen of the app comes to the front. */
    private fun goBack() {
        hasLink = true
        // Without the app's task, for example because the person removed it, there is no screen below.
        if (isTaskRoot) packageManager.getLaunchIntentForPackage(packageName)?.let(::startActivity)
        finish()
    }

    internal companion object {
        const val AUTH_TAB = 1

        private const val LOGIN = "login"
        private const val BACK = "back"
        private const val OPENED_AT = "opened_at"
        private const val LINK_DELAY_MS = 500L

        /** An Auth Tab that closes within this time was not closed by a person. */
        private const val AT_ONCE_MS = 1000L

        fun open(context: Context, login: OpenLogin): Intent =
            Intent(context, LoginActivity::class.java).putExtra(LOGIN, login.id.text)

        /** Closes what is above this activity. */
        fun back(context: Context): Intent = Intent(context, LoginActivity::class.java).putExtra(BACK, true)
            .addFlags(Intent.FLAG_ACTIVITY_NEW_TASK or Intent.FLAG_ACTIVITY_CLEAR_TOP or Intent.FLAG_ACTIVITY_SINGLE_TOP)
    }
}
