#if canImport(UIKit)
    import UIKit

    /// A button with Truid's text and colours, for UIKit. In SwiftUI it is ``TruidButton``.
    ///
    /// ```swift
    /// let button = TruidUIButton()
    /// button.purpose = .onboarding
    /// button.logo = UIImage(named: "Truid")
    /// button.addAction(UIAction { _ in logIn() }, for: .touchUpInside)
    /// ```
    ///
    /// The text is in the first language that the person has chosen for the app, if that is English,
    /// Swedish, French, Dutch or German. It is in English otherwise. The size of the text follows the
    /// text size that the person has set: constrain the width of the button, and not its height.
    public final class TruidUIButton: UIControl {
        /// Decides the text: "Login with Truid" for ``Purpose/login``, "Sign with Truid" for
        /// ``Purpose/signing``, "Continue with Truid" for the other purposes.
        public var purpose = Purpose.login {
            didSet { update() }
        }

        /// The colours.
        public var style = Style.theme {
            didSet { update() }
        }

        /// Truid's logo, in the colours that Truid has for this ``style``. It keeps its proportions and is
        /// one and a half times as high as the text, at most 40 points. Around it half its height
        /// stays free. The library does not contain the logo: without one, the button shows a plain
        /// disc.
        public var logo: UIImage? {
            didSet { update() }
        }

        /// Whether a login runs. The button then shows a spinner in the place of the logo and ignores
        /// taps, and VoiceOver says so. Set it back when the login has ended.
        public var isInProgress = false {
            didSet {
                if isInProgress { cancelTracking(with: nil) }
                update()
            }
        }

        /// The colours of the background and of the text, as in Truid's guide.
        public enum Style: Hashable, Sendable, CaseIterable {
            /// Black on white, with a grey border.
            case white
            /// White on black.
            case black
            /// White on Truid's violet.
            case theme

            var colors: ButtonColors {
                switch self {
                case .white: ButtonColors(fill: 0xFFFFFF, text: 0x000000, outline: 0x767676)
                case .black: ButtonColors(fill: 0x000000, text: 0xFFFFFF, outline: 0x767676)
                case .theme: ButtonColors(fill: 0x3A277F, text: 0xFFFFFF, outline: 0x7A6BB8)
                }
            }
        }

        /// Replaces the language of the device, for tests.
        var language: String? {
            didSet { update() }
        }

        private let logoView = UIImageView()
        private let spinner = UIActivityIndicatorView(style: .medium)
        private let label = UILabel()
        /// The width that the last layout was for.
        private var lastWidth: CGFloat = 0

        /// A button for a login, in Truid's violet.
        public override init(frame: CGRect) {
            super.init(frame: frame)
            setUp()
        }

        /// A button of a storyboard.
        public required init?(coder: NSCoder) {
            super.init(coder: coder)
            setUp()
        }

        private func setUp() {
            label.numberOfLines = 0
            label.textAlignment = .center
            logoView.contentMode = .scaleAspectFit
            logoView.clipsToBounds = true
            spinner.hidesWhenStopped = false
            for view in [logoView, spinner, label] { addSubview(view) }
            layer.cornerRadius = 8
            isAccessibilityElement = true
            // In a larger text, a word is wider than the smallest phone.
            maximumContentSizeCategory = .accessibilityExtraExtraLarge
            update()
        }

        // MARK: The look

        private func update() {
            let colors = style.colors
            let isHighContrast = traitCollection.accessibilityContrast == .high
            backgroundColor = UIColor(rgb: isHighlighted ? colors.pressed : colors.fill)
            layer.borderColor = UIColor(rgb: isHighContrast ? colors.text : colors.outline).cgColor
            layer.borderWidth = isHighContrast ? 2 : 1
            label.text = purposeText.text(in: language)
            label.textColor = UIColor(rgb: colors.text)
            label.font = .preferredFont(forTextStyle: .headline, compatibleWith: traitCollection)
            logoView.image = logo
            logoView.backgroundColor = logo == nil ? UIColor(rgb: colors.text, alpha: 0.4) : nil
            logoView.isHidden = isInProgress
            updateSpinner()
            accessibilityLabel = label.text
            accessibilityValue = isInProgress ? UIText.inProgress.text(in: language) : nil
            accessibilityTraits = isEnabled && !isInProgress ? .button : [.button, .notEnabled]
            invalidateIntrinsicContentSize()
            setNeedsLayout()
        }

        private var purposeText: UIText {
            switch purpose {
            case .login: .logIn
            case .signing: .sign
            default: .continueWith
            }
        }

        private func updateSpinner() {
            spinner.color = UIColor(rgb: style.colors.text)
            spinner.isHidden = !isInProgress
            if isInProgress && !UIAccessibility.isReduceMotionEnabled {
                spinner.startAnimating()
            } else {
                spinner.stopAnimating()
            }
        }

        /// The look of a pressed button.
        public override var isHighlighted: Bool {
            didSet { update() }
        }

        /// A button that is not enabled is half transparent.
        public override var isEnabled: Bool {
            didSet {
                alpha = isEnabled ? 1 : 0.5
                update()
            }
        }

        /// The text size, the contrast or the direction has changed.
        public override func traitCollectionDidChange(_ previousTraitCollection: UITraitCollection?) {
            super.traitCollectionDidChange(previousTraitCollection)
            update()
        }

        /// Ignores touches while a login runs.
        public override func beginTracking(_ touch: UITouch, with event: UIEvent?) -> Bool {
            !isInProgress && super.beginTracking(touch, with: event)
        }

        // MARK: The layout

        /// The logo is beside the start of the text. In the text sizes for accessibility it is above the
        /// text, which has more space there.
        private func arranged(in width: CGFloat) -> ButtonLayout {
            let height = min(label.font.pointSize * 1.5, 40)
            let proportion = logo.map { $0.size.height > 0 ? $0.size.width / $0.size.height : 1 } ?? 1
            return ButtonLayout(
                width: width, logo: CGSize(width: height * proportion, height: height),
                isAbove: traitCollection.preferredContentSizeCategory.isAccessibilityCategory
            ) { width in
                label.sizeThatFits(CGSize(width: width, height: .greatestFiniteMagnitude))
            }
        }

        /// The size for this width. A width of 0 is no limit: the text is then on one line.
        public override func sizeThatFits(_ size: CGSize) -> CGSize {
            arranged(in: size.width < .greatestFiniteMagnitude ? size.width : 0).size
        }

        /// As wide as the text on one line, and as high as the present width demands.
        public override var intrinsicContentSize: CGSize {
            CGSize(width: arranged(in: 0).size.width, height: arranged(in: bounds.width).size.height)
        }

        /// Places the logo and the text.
        public override func layoutSubviews() {
            super.layoutSubviews()
            if bounds.width != lastWidth {
                lastWidth = bounds.width
                invalidateIntrinsicContentSize()
            }
            let layout = arranged(in: bounds.width)
            // The button may be higher than its content needs.
            let down = (bounds.height - layout.size.height) / 2
            func place(_ rect: CGRect) -> CGRect {
                let isMirrored = effectiveUserInterfaceLayoutDirection == .rightToLeft
                let x = isMirrored ? bounds.width - rect.maxX : rect.minX
                return CGRect(x: x, y: rect.minY + down, width: rect.width, height: rect.height)
            }
            logoView.frame = place(layout.logo)
            logoView.layer.cornerRadius = logo == nil ? layout.logo.height / 2 : 0
            spinner.style = layout.logo.height < 37 ? .medium : .large
            spinner.frame = logoView.frame
            label.frame = place(layout.text)
        }
    }
#endif
