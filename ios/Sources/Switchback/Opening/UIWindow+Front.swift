#if canImport(UIKit)
    import UIKit

    extension UIWindow {
        /// The controller in front, which can present another one.
        var front: UIViewController? {
            var front = rootViewController
            while let above = front?.presentedViewController, !above.isBeingDismissed { front = above }
            return front
        }
    }
#endif
