#if canImport(UIKit) && canImport(SafariServices)
    import Foundation
    import SafariServices
    import UIKit

    /// An `SFSafariViewController` on top of a window.
    @MainActor
    final class SafariView: NSObject {
        private let controller: SFSafariViewController
        private var closed: (@MainActor () -> Void)?

        /// - Parameter closed: The person closed it.
        init(_ url: URL, closed: @escaping @MainActor () -> Void) {
            controller = SFSafariViewController(url: url)
            self.closed = closed
            super.init()
            // In a sheet the person can swipe it away, which the delegate is not told.
            controller.modalPresentationStyle = .fullScreen
            controller.delegate = self
        }

        /// Returns false if UIKit does not present it, for example during another presentation.
        func present(on controller: UIViewController?) -> Bool {
            controller?.present(self.controller, animated: true)
            return controller != nil && controller?.presentedViewController === self.controller
        }

        func dismiss() {
            closed = nil
            controller.presentingViewController?.dismiss(animated: true)
        }
    }

    extension SafariView: SFSafariViewControllerDelegate {
        // Apple's protocol belongs to no actor. The system calls it on the main thread.
        nonisolated func safariViewControllerDidFinish(_ controller: SFSafariViewController) {
            MainActor.assumeIsolated {
                let closed = self.closed
                self.closed = nil
                closed?()
            }
        }
    }
#endif
