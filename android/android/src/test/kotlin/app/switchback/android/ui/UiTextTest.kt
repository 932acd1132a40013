package app.switchback.android.ui

import android.content.res.Configuration
import android.os.LocaleList
import org.junit.Assert.assertEquals
import org.junit.Assert.assertTrue
import org.junit.Test
import org.junit.runner.RunWith
import org.robolectric.RobolectricTestRunner
import org.robolectric.annotation.Config

@RunWith(RobolectricTestRunner::class)
@Config(sdk = [36], manifest = Config.NONE)
class UiTextTest {
    private fun login(languages: String): String {
        val configuration = Configuration()
        configuration.setLocales(LocaleList.forLanguageTags(languages))
        return UiText.LOGIN.text(configuration, "Truid")
    }

    @Test
    fun `each text is there in each language, with the provider's name where English has it`() {
        for (text in UiText.entries) {
            assertEquals("$text", UiText.LANGUAGES.size, text.texts.size)
            val hasName = "%s" in text.texts.first()
            for (translation in text.texts) {
                assertTrue("$text", translation.isNotBlank())
                assertEquals("$text: $translation", hasName, "%s" in translation)
            }
        }
    }

    @Test
    fun `the first language that there is a text in decides`() {
        assertEquals("Login with Truid", login("en-GB"))
        assertEquals("Logga in med Truid", login("sv"))
        assertEquals("Se connecter avec Truid", login("fr-CA"))
        assertEquals("Inloggen met Truid", login("nl-BE"))
        assertEquals("Mit Truid anmelden", login("de-AT,en"))
        assertEquals("Logga in med Truid", login("fi,sv-FI,en"))
        assertEquals("Login with Truid", login("fi"))
        assertEquals("Login with Truid", login(""))
    }
}
