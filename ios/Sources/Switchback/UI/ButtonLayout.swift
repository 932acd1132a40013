#if canImport(UIKit)
    import UIKit

    /// Where the logo and the text of a button are, in a language from left to right.
    ///
    /// Half of the logo's height stays free around the logo, as Truid's guide demands.
    struct ButtonLayout {
        let size: CGSize
        let logo: CGRect
        let text: CGRect

        /// The smallest side of a target, after Apple's Human Interface Guidelines.
        private static let target: CGFloat = 44
        /// Beside the text, if the logo is not there.
        private static let margin: CGFloat = 12

        /// - Parameters:
        ///   - width: The width of the button; 0 if the text decides.
        ///   - logo: The size of the logo.
        ///   - isAbove: Whether the logo is above the text, and not beside its start.
        ///   - measure: Returns the size of the text in this width.
        init(width: CGFloat, logo: CGSize, isAbove: Bool, measure: (CGFloat) -> CGSize) {
            let free = logo.height / 2
            // What is not for the text.
            let rest = isAbove ? 2 * Self.margin : logo.width + 3 * free
            let text = measure(width > rest ? width - rest : .greatestFiniteMagnitude)
            let needed = isAbove ? max(text.width + rest, logo.width + 2 * free) : text.width + rest
            let height = isAbove ? logo.height + free + text.height : max(logo.height, text.height)
            size = CGSize(
                width: max(width > 0 ? width : needed, Self.target),
                height: max(height + 2 * free, Self.target))
            let top = (size.height - height) / 2
            let logoOrigin =
                isAbove
                ? CGPoint(x: (size.width - logo.width) / 2, y: top)
                : CGPoint(x: free, y: (size.height - logo.height) / 2)
            let textOrigin =
                isAbove
                ? CGPoint(x: Self.margin, y: top + logo.height + free)
                : CGPoint(x: logo.width + 2 * free, y: (size.height - text.height) / 2)
            self.logo = CGRect(origin: logoOrigin, size: logo)
            self.text = CGRect(
                origin: textOrigin, size: CGSize(width: size.width - rest, height: text.height))
        }
    }
#endif
