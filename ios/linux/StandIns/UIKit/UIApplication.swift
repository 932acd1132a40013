import Foundation

/// Stands in for `UIApplication`.
@MainActor
public final class UIApplication {
    /// https://developer.apple.com/documentation/uikit/uiapplication/shared
    public static let shared = UIApplication()
}
