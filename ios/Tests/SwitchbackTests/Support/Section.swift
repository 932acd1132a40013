import Foundation
import Switchback

/// A critical section of an app of one process, and a background task.
final class Section: Critical {
    let awake = Locked<[UInt64: Expiry]>([:])
    private let lock = DispatchSemaphore(value: 1)
    private let tasks = Locked<UInt64>(0)

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

    func keepAwake(expiry: Expiry) throws -> UInt64 {
        let task = tasks.with { number in
            number += 1
            return number
        }
        awake.with { $0[task] = expiry }
        return task
    }

    func letSleep(task: UInt64) throws {
        awake.with { _ = $0.removeValue(forKey: task) }
    }
}
