package app.switchback.android.ui

import android.content.Context
import android.graphics.Bitmap
import android.graphics.Canvas
import android.graphics.Color
import android.graphics.Insets
import android.graphics.Paint
import android.view.View.MeasureSpec
import android.view.WindowInsets
import org.junit.Test
import org.robolectric.shadows.ShadowLooper

class WaitingSheetPicturesTest : UiTest() {
    /** The sheet over a grey activity, on a phone of this size in pixels, with a status bar and a navigation bar. */
    private fun drawn(
        context: Context,
        width: Int = 540,
        height: Int = 540,
        bars: Insets = Insets.of(0, 36, 0, 36),
        isWithOtherDevice: Boolean = true,
    ): Bitmap {
        val otherDevice = {}.takeIf { isWithOtherDevice }
        val sheet = WaitingSheet(context, onOpenAgain = {}, onOtherDevice = otherDevice, onCancel = {})
        sheet.show()
        ShadowLooper.idleMainLooper()
        val window = sheet.window!!
        val decor = window.decorView
        decor.dispatchApplyWindowInsets(WindowInsets.Builder().setInsets(WindowInsets.Type.systemBars(), bars).build())
        decor.measure(exactly(width), exactly(height))
        decor.layout(0, 0, width, height)
        val picture = Bitmap.createBitmap(width, height, Bitmap.Config.ARGB_8888)
        val canvas = Canvas(picture)
        canvas.drawColor(0xFF9FB4C7.toInt())
        canvas.drawColor(Color.BLACK.withAlpha((window.attributes.dimAmount * 255).toInt()))
        decor.draw(canvas)
        // Where the bars are.
        val paint = Paint().apply { color = 0x40FF0000 }
        canvas.drawRect(0f, 0f, width.toFloat(), bars.top.toFloat(), paint)
        canvas.drawRect(0f, (height - bars.bottom).toFloat(), width.toFloat(), height.toFloat(), paint)
        canvas.drawRect((width - bars.right).toFloat(), 0f, width.toFloat(), height.toFloat(), paint)
        sheet.dismiss()
        return picture
    }

    private fun exactly(size: Int) = MeasureSpec.makeMeasureSpec(size, MeasureSpec.EXACTLY)

    @Test
    fun `light, dark, without another device, in each language`() {
        val sheet = ContactSheet()
        sheet.row(
            listOf(
                drawn(activity.configured()),
                drawn(activity.configured(isNight = true)),
                drawn(activity.configured("sv"), isWithOtherDevice = false),
            ),
            Color.GRAY,
        )
        sheet.row(listOf("fr", "nl", "de").map { drawn(activity.configured(it)) }, Color.GRAY)
        Pictures.assertSame("sheet-languages", sheet.drawn())
    }

    @Test
    fun `large text, right to left, landscape`() {
        val sheet = ContactSheet()
        val landscape = Insets.of(0, 36, 72, 0)
        sheet.row(
            listOf(
                drawn(activity.configured("nl", fontScale = 2f), width = 480, height = 780),
                drawn(activity.configured("ar"), height = 780),
            ),
            Color.GRAY,
        )
        sheet.row(listOf(drawn(activity.configured(), width = 1110, height = 360, bars = landscape)), Color.GRAY)
        Pictures.assertSame("sheet-sizes", sheet.drawn())
    }
}
