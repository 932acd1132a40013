package app.switchback.android.ui

import android.content.res.Configuration

/** The texts of the button and of the sheet, in the order of [LANGUAGES]. `%s` is the name of the provider. */
internal enum class UiText(internal vararg val texts: String) {
    CONTINUE(
        "Continue with %s",
        "Fortsätt med %s",
        "Continuer avec %s",
        "Doorgaan met %s",
        "Weiter mit %s",
    ),
    LOGIN(
        "Login with %s",
        "Logga in med %s",
        "Se connecter avec %s",
        "Inloggen met %s",
        "Mit %s anmelden",
    ),
    SIGN(
        "Sign with %s",
        "Signera med %s",
        "Signer avec %s",
        "Tekenen met %s",
        "Mit %s signieren",
    ),
    IN_PROGRESS(
        "In progress",
        "Pågår",
        "En cours",
        "Bezig",
        "Wird ausgeführt",
    ),
    WAITING(
        "Waiting for %s",
        "Väntar på %s",
        "En attente de %s",
        "Wachten op %s",
        "Warten auf %s",
    ),
    OPEN_AGAIN(
        "Open %s again",
        "Öppna %s igen",
        "Rouvrir %s",
        "%s opnieuw openen",
        "%s erneut öffnen",
    ),
    OTHER_DEVICE(
        "Use another device",
        "Använd en annan enhet",
        "Utiliser un autre appareil",
        "Een ander apparaat gebruiken",
        "Anderes Gerät verwenden",
    ),
    CANCEL(
        "Cancel",
        "Avbryt",
        "Annuler",
        "Annuleren",
        "Abbrechen",
    ),
    ;

    /** In the first language of the configuration that is in [LANGUAGES], else in English. */
    fun text(configuration: Configuration, provider: String): String {
        val language = configuration.locales.getFirstMatch(LANGUAGES)?.language
        return texts[LANGUAGES.indexOf(language).coerceAtLeast(0)].replace("%s", provider)
    }

    internal companion object {
        val LANGUAGES: Array<String> = arrayOf("en", "sv", "fr", "nl", "de")
    }
}
