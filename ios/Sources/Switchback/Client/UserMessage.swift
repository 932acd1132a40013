import Foundation

/// The messages for people, by key.
enum UserMessage {
    static func text(_ key: String, in language: String?) -> String {
        Messages.text(key, language: language ?? deviceLanguage)
    }

    /// The first language that the person has chosen for this app.
    static var deviceLanguage: String { Locale.preferredLanguages.first ?? "en" }
}
