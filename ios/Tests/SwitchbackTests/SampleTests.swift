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
        let sample = try RunningProgram(name, arguments)
        try sample.type(try await link(try await sample.line()))
        let said = try await sample.line()
        let status = try await sample.end()
        XCTAssertEqual(status, 0, name)
        return said
    }
}
