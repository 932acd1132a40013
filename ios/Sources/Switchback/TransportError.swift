internal import SwitchbackBindings

/// Why no answer came.
public struct TransportError: Error, Hashable, Sendable {
    /// What happened to the request. There are these three, and no transport makes others.
    public struct Code: Hashable, Sendable, CustomStringConvertible {
        /// The request certainly never reached the server.
        public static let notSent = Code(rawValue: "not_sent")
        /// The request may have reached the server.
        public static let lost = Code(rawValue: "lost")
        /// An answer came, and was left since it was too long.
        public static let tooLong = Code(rawValue: "too_long")

        /// The stable text, `not_sent` for example.
        public let rawValue: String

        /// The ``rawValue``.
        public var description: String { rawValue }
    }

    /// What happened to the request: for a transport that is made of another one.
    public let code: Code
    /// Why, without any part of the request or answer.
    public let reason: String

    /// The request certainly never reached the server: no network, no such host, connection or TLS
    /// handshake refused.
    /// - Parameter reason: Why, without any part of the request.
    public static func notSent(_ reason: String) -> TransportError {
        TransportError(code: .notSent, reason: reason)
    }

    /// The request may have reached the server: the connection broke, or time ran out.
    /// - Parameter reason: Why, without any part of the request or answer.
    public static func lost(_ reason: String) -> TransportError {
        TransportError(code: .lost, reason: reason)
    }

    /// The answer was longer than 1 MiB.
    public static let tooLong = TransportError(code: .tooLong, reason: "the answer is longer than 1 MiB")

    var generated: SwitchbackBindings.TransportError {
        switch code {
        case .notSent: .notSent(reason: reason)
        case .tooLong: .tooLong
        default: .lost(reason: reason)
        }
    }
}

extension TransportError: CustomStringConvertible {
    /// The code and the reason: for a developer and a log.
    public var description: String { "\(code): \(reason)" }
}
