@_exported import Foundation

/// Replaces `UIApplication`: https://developer.apple.com/documentation/uikit/uiapplication
@MainActor
public final class UIApplication {
    /// https://developer.apple.com/documentation/uikit/uiapplication/shared
    public static let shared = UIApplication()

    /// https://developer.apple.com/documentation/uikit/uiapplication/state
    public enum State: Int, Sendable {
        case active, inactive, background
    }

    /// https://developer.apple.com/documentation/uikit/uiapplication/openexternalurloptionskey
    public struct OpenExternalURLOptionsKey: RawRepresentable, Hashable, Sendable {
        public let rawValue: String

        public init(rawValue: String) {
            self.rawValue = rawValue
        }

        public static let universalLinksOnly = Self(rawValue: "UIApplicationOpenURLOptionUniversalLinksOnly")
    }

    public nonisolated static let willResignActiveNotification =
        Notification.Name("UIApplicationWillResignActiveNotification")
    public nonisolated static let didEnterBackgroundNotification =
        Notification.Name("UIApplicationDidEnterBackgroundNotification")
    public nonisolated static let willEnterForegroundNotification =
        Notification.Name("UIApplicationWillEnterForegroundNotification")
    public nonisolated static let didBecomeActiveNotification =
        Notification.Name("UIApplicationDidBecomeActiveNotification")

    /// https://developer.apple.com/documentation/uikit/uiapplication/applicationstate
    public package(set) var applicationState = State.active

    /// https://developer.apple.com/documentation/uikit/uiapplication/connectedscenes
    public package(set) var connectedScenes: Set<UIScene> = []

    /// https://developer.apple.com/documentation/uikit/uiapplication/open(_:options:completionhandler:)
    ///
    /// With `universalLinksOnly` it opens an app that the system has associated with the link, and else
    /// answers false. Without it, a link of no app opens in the browser, and a scheme that no app has
    /// opens nothing. An app that the system has put in the background opens nothing.
    @discardableResult
    public func open(_ url: URL, options: [OpenExternalURLOptionsKey: Any] = [:]) async -> Bool {
        let app = Device.shared.app(for: url)
        let isWeb = ["http", "https"].contains(url.scheme?.lowercased())
        let isUniversalLinksOnly = options[.universalLinksOnly] as? Bool ?? false
        let target: Device.Target? =
            switch app {
            case let app? where !isUniversalLinksOnly || isWeb: .app(app)
            case _ where isUniversalLinksOnly: nil
            case _ where isWeb && Device.shared.hasBrowser: .browser
            default: nil
            }
        guard applicationState != .background, let target else { return false }
        Device.shared.opens(url, in: target)
        return true
    }
}
