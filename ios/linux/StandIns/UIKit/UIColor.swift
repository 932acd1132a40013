import Foundation

/// https://developer.apple.com/documentation/coregraphics/cgcolor
public final class CGColor: Hashable, Sendable {
    /// https://developer.apple.com/documentation/coregraphics/cgcolor/components
    public let components: [CGFloat]?

    init(_ components: [CGFloat]) {
        self.components = components
    }

    public static func == (one: CGColor, other: CGColor) -> Bool { one.components == other.components }

    public func hash(into hasher: inout Hasher) { hasher.combine(components) }
}

/// https://developer.apple.com/documentation/uikit/uicolor
public final class UIColor: Sendable {
    private let provider: @Sendable (UITraitCollection) -> [CGFloat]

    /// https://developer.apple.com/documentation/uikit/uicolor/init(red:green:blue:alpha:)
    public init(red: CGFloat, green: CGFloat, blue: CGFloat, alpha: CGFloat) {
        provider = { _ in [red, green, blue, alpha] }
    }

    private init(light: CGFloat, dark: CGFloat) {
        provider = { traits in
            let white = traits.userInterfaceStyle == .dark ? dark : light
            return [white, white, white, 1]
        }
    }

    private init(_ components: [CGFloat]) {
        provider = { _ in components }
    }

    /// https://developer.apple.com/documentation/uikit/uicolor/resolvedcolor(with:)
    public func resolvedColor(with traitCollection: UITraitCollection) -> UIColor {
        UIColor(provider(traitCollection))
    }

    /// https://developer.apple.com/documentation/uikit/uicolor/cgcolor
    public var cgColor: CGColor { CGColor(provider(UITraitCollection())) }

    /// https://developer.apple.com/documentation/uikit/uicolor/label
    public static let label = UIColor(light: 0, dark: 1)
    /// https://developer.apple.com/documentation/uikit/uicolor/systembackground
    public static let systemBackground = UIColor(light: 1, dark: 0)
}
