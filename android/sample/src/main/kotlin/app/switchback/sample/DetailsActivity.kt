package app.switchback.sample

import android.app.Activity
import android.os.Bundle
import app.switchback.AttemptId
import app.switchback.ClaimType
import app.switchback.Session
import app.switchback.SwitchbackException
import app.switchback.android.Switchback
import kotlinx.coroutines.MainScope
import kotlinx.coroutines.cancel
import kotlinx.coroutines.launch

/** The sessions, the claims, the timeline, or the link check. */
class DetailsActivity : Activity() {
    /** What the screen shows. */
    enum class Page(val title: String) {
        SESSIONS("Sessions"),
        CLAIMS("Claims"),
        TIMELINE("Timeline of the last login"),
        LINKS("Will a login come back?"),
    }

    private val switchback: Switchback get() = (application as SampleApplication).switchback
    private val scope = MainScope()

    override fun onCreate(savedInstanceState: Bundle?) {
        super.onCreate(savedInstanceState)
        show(Page.valueOf(intent.getStringExtra(PAGE) ?: Page.SESSIONS.name))
    }

    override fun onDestroy() {
        scope.cancel()
        super.onDestroy()
    }

    private fun show(page: Page) {
        scope.launch {
            val content = try {
                content(page)
            } catch (error: SwitchbackException) {
                lines(listOf(error.userMessage))
            }
            setColumn {
                title(page.title)
                content()
            }
        }
    }

    private suspend fun content(page: Page): Column.() -> Unit = when (page) {
        Page.SESSIONS -> sessions(switchback.client().sessions())
        Page.CLAIMS -> lines(claims())
        Page.TIMELINE -> lines(timeline())
        Page.LINKS -> links()
    }

    private fun lines(lines: List<String>): Column.() -> Unit = { lines.ifEmpty { listOf("Nothing yet") }.forEach { card(it) } }

    private fun sessions(sessions: List<Session>): Column.() -> Unit = {
        if (sessions.isEmpty()) text("No person is logged in")
        for (session in sessions) {
            card("${session.purpose}, since ${time(session.loggedInAtEpochSeconds)}")
            button("Log out") { logOut(session) }
        }
    }

    private fun logOut(session: Session) {
        scope.launch {
            try {
                session.logOut()
            } catch (error: SwitchbackException) {
                toast(error.userMessage)
            }
            show(Page.SESSIONS)
        }
    }

    private suspend fun claims(): List<String> {
        val session = switchback.currentSession() ?: return listOf("No person is logged in")
        val presentation = session.presentation(ClaimType.NAME, ClaimType.EMAIL)
        return presentation.claims.map { "${it.type.text}\n${it.value.text ?: it.value.json}" }
    }

    private suspend fun timeline(): List<String> {
        val client = switchback.client()
        val last = intent.getStringExtra(ATTEMPT)?.let(::AttemptId) ?: client.pendingLogins().lastOrNull()?.id
        val entries = if (last != null) client.timeline(last) else client.currentSession()?.let { client.timeline(it.id) }
        return entries.orEmpty().map { entry ->
            listOfNotNull("${time(entry.atEpochSeconds)}  ${entry.event}", entry.note).joinToString("\n")
        }
    }

    private suspend fun links(): Column.() -> Unit {
        val check = switchback.checkLinks()
        return {
            card(if (check.isGood) "A login comes back to this app." else "A login does not come back to this app.")
            heading("The link")
            card(check.returns.message)
            heading("What a login opens")
            for (step in check.steps) card("$step")
            if (check.warnings.isNotEmpty()) heading("What to fix")
            for (warning in check.warnings) card("${warning.message}\n${warning.fix}")
        }
    }

    companion object {
        /** The name of the page, in the intent. */
        const val PAGE = "page"

        /** The attempt of the last login that this process knows, in the intent. */
        const val ATTEMPT = "attempt"
    }
}
