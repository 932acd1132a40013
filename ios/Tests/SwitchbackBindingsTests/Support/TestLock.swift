import Foundation
import SwitchbackBindings
import TestSupport

/// A critical section of an app of one process.
final class Section: ProcessLock {
    private let lock = DispatchSemaphore(value: 1)

    func enter() throws {
        guard lock.wait(timeout: .now() + limit) == .success else {
            throw StoreError.unavailable(reason: "somebody does not leave the section")
        }
    }

    func leave() throws {
        lock.signal()
    }

    func announce(owner: String) throws {}
    func withdraw(owner: String) throws {}
    func isGone(owner: String) throws -> Bool { false }
}

/// Background tasks, as the system has them.
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
