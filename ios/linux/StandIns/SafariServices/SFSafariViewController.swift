import Foundation
import UIKit

/// Replaces `SFSafariViewController`: https://developer.apple.com/documentation/safariservices/sfsafariviewcontroller
public final class SFSafariViewController: UIViewController {
    public weak var delegate: (any SFSafariViewControllerDelegate)?
    package let url: URL
    package static var made: [SFSafariViewController] = []

    /// https://developer.apple.com/documentation/safariservices/sfsafariviewcontroller/init(url:)
    ///
    /// An exception ends the app if the scheme is not http or https.
    public init(url: URL) {
        precondition(["http", "https"].contains(url.scheme?.lowercased()), "the URL is not http or https")
        self.url = url
        super.init()
        Self.made.append(self)
    }

    public required init?(coder: NSCoder) { nil }

    /// The person taps "Done": the system dismisses the view, and tells the delegate.
    package func tapDone() {
        dismiss(animated: true)
        delegate?.safariViewControllerDidFinish(self)
    }
}

/// https://developer.apple.com/documentation/safariservices/sfsafariviewcontrollerdelegate
///
/// It belongs to no actor.
public protocol SFSafariViewControllerDelegate: NSObjectProtocol {
    func safariViewControllerDidFinish(_ controller: SFSafariViewController)
}
