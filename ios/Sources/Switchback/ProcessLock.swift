internal import SwitchbackBindings

/// What must not happen twice at once between the processes of an app. For an app of one process
/// there is nothing to implement; for one of several a ``LockFile`` is mostly enough.
///
/// **Threads.** Calls come from threads where waiting is fine, several at a time, and
/// ``leave()`` from the thread of its ``enter()``; ``withdraw(owner:)`` from any, and it returns at
/// once. None may wait for a call of Switchback's. They throw ``StoreError``.
public protocol ProcessLock: Sendable {
    /// Enters the critical section. Gives up after some seconds on another process that does not
    /// leave it, with ``StoreError/unavailable(_:)``.
    func enter() throws
    /// Leaves it.
    func leave() throws
    /// Says to all who use the store that this owner runs, until it is withdrawn or the process
    /// ends. On iOS, in a container that is shared with extensions, this does nothing: the system
    /// ends an app that is suspended with a lock there.
    func announce(owner: String) throws
    /// The owner runs no more.
    func withdraw(owner: String) throws
    /// Whether an owner certainly runs no more. Where that cannot be known: false.
    func isGone(owner: String) throws -> Bool
}

/// Keeps the app running while a refresh or a login is under way: over
/// `UIApplication.beginBackgroundTask` on iOS.
///
/// **Threads.** Calls come from threads where waiting is fine, several at a time. None may wait for
/// a call of Switchback's, nor for the main thread where that may wait for one.
public protocol BackgroundTasks: Sendable {
    /// Asks the system to let this process run.
    /// - Parameter expired: To be called when the system wants the process to stop: what is under
    ///   way is given up and marked within milliseconds.
    /// - Returns: A number to end it with. Where this throws, the work is done without.
    func begin(expired: @escaping @Sendable () -> Void) throws -> Int
    /// What was begun is over.
    func end(_ task: Int) throws
}

/// A lock of the app's, as the core knows it.
final class GeneratedProcessLock: SwitchbackBindings.ProcessLock {
    private let lock: any ProcessLock

    init(_ lock: any ProcessLock) {
        self.lock = lock
    }

    func enter() throws { try storing { try lock.enter() } }
    func leave() throws { try storing { try lock.leave() } }
    func announce(owner: String) throws { try storing { try lock.announce(owner: owner) } }
    func withdraw(owner: String) throws { try storing { try lock.withdraw(owner: owner) } }
    func isGone(owner: String) throws -> Bool { try storing { try lock.isGone(owner: owner) } }
}

/// Background tasks of the app's, as the core knows them.
final class GeneratedBackgroundTasks: SwitchbackBindings.BackgroundTasks {
    private let tasks: any BackgroundTasks

    init(_ tasks: any BackgroundTasks) {
        self.tasks = tasks
    }

    func begin(expiry: Expiry) throws -> Int64 {
        try storing { Int64(try tasks.begin { expiry.expired() }) }
    }

    func end(task: Int64) throws { try storing { try tasks.end(Int(task)) } }
}
