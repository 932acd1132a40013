#if canImport(UIKit)
    import Foundation
    import UIKit

    /// The background tasks of an app extension: `ProcessInfo.performExpiringActivity`. An extension has
    /// no `UIApplication`.
    ///
    /// All work that overlaps shares one activity, which occupies one thread as long as it lasts
    /// (https://developer.apple.com/forums/thread/729335). If the system refuses it,
    /// the extension is about to be suspended: Switchback then sends nothing, and its call throws
    /// ``SwitchbackError/Code-swift.struct/tryAgain``.
    public final class ExtensionBackgroundTasks: BackgroundTasks {
        private let assertion: SharedAssertion

        /// The background tasks of this extension.
        public convenience init() {
            self.init(patience: 2)
        }

        init(patience: TimeInterval) {
            assertion = SharedAssertion(patience: patience) { try ExpiringActivity.take($0) }
        }

        /// Begins an activity, or joins the one that is under way.
        public func begin(expired: @escaping @Sendable () -> Void) throws -> Int {
            try assertion.begin(expired)
        }

        /// Ends this work, and the activity if no other work is under way.
        public func end(_ task: Int) throws {
            assertion.end(task)
        }
    }

    /// An assertion that the system holds while a block runs. The system runs the block again with
    /// `true` if the process is about to be suspended, and runs it only with `true` if the process is
    /// about to be suspended already:
    /// https://developer.apple.com/documentation/foundation/processinfo/performexpiringactivity(withreason:using:)
    enum ExpiringActivity {
        /// Waits until the system has answered: some milliseconds.
        static func take(_ handler: @escaping @Sendable () -> Void) throws -> SharedAssertion.Answer {
            let isTaken = Guarded<Bool?>(nil)
            let (answered, released) = (DispatchSemaphore(value: 0), DispatchSemaphore(value: 0))
            ProcessInfo.processInfo.performExpiringActivity(withReason: "Switchback") { isExpired in
                let isFirst = isTaken.update { taken in
                    defer { taken = taken ?? !isExpired }
                    return taken == nil
                }
                if isFirst { answered.signal() }
                switch (isFirst, isExpired) {
                case (true, false): released.wait()
                case (false, true): handler()
                default: break
                }
            }
            guard answered.wait(timeout: .now() + 5) == .success else {
                released.signal()
                throw StoreError.unavailable("the system did not begin an activity within 5 s")
            }
            return isTaken.read { $0 } == true ? .taken { released.signal() } : .refused
        }
    }
#endif
