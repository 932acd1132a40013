// Apple's module re-exports Foundation, too.
@_exported import Foundation

/// https://developer.apple.com/documentation/uikit/uiuserinterfacelayoutdirection
public enum UIUserInterfaceLayoutDirection: Int, Sendable {
    case leftToRight, rightToLeft
}

/// https://developer.apple.com/documentation/uikit/uiview
@MainActor
open class UIView: UIResponder {
    /// https://developer.apple.com/documentation/uikit/uiview/contentmode-swift.enum
    public enum ContentMode: Int, Sendable {
        case scaleToFill, scaleAspectFit, scaleAspectFill
    }

    /// https://developer.apple.com/documentation/uikit/uiview/nointrinsicmetric
    public class var noIntrinsicMetric: CGFloat { -1 }

    /// https://developer.apple.com/documentation/uikit/uiview/init(frame:)
    public init(frame: CGRect) {
        self.frame = frame
    }

    /// https://developer.apple.com/documentation/uikit/uiview/init(coder:)
    public required init?(coder: NSCoder) {
        frame = .zero
    }

    public convenience override init() {
        self.init(frame: .zero)
    }

    // MARK: - Layout

    /// A change of the size asks for a new layout: https://developer.apple.com/documentation/uikit/uiview/layoutsubviews()
    open var frame: CGRect {
        didSet { if frame.size != oldValue.size { setNeedsLayout() } }
    }

    open var bounds: CGRect {
        get { CGRect(origin: .zero, size: frame.size) }
        set { frame.size = newValue.size }
    }

    /// The default is the existing size of the view: https://developer.apple.com/documentation/uikit/uiview/sizethatfits(_:)
    open func sizeThatFits(_ size: CGSize) -> CGSize { bounds.size }

    /// https://developer.apple.com/documentation/uikit/uiview/intrinsiccontentsize
    open var intrinsicContentSize: CGSize {
        CGSize(width: Self.noIntrinsicMetric, height: Self.noIntrinsicMetric)
    }

    open func invalidateIntrinsicContentSize() { invalidations += 1 }

    open func setNeedsLayout() { needsLayout = true }

    /// https://developer.apple.com/documentation/uikit/uiview/layoutifneeded()
    open func layoutIfNeeded() {
        if needsLayout {
            needsLayout = false
            layoutSubviews()
        }
        for view in subviews { view.layoutIfNeeded() }
    }

    open func layoutSubviews() {}

    /// https://developer.apple.com/documentation/uikit/uiview/effectiveuserinterfacelayoutdirection
    open var effectiveUserInterfaceLayoutDirection: UIUserInterfaceLayoutDirection {
        traitCollection.layoutDirection == .rightToLeft ? .rightToLeft : .leftToRight
    }

    open var translatesAutoresizingMaskIntoConstraints = true

    private var hugging: [NSLayoutConstraint.Axis: UILayoutPriority] = [:]

    /// https://developer.apple.com/documentation/uikit/uiview/contenthuggingpriority(for:)
    open func contentHuggingPriority(for axis: NSLayoutConstraint.Axis) -> UILayoutPriority {
        hugging[axis] ?? .defaultLow
    }

    /// https://developer.apple.com/documentation/uikit/uiview/setcontenthuggingpriority(_:for:)
    open func setContentHuggingPriority(_ priority: UILayoutPriority, for axis: NSLayoutConstraint.Axis) {
        hugging[axis] = priority
    }

    // MARK: - The tree

    public private(set) var subviews: [UIView] = []
    public private(set) weak var superview: UIView?

    open func addSubview(_ view: UIView) {
        view.removeFromSuperview()
        view.superview = self
        subviews.append(view)
        setNeedsLayout()
    }

    open func removeFromSuperview() {
        superview?.subviews.removeAll { $0 === self }
        superview = nil
    }

    // MARK: - The look

    public let layer = CALayer()
    open var backgroundColor: UIColor?
    open var alpha: CGFloat = 1
    open var isHidden = false
    open var clipsToBounds = false
    open var contentMode = ContentMode.scaleToFill
    open var isUserInteractionEnabled = true

    // MARK: - Traits

    /// https://developer.apple.com/documentation/uikit/uitraitenvironment/traitcollection
    open var traitCollection: UITraitCollection {
        (traits ?? superview?.traitCollection ?? UITraitCollection()).limited(to: maximumContentSizeCategory)
    }

    /// Apple calls it deprecated since iOS 17, and calls it until today:
    /// https://developer.apple.com/documentation/uikit/uitraitenvironment/traitcollectiondidchange(_:)
    open func traitCollectionDidChange(_ previousTraitCollection: UITraitCollection?) {}

    /// https://developer.apple.com/documentation/uikit/uiview/maximumcontentsizecategory
    open var maximumContentSizeCategory: UIContentSizeCategory?

    // MARK: - What VoiceOver gets

    open var isAccessibilityElement = false
    open var accessibilityLabel: String?
    open var accessibilityValue: String?
    open var accessibilityTraits = UIAccessibilityTraits.none

    // MARK: - For tests

    private var needsLayout = true
    private var traits: UITraitCollection?
    package private(set) var invalidations = 0

    /// The system's traits for this view and those in it.
    package func change(_ traits: UITraitCollection) {
        let before = traitCollection
        self.traits = traits
        notify(before)
    }

    private func notify(_ before: UITraitCollection) {
        traitCollectionDidChange(before)
        for view in subviews { view.notify(before) }
    }

    /// This view and all views in it.
    package var all: [UIView] { [self] + subviews.flatMap(\.all) }
}
