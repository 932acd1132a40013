import Foundation
import TestSupport
import XCTest

/// The samples, as a developer runs them.
final class SampleTests: XCTestCase {
    func testASampleLogsInDirectly() async throws {
        let sandbox = try Sandbox()
        for (decision, says) in [("approve", "Hello, "), ("decline", "Maybe another time")] {
            let said = try await run("LogInDirectly", [sandbox.url]) { url in
                try await sandbox.decide(decision, url)
            }
            XCTAssertTrue(said.hasPrefix(says), said)
        }
        try await sandbox.hasNoFindings()
    }

    func testASampleLogsInBesideTheDemo() async throws {
        let demo = try RunningCommand(["serve", "--json", "--demo", "--port", "0", "--sandbox-port", "0"])
        let sandbox = try TestSupport.Sandbox(of: demo)
        let service = try XCTUnwrap((demo.ready["mediated"] as? JSON)?["base_url"] as? String)
        for (decision, says) in [("approve", "Hello, "), ("decline", "Maybe another time")] {
            let said = try await run("LogInThroughBackend", [service, sandbox.url]) { url in
                try await sandbox.decide(decision, url)
            }
            XCTAssertTrue(said.hasPrefix(says), said)
        }
        try await sandbox.hasNoFindings()
    }

    /// Samples for a phone are longer. Each of these contains only what a developer must write.
    func testASampleIsShort() throws {
        for name in ["LogInDirectly", "LogInThroughBackend"] {
            let file = Checkout.samples.appendingPathComponent("\(name)/main.swift")
            let lines = try String(contentsOf: file, encoding: .utf8).split(separator: "\n")
            let code = lines.filter { !$0.hasPrefix("//") }
            XCTAssertLessThanOrEqual(code.count, 25, name)
        }
    }

    /// The last line that the sample prints, after it got the link.
    private func run(
        _ name: String, _ arguments: [String], link: (String) async throws -> String
    ) async throws -> String {
        let (process, input, output) = (Process(), Pipe(), Pipe())
        let program = Bundle.main.bundleURL.appendingPathComponent(name).path
        // Print line by line to a pipe, as to a terminal.
        process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        process.arguments = ["stdbuf", "-oL", program] + arguments
        process.standardInput = input
        process.standardOutput = output
        try process.run()
        defer { process.terminate() }
        let reading = Lines(output.fileHandleForReading)
        let url = try await within("the sample printed nothing") { reading.next() }
        guard let url else { throw TestFailure("it ended before it said a URL") }
        try input.fileHandleForWriting.write(contentsOf: Data((try await link(url) + "\n").utf8))
        let said = try await within("the sample did not log in") { reading.next() }
        // The input stays open, as in a terminal.
        try await within("the sample did not end") { process.waitUntilExit() }
        XCTAssertEqual(process.terminationStatus, 0, name)
        return said ?? "nothing"
    }
}

/// The lines that another process prints.
private final class Lines: @unchecked Sendable {
    private let file: FileHandle
    private var bytes = Data()

    init(_ file: FileHandle) {
        self.file = file
    }

    /// Call this from one thread at a time.
    func next() -> String? {
        while true {
            if let end = bytes.firstIndex(of: 0x0A) {
                defer { bytes = Data(bytes[bytes.index(after: end)...]) }
                return String(decoding: bytes[..<end], as: UTF8.self)
            }
            let more = file.availableData
            guard !more.isEmpty else { return nil }
            bytes.append(more)
        }
    }
}
