import UIKit

/// Stands in for `View`: https://developer.apple.com/documentation/swiftui/view
@MainActor
public protocol View {}
