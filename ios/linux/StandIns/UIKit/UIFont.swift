import Foundation

/// https://developer.apple.com/documentation/uikit/uifont
public final class UIFont: Sendable {
    /// https://developer.apple.com/documentation/uikit/uifont/textstyle
    public struct TextStyle: RawRepresentable, Hashable, Sendable {
        public let rawValue: String

        public init(rawValue: String) {
            self.rawValue = rawValue
        }

        public static let headline = TextStyle(rawValue: "UICTFontTextStyleHeadline")
        public static let title2 = TextStyle(rawValue: "UICTFontTextStyleTitle2")
    }

    /// https://developer.apple.com/documentation/uikit/uifont/pointsize
    public let pointSize: CGFloat

    private init(_ pointSize: CGFloat) {
        self.pointSize = pointSize
    }

    /// The sizes are those of
    /// https://developer.apple.com/design/human-interface-guidelines/typography#iOS-iPadOS-Dynamic-Type-sizes
    ///
    /// https://developer.apple.com/documentation/uikit/uifont/preferredfont(fortextstyle:compatiblewith:)
    public class func preferredFont(
        forTextStyle style: TextStyle, compatibleWith traitCollection: UITraitCollection?
    ) -> UIFont {
        let sizes: [CGFloat] =
            style == .title2
            ? [19, 20, 21, 22, 24, 26, 28, 34, 39, 44, 50, 56]
            : [14, 15, 16, 17, 19, 21, 23, 28, 33, 40, 47, 53]
        return UIFont(sizes[(traitCollection ?? UITraitCollection()).preferredContentSizeCategory.place])
    }

    /// https://developer.apple.com/documentation/uikit/uifont/preferredfont(fortextstyle:)
    public class func preferredFont(forTextStyle style: TextStyle) -> UIFont {
        preferredFont(forTextStyle: style, compatibleWith: nil)
    }

    // MARK: - For tests

    /// A model, and no font of Apple's: each character is as wide as 0.6 times the size, which is wide for
    /// the system's semibold font, and each line is as high as 1.2 times the size.
    package func width(_ text: some StringProtocol) -> CGFloat { CGFloat(text.count) * pointSize * 0.6 }

    package var lineHeight: CGFloat { pointSize * 1.2 }
}
