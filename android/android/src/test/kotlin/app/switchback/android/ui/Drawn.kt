package app.switchback.android.ui

import android.app.Activity
import android.content.Context
import android.content.res.Configuration
import android.graphics.Bitmap
import android.graphics.Canvas
import android.graphics.Color
import android.graphics.Paint
import android.view.View
import android.view.View.MeasureSpec
import android.view.ViewGroup.LayoutParams.WRAP_CONTENT
import android.widget.FrameLayout
import java.util.Locale
import org.robolectric.shadows.ShadowLooper

/** A context with another language, font size or direction. */
internal fun Context.configured(
    language: String = "en",
    fontScale: Float = 1f,
    isNight: Boolean = false,
): Context {
    val configuration = Configuration(resources.configuration)
    configuration.setLocale(Locale.forLanguageTag(language))
    configuration.fontScale = fontScale
    val night = if (isNight) Configuration.UI_MODE_NIGHT_YES else Configuration.UI_MODE_NIGHT_NO
    configuration.uiMode = configuration.uiMode and Configuration.UI_MODE_NIGHT_MASK.inv() or night
    return createConfigurationContext(configuration)
}

/** Gives the view the size that it asks for, up to this width in pixels, in a window. */
internal fun Activity.place(view: View, width: Int = 10_000, isRightToLeft: Boolean = false) {
    val parent = FrameLayout(this)
    parent.layoutDirection = if (isRightToLeft) View.LAYOUT_DIRECTION_RTL else View.LAYOUT_DIRECTION_LTR
    parent.addView(view, FrameLayout.LayoutParams(WRAP_CONTENT, WRAP_CONTENT))
    setContentView(parent)
    ShadowLooper.idleMainLooper()
    view.measure(MeasureSpec.makeMeasureSpec(width, MeasureSpec.AT_MOST), MeasureSpec.UNSPECIFIED)
    view.layout(0, 0, view.measuredWidth, view.measuredHeight)
}

internal fun View.drawn(): Bitmap =
    Bitmap.createBitmap(width, height, Bitmap.Config.ARGB_8888).also { draw(Canvas(it)) }

/** Pictures one below the other and beside each other, on a common background. */
internal class ContactSheet {
    private class Row(val background: Int, val pictures: List<Bitmap>)

    private val rows = mutableListOf<Row>()

    fun row(pictures: List<Bitmap>, background: Int = Color.WHITE) {
        rows += Row(background, pictures)
    }

    fun drawn(): Bitmap {
        val width = rows.maxOf { row -> row.pictures.sumOf { it.width + GAP } } + GAP
        val height = rows.sumOf { it.height() }
        val sheet = Bitmap.createBitmap(width, height, Bitmap.Config.ARGB_8888)
        val canvas = Canvas(sheet)
        var y = 0
        for (row in rows) {
            val bottom = y + row.height()
            val paint = Paint().apply { color = row.background }
            canvas.drawRect(0f, y.toFloat(), width.toFloat(), bottom.toFloat(), paint)
            var x = GAP
            for (picture in row.pictures) {
                canvas.drawBitmap(picture, x.toFloat(), (y + GAP).toFloat(), null)
                x += picture.width + GAP
            }
            y = bottom
        }
        return sheet
    }

    private fun Row.height() = pictures.maxOf { it.height } + 2 * GAP

    private companion object {
        const val GAP = 16
    }
}
