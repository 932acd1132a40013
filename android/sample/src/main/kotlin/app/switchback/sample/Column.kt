package app.switchback.sample

import android.app.Activity
import android.content.Context
import android.content.res.ColorStateList
import android.graphics.Color
import android.graphics.Typeface
import android.graphics.drawable.GradientDrawable
import android.graphics.drawable.RippleDrawable
import android.os.Build
import android.view.View
import android.view.ViewGroup.LayoutParams.MATCH_PARENT
import android.view.ViewGroup.LayoutParams.WRAP_CONTENT
import android.view.WindowInsetsController.APPEARANCE_LIGHT_NAVIGATION_BARS
import android.view.WindowInsetsController.APPEARANCE_LIGHT_STATUS_BARS
import android.widget.Button
import android.widget.LinearLayout
import android.widget.ScrollView
import android.widget.TextView
import android.widget.Toast
import java.text.DateFormat
import java.util.Date

/** Views one below the other. */
internal class Column(context: Context) : LinearLayout(context) {
    init {
        orientation = VERTICAL
        setPadding(dp(20), dp(12), dp(20), dp(24))
    }

    fun <V : View> add(view: V, above: Int = 10): V {
        addView(view, LayoutParams(MATCH_PARENT, WRAP_CONTENT).apply { topMargin = dp(above) })
        return view
    }

    fun title(text: String) = add(textView(text, 28f), above = 16)

    fun heading(text: String) = add(textView(text, 16f).apply { typeface = Typeface.DEFAULT_BOLD }, above = 20)

    fun text(text: String) = add(textView(text, 16f).apply { setTextColor(GREY) })

    fun card(text: String) = add(textView(text, 15f).apply {
        background = rounded(CARD)
        setPadding(dp(16), dp(12), dp(16), dp(12))
        setTextIsSelectable(true)
    })

    fun button(text: String, onClick: () -> Unit) = add(Button(context).apply {
        this.text = text
        isAllCaps = false
        textSize = 15f
        setTextColor(VIOLET)
        stateListAnimator = null
        background = RippleDrawable(ColorStateList.valueOf(CARD), rounded(Color.WHITE).apply { setStroke(dp(1), BORDER) }, null)
        setOnClickListener { onClick() }
    })

    private fun textView(text: String, size: Float) = TextView(context).apply {
        this.text = text
        textSize = size
        setTextColor(Color.BLACK)
    }

    private fun rounded(color: Int) = GradientDrawable().apply {
        setColor(color)
        cornerRadius = dp(8).toFloat()
    }

    private fun dp(size: Int) = (size * resources.displayMetrics.density).toInt()

    private companion object {
        val CARD = Color.rgb(0xF1, 0xEF, 0xF8)
        val BORDER = Color.rgb(0xB5, 0xAC, 0xD6)
        val VIOLET = Color.rgb(0x3A, 0x27, 0x7F)
        val GREY = Color.rgb(0x55, 0x55, 0x55)
    }
}

/** Shows a column that scrolls. Since Android 15 an app draws below the system's bars, so the column stays between them. */
internal fun Activity.setColumn(fill: Column.() -> Unit) {
    val scroll = ScrollView(this)
    scroll.fitsSystemWindows = true
    scroll.addView(Column(this).apply(fill))
    setContentView(scroll)
    if (Build.VERSION.SDK_INT >= Build.VERSION_CODES.VANILLA_ICE_CREAM) {
        // The bars have no background of their own, and their signs are white by default.
        val dark = APPEARANCE_LIGHT_STATUS_BARS or APPEARANCE_LIGHT_NAVIGATION_BARS
        window.insetsController?.setSystemBarsAppearance(dark, dark)
    }
}

internal fun TextView.showIfAny(text: String) {
    this.text = text
    visibility = if (text.isEmpty()) View.GONE else View.VISIBLE
}

internal fun Activity.toast(text: String) = Toast.makeText(this, text, Toast.LENGTH_LONG).show()

internal fun time(epochSeconds: Long): String = DateFormat.getTimeInstance().format(Date(epochSeconds * 1000))
