package app.switchback.android.ui

import android.content.Context
import android.graphics.Bitmap
import android.graphics.Color
import android.graphics.drawable.GradientDrawable
import app.switchback.Purpose
import java.io.File
import org.junit.Test
import org.robolectric.annotation.Config

class TruidButtonPicturesTest : UiTest() {
    private fun drawn(
        context: Context = activity.configured(),
        width: Int = 10_000,
        isRightToLeft: Boolean = false,
        style: TruidButton.Style = TruidButton.Style.THEME,
        change: TruidButton.() -> Unit = {},
    ): Bitmap {
        val button = TruidButton(context)
        button.style = style
        button.change()
        activity.place(button, width, isRightToLeft)
        return button.drawn()
    }

    private fun pressed(style: TruidButton.Style): Bitmap {
        val button = TruidButton(activity.configured())
        button.style = style
        activity.place(button)
        button.isPressed = true
        return button.drawn()
    }

    private fun focused(style: TruidButton.Style): Bitmap {
        val button = TruidButton(activity.configured())
        button.style = style
        // As if a keyboard was in use.
        button.isFocusableInTouchMode = true
        activity.place(button)
        button.requestFocus()
        return button.drawn()
    }

    @Test
    fun `each style in each state on a light and on a dark screen`() {
        val sheet = ContactSheet()
        for (background in listOf(Color.WHITE, 0xFF121212.toInt())) {
            for (style in TruidButton.Style.entries) {
                val pictures = listOf(
                    drawn(style = style),
                    pressed(style),
                    focused(style),
                    drawn(style = style) { isEnabled = false },
                    drawn(style = style) { isInProgress = true },
                )
                sheet.row(pictures, background)
            }
        }
        Pictures.assertSame("button-states", sheet.drawn())
    }

    @Test
    fun `each language, large text, narrow, right to left, and with a logo`() {
        val sheet = ContactSheet()
        val languages = UiText.LANGUAGES.toList()
        for (purpose in listOf(Purpose.LOGIN, Purpose.ONBOARDING)) {
            sheet.row(languages.map { drawn(activity.configured(it)) { this.purpose = purpose } })
        }
        sheet.row(languages.map { drawn(activity.configured(it), width = 210) })
        // Between margins of 16 dp on the smallest phones.
        sheet.row(languages.take(3).map { drawn(activity.configured(it, fontScale = 2f), width = 432) })
        sheet.row(languages.drop(3).map { drawn(activity.configured(it, fontScale = 2f), width = 432) })
        sheet.row(
            listOf(
                drawn { logo = wideLogo() },
                drawn {
                    logo = wideLogo()
                    isInProgress = true
                },
                drawn(isRightToLeft = true) { logo = wideLogo() },
                drawn(isRightToLeft = true),
            ),
        )
        Pictures.assertSame("button-texts", sheet.drawn())
    }

    /** Three times as wide as high. */
    private fun wideLogo() = GradientDrawable().apply {
        setColor(0xFFFFC107.toInt())
        setSize(90, 30)
    }

    @Test
    @Config(qualifiers = "w360dp-h640dp-xhdpi")
    fun `the picture in the documentation`() {
        val sheet = ContactSheet()
        sheet.row(TruidButton.Style.entries.map { drawn(style = it) })
        Pictures.assertSame("truid-button", sheet.drawn(), File("../../docs/how-to"))
    }
}
