/// Whether a login will come back to this app on this device. Its text is for developers: each way to
/// open the login, what happens to the link, and what is wrong.
///
/// The command `switchback doctor ios` gives the same warnings for facts in a file, and also checks the
/// `apple-app-site-association` of the host, which an app cannot see.
public struct LinkCheck: Hashable, Sendable, CustomStringConvertible {
    /// What happens to the link.
    public enum Returns: Hashable, Sendable {
        /// The link opens this app.
        case thisApp
        /// The link opens another app.
        case otherApp
        /// The browser shows the redirect URI as a page.
        case browser
        /// Nothing opens the link.
        case nothing
        /// An app cannot know it: iOS does not say whether the host's file is right.
        case unknown

        /// The same, in English, for a developer.
        public var message: String {
            switch self {
            case .thisApp: "it opens this app"
            case .otherApp: "it opens another app"
            case .browser: "it stays in the browser"
            case .nothing: "nothing opens it"
            case .unknown: "iOS does not say what opens it: check the host with `switchback doctor ios`"
            }
        }
    }

    /// What a step opens.
    public enum Opens: String, Hashable, Sendable {
        /// The identity app, directly.
        case identityApp = "identity_app"
        /// The system's own browser for logins (`ASWebAuthenticationSession`), on top of this app.
        case webAuthenticationSession = "web_authentication_session"
        /// A view of Safari on top of this app (`SFSafariViewController`).
        case safariView = "safari_view"
        /// The browser itself.
        case browser
    }

    /// One way to open a login.
    public struct Step: Hashable, Sendable, CustomStringConvertible {
        /// What it opens.
        public let opens: Opens
        /// Whether the browser keeps no cookies of the login.
        public let isEphemeral: Bool
        /// Whether the person must tap something on the page before it opens an app.
        public let needsTap: Bool
        /// Whether this way is not used.
        public let isLeftOut: Bool
        /// Why it is used or left out, for a developer.
        public let reason: String

        func leftOut(_ reason: String) -> Step {
            Step(
                opens: opens, isEphemeral: isEphemeral, needsTap: needsTap, isLeftOut: true, reason: reason)
        }

        /// The way, and the reason.
        public var description: String { "\(opens.rawValue): \(isLeftOut ? "left out: " : "")\(reason)" }
    }

    /// How bad a warning is.
    public enum Severity: String, Hashable, Sendable {
        /// The login does not come back.
        case stops
        /// The login may not come back on this device, or on another one.
        case mayStop = "may_stop"
        /// The login comes back, with a disadvantage.
        case notice
    }

    /// One thing that is wrong.
    public struct Warning: Hashable, Sendable, CustomStringConvertible {
        /// A stable text, for example `not_declared`.
        public let code: String
        /// How bad it is.
        public let severity: Severity
        /// What is wrong, for a developer.
        public let message: String
        /// What to do about it, for a developer.
        public let fix: String

        /// What is wrong, and what to do.
        public var description: String { "\(severity.rawValue): \(message); to fix it: \(fix)" }
    }

    /// What happens when the provider redirects to the redirect URI.
    public let returns: Returns
    /// Every way to open the login, in order. The first one that is not left out is tried first.
    public let steps: [Step]
    /// What is wrong, the worst first.
    public let warnings: [Warning]

    /// Whether nothing is known that stops the login.
    public var isGood: Bool { !warnings.contains { $0.severity == .stops } }

    /// For a person who uses the identity app of another device.
    func withoutIdentityApp() -> LinkCheck {
        let steps = steps.map { step in
            step.opens == .identityApp ? step.leftOut("the person uses another device") : step
        }
        return LinkCheck(returns: returns, steps: steps, warnings: warnings)
    }

    /// The steps, what happens to the link, and the warnings, on one line each.
    public var description: String {
        let lines = steps.map(\.description) + ["the link: \(returns.message)"] + warnings.map(\.description)
        return lines.joined(separator: "\n")
    }
}
