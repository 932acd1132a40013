import Foundation

/// The texts of the button and of the sheet. `%s` is the name of the provider.
///
/// The Android library has the same table, and a test compares the two.
enum UIText: CaseIterable {
    case continueWith, logIn, sign, inProgress, waiting, openAgain, otherDevice, cancel

    /// In the order of `languages`.
    var texts: [String] {
        switch self {
        case .continueWith:
            [
                "Continue with %s", "Fortsätt med %s", "Continuer avec %s", "Doorgaan met %s",
                "Weiter mit %s",
            ]
        case .logIn:
            [
                "Login with %s", "Logga in med %s", "Se connecter avec %s", "Inloggen met %s",
                "Mit %s anmelden",
            ]
        case .sign:
            [
                "Sign with %s", "Signera med %s", "Signer avec %s", "Tekenen met %s",
                "Mit %s signieren",
            ]
        case .inProgress: ["In progress", "Pågår", "En cours", "Bezig", "Wird ausgeführt"]
        case .waiting:
            ["Waiting for %s", "Väntar på %s", "En attente de %s", "Wachten op %s", "Warten auf %s"]
        case .openAgain:
            [
                "Open %s again", "Öppna %s igen", "Rouvrir %s", "%s opnieuw openen",
                "%s erneut öffnen",
            ]
        case .otherDevice:
            [
                "Use another device", "Använd en annan enhet", "Utiliser un autre appareil",
                "Een ander apparaat gebruiken", "Anderes Gerät verwenden",
            ]
        case .cancel: ["Cancel", "Avbryt", "Annuler", "Annuleren", "Abbrechen"]
        }
    }

    static let languages = ["en", "sv", "fr", "nl", "de"]

    /// In this language (BCP 47), or by default in the language of the device; in English if there
    /// is no such text.
    func text(provider: String = "Truid", in language: String? = nil) -> String {
        let subtag = (language ?? UserMessage.deviceLanguage).prefix { $0 != "-" && $0 != "_" }
        let index = Self.languages.firstIndex(of: subtag.lowercased()) ?? 0
        return texts[index].replacingOccurrences(of: "%s", with: provider)
    }
}
