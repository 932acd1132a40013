package app.switchback.sample

import kotlinx.coroutines.runBlocking
import org.junit.Assert.assertTrue
import org.junit.Test

/** The second screen. */
class DetailsTest : SampleTest() {
    private fun logIn() {
        installIdentityApp()
        launch()
        tapAndLeave(LOGIN)
        approve()
        untilShown(HELLO)
    }

    private fun open(page: DetailsActivity.Page, isThere: (List<String>) -> Boolean) {
        tap(page.title)
        until(page.title) { task.front is DetailsActivity && isThere(texts()) }
        task.goBack()
    }

    @Test
    fun `a person sees what the app knows, and logs out`() {
        logIn()
        open(DetailsActivity.Page.CLAIMS) { texts ->
            listOf("Maja Sjöström", "maja.sjostrom@example.com").all { claim -> texts.any { claim in it } }
        }
        open(DetailsActivity.Page.TIMELINE) { texts -> texts.any { "open.done" in it } }
        open(DetailsActivity.Page.LINKS) { "it opens this app" in it }
        tap(DetailsActivity.Page.SESSIONS.title)
        until("the session") { texts().any { it.startsWith("login, since") } }
        tap("Log out")
        untilShown("No person is logged in")
        assertTrue(runBlocking { app.switchback.client().sessions() }.isEmpty())
        task.goBack()
        untilShown("You are logged out.")
    }

    @Test
    fun `a person who declined sees the timeline of that login`() {
        installIdentityApp()
        launch()
        tapAndLeave(LOGIN)
        task.openLink(sandbox.decline(openedUrl()))
        untilShown("The login was declined.")
        open(DetailsActivity.Page.TIMELINE) { texts -> texts.any { "login.declined" in it } && texts.any { "open.done" in it } }
    }

    @Test
    fun `without a login there is nothing yet`() {
        launch()
        open(DetailsActivity.Page.CLAIMS) { "No person is logged in" in it }
        open(DetailsActivity.Page.TIMELINE) { "Nothing yet" in it }
        open(DetailsActivity.Page.SESSIONS) { "No person is logged in" in it }
    }

    @Test
    fun `the app says what stops a login`() {
        app.restart("redirect_uri" to "com.example.other://app/truid/complete")
        launch()
        open(DetailsActivity.Page.LINKS) { "A login does not come back to this app." in it }
    }
}
