import Foundation
import TestSupport
import XCTest

/// The system ends the process of the app while the person approves. Each process is a process of its own,
/// and runs the lines of the README.
final class ProcessDeathTests: XCTestCase {
    func testTheLinesOfTheReadmeAreInTheProgram() throws {
        let lines = try XCTUnwrap(try Page("README.md").swift.first).split(separator: "\n")
        XCTAssertGreaterThan(lines.count, 5)
        let file = Checkout.root.appendingPathComponent("ios/Tests/ProcessPart/Readme.swift").path
        var code = try Page.unindented(file: file).split(separator: "\n")[...]
        for line in lines {
            let place = try XCTUnwrap(code.firstIndex(of: line), "the program has no such line: \(line)")
            code = code[code.index(after: place)...]
        }
    }

    func testTheLinkStartsANewProcessInDirectMode() async throws {
        let redirectURI = "firstlogin://app/callback"
        let sandbox = try Sandbox(["--redirect-uri", redirectURI])
        try await dies(sandbox, backend: "", redirectURI)
    }

    func testTheLinkStartsANewProcessWithABackend() async throws {
        let demo = try Demo(["--scheme", "firstlogin"])
        try await dies(demo.sandbox, backend: demo.service, demo.redirectURI)
    }

    func testTheLinesOfTheReadmeLogAPersonIn() async throws {
        let demo = try Demo(["--scheme", "firstlogin"])
        let sandbox = demo.sandbox
        for (decision, says) in [("approve", "greeted "), ("decline", "stayed")] {
            let app = try process(try Folder(), [sandbox.url, demo.service, demo.redirectURI])
            let url = try await app.line()
            try app.type(try await sandbox.decide(decision, url))
            let said = try await app.line()
            XCTAssertTrue(said.hasPrefix(says), said)
        }
        try await sandbox.hasNoFindings()
    }

    /// A process of the app, whose files are in this folder.
    private func process(_ folder: Folder, _ arguments: [String]) throws -> RunningProgram {
        try RunningProgram("ProcessPart", [folder.url.path] + arguments, home: folder.url)
    }

    private func dies(_ sandbox: Sandbox, backend: String, _ redirectURI: String) async throws {
        let folder = try Folder()
        let arguments = [sandbox.url, backend, redirectURI]
        let first = try process(folder, arguments)
        let url = try await first.line()
        try await first.kill()
        let link = try await sandbox.approve(url)
        let second = try process(folder, arguments + [link])
        let said = try await second.line()
        XCTAssertTrue(said.hasPrefix("greeted "), said)
        let exchanges = try await sandbox.counted("code_exchanges")
        XCTAssertEqual(exchanges, 1)
        try await sandbox.hasNoFindings()
    }
}
