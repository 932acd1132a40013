package app.switchback.android.ui

import android.content.res.Configuration

/** The colours of a sheet and of its three choices. */
internal class SheetColors private constructor(val fill: Int, val text: Int, outline: Int, val isDark: Boolean) {
    val first: ButtonColors = ButtonColors(fill = text, text = fill, outline = text)
    val second: ButtonColors = ButtonColors(fill = fill, text = text, outline = outline)
    val third: ButtonColors = ButtonColors(fill = fill, text = text, outline = fill)

    internal companion object {
        val LIGHT: SheetColors =
            SheetColors(0xFFFFFFFF.toInt(), 0xFF1C1B1F.toInt(), outline = 0xFF767676.toInt(), isDark = false)
        val DARK: SheetColors =
            SheetColors(0xFF211F26.toInt(), 0xFFE6E1E5.toInt(), outline = 0xFF8F8B94.toInt(), isDark = true)

        fun of(configuration: Configuration): SheetColors {
            val night = configuration.uiMode and Configuration.UI_MODE_NIGHT_MASK
            return if (night == Configuration.UI_MODE_NIGHT_YES) DARK else LIGHT
        }
    }
}
