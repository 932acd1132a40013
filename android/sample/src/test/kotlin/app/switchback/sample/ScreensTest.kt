package app.switchback.sample

import android.graphics.Bitmap
import android.graphics.Color
import android.graphics.Insets
import android.view.View
import android.view.View.MeasureSpec
import android.view.WindowInsets
import android.widget.TextView
import app.switchback.android.ui.ContactSheet
import app.switchback.android.ui.Pictures
import app.switchback.android.ui.drawn
import org.junit.Test

/** The screens, as pictures. */
class ScreensTest : SampleTest() {
    /** The screen in front, with the status bar and the navigation bar of a phone. */
    private fun drawn(height: Int): Bitmap {
        for (view in views().filterIsInstance<TextView>()) {
            view.text = view.text.replace(TIME, "12:00:00 PM")
        }
        val decor = task.front!!.window.decorView
        val bars = WindowInsets.Builder().setInsets(WindowInsets.Type.systemBars(), Insets.of(0, 36, 0, 36)).build()
        // A view that is in no window does not resolve its direction, and a button then has no logo.
        decor.layoutDirection = View.LAYOUT_DIRECTION_LTR
        decor.dispatchApplyWindowInsets(bars)
        decor.measure(exactly(WIDTH), exactly(height))
        decor.layout(0, 0, WIDTH, height)
        return decor.drawn()
    }

    private fun exactly(size: Int) = MeasureSpec.makeMeasureSpec(size, MeasureSpec.EXACTLY)

    @Test
    fun `the login screen before and after a login`() {
        val sheet = ContactSheet()
        installIdentityApp()
        launch()
        untilShown("No person is logged in")
        val before = drawn(LOGIN_HEIGHT)
        tapAndLeave(LOGIN)
        approve()
        untilShown(HELLO)
        sheet.row(listOf(before, drawn(LOGIN_HEIGHT)), Color.GRAY)
        Pictures.assertSame("login", sheet.drawn())
    }

    @Test
    fun `the other screen`() {
        val sheet = ContactSheet()
        installIdentityApp()
        launch()
        tapAndLeave(LOGIN)
        approve()
        untilShown(HELLO)
        val pages = DetailsActivity.Page.entries.map { page ->
            tap(page.title)
            until(page.title) { task.front is DetailsActivity && texts().size > 1 }
            drawn(height = 1160).also { task.goBack() }
        }
        sheet.row(pages, Color.GRAY)
        Pictures.assertSame("details", sheet.drawn())
    }

    private companion object {
        const val WIDTH = 540
        const val LOGIN_HEIGHT = 1120
        val TIME = Regex("""\d+:\d\d:\d\d\W[AP]M""")
    }
}
