import Foundation

/// Keeps this process running while at least one piece of work is under way, with one assertion of
/// the system for all work that overlaps.
///
/// The assertion is taken before a piece of work begins, and released after the last one has ended.
/// When the time is over, the system calls a handler, and suspends the process after the handler has
/// returned. So the handler waits for the end of each piece of work: the core stops waiting for its
/// answer, records that, and leaves its lock within milliseconds. iOS kills an app that it suspends
/// while the app holds a lock on a file that it shares with its extensions (0xdead10cc).
final class SharedAssertion: @unchecked Sendable {
    /// The answer of the system.
    enum Answer {
        /// The process runs until this is called.
        case taken(release: @Sendable () -> Void)
        /// The system is about to suspend the process.
        case refused
    }

    /// Asks the system for an assertion, and may block. The system calls the handler on any thread,
    /// possibly before this returns. If this throws, the work is done without an assertion.
    typealias Take = @Sendable (_ handler: @escaping @Sendable () -> Void) throws -> Answer

    /// One assertion, and the work under way. The condition protects it.
    private final class Hold: @unchecked Sendable {
        var work: [Int: @Sendable () -> Void] = [:]
        var release: (@Sendable () -> Void)?
        var hasExpired = false
        /// No more work joins, and the assertion is released as soon as it can be.
        var isOver = false
    }

    private let take: Take
    private let patience: TimeInterval
    /// Held while the system answers: until then no other work may begin.
    private let taking = NSLock()
    private let condition = NSCondition()
    private var current: Hold?
    private var numbers = 0

    /// - Parameter patience: How long a handler waits for the end of the work, in seconds. The system
    ///   kills a process whose handler does not return within a few seconds.
    init(patience: TimeInterval = 2, take: @escaping Take) {
        self.patience = patience
        self.take = take
    }

    /// Begins a piece of work, and returns its number. If the time is over already, this calls
    /// `expired`: the core then sends nothing, because the process would be suspended before the
    /// answer arrives.
    func begin(_ expired: @escaping @Sendable () -> Void) throws -> Int {
        taking.lock()
        defer { taking.unlock() }
        let number = nextNumber()
        if join(number, expired) { return number }
        let hold = Hold()
        switch try take({ self.expire(hold) }) {
        case .refused: expired()
        case .taken(let release): keep(hold, release, number, expired)
        }
        return number
    }

    /// The piece of work of this number has ended. Does nothing if it has ended already.
    func end(_ number: Int) {
        let release = locked { () -> (@Sendable () -> Void)? in
            guard let hold = current, hold.work.removeValue(forKey: number) != nil else { return nil }
            condition.broadcast()
            // The handler releases it, because the handler must not return before.
            return hold.work.isEmpty && !hold.hasExpired ? finish(hold) : nil
        }
        release?()
    }

    private func nextNumber() -> Int {
        locked {
            numbers += 1
            return numbers
        }
    }

    /// Adds work to the assertion that is held, if one is.
    private func join(_ number: Int, _ expired: @escaping @Sendable () -> Void) -> Bool {
        let isLate = locked { () -> Bool? in
            guard let hold = current else { return nil }
            hold.work[number] = expired
            return hold.hasExpired
        }
        if isLate == true { expired() }
        return isLate != nil
    }

    private func keep(
        _ hold: Hold, _ release: @escaping @Sendable () -> Void, _ number: Int,
        _ expired: @escaping @Sendable () -> Void
    ) {
        let isOver = locked {
            hold.release = release
            condition.broadcast()
            guard !hold.isOver else { return true }
            hold.work[number] = expired
            current = hold
            return false
        }
        if locked({ hold.hasExpired }) { expired() }
        if isOver { release() }
    }

    /// The handler. It returns after the assertion was released, if the system has answered by then.
    private func expire(_ hold: Hold) {
        let expired = locked { () -> [@Sendable () -> Void] in
            hold.hasExpired = true
            return Array(hold.work.values)
        }
        for expired in expired { expired() }
        let deadline = Date(timeIntervalSinceNow: patience)
        let release = locked { () -> (@Sendable () -> Void)? in
            while !hold.work.isEmpty || hold.release == nil, condition.wait(until: deadline) {}
            return finish(hold)
        }
        release?()
    }

    /// Only the first call returns the release, and only if the system has answered.
    private func finish(_ hold: Hold) -> (@Sendable () -> Void)? {
        guard !hold.isOver else { return nil }
        hold.isOver = true
        if current === hold { current = nil }
        return hold.release
    }

    private func locked<Value>(_ work: () -> Value) -> Value {
        condition.lock()
        defer { condition.unlock() }
        return work()
    }
}
