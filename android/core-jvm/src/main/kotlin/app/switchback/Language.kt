package app.switchback

import java.util.Locale

/** The language that this device is set to. */
internal fun systemLanguage(): String = Locale.getDefault().language
