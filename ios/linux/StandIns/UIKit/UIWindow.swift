import Foundation

/// Replaces `UIWindow`: https://developer.apple.com/documentation/uikit/uiwindow
@MainActor
public final class UIWindow {
    public weak var windowScene: UIWindowScene?
    public var rootViewController: UIViewController? {
        didSet { rootViewController?.window = self }
    }
    public private(set) var isKeyWindow = false

    /// https://developer.apple.com/documentation/uikit/uiwindow/init(windowscene:)
    public init(windowScene: UIWindowScene) {
        self.windowScene = windowScene
        windowScene.windows.append(self)
    }

    /// https://developer.apple.com/documentation/uikit/uiwindow/makekeyandvisible()
    public func makeKeyAndVisible() {
        isKeyWindow = true
    }
}
