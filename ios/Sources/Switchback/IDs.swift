/// Names a login attempt, here and in every log: 32 hexadecimal digits, and no secret.
///
/// Keep it as text with `rawValue`. ``SwitchbackClient/cancelLogin(_:)`` and the other calls that
/// take one throw where the text is none.
public struct AttemptID: RawRepresentable, Hashable, Sendable, Codable, CustomStringConvertible {
    /// The text.
    public let rawValue: String

    /// The id that was kept as this text.
    public init(rawValue: String) {
        self.rawValue = rawValue
    }

    /// The text.
    public var description: String { rawValue }
}

/// Names a session, to keep and to open it with later: 32 hexadecimal digits, and no secret. It
/// has the text of the attempt's id that the session came from.
public struct SessionID: RawRepresentable, Hashable, Sendable, Codable, CustomStringConvertible {
    /// The text.
    public let rawValue: String

    /// The id that was kept as this text.
    public init(rawValue: String) {
        self.rawValue = rawValue
    }

    /// The text.
    public var description: String { rawValue }
}
