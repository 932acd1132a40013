import Foundation

/// https://developer.apple.com/documentation/uikit/uibackgroundtaskidentifier
public struct UIBackgroundTaskIdentifier: RawRepresentable, Hashable, Sendable {
    public let rawValue: Int

    public init(rawValue: Int) {
        self.rawValue = rawValue
    }

    /// https://developer.apple.com/documentation/uikit/uibackgroundtaskidentifier/invalid
    public static let invalid = UIBackgroundTaskIdentifier(rawValue: 0)
}

extension UIApplication {
    /// For any thread. `.invalid` if running in the background is not possible. The system calls the
    /// handler synchronously on the main thread, shortly before the time is over, and the app is
    /// suspended only afterwards:
    /// https://developer.apple.com/documentation/uikit/uiapplication/beginbackgroundtask(withname:expirationhandler:)
    public nonisolated func beginBackgroundTask(
        withName taskName: String?, expirationHandler handler: (@MainActor @Sendable () -> Void)? = nil
    ) -> UIBackgroundTaskIdentifier {
        let number = ProcessAssertions.shared.take {
            precondition(Thread.isMainThread, "UIKit calls an expiration handler on the main thread")
            MainActor.assumeIsolated { handler?() }
        }
        return number.map { UIBackgroundTaskIdentifier(rawValue: $0) } ?? .invalid
    }

    /// https://developer.apple.com/documentation/uikit/uiapplication/beginbackgroundtask(expirationhandler:)
    public nonisolated func beginBackgroundTask(
        expirationHandler handler: (@MainActor @Sendable () -> Void)? = nil
    ) -> UIBackgroundTaskIdentifier {
        beginBackgroundTask(withName: nil, expirationHandler: handler)
    }

    /// For any thread. An identifier that is not known, or was ended, has no effect but a message in the
    /// log: https://developer.apple.com/documentation/uikit/uiapplication/endbackgroundtask(_:)
    public nonisolated func endBackgroundTask(_ identifier: UIBackgroundTaskIdentifier) {
        ProcessAssertions.shared.release(identifier.rawValue)
    }

    /// For any thread. In the foreground there is no limit:
    /// https://developer.apple.com/documentation/uikit/uiapplication/backgroundtimeremaining
    public nonisolated var backgroundTimeRemaining: TimeInterval {
        ProcessAssertions.shared.isInBackground ? 30 : .greatestFiniteMagnitude
    }
}
