package app.switchback.android.ui

import android.content.Context
import android.graphics.Color
import android.graphics.Typeface
import android.graphics.drawable.GradientDrawable
import android.os.Build
import android.util.TypedValue
import android.view.Gravity
import android.view.View
import android.view.ViewGroup.LayoutParams.MATCH_PARENT
import android.view.ViewGroup.LayoutParams.WRAP_CONTENT
import android.view.Window
import android.view.WindowInsets
import android.view.WindowInsetsController
import android.view.WindowManager
import android.widget.FrameLayout
import android.widget.LinearLayout
import android.widget.ScrollView
import android.widget.TextView

/** The widest that a sheet gets, in dp. */
private const val WIDEST = 640f

private const val CORNER = 28f
private const val SIDE = 24f
private const val TITLE_SIZE = 22f

/** A view for the whole window, with a sheet at its bottom. The sheet scrolls if it is higher than the window. */
internal fun sheetAtBottom(context: Context, colors: SheetColors, title: String, choices: List<View>): View {
    val column = LinearLayout(context).apply {
        orientation = LinearLayout.VERTICAL
        val side = context.dp(SIDE)
        setPadding(side, side, side, side)
        addView(heading(context, colors, title))
        for (choice in choices) {
            val place = LinearLayout.LayoutParams(MATCH_PARENT, WRAP_CONTENT)
            place.topMargin = context.dp(if (choice === choices.first()) SIDE else SIDE / 3)
            addView(choice, place)
        }
    }
    val sheet = LimitedScrollView(context).apply {
        isFocusable = false
        clipToPadding = false
        if (Build.VERSION.SDK_INT >= Build.VERSION_CODES.P) accessibilityPaneTitle = title
        val corner = context.dp(CORNER).toFloat()
        background = GradientDrawable().apply {
            setColor(colors.fill)
            cornerRadii = floatArrayOf(corner, corner, corner, corner, 0f, 0f, 0f, 0f)
        }
        addView(column)
    }
    return FrameLayout(context).apply {
        val place = Gravity.BOTTOM or Gravity.CENTER_HORIZONTAL
        addView(sheet, FrameLayout.LayoutParams(MATCH_PARENT, WRAP_CONTENT, place))
        if (Build.VERSION.SDK_INT >= Build.VERSION_CODES.R) {
            setOnApplyWindowInsetsListener { _, insets ->
                val bars = insets.getInsets(WindowInsets.Type.systemBars() or WindowInsets.Type.displayCutout())
                setPadding(bars.left, bars.top, bars.right, 0)
                // The sheet continues below the navigation bar.
                sheet.setPadding(0, 0, 0, bars.bottom)
                WindowInsets.CONSUMED
            }
        }
    }
}

private fun heading(context: Context, colors: SheetColors, title: String) = TextView(context, null, 0).apply {
    text = title
    setTextColor(colors.text)
    setTextSize(TypedValue.COMPLEX_UNIT_SP, TITLE_SIZE)
    typeface = Typeface.create("sans-serif-medium", Typeface.NORMAL)
    // Otherwise an English title is on the left of a screen from right to left.
    textAlignment = View.TEXT_ALIGNMENT_VIEW_START
    if (Build.VERSION.SDK_INT >= Build.VERSION_CODES.P) isAccessibilityHeading = true
}

/** Handles all touches on it, as each [ScrollView] does: none of them is beside the sheet. */
private class LimitedScrollView(context: Context) : ScrollView(context, null, 0) {
    override fun onMeasure(widthMeasureSpec: Int, heightMeasureSpec: Int) {
        val width = minOf(MeasureSpec.getSize(widthMeasureSpec), context.dp(WIDEST))
        super.onMeasure(MeasureSpec.makeMeasureSpec(width, MeasureSpec.EXACTLY), heightMeasureSpec)
    }
}

/**
 * Gives the window the whole screen, over a dimmed activity. Android does so itself for apps for API level 35
 * or later. Below API level 30, the sheet stays above the navigation bar.
 */
@Suppress("DEPRECATION") // What is deprecated has no effect for apps for API level 35 or later.
internal fun Window.fillScreen(colors: SheetColors) {
    setLayout(MATCH_PARENT, MATCH_PARENT)
    setWindowAnimations(android.R.style.Animation_InputMethod)
    addFlags(WindowManager.LayoutParams.FLAG_DIM_BEHIND or WindowManager.LayoutParams.FLAG_DRAWS_SYSTEM_BAR_BACKGROUNDS)
    setDimAmount(0.5f)
    statusBarColor = Color.TRANSPARENT
    navigationBarColor = Color.TRANSPARENT
    if (Build.VERSION.SDK_INT >= Build.VERSION_CODES.Q) isNavigationBarContrastEnforced = false
    if (Build.VERSION.SDK_INT >= Build.VERSION_CODES.R) {
        setDecorFitsSystemWindows(false)
        val darkIcons = WindowInsetsController.APPEARANCE_LIGHT_NAVIGATION_BARS
        insetsController?.setSystemBarsAppearance(if (colors.isDark) 0 else darkIcons, darkIcons)
    }
}
