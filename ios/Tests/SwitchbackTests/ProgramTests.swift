import Foundation
import TestSupport
import XCTest

/// The programs in ios/programs, as a developer runs them.
final class ProgramTests: XCTestCase {
    func testAProgramLogsInDirectly() async throws {
        let sandbox = try Sandbox()
        for (decision, says) in [("approve", "Hello, "), ("decline", "Maybe another time")] {
            let said = try await run("LogInDirectly", [sandbox.url]) { url in
                try await sandbox.decide(decision, url)
            }
            XCTAssertTrue(said.hasPrefix(says), said)
        }
        try await sandbox.hasNoFindings()
    }

    func testAProgramLogsInBesideTheDemo() async throws {
        let demo = try Demo()
        let sandbox = demo.sandbox
        for (decision, says) in [("approve", "Hello, "), ("decline", "Maybe another time")] {
            let said = try await run("LogInThroughBackend", [demo.service, sandbox.url]) { url in
                try await sandbox.decide(decision, url)
            }
            XCTAssertTrue(said.hasPrefix(says), said)
        }
        try await sandbox.hasNoFindings()
    }

    /// Apps for a phone are longer. Each of these contains only what a developer must write.
    func testAProgramIsShort() throws {
        for name in ["LogInDirectly", "LogInThroughBackend"] {
            let file = Checkout.programs.appendingPathComponent("\(name)/main.swift")
            let lines = try String(contentsOf: file, encoding: .utf8).split(separator: "\n")
            let code = lines.filter { !$0.hasPrefix("//") }
            XCTAssertLessThanOrEqual(code.count, 25, name)
        }
    }

    /// The last line that the program prints, after it got the link.
    private func run(
        _ name: String, _ arguments: [String], link: (String) async throws -> String
    ) async throws -> String {
        let program = try RunningProgram(name, arguments)
        try program.type(try await link(try await program.line()))
        let said = try await program.line()
        let status = try await program.end()
        XCTAssertEqual(status, 0, name)
        return said
    }
}
