import Foundation
internal import SwitchbackBindings

/// An access token. Printed, it shows nothing.
public struct AccessToken: Hashable, Sendable, CustomStringConvertible, CustomReflectable {
    /// Its text: a secret, for the header `Authorization: Bearer …` and nothing else.
    public let value: String

    init(_ value: String) {
        self.value = value
    }

    /// Nothing of the token.
    public var description: String { "AccessToken([redacted])" }

    /// Nothing but ``description``.
    public var customMirror: Mirror { Mirror(closed: self) }
}

/// What to send with one request of the app's own. Printed, it shows no header.
public struct Authorization: Sendable, CustomStringConvertible, CustomReflectable {
    /// The URL that the headers are for, and no other.
    public let url: URL
    /// The headers to add to the request: `authorization` or `cookie`, and none where no cookie
    /// belongs to that URL.
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

    /// Which headers there are.
    public var description: String { "Authorization(\(headers.map(\.name)))" }

    /// Nothing but ``description``.
    public var customMirror: Mirror { Mirror(closed: self) }
}

/// What logging out did. The tokens are gone from the store in any case.
public struct LogOut: Hashable, Sendable, CustomStringConvertible, CustomReflectable {
    /// Whether the service was told. A later version may know more of them.
    public struct Revocation: Hashable, Sendable, CustomStringConvertible {
        /// The service has no way to be told: there the session ends when nobody refreshes it.
        public static let notOffered = Revocation("not_offered")
        /// There was nothing to revoke: the session was over before.
        public static let notNeeded = Revocation("not_needed")
        /// The service has ended the session.
        public static let done = Revocation("done")
        /// The service was not reached, or did not do it.
        public static let failed = Revocation("failed")

        /// Its stable name, `done` for example.
        public let code: String

        private init(_ code: String) {
            self.code = code
        }

        init(_ generated: SwitchbackBindings.Revocation) {
            switch generated {
            case .notOffered: self = .notOffered
            case .notNeeded: self = .notNeeded
            case .done: self = .done
            case .failed: self = .failed
            }
        }

        /// Its ``code``.
        public var description: String { code }
    }

    /// Whether the service was told.
    public let revocation: Revocation
    /// Open this in a browser to end the person's session with the service itself, where it has
    /// such a page (OpenID Connect RP-Initiated Logout 1.0). It says whose session it is, and
    /// belongs in no log.
    public let endSessionURL: URL?

    init(_ revocation: Revocation) {
        self.revocation = revocation
        endSessionURL = nil
    }

    init(_ generated: SwitchbackBindings.LogOut) {
        revocation = Revocation(generated.revocation)
        endSessionURL = generated.endSessionUrl.flatMap { URL(string: $0) }
    }

    /// Whether the service was told.
    public var description: String { "LogOut(\(revocation))" }

    /// Nothing but ``description``.
    public var customMirror: Mirror { Mirror(closed: self) }
}
