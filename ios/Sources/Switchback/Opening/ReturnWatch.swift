#if canImport(UIKit)
    import Foundation
    import UIKit

    /// Notices that the person leaves this app and comes back.
    @available(iOSApplicationExtension, unavailable)
    @MainActor
    final class ReturnWatch {
        /// The system delivers the link a moment before or after the app becomes active. In seconds.
        static let linkDelay: TimeInterval = 0.5

        private let timing: Timing
        private let returned: @MainActor () -> Void
        private var observers: [any NSObjectProtocol] = []
        private var hasLeft: Bool
        private var delay: Task<Void, Never>?

        init(timing: Timing, returned: @escaping @MainActor () -> Void) {
            self.timing = timing
            self.returned = returned
            hasLeft = UIApplication.shared.applicationState != .active
            observe(UIApplication.willResignActiveNotification) { watch in
                watch.hasLeft = true
                watch.delay?.cancel()
            }
            observe(UIApplication.didBecomeActiveNotification) { $0.becameActive() }
        }

        func stop() {
            for observer in observers { NotificationCenter.default.removeObserver(observer) }
            observers = []
            delay?.cancel()
        }

        /// UIKit posts these notifications on the main thread. Without a queue the block runs there at once.
        private func observe(
            _ name: Notification.Name, _ happened: @escaping @MainActor (ReturnWatch) -> Void
        ) {
            let observer = NotificationCenter.default.addObserver(forName: name, object: nil, queue: nil) {
                [weak self] _ in
                MainActor.assumeIsolated { [weak self] in
                    if let self { happened(self) }
                }
            }
            observers.append(observer)
        }

        private func becameActive() {
            guard hasLeft else { return }
            delay?.cancel()
            delay = Task { [weak self, timing] in
                guard (try? await timing.sleep(Self.linkDelay)) != nil, !Task.isCancelled, let self else {
                    return
                }
                stop()
                returned()
            }
        }
    }
#endif
