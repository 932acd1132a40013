/// Identifies a login attempt: 32 hexadecimal digits. It is not a secret. Every log contains it
/// unchanged.
///
/// To store it, use the text `rawValue`. ``SwitchbackClient/cancelLogin(_:)`` and other calls
/// throw if the text is not an id.
public struct AttemptID: RawRepresentable, Hashable, Sendable, Codable, CustomStringConvertible {
    /// The text.
    public let rawValue: String

    /// The id with this text.
    public init(rawValue: String) {
        self.rawValue = rawValue
    }

    /// The text.
    public var description: String { rawValue }
}

/// Identifies a session: 32 hexadecimal digits. An app can store it and open the session later.
/// It is not a secret. Its text is that of the ``AttemptID`` that led to the session.
public struct SessionID: RawRepresentable, Hashable, Sendable, Codable, CustomStringConvertible {
    /// The text.
    public let rawValue: String

    /// The id with this text.
    public init(rawValue: String) {
        self.rawValue = rawValue
    }

    /// The text.
    public var description: String { rawValue }
}
