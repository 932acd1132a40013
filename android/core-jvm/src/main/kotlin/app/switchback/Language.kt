package app.switchback

import java.util.Locale

/** The language of this device. */
internal fun systemLanguage(): String = Locale.getDefault().language
