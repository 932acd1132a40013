import Foundation
import UIKit

/// https://developer.apple.com/documentation/authenticationservices/aspresentationanchor
public typealias ASPresentationAnchor = UIWindow

/// https://developer.apple.com/documentation/authenticationservices/aswebauthenticationpresentationcontextproviding
@MainActor
public protocol ASWebAuthenticationPresentationContextProviding: NSObjectProtocol {
    func presentationAnchor(for session: ASWebAuthenticationSession) -> ASPresentationAnchor
}

/// https://developer.apple.com/documentation/authenticationservices/aswebauthenticationsessionerror
public struct ASWebAuthenticationSessionError: CustomNSError {
    /// https://developer.apple.com/documentation/authenticationservices/aswebauthenticationsessionerror/code
    public enum Code: Int, Sendable {
        case canceledLogin = 1
        case presentationContextNotProvided, presentationContextInvalid
    }

    public static let errorDomain = "com.apple.AuthenticationServices.WebAuthenticationSession"
    public let code: Code
    public var errorCode: Int { code.rawValue }
    public var errorUserInfo: [String: Any] { texts }
    private let texts: [String: String]

    init(_ code: Code, texts: [String: String] = [:]) {
        (self.code, self.texts) = (code, texts)
    }
}

/// Replaces `ASWebAuthenticationSession`:
/// https://developer.apple.com/documentation/authenticationservices/aswebauthenticationsession
@MainActor
public final class ASWebAuthenticationSession {
    public typealias CompletionHandler = (URL?, (any Error)?) -> Void

    /// https://developer.apple.com/documentation/authenticationservices/aswebauthenticationsession/callback
    public struct Callback: Sendable {
        enum Kind: Sendable {
            case customScheme(String)
            case https(host: String, path: String)
        }

        let kind: Kind

        /// https://developer.apple.com/documentation/authenticationservices/aswebauthenticationsession/callback/customscheme(_:)
        public static func customScheme(_ customScheme: String) -> Callback {
            Callback(kind: .customScheme(customScheme))
        }

        /// https://developer.apple.com/documentation/authenticationservices/aswebauthenticationsession/callback/https(host:path:)
        public static func https(host: String, path: String) -> Callback {
            Callback(kind: .https(host: host, path: path))
        }

        /// https://developer.apple.com/documentation/authenticationservices/aswebauthenticationsession/callback/matchesurl(_:)
        public func matchesURL(_ url: URL) -> Bool {
            switch kind {
            case .customScheme(let scheme): url.scheme == scheme
            case .https(let host, let path): url.scheme == "https" && url.host == host && url.path == path
            }
        }
    }

    public weak var presentationContextProvider: (any ASWebAuthenticationPresentationContextProviding)?
    public var prefersEphemeralWebBrowserSession = false
    package let url: URL
    private let callback: Callback
    private var completion: CompletionHandler?
    private var hasStarted = false
    private let page = UIViewController()
    /// The handler was called.
    package private(set) var isOver = false

    /// The hosts that this app may use for https callbacks: `webcredentials` in its entitlements and in the
    /// file of the host.
    package static var webcredentials: Set<String> = []
    /// The session that is on the screen.
    package private(set) static var shown: ASWebAuthenticationSession?
    /// The sessions that were started and not refused.
    package private(set) static var started: [ASWebAuthenticationSession] = []

    /// https://developer.apple.com/documentation/authenticationservices/aswebauthenticationsession/init(url:callbackurlscheme:completionhandler:)
    public convenience init(
        url: URL, callbackURLScheme: String?, completionHandler: @escaping CompletionHandler
    ) {
        self.init(
            url: url, callback: .customScheme(callbackURLScheme ?? ""), completionHandler: completionHandler)
    }

    /// https://developer.apple.com/documentation/authenticationservices/aswebauthenticationsession/init(url:callback:completionhandler:)
    public init(url: URL, callback: Callback, completionHandler: @escaping CompletionHandler) {
        (self.url, self.callback, completion) = (url, callback, completionHandler)
    }

    /// https://developer.apple.com/documentation/authenticationservices/aswebauthenticationsession/start()
    ///
    /// It needs a window in a scene in the foreground that is active, and starts only once:
    /// https://github.com/auth0/Auth0.swift/issues/446. An https callback without `webcredentials` ends with the
    /// code of a cancel: https://developer.apple.com/forums/thread/805416. While UIKit takes something off the
    /// screen, it shows nothing, and does not say so: https://github.com/auth0/Auth0.swift/issues/447
    @discardableResult
    public func start() -> Bool {
        guard !hasStarted else { return false }
        hasStarted = true
        guard let provider = presentationContextProvider else {
            return refuse(.presentationContextNotProvided)
        }
        let anchor = provider.presentationAnchor(for: self)
        guard anchor.windowScene?.activationState == .foregroundActive, Self.shown == nil else {
            return refuse(.presentationContextInvalid)
        }
        Self.started.append(self)
        if case .https(let host, _) = callback.kind, !Self.webcredentials.contains(host) {
            let text =
                "Using HTTPS callbacks requires Associated Domains using the `webcredentials` service type"
            end(
                nil,
                ASWebAuthenticationSessionError(.canceledLogin, texts: [NSDebugDescriptionErrorKey: text]))
            return true
        }
        var top = anchor.rootViewController
        while let above = top?.presentedViewController, !above.isBeingDismissed { top = above }
        top?.present(page, animated: true)
        if page.presentingViewController != nil { Self.shown = self }
        return true
    }

    /// https://developer.apple.com/documentation/authenticationservices/aswebauthenticationsession/cancel()
    public func cancel() {
        close()
        completion = nil
    }

    private func refuse(_ code: ASWebAuthenticationSessionError.Code) -> Bool {
        end(nil, ASWebAuthenticationSessionError(code))
        return false
    }

    private func close() {
        if Self.shown === self { Self.shown = nil }
        page.dismiss(animated: true)
    }

    /// The system calls the handler later, and not from `start`.
    private func end(_ url: URL?, _ error: (any Error)?) {
        close()
        let completion = self.completion.take()
        Task {
            completion?(url, error)
            isOver = true
        }
    }

    // MARK: - For tests

    /// The page redirects. The session takes a URL that is its callback, and shows any other one.
    package func redirect(to url: URL) {
        if callback.matchesURL(url) { end(url, nil) }
    }

    /// The person taps "Cancel".
    package func tapCancel() {
        end(nil, ASWebAuthenticationSessionError(.canceledLogin))
    }

    package static func reset() {
        (shown, started, webcredentials) = (nil, [], [])
    }
}

extension Optional {
    fileprivate mutating func take() -> Wrapped? {
        defer { self = nil }
        return self
    }
}
