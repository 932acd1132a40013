#if canImport(UIKit)
    import Foundation
    import UIKit

    /// The background tasks of an app: `UIApplication.beginBackgroundTask`. In an extension, use
    /// ``ExtensionBackgroundTasks``.
    ///
    /// All work that overlaps shares one background task. When its time is over, the handler on the
    /// main thread waits at most two seconds, until Switchback has recorded that and has left its lock,
    /// and then ends the task.
    ///
    /// If UIKit starts no task while the app is in the background, the system is about to suspend the
    /// app. Switchback then sends nothing, and its call throws
    /// ``SwitchbackError/Code-swift.struct/tryAgain``. If UIKit starts no task while the app is in the
    /// foreground, Switchback works without one.
    @available(iOSApplicationExtension, unavailable)
    public final class ApplicationBackgroundTasks: BackgroundTasks {
        private let assertion: SharedAssertion

        /// The background tasks of this app. An app may make them before `UIApplicationMain` runs, as a
        /// SwiftUI app does with the properties of its `App`.
        public convenience init() {
            self.init(patience: 2)
        }

        /// `UIApplication.shared` belongs to the main actor, and exists only after `UIApplicationMain`
        /// has made it. The methods for background tasks are for any thread. So the main queue finds the
        /// application, and no call waits for the main thread.
        init(patience: TimeInterval) {
            let found = Guarded<UIApplication?>(nil)
            DispatchQueue.main.async {
                MainActor.assumeIsolated {
                    let application = UIApplication.shared
                    found.update { $0 = application }
                }
            }
            assertion = SharedAssertion(patience: patience) { handler in
                guard let application = found.read({ $0 }) else {
                    return try ExpiringActivity.take(handler)
                }
                return try Self.take(application, handler)
            }
        }

        /// Begins a background task, or joins the one that is under way.
        public func begin(expired: @escaping @Sendable () -> Void) throws -> Int {
            try assertion.begin(expired)
        }

        /// Ends this work, and the background task if no other work is under way.
        public func end(_ task: Int) throws {
            assertion.end(task)
        }

        /// https://developer.apple.com/documentation/uikit/uiapplication/beginbackgroundtask(withname:expirationhandler:)
        private static func take(
            _ application: UIApplication, _ handler: @escaping @Sendable () -> Void
        ) throws -> SharedAssertion.Answer {
            let task = application.beginBackgroundTask(withName: "Switchback") { handler() }
            guard task == .invalid else { return .taken { application.endBackgroundTask(task) } }
            // In the foreground there is no limit.
            guard application.backgroundTimeRemaining > foreground else { return .refused }
            throw StoreError.unavailable("UIKit started no background task")
        }

        /// In seconds: no app has so much time in the background.
        private static let foreground: TimeInterval = 86_400
    }
#endif
