package app.switchback.android.ui

import android.graphics.Bitmap
import android.graphics.Canvas
import android.view.View
import app.switchback.android.ui.TruidButton.Style
import java.io.File
import org.junit.Assert.assertEquals
import org.junit.Assert.assertThrows
import org.junit.Assert.assertTrue
import org.junit.Rule
import org.junit.Test
import org.junit.rules.TemporaryFolder

/** The comparison of pictures finds the mistakes that it is for. */
class PicturesTest : UiTest() {
    @get:Rule
    val folder = TemporaryFolder()

    private fun button() = TruidButton(activity.configured()).also { activity.place(it) }

    private fun View.drawn(width: Int, height: Int) =
        Bitmap.createBitmap(width, height, Bitmap.Config.ARGB_8888).also { draw(Canvas(it)) }

    /** How many pixels this change of a button changes. */
    private fun pixels(change: TruidButton.() -> Unit): Int {
        val button = button()
        val (width, height) = button.width to button.height
        val before = button.drawn(width, height)
        button.change()
        return Pictures.difference(before, button.drawn(width, height))!!.pixels
    }

    @Test
    fun `the same button is the same picture`() {
        assertEquals(0, pixels {})
    }

    @Test
    fun `a changed colour differs`() {
        assertTrue(pixels { setTextColor(0xFFDDDDDD.toInt()) } > 200)
        val outline = ButtonColors(Style.THEME.colors.fill, Style.THEME.colors.text, outline = Style.THEME.colors.fill)
        assertTrue(pixels { background = TruidButton(activity).apply { applyLook(outline) }.background } > 200)
    }

    @Test
    fun `a clipped text differs`() {
        // In a place that is too low, and in one that is too narrow.
        assertTrue(pixels { layout(0, 0, width, height / 2) } > 200)
        assertTrue(pixels { layout(0, 0, width - 30, height) } > 200)
        assertTrue(pixels { text = text.dropLast(1) } > 50)
    }

    @Test
    fun `a difference that is not seen is none`() {
        val button = button().drawn()
        val lighter = button.copy(Bitmap.Config.ARGB_8888, true)
        for (x in 0 until lighter.width) lighter.setPixel(x, 20, lighter.getPixel(x, 20) + 0x080808)
        assertEquals(0, Pictures.difference(button, lighter)!!.pixels)
    }

    @Test
    fun `a failure says where the pictures are`() {
        val drawn = button().drawn()
        fun failure() = assertThrows(AssertionError::class.java) {
            Pictures.assertSame("failure", drawn, folder.root, isWriting = false)
        }.message!!
        assertTrue(failure(), "there is no such picture" in failure())
        val larger = Bitmap.createBitmap(drawn.width + 1, drawn.height, Bitmap.Config.ARGB_8888)
        Pictures.assertSame("failure", larger, folder.root, isWriting = true)
        assertTrue(failure(), "the sizes differ" in failure())
        Pictures.assertSame("failure", Bitmap.createBitmap(larger, 0, 0, drawn.width, drawn.height), folder.root, true)
        assertTrue(failure(), "pixels differ: see " in failure())
        val paths = Regex("/\\S+\\.png").findAll(failure()).map { File(it.value) }.toList()
        assertEquals(3, paths.size)
        for (path in paths) assertTrue("$path", path.isFile)
        Pictures.assertSame("failure", drawn, folder.root, isWriting = true)
        Pictures.assertSame("failure", drawn, folder.root, isWriting = false)
    }
}
