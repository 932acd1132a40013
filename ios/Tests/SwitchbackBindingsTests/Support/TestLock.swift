import Foundation
import SwitchbackBindings
import TestSupport

/// A lock for an app with one process.
final class TestLock: ProcessLock {
    private let lock = DispatchSemaphore(value: 1)

    func enter() throws {
        guard lock.wait(timeout: .now() + limit) == .success else {
            throw StoreError.unavailable(reason: "another caller does not leave the lock")
        }
    }

    func leave() throws {
        lock.signal()
    }

    func announce(owner: String) throws {}
    func withdraw(owner: String) throws {}
    func isGone(owner: String) throws -> Bool { false }
}

/// Background tasks that behave like the system's.
final class Tasks: BackgroundTasks {
    let awake = Locked<[Int64: Expiry]>([:])
    private let number = Locked<Int64>(0)

    func begin(expiry: Expiry) throws -> Int64 {
        let task = number.with { number in
            number += 1
            return number
        }
        awake.with { $0[task] = expiry }
        return task
    }

    func end(task: Int64) throws {
        awake.with { _ = $0.removeValue(forKey: task) }
    }
}
