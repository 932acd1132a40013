import Foundation

extension ProcessInfo {
    /// Foundation has this on iOS only. The block runs on a concurrent queue, with `false`. The system
    /// holds an assertion until the block returns. If the process is about to be suspended meanwhile, the
    /// block runs once more, with `true`, and the first run must return soon. If the system gives no assertion, the block runs only with
    /// `true`. The reason must not be empty:
    /// https://developer.apple.com/documentation/foundation/processinfo/performexpiringactivity(withreason:using:)
    public func performExpiringActivity(
        withReason reason: String, using block: @escaping @Sendable (Bool) -> Void
    ) {
        precondition(!reason.isEmpty, "the reason must not be empty")
        DispatchQueue.global().async {
            let (assertions, returned) = (ProcessAssertions.shared, DispatchSemaphore(value: 0))
            let number = assertions.take {
                block(true)
                _ = returned.wait(timeout: .now() + 5)
            }
            guard let number else {
                block(true)
                return
            }
            block(false)
            assertions.release(number)
            returned.signal()
        }
    }
}
