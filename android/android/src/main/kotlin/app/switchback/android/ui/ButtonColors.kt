package app.switchback.android.ui

import android.content.Context
import android.content.res.ColorStateList
import android.graphics.Color
import android.graphics.Typeface
import android.graphics.drawable.Drawable
import android.graphics.drawable.GradientDrawable
import android.graphics.drawable.LayerDrawable
import android.graphics.drawable.RippleDrawable
import android.os.Build
import android.text.Layout
import android.util.TypedValue
import android.view.Gravity
import android.widget.Button
import kotlin.math.roundToInt

/**
 * The colours of a button.
 *
 * @property outline separates the button from a screen that has the same colour as [fill]
 */
internal class ButtonColors(val fill: Int, val text: Int, val outline: Int)

/** The smallest side of something that a person taps, in dp (Android's accessibility guide). */
private const val TOUCH_TARGET = 48f

private const val CORNER = 8f
private const val PADDING = 12f
private const val TEXT_SIZE = 16f

/** How much of [ButtonColors.text] covers the button while a pointer is on it and around a finger: 8 %. */
private const val HOVERED_ALPHA = 0x14

/** How much of [ButtonColors.text] covers the button while it is pressed: 16 %. */
private const val PRESSED_ALPHA = 0x29

/**
 * The look that all buttons of this package have. It replaces the look of the theme, so that a button is the
 * same in each app.
 */
internal fun Button.applyLook(colors: ButtonColors) {
    isClickable = true
    isFocusable = true
    isAllCaps = false
    gravity = Gravity.CENTER
    breakStrategy = Layout.BREAK_STRATEGY_BALANCED
    typeface = Typeface.create("sans-serif-medium", Typeface.NORMAL)
    setTextSize(TypedValue.COMPLEX_UNIT_SP, TEXT_SIZE)
    setTextColor(colors.text)
    minHeight = context.dp(TOUCH_TARGET)
    minWidth = context.dp(TOUCH_TARGET)
    val padding = context.dp(PADDING)
    setPadding(padding, padding, padding, padding)
    background = context.background(colors)
    if (Build.VERSION.SDK_INT >= Build.VERSION_CODES.Q) isForceDarkAllowed = false
}

private fun Context.background(colors: ButtonColors): Drawable {
    val corner = dp(CORNER)
    val fill = rounded(corner).apply {
        setColor(colors.fill)
        setStroke(dp(1f), colors.outline)
    }
    val cover = rounded(corner).apply {
        color = states(
            android.R.attr.state_pressed to colors.text.withAlpha(PRESSED_ALPHA),
            android.R.attr.state_hovered to colors.text.withAlpha(HOVERED_ALPHA),
        )
    }
    // Inside the button, where it is visible on each screen.
    val inset = dp(3f)
    val focus = rounded(corner - inset).apply {
        setStroke(dp(2f), states(android.R.attr.state_focused to colors.text))
    }
    val content = LayerDrawable(arrayOf(fill, cover, focus)).apply { setLayerInset(2, inset, inset, inset, inset) }
    val mask = rounded(corner).apply { setColor(Color.WHITE) }
    return RippleDrawable(ColorStateList.valueOf(colors.text.withAlpha(HOVERED_ALPHA)), content, mask)
}

/** The first color whose state the view has, else nothing. */
private fun states(vararg colors: Pair<Int, Int>): ColorStateList {
    val states = colors.map { intArrayOf(it.first) } + intArrayOf()
    return ColorStateList(states.toTypedArray(), colors.map { it.second }.toIntArray() + Color.TRANSPARENT)
}

internal fun Int.withAlpha(alpha: Int): Int = this and 0xFFFFFF or (alpha shl 24)

internal fun rounded(radius: Int): GradientDrawable = GradientDrawable().apply { cornerRadius = radius.toFloat() }

/** In pixels: at least one, for a positive value. */
internal fun Context.dp(value: Float): Int =
    (value * resources.displayMetrics.density).roundToInt().coerceAtLeast(1)
