import Foundation

/// https://developer.apple.com/documentation/uikit/nstextalignment
public enum NSTextAlignment: Int, Sendable {
    case left, center, right, justified, natural
}

/// https://developer.apple.com/documentation/uikit/uilabel
@MainActor
open class UILabel: UIView {
    open var text: String?
    open var font: UIFont! = .preferredFont(forTextStyle: .headline)
    open var textColor: UIColor! = .label
    open var textAlignment = NSTextAlignment.natural
    /// 0 is as many lines as needed: https://developer.apple.com/documentation/uikit/uilabel/numberoflines
    open var numberOfLines = 1
    /// https://developer.apple.com/documentation/uikit/uicontentsizecategoryadjusting/adjustsfontforcontentsizecategory
    open var adjustsFontForContentSizeCategory = false

    open override func sizeThatFits(_ size: CGSize) -> CGSize {
        let lines = lines(in: size.width)
        let width = lines.map { font.width($0) }.max() ?? 0
        return CGSize(width: width, height: CGFloat(lines.count) * font.lineHeight)
    }

    open override var intrinsicContentSize: CGSize { sizeThatFits(.zero) }

    // MARK: - For tests

    /// The lines in this width. A width of 0 or less is no limit. A word that is wider has a line of its own.
    package func lines(in width: CGFloat) -> [String] {
        guard let text, !text.isEmpty else { return [] }
        guard width > 0, numberOfLines != 1 else { return [text] }
        return text.split(separator: " ").reduce(into: []) { lines, word in
            if let last = lines.last, font.width(last + " " + word) <= width {
                lines[lines.count - 1] = last + " " + word
            } else {
                lines.append(String(word))
            }
        }
    }
}
