import Foundation
import SwitchbackBindings
import SwitchbackTesting
import TestSupport
import XCTest

/// Stores in Swift against the suite that every store must pass.
final class StoreTests: XCTestCase {
    func testAStoreInAFileConforms() throws {
        let report = secureStoreConformance(store: try Tried())
        XCTAssertGreaterThan(report.count, 25)
        for each in report {
            guard case .passed = each.outcome else {
                XCTFail("\(each.name): \(each.demand) \(each.outcome)")
                continue
            }
        }
    }

    /// What Swift makes easy to get wrong: two texts are the same where Unicode takes them for it.
    func testAStoreWhoseKeysAreSwiftTextsFails() throws {
        final class Texts: SecureStore {
            let entries = Locked<[String: Data]>([:])
            func get(key: String) throws -> Data? { entries.with { $0[key] } }
            func put(key: String, value: Data) throws { entries.with { $0[key] = value } }
            func delete(key: String) throws { entries.with { $0[key] = nil } }
            func list(prefix: String) throws -> [String] {
                entries.with { $0.keys.filter { $0.hasPrefix(prefix) || prefix.isEmpty } }
            }
        }
        let failed = failures(of: Kept(store: Texts()))
        XCTAssertTrue(failed.contains("keys-that-normalise-alike"), "\(failed)")
    }

    func testAStoreThatIsEmptyWhileItIsLockedFails() throws {
        let failed = failures(of: Emptied())
        XCTAssertTrue(failed.contains("locked-at-start"), "\(failed)")
    }

    func testTheStoreInMemoryOfTheseTestsConforms() {
        XCTAssertEqual(failures(of: Kept(store: MemoryStore())), [])
    }

    func testAStoreThatThrowsWhatItDoesNotDeclareFailsAndTheSuiteGoesOn() {
        struct Broken: Error {}
        let failed = failures(of: Kept(store: StoreThat { _, _ in throw Broken() }))
        XCTAssertTrue(failed.contains("round-trip"), "\(failed)")
    }

    private func failures(of store: any StoreUnderTest) -> [String] {
        secureStoreConformance(store: store).filter {
            if case .failed = $0.outcome { true } else { false }
        }.map(\.name)
    }

    // Another process.

    fileprivate static let folder = "SWITCHBACK_TEST_PUT_IN"
    fileprivate static let key = "SWITCHBACK_TEST_PUT_KEY"
    fileprivate static let begun = "now it puts"

    /// What runs in the process that is killed; where nobody asks for it, nothing.
    func testOneThatPutsUntilItIsKilled() throws {
        let environment = ProcessInfo.processInfo.environment
        guard let folder = environment[Self.folder], let key = environment[Self.key] else { return }
        let value = FileHandle.standardInput.readDataToEndOfFile()
        let store = try FileStore(URL(fileURLWithPath: folder))
        FileHandle.standardOutput.write(Data("\n\(Self.begun)\n".utf8))
        // Not for ever: whoever is to kill it may be gone.
        let text = String(decoding: Data(base64Encoded: key) ?? Data(), as: UTF8.self)
        for _ in 0..<100_000 { try store.put(key: text, value: value) }
    }
}

/// A store that is one object, and opened once.
private final class Kept: StoreUnderTest {
    let store: any SecureStore

    init(store: any SecureStore) {
        self.store = store
    }

    func openStore() throws -> any SecureStore { store }
    func lock(locked: Bool) throws -> Bool { false }
    func killedInPut(key: String, value: Data) throws -> Bool { false }
}

/// A store that finds nothing while it is locked, and says so.
private final class Emptied: StoreUnderTest {
    private let store = MemoryStore()
    private let isLocked = Locked(false)

    func openStore() throws -> any SecureStore { isLocked.with { $0 } ? MemoryStore() : store }
    func killedInPut(key: String, value: Data) throws -> Bool { false }

    func lock(locked: Bool) throws -> Bool {
        isLocked.with { $0 = locked }
        return true
    }
}

/// A store in a file, what the system locks, and processes that are killed.
private final class Tried: StoreUnderTest {
    private let folder: Folder
    private let isLocked = Locked(false)
    private let kills = Locked(0)

    init() throws {
        folder = try Folder()
    }

    func openStore() throws -> any SecureStore {
        let isLocked = isLocked
        return try FileStore(folder.url) { isLocked.with { $0 } }
    }

    func lock(locked: Bool) throws -> Bool {
        isLocked.with { $0 = locked }
        return true
    }

    /// This program again, in a process of its own.
    func killedInPut(key: String, value: Data) throws -> Bool {
        let process = Process()
        let (input, output) = (Pipe(), Pipe())
        process.executableURL = URL(fileURLWithPath: "/proc/self/exe").resolvingSymlinksInPath()
        process.arguments = ["SwitchbackBindingsTests.StoreTests/testOneThatPutsUntilItIsKilled"]
        process.environment = ProcessInfo.processInfo.environment.merging([
            StoreTests.folder: folder.url.path, StoreTests.key: Data(key.utf8).base64EncodedString(),
        ]) { _, new in new }
        process.standardInput = input
        process.standardOutput = output
        process.standardError = FileHandle.nullDevice
        try process.run()
        try input.fileHandleForWriting.write(contentsOf: value)
        try input.fileHandleForWriting.close()
        var said = Data()
        while said.range(of: Data(StoreTests.begun.utf8)) == nil {
            let more = output.fileHandleForReading.availableData
            guard !more.isEmpty else { throw Wrong("it ended before it began") }
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
        guard process.terminationReason == .uncaughtSignal else { throw Wrong("it was not killed") }
        return true
    }
}
