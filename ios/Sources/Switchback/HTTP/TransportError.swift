internal import SwitchbackBindings

/// Why there is no response.
public struct TransportError: Error, Hashable, Sendable {
    /// What happened to the request: one of exactly these four.
    public struct Code: Hashable, Sendable, CustomStringConvertible {
        /// The request certainly never reached the server.
        public static let notSent = Code(rawValue: "not_sent")
        /// The request was not sent, and a retry fails as long as nothing on this machine is
        /// changed.
        public static let local = Code(rawValue: "local")
        /// The request may have reached the server.
        public static let lost = Code(rawValue: "lost")
        /// The response was longer than 1 MiB.
        public static let tooLong = Code(rawValue: "too_long")

        /// A stable text, for example `not_sent`.
        public let rawValue: String

        /// The ``rawValue``.
        public var description: String { rawValue }
    }

    /// What happened to the request, for a transport that wraps another one.
    public let code: Code
    /// The reason, without any part of the request or the response.
    public let reason: String

    /// The request certainly never reached the server: there is no network or no such host, or
    /// the connection or the TLS handshake was refused.
    /// - Parameter reason: The reason, without any part of the request.
    public static func notSent(_ reason: String) -> TransportError {
        TransportError(code: .notSent, reason: reason)
    }

    /// The request was not sent, and a retry fails as long as nothing on this machine is changed:
    /// the transport cannot be used as it is, or the server's certificate is not trusted here. The
    /// call of Switchback throws ``SwitchbackError/Code-swift.struct/configuration``.
    /// - Parameter reason: What to change, without any part of the request.
    public static func local(_ reason: String) -> TransportError {
        TransportError(code: .local, reason: reason)
    }

    /// The request may have reached the server: the connection broke, or the time ran out.
    /// - Parameter reason: The reason, without any part of the request or the response.
    public static func lost(_ reason: String) -> TransportError {
        TransportError(code: .lost, reason: reason)
    }

    /// The response was longer than 1 MiB.
    public static let tooLong = TransportError(code: .tooLong, reason: "the answer is longer than 1 MiB")

    var generated: SwitchbackBindings.TransportError {
        switch code {
        case .notSent: .notSent(reason: reason)
        case .local: .local(reason: reason)
        case .tooLong: .tooLong
        default: .lost(reason: reason)
        }
    }
}

extension TransportError: CustomStringConvertible {
    /// The code and the reason, for developers and logs.
    public var description: String { "\(code): \(reason)" }
}
