import Foundation
internal import SwitchbackBindings

/// An access token. Its text is a fixed one that shows nothing of the token.
public struct AccessToken: Hashable, Sendable, CustomStringConvertible, CustomReflectable {
    /// The token itself, a secret, for the header `Authorization: Bearer …`. Check every use of this
    /// property in a review.
    public let value: String

    init(_ value: String) {
        self.value = value
    }

    /// A fixed text that shows nothing of the token.
    public var description: String { "AccessToken([redacted])" }

    /// A mirror that shows only ``description``, and no property.
    public var customMirror: Mirror { Mirror(closed: self) }
}

/// The headers for one request of the app. Its text shows no header value.
public struct Authorization: Sendable, CustomStringConvertible, CustomReflectable {
    /// The URL that the headers are for; do not send them to another URL.
    public let url: URL
    /// `authorization` or `cookie`; empty if no cookie belongs to that URL.
    public let headers: [HTTPHeader]
    let generated: SwitchbackBindings.Authorization?

    init(url: URL, headers: [HTTPHeader]) {
        self.url = url
        self.headers = headers
        generated = nil
    }

    init(_ generated: SwitchbackBindings.Authorization, for url: URL) {
        self.url = url
        self.generated = generated
        headers = generated.headers().map { HTTPHeader(name: $0.name, value: $0.value) }
    }

    /// The names of the headers.
    public var description: String { "Authorization(\(headers.map(\.name)))" }

    /// A mirror that shows only ``description``, and no property.
    public var customMirror: Mirror { Mirror(closed: self) }
}

/// The result of a logout. The person is logged out in this app in any case.
public struct LogOut: Hashable, Sendable, CustomStringConvertible, CustomReflectable {
    /// Whether the service ended a session after a logout. A later version may add values.
    public struct Revocation: Hashable, Sendable, CustomStringConvertible {
        /// The service offers no revocation: there the session ends when it is not refreshed any
        /// more.
        public static let notOffered = Revocation("not_offered")
        /// There was nothing to revoke: the session had ended before.
        public static let notNeeded = Revocation("not_needed")
        /// The service has ended the session.
        public static let done = Revocation("done")
        /// The service was not reached, or did not end the session.
        public static let failed = Revocation("failed")

        /// A stable text, for example `done`.
        public let rawValue: String

        private init(_ rawValue: String) {
            self.rawValue = rawValue
        }

        init(_ generated: SwitchbackBindings.Revocation) {
            switch generated {
            case .notOffered: self = .notOffered
            case .notNeeded: self = .notNeeded
            case .done: self = .done
            case .failed: self = .failed
            }
        }

        /// Its ``rawValue``.
        public var description: String { rawValue }
    }

    /// Whether the service has ended the session.
    public let revocation: Revocation
    /// Open this URL in a browser to end the person's session with the service itself; `nil` if the
    /// service has no such page (OpenID Connect RP-Initiated Logout 1.0). The URL identifies the
    /// session: do not log it.
    public let endSessionURL: URL?

    init(_ revocation: Revocation) {
        self.revocation = revocation
        endSessionURL = nil
    }

    init(_ generated: SwitchbackBindings.LogOut) {
        revocation = Revocation(generated.revocation)
        endSessionURL = generated.endSessionUrl.flatMap { URL(string: $0) }
    }

    /// The ``revocation``.
    public var description: String { "LogOut(\(revocation))" }

    /// A mirror that shows only ``description``, and no property.
    public var customMirror: Mirror { Mirror(closed: self) }
}
