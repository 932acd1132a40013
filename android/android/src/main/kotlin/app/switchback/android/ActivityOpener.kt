package app.switchback.android

import android.app.Activity
import android.net.Uri
import app.switchback.Attempt
import app.switchback.AttemptOpener
import app.switchback.SwitchbackClient
import kotlin.time.Duration.Companion.seconds
import kotlinx.coroutines.awaitCancellation
import kotlinx.coroutines.withTimeoutOrNull

/** Opens a login with a [LoginActivity] on top of this activity. */
internal class ActivityOpener(
    activity: Activity,
    private val client: SwitchbackClient,
    private val facts: DeviceFacts,
    private val plan: suspend (url: String) -> LoginPlan,
) : AttemptOpener, AutoCloseable {
    /** Not after the opening: the login may wait longer than the activity lives. */
    private var activity: Activity? = activity
    private var login: OpenLogin? = null

    override suspend fun open(attempt: Attempt): Boolean {
        val login = OpenLogin(attempt.id, Uri.parse(attempt.url), plan(attempt.url), facts) { client.freshUrl(attempt.id) }
        this.login = login
        OpenLogin.add(login)
        activity?.run { startActivity(LoginActivity.open(this, login)) }
        activity = null
        // Android starts no activity of an app in the background, and says nothing.
        val opened = withTimeoutOrNull(START) { login.opened.await() } ?: false
        client.record(attempt.id, login.takeEntries())
        return opened
    }

    override suspend fun awaitReturn() {
        val login = login ?: awaitCancellation()
        login.returned.await()
        login.record("open.returned")
        client.record(login.id, login.takeEntries())
    }

    override fun close() {
        login?.let(OpenLogin::remove)
    }

    private companion object {
        val START = 5.seconds
    }
}
