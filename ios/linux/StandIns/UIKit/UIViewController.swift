import Foundation

/// https://developer.apple.com/documentation/uikit/uimodalpresentationstyle
public enum UIModalPresentationStyle: Int, Sendable {
    case automatic = -2
    case fullScreen = 0
    case pageSheet, formSheet
}

/// Replaces `UIViewController`: https://developer.apple.com/documentation/uikit/uiviewcontroller
@MainActor
open class UIViewController: NSObject {
    /// https://developer.apple.com/documentation/uikit/uiviewcontroller/modalpresentationstyle
    public var modalPresentationStyle = UIModalPresentationStyle.automatic
    /// https://developer.apple.com/documentation/uikit/uiviewcontroller/presentedviewcontroller
    public private(set) var presentedViewController: UIViewController?
    /// https://developer.apple.com/documentation/uikit/uiviewcontroller/presentingviewcontroller
    public private(set) weak var presentingViewController: UIViewController?
    public package(set) var isBeingDismissed = false
    /// The window of a root view controller.
    weak var window: UIWindow?

    public override init() {}

    /// https://developer.apple.com/documentation/uikit/uiviewcontroller/present(_:animated:completion:)
    ///
    /// UIKit presents nothing, and calls nothing, if this view is not in a window, or if this controller
    /// already presents another one. It writes a warning to the log.
    public func present(
        _ viewControllerToPresent: UIViewController, animated flag: Bool, completion: (() -> Void)? = nil
    ) {
        guard isInWindow, presentedViewController == nil else { return }
        presentedViewController = viewControllerToPresent
        viewControllerToPresent.presentingViewController = self
        completion?()
    }

    /// https://developer.apple.com/documentation/uikit/uiviewcontroller/dismiss(animated:completion:)
    ///
    /// It dismisses what this controller presents, or else asks the presenting one to dismiss this one.
    public func dismiss(animated flag: Bool, completion: (() -> Void)? = nil) {
        guard let presented = presentedViewController else {
            presentingViewController?.dismiss(animated: flag, completion: completion)
            return
        }
        presented.isBeingDismissed = true
        let end = {
            presented.presentingViewController = nil
            self.presentedViewController = nil
            presented.isBeingDismissed = false
            completion?()
        }
        if Self.dismissesSlowly { Self.leaving.append(end) } else { end() }
    }

    /// Whether what is dismissed stays until ``finishDismissals()``, as during an animation.
    package static var dismissesSlowly = false
    private static var leaving: [() -> Void] = []

    package static func finishDismissals() {
        dismissesSlowly = false
        for end in leaving { end() }
        leaving = []
    }

    private var isInWindow: Bool {
        window?.windowScene != nil || presentingViewController?.isInWindow == true
    }

    // MARK: The view

    /// https://developer.apple.com/documentation/uikit/uiviewcontroller/init(nibname:bundle:)
    public init(nibName nibNameOrNil: String?, bundle nibBundleOrNil: Bundle?) {}

    /// https://developer.apple.com/documentation/uikit/uiviewcontroller/init(coder:)
    public required init?(coder: NSCoder) {}

    /// The first use loads it: https://developer.apple.com/documentation/uikit/uiviewcontroller/view
    open var view: UIView! {
        if let viewIfLoaded { return viewIfLoaded }
        let view = UIView()
        viewIfLoaded = view
        viewDidLoad()
        return view
    }

    public private(set) var viewIfLoaded: UIView?

    open func viewDidLoad() {}

    /// Only a sheet has one, that is a `pageSheet` or a `formSheet`:
    /// https://developer.apple.com/documentation/uikit/uiviewcontroller/sheetpresentationcontroller
    public var sheetPresentationController: UISheetPresentationController? {
        [.pageSheet, .formSheet].contains(modalPresentationStyle) ? sheet : nil
    }

    private let sheet = UISheetPresentationController()
}
