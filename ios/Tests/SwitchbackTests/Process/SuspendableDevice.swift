import Foundation
import Switchback
import TestSupport
import UIKit

@testable import Switchback

#if canImport(Glibc)
    import Glibc
#elseif canImport(Darwin)
    import Darwin
#endif

/// The platform of an app that the system suspends at one of the calls of the core.
///
/// At that call the time in the background is over: the system calls the handlers of the app, and
/// suspends it as soon as it holds no assertion. A suspended app makes no call until it is resumed.
final class SuspendableDevice: Sendable {
    /// The calls at which the app can be suspended: each before it does anything.
    enum Call: CaseIterable, Hashable, Sendable {
        case get, put, delete, list
        case send
        /// The answer has arrived, and the core does not have it yet.
        case answer
        case enter, leave
        case begin, end
    }

    private struct State {
        var calls: [Call: Int] = [:]
        /// The work under way, and whether it knows that the time is over.
        var work: [Int: Bool] = [:]
        var numbers = 0
        var isFrozen = false
        var locksHeld: [Int] = []
        private var isSuspended = false

        mutating func isFirstSuspension() -> Bool {
            defer { isSuspended = true }
            return !isSuspended
        }
    }

    let lockFile: URL
    let suspension = AwaitedEvent("a suspension")
    private let store = MemoryStore()
    private let transport = URLSessionTransport()
    private let tasks: any BackgroundTasks
    private let section: FileSection
    private let suspendedAt: Int?
    private let condition = NSCondition()
    private let state = Locked(State())
    /// The number of the work of each task.
    private let begun = Guarded<[Int: Int]>([:])

    /// - Parameter suspendedAt: The number of the call, counted from 1.
    init(_ folder: URL, _ tasks: any BackgroundTasks, suspendedAt: Int?) {
        lockFile = folder.appendingPathComponent("switchback.lock")
        section = FileSection(lockFile)
        self.tasks = tasks
        self.suspendedAt = suspendedAt
        ProcessAssertions.shared.restart { [weak self] in self?.freeze() }
    }

    var calls: [Call: Int] { state.with { $0.calls } }
    /// The number of locks on the file at each suspension.
    var locksHeld: [Int] { state.with { $0.locksHeld } }

    /// The app is in the foreground again.
    func resume() {
        ProcessAssertions.shared.enterForeground()
        change { $0.isFrozen = false }
    }

    /// Suspends the app now, if it was not suspended at a call.
    func suspendAfterTheLastCall() async {
        guard state.with({ $0.isFirstSuspension() }) else { return }
        await MainActor.run { ProcessAssertions.shared.expire() }
    }

    private func freeze() {
        let isFree = section.isFree
        change { state in
            state.locksHeld.append(isFree ? 0 : 1)
            state.isFrozen = true
        }
        suspension.happens()
    }

    private func change(_ change: (inout State) -> Void) {
        condition.lock()
        state.with(change)
        condition.broadcast()
        condition.unlock()
    }

    private func wait(until isReached: (State) -> Bool) {
        condition.lock()
        let deadline = Date(timeIntervalSinceNow: limit)
        while !state.with({ isReached($0) }), condition.wait(until: deadline) {}
        condition.unlock()
    }

    private func happens(_ call: Call) {
        let isPoint = state.with { state in
            state.calls[call, default: 0] += 1
            return state.calls.values.reduce(0, +) == suspendedAt && state.isFirstSuspension()
        }
        if isPoint {
            DispatchQueue.main.async { ProcessAssertions.shared.expire() }
            wait { !$0.locksHeld.isEmpty || !$0.work.isEmpty && $0.work.values.allSatisfy { $0 } }
        }
        wait { !$0.isFrozen }
    }
}

extension SuspendableDevice: SecureStore {
    func get(key: String) throws -> Data? {
        happens(.get)
        return try store.get(key: key)
    }

    func put(key: String, value: Data) throws {
        happens(.put)
        try store.put(key: key, value: value)
    }

    func delete(key: String) throws {
        happens(.delete)
        try store.delete(key: key)
    }

    func list(prefix: String) throws -> [String] {
        happens(.list)
        return try store.list(prefix: prefix)
    }
}

extension SuspendableDevice: HTTPTransport {
    func send(_ request: HTTPRequest) async throws -> HTTPResponse {
        try await onAnotherThread { self.happens(.send) }
        let response = try await transport.send(request)
        try await onAnotherThread { self.happens(.answer) }
        return response
    }
}

extension SuspendableDevice: ProcessLock {
    func enter() throws {
        happens(.enter)
        try section.enter()
    }

    func leave() throws {
        happens(.leave)
        section.leave()
    }

    // As on iOS: no lock is held for a longer time.
    func announce(owner: String) throws {}
    func withdraw(owner: String) throws {}
    func isGone(owner: String) throws -> Bool { false }
}

extension SuspendableDevice: BackgroundTasks {
    func begin(expired: @escaping @Sendable () -> Void) throws -> Int {
        happens(.begin)
        let number = state.with { state in
            state.numbers += 1
            return state.numbers
        }
        change { $0.work[number] = false }
        let task = try tasks.begin {
            expired()
            self.change { if $0.work[number] != nil { $0.work[number] = true } }
        }
        begun.update { $0[task] = number }
        return task
    }

    func end(_ task: Int) throws {
        happens(.end)
        try tasks.end(task)
        let number = begun.update { $0.removeValue(forKey: task) }
        change { state in number.map { state.work[$0] = nil } }
    }
}

/// A critical section by a lock on a file.
final class FileSection: Sendable {
    private let path: String
    private let file = Guarded<Int32>(-1)
    private let ofThreads = DispatchSemaphore(value: 1)

    init(_ file: URL) {
        path = file.path
    }

    func enter() throws {
        guard ofThreads.wait(timeout: .now() + limit) == .success else {
            throw StoreError.unavailable("another thread does not leave the section")
        }
        let opened = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0o600)
        guard opened >= 0, flock(opened, LOCK_EX) == 0 else {
            ofThreads.signal()
            throw StoreError.unavailable("error \(errno)")
        }
        file.update { $0 = opened }
    }

    func leave() {
        close(file.read { $0 })
        ofThreads.signal()
    }

    /// Whether no process and no thread holds a lock on the file.
    var isFree: Bool {
        let opened = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0o600)
        defer { close(opened) }
        return flock(opened, LOCK_EX | LOCK_NB) == 0
    }
}
