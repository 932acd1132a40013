#if canImport(UIKit) && canImport(SwiftUI)
    import SwiftUI
    import UIKit

    /// A button with Truid's text and colours, for SwiftUI. It shows a ``TruidUIButton``.
    ///
    /// ```swift
    /// TruidButton(.login, logo: UIImage(named: "Truid"), isInProgress: isRunning) {
    ///     logIn()
    /// }
    /// ```
    ///
    /// The button takes the width that it is offered; `.fixedSize()` makes it as wide as its text. It is
    /// as high as the text demands. `.disabled(true)` works as with each button.
    public struct TruidButton: UIViewRepresentable {
        /// The colours of the background and of the text, as in Truid's guide.
        public typealias Style = TruidUIButton.Style

        private let purpose: Purpose
        private let style: Style
        private let logo: UIImage?
        private let isInProgress: Bool
        private let action: @MainActor () -> Void

        /// A button.
        /// - Parameters:
        ///   - purpose: Decides the text, as ``TruidUIButton/purpose``.
        ///   - style: The colours.
        ///   - logo: Truid's logo, as ``TruidUIButton/logo``.
        ///   - isInProgress: Whether a login runs, as ``TruidUIButton/isInProgress``.
        ///   - action: What a tap does.
        public init(
            _ purpose: Purpose = .login, style: Style = .theme, logo: UIImage? = nil,
            isInProgress: Bool = false, action: @escaping @MainActor () -> Void
        ) {
            self.purpose = purpose
            self.style = style
            self.logo = logo
            self.isInProgress = isInProgress
            self.action = action
        }

        /// Makes the button of UIKit.
        public func makeUIView(context: Context) -> TruidUIButton {
            let button = TruidUIButton()
            // iOS 15 has no `sizeThatFits`: SwiftUI makes a view higher that does not resist.
            button.setContentHuggingPriority(.required, for: .vertical)
            return button
        }

        /// Updates the button of UIKit.
        public func updateUIView(_ button: TruidUIButton, context: Context) {
            button.purpose = purpose
            button.style = style
            button.logo = logo
            button.isInProgress = isInProgress
            button.isEnabled = context.environment.isEnabled
            // It replaces the earlier action, which has the same identifier.
            let identifier = UIAction.Identifier("app.switchback.TruidButton")
            button.addAction(UIAction(identifier: identifier) { [action] _ in action() }, for: .touchUpInside)
        }

        /// The width that is offered, or else that of the text.
        @available(iOS 16, *)
        public func sizeThatFits(
            _ proposal: ProposedViewSize, uiView: TruidUIButton, context: Context
        ) -> CGSize? {
            let width = proposal.width ?? 0
            return uiView.sizeThatFits(CGSize(width: width.isFinite ? width : 0, height: 0))
        }
    }
#endif
