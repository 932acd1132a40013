import Foundation
import Switchback
import SwitchbackTesting
import TestSupport
import XCTest

/// Stores against the suite that every store must pass, as an app's tests run it.
final class SecureStoreConformanceTests: XCTestCase {
    func testAStoreInAFileConforms() async throws {
        let report = await secureStoreConformance(store: try Tried())
        XCTAssertGreaterThan(report.cases.count, 25)
        XCTAssertEqual(report.failures + report.leftOut, [], "\(report)")
    }

    func testTheStoreInMemoryConforms() async {
        let store = MemoryStore()
        let report = await secureStoreConformance { store }
        XCTAssertEqual(report.failures, [], "\(report)")
        let leftOut = ["killed-in-put", "locked-at-start", "locked-after-opening", "unlocked-later"]
        XCTAssertEqual(report.leftOut.map(\.name), leftOut)
    }

    /// An easy mistake in Swift: two texts are equal if Unicode treats them as equal.
    func testAStoreThatComparesKeysAsTextFails() async {
        final class Texts: SecureStore {
            let entries = Locked<[String: Data]>([:])
            func get(key: String) throws -> Data? { entries.with { $0[key] } }
            func put(key: String, value: Data) throws { entries.with { $0[key] = value } }
            func delete(key: String) throws { entries.with { $0[key] = nil } }
            func list(prefix: String) throws -> [String] {
                entries.with { $0.keys.filter { $0.hasPrefix(prefix) || prefix.isEmpty } }
            }
        }
        let store = Texts()
        let failed = await secureStoreConformance { store }.failures.map(\.name)
        XCTAssertTrue(failed.contains("keys-that-normalise-alike"), "\(failed)")
    }

    func testAStoreThatIsEmptyWhileLockedFails() async {
        let failed = await secureStoreConformance(store: Emptied()).failures.map(\.name)
        XCTAssertTrue(failed.contains("locked-at-start"), "\(failed)")
    }

    func testAnUndeclaredErrorFailsItsCaseOnly() async {
        struct Broken: Error {}
        struct Store: SecureStore {
            func get(key: String) throws -> Data? { throw Broken() }
            func put(key: String, value: Data) throws { throw Broken() }
            func delete(key: String) throws { throw Broken() }
            func list(prefix: String) throws -> [String] { throw Broken() }
        }
        let report = await secureStoreConformance { Store() }
        let failed = report.failures.map(\.name)
        XCTAssertTrue(failed.contains("round-trip"), "\(failed)")
        XCTAssertTrue(report.description.contains("it threw Broken, which it does not declare"))
        let (count, left) = (report.cases.count, report.leftOut.count)
        let sums = "\(count - failed.count - left) passed, \(failed.count) failed, \(left) left out"
        XCTAssertTrue(report.description.hasSuffix("\n\(sums)"), report.description)
    }

    func testAnErrorOfSetLockedFailsItsCase() async {
        struct Store: StoreUnderTest {
            let store = MemoryStore()
            func open() throws -> any SecureStore { store }
            func setLocked(_ isLocked: Bool) throws -> Bool { throw TestFailure("the lock is stuck") }
        }
        let report = await secureStoreConformance(store: Store())
        let locked = report.cases.first { $0.name == "locked-at-start" }?.outcome
        guard case .failed(let seen)? = locked else { return XCTFail("\(report)") }
        XCTAssertTrue(seen.contains("the lock is stuck"), seen)
    }

    /// A suite blocks, but none of the few threads of Swift's concurrency: here more suites run at a time
    /// than there are such threads. The test waits on a separate thread, because it could not see a
    /// deadlock on one of those.
    func testSuitesBlockNoTask() throws {
        let count = ProcessInfo.processInfo.activeProcessorCount * 2
        let stores = (0..<count).map { _ in Waiting() }
        let done = AwaitedEvent("the suites are over")
        for store in stores {
            Task {
                _ = await secureStoreConformance { store }
                done.happens()
            }
        }
        defer { for store in stores { store.goesOn.happens() } }
        for store in stores { try store.asked.wait() }
        for store in stores { store.goesOn.happens() }
        try done.wait(times: count)
    }

    // In another process.

    fileprivate static let folder = "SWITCHBACK_TEST_PUT_IN"
    fileprivate static let key = "SWITCHBACK_TEST_PUT_KEY"
    fileprivate static let begun = "now it puts"

    /// Runs in the process that is killed; in a normal test run it does nothing.
    func testPutUntilKilled() throws {
        let environment = ProcessInfo.processInfo.environment
        guard let folder = environment[Self.folder], let key = environment[Self.key] else { return }
        let value = FileHandle.standardInput.readDataToEndOfFile()
        let store = try FileStore(URL(fileURLWithPath: folder))
        FileHandle.standardOutput.write(Data("\n\(Self.begun)\n".utf8))
        // Not forever, because the process that should kill this one may have ended.
        let text = String(decoding: Data(base64Encoded: key) ?? Data(), as: UTF8.self)
        for _ in 0..<100_000 { try store.put(key: text, value: value) }
    }
}

/// A store that waits in its first call until a signal, and then works.
private final class Waiting: SecureStore {
    let asked = AwaitedEvent("a call of the store")
    let goesOn = AwaitedEvent("the store may go on")
    private let store = MemoryStore()

    func get(key: String) throws -> Data? { try opened().get(key: key) }
    func put(key: String, value: Data) throws { try opened().put(key: key, value: value) }
    func delete(key: String) throws { try opened().delete(key: key) }
    func list(prefix: String) throws -> [String] { try opened().list(prefix: prefix) }

    private func opened() throws -> MemoryStore {
        asked.happens()
        try goesOn.wait()
        return store
    }
}

/// A store that reports no entries while it is locked.
private final class Emptied: StoreUnderTest {
    private let store = MemoryStore()
    private let isLocked = Locked(false)

    func open() throws -> any SecureStore { isLocked.with { $0 } ? MemoryStore() : store }

    func setLocked(_ locked: Bool) throws -> Bool {
        isLocked.with { $0 = locked }
        return true
    }
}

/// A store in a file that can be locked, and whose processes can be killed.
private final class Tried: StoreUnderTest {
    private let folder: Folder
    private let isLocked = Locked(false)
    private let kills = Locked(0)

    init() throws {
        folder = try Folder()
    }

    func open() throws -> any SecureStore {
        let isLocked = isLocked
        return try FileStore(folder.url) { isLocked.with { $0 } }
    }

    func setLocked(_ locked: Bool) throws -> Bool {
        isLocked.with { $0 = locked }
        return true
    }

    /// This program again, in a separate process.
    func killDuringPut(key: String, value: Data) throws -> Bool {
        let process = Process()
        let (input, output) = (Pipe(), Pipe())
        process.executableURL = URL(fileURLWithPath: "/proc/self/exe").resolvingSymlinksInPath()
        process.arguments = ["SwitchbackTests.SecureStoreConformanceTests/testPutUntilKilled"]
        process.environment = ProcessInfo.processInfo.environment.merging([
            SecureStoreConformanceTests.folder: folder.url.path,
            SecureStoreConformanceTests.key: Data(key.utf8).base64EncodedString(),
        ]) { _, new in new }
        process.standardInput = input
        process.standardOutput = output
        process.standardError = FileHandle.nullDevice
        try process.run()
        try input.fileHandleForWriting.write(contentsOf: value)
        try input.fileHandleForWriting.close()
        var said = Data()
        while said.range(of: Data(SecureStoreConformanceTests.begun.utf8)) == nil {
            let more = output.fileHandleForReading.availableData
            guard !more.isEmpty else { throw TestFailure("it ended before it began") }
            said.append(more)
        }
        // Later each time: from before the first put to after some.
        let turns = kills.with { kills in
            kills += 1
            return kills * 20_000
        }
        for _ in 0..<turns { _ = kills.with { $0 } }
        kill(process.processIdentifier, SIGKILL)
        process.waitUntilExit()
        guard process.terminationReason == .uncaughtSignal else { throw TestFailure("it was not killed") }
        return true
    }
}
