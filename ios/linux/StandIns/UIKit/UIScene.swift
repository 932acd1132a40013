import Foundation

/// Replaces `UIScene`: https://developer.apple.com/documentation/uikit/uiscene
@MainActor
public class UIScene: Hashable {
    /// https://developer.apple.com/documentation/uikit/uiscene/activationstate-swift.enum
    public enum ActivationState: Int, Sendable {
        case unattached = -1
        case foregroundActive, foregroundInactive, background
    }

    /// https://developer.apple.com/documentation/uikit/uiscene/connectionoptions
    @MainActor
    public final class ConnectionOptions {
        public let urlContexts: Set<UIOpenURLContext>
        public let userActivities: Set<NSUserActivity>

        package init(urlContexts: Set<UIOpenURLContext> = [], userActivities: Set<NSUserActivity> = []) {
            self.urlContexts = urlContexts
            self.userActivities = userActivities
        }
    }

    public package(set) var activationState = ActivationState.foregroundActive

    package init() {}

    public nonisolated static func == (one: UIScene, other: UIScene) -> Bool { one === other }

    public nonisolated func hash(into hasher: inout Hasher) {
        hasher.combine(ObjectIdentifier(self))
    }
}

/// Replaces `UIWindowScene`: https://developer.apple.com/documentation/uikit/uiwindowscene
public final class UIWindowScene: UIScene {
    public internal(set) var windows: [UIWindow] = []

    /// https://developer.apple.com/documentation/uikit/uiwindowscene/keywindow
    public var keyWindow: UIWindow? { windows.first(where: \.isKeyWindow) }
}

/// Replaces `UIOpenURLContext`: https://developer.apple.com/documentation/uikit/uiopenurlcontext
@MainActor
public final class UIOpenURLContext: Hashable {
    public let url: URL

    package init(url: URL) {
        self.url = url
    }

    public nonisolated static func == (one: UIOpenURLContext, other: UIOpenURLContext) -> Bool {
        one === other
    }

    public nonisolated func hash(into hasher: inout Hasher) {
        hasher.combine(ObjectIdentifier(self))
    }
}
