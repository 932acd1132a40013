import Foundation

/// The messages for people, by key.
enum UserMessage {
    static func text(_ key: String, in language: String?) -> String {
        Messages.text(key, language: language ?? Locale.preferredLanguages.first ?? "en")
    }
}
