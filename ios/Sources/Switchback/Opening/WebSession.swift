#if canImport(UIKit) && canImport(AuthenticationServices)
    import AuthenticationServices
    import Foundation
    import UIKit

    /// An `ASWebAuthenticationSession` on top of a window.
    @MainActor
    final class WebSession: NSObject {
        /// How a session ends.
        enum End: Sendable {
            /// The page redirected to the redirect URI.
            case link(URL)
            /// The system closed it, or the person did. The code of both is the same.
            case cancelled(association: Bool)
            /// It could not be shown.
            case failed(String)
        }

        private let window: UIWindow
        private var session: ASWebAuthenticationSession?
        private var ended: (@MainActor (End) -> Void)?

        /// - Parameter ended: Called once, unless `start` returns false or `cancel` is called.
        init(
            _ url: URL, redirectURI: URL, isEphemeral: Bool, window: UIWindow,
            ended: @escaping @MainActor (End) -> Void
        ) {
            self.window = window
            self.ended = ended
            super.init()
            // The system may call the handler on any thread.
            let handler: @Sendable (URL?, (any Error)?) -> Void = { [weak self] link, error in
                let end = Self.end(link, error)
                Task { @MainActor [weak self] in self?.end(end) }
            }
            let session = Self.session(url, redirectURI, handler)
            session?.prefersEphemeralWebBrowserSession = isEphemeral
            session?.presentationContextProvider = self
            self.session = session
        }

        /// Returns false if the system does not show it.
        func start() -> Bool {
            let hasStarted = session?.start() ?? false
            if !hasStarted { ended = nil }
            return hasStarted
        }

        /// Takes it off the screen.
        func cancel() {
            ended = nil
            session?.cancel()
            session = nil
        }

        private func end(_ end: End) {
            let ended = self.ended
            self.ended = nil
            session = nil
            ended?(end)
        }

        private static func session(
            _ url: URL, _ redirectURI: URL, _ handler: @escaping @Sendable (URL?, (any Error)?) -> Void
        ) -> ASWebAuthenticationSession? {
            if redirectURI.scheme?.lowercased() != "https" {
                return ASWebAuthenticationSession(
                    url: url, callbackURLScheme: redirectURI.scheme, completionHandler: handler)
            }
            guard #available(iOS 17.4, macOS 14.4, *), let host = redirectURI.host else { return nil }
            return ASWebAuthenticationSession(
                url: url, callback: .https(host: host, path: redirectURI.path), completionHandler: handler)
        }

        private nonisolated static func end(_ link: URL?, _ error: (any Error)?) -> End {
            if let link { return .link(link) }
            guard let error = error as? ASWebAuthenticationSessionError, error.code == .canceledLogin else {
                // The text of an error may contain the URL.
                let system = error as NSError?
                return .failed("it ended with error \(system?.code ?? 0) of \(system?.domain ?? "no domain")")
            }
            let texts = error.errorUserInfo.values.compactMap { $0 as? String }
            return .cancelled(association: texts.contains { $0.contains("Associated Domains") })
        }
    }

    extension WebSession: ASWebAuthenticationPresentationContextProviding {
        // Some SDKs declare the protocol without an actor. The system calls it on the main thread.
        nonisolated func presentationAnchor(for session: ASWebAuthenticationSession) -> ASPresentationAnchor {
            MainActor.assumeIsolated { window }
        }
    }
#endif
