package app.switchback.android.ui

import android.graphics.Color
import kotlin.math.max
import kotlin.math.min
import org.junit.Assert.assertTrue
import org.junit.Test
import org.junit.runner.RunWith
import org.robolectric.RobolectricTestRunner
import org.robolectric.annotation.Config

/** The ratios that WCAG 2.2 demands at level AA: 4.5 for text (1.4.3), 3 for the border of a control (1.4.11). */
@RunWith(RobolectricTestRunner::class)
@Config(sdk = [36], manifest = Config.NONE)
class ContrastTest {
    private val screens = listOf(Color.WHITE, Color.BLACK, 0xFF121212.toInt())

    private fun ratio(one: Int, other: Int): Float {
        val luminances = Color.luminance(one) to Color.luminance(other)
        return (max(luminances.first, luminances.second) + 0.05f) / (min(luminances.first, luminances.second) + 0.05f)
    }

    private fun assertRatio(least: Float, one: Int, other: Int) {
        val ratio = ratio(one, other)
        assertTrue("$ratio: ${Integer.toHexString(one)} on ${Integer.toHexString(other)}", ratio >= least)
    }

    @Test
    fun `the ratio is that of WCAG`() {
        assertTrue(ratio(Color.BLACK, Color.WHITE) in 20.99f..21.01f)
        assertTrue(ratio(0xFF767676.toInt(), Color.WHITE) in 4.53f..4.55f)
    }

    @Test
    fun `a text can be read, also while the button is pressed`() {
        for (style in TruidButton.Style.entries) {
            val colors = style.colors
            assertRatio(7f, colors.text, colors.fill)
            assertRatio(4.5f, colors.text, mixed(mixed(colors.fill, colors.text, 0.16f), colors.text, 0.08f))
        }
        for (sheet in listOf(SheetColors.LIGHT, SheetColors.DARK)) {
            assertRatio(7f, sheet.text, sheet.fill)
            for (choice in listOf(sheet.first, sheet.second, sheet.third)) assertRatio(7f, choice.text, choice.fill)
        }
    }

    private fun mixed(one: Int, other: Int, part: Float): Int {
        fun channel(of: (Int) -> Int) = (of(one) + (of(other) - of(one)) * part).toInt()
        return Color.rgb(channel(Color::red), channel(Color::green), channel(Color::blue))
    }

    @Test
    fun `the border is visible on each screen, or the background is`() {
        for (style in TruidButton.Style.entries) {
            for (screen in screens) {
                assertRatio(3f, maxOf(style.colors.fill, style.colors.outline, compareBy { ratio(it, screen) }), screen)
            }
        }
        assertRatio(3f, TruidButton.Style.WHITE.colors.outline, Color.WHITE)
        for (sheet in listOf(SheetColors.LIGHT, SheetColors.DARK)) {
            assertRatio(3f, sheet.first.fill, sheet.fill)
            assertRatio(3f, sheet.second.outline, sheet.fill)
        }
    }
}
