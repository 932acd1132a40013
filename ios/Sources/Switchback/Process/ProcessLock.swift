internal import SwitchbackBindings

/// A critical section that only one process of an app enters at a time. An app with one process
/// does not need one; for several processes a ``LockFile`` is usually enough.
///
/// **Threads.** Switchback calls these functions from threads that may block, several at once. It
/// calls ``leave()`` from the thread that called ``enter()``. It calls ``withdraw(owner:)`` from
/// any thread; that function must return at once. No function may wait for a call of Switchback.
/// They throw ``StoreError``.
public protocol ProcessLock: Sendable {
    /// Enters the critical section. If another process does not leave it, this gives up after
    /// some seconds with ``StoreError/unavailable(_:)``.
    func enter() throws
    /// Leaves the critical section.
    func leave() throws
    /// Makes known to all processes that use the store that this owner runs, until
    /// ``withdraw(owner:)`` or the end of the process. On iOS, in a container that is shared with
    /// extensions, this must do nothing: the system ends an app that it suspends while the app
    /// holds a lock there.
    func announce(owner: String) throws
    /// This owner does not run any more.
    func withdraw(owner: String) throws
    /// Whether this owner certainly does not run any more; false if that is unknown.
    func isGone(owner: String) throws -> Bool
}

/// Keeps the app running during a refresh, a login, and each critical section of a
/// ``Platform/lockFile`` or ``Platform/processLock``. On iOS ``ApplicationBackgroundTasks`` does, and
/// ``ExtensionBackgroundTasks`` in an extension.
///
/// **Threads.** Switchback calls these functions from threads that may block, several at once. No
/// function may wait for a call of Switchback, nor for the main thread if that thread may wait
/// for one.
public protocol BackgroundTasks: Sendable {
    /// Asks the system to let this process run. If this throws, Switchback does the work anyway.
    /// - Parameter expired: Call it when the system wants this process to stop, or if it is about to
    ///   suspend this process already, before this returns. Switchback then gives up the work, records
    ///   that within milliseconds, and calls ``end(_:)``. Let the process run until then.
    /// - Returns: A number that is passed to ``end(_:)``.
    func begin(expired: @escaping @Sendable () -> Void) throws -> Int
    /// The work of this ``begin(expired:)`` is done.
    func end(_ task: Int) throws
}

/// The app's lock, as an object for the native library.
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

/// The app's background tasks, as an object for the native library.
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
