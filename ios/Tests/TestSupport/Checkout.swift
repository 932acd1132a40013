import Foundation

/// The paths of files that tests need and Swift does not build.
package enum Checkout {
    /// The `switchback` command, which plays Truid and a service's backend.
    package static let command = place("SWITCHBACK_TEST_COMMAND", "target/debug/switchback")
    /// The test vectors that every language runs.
    package static let vectors = place("SWITCHBACK_TEST_VECTORS", "tests/vectors")

    /// The published Swift sources.
    package static let sources = root.appendingPathComponent("ios/Sources")
    /// The whole programs.
    package static let programs = root.appendingPathComponent("ios/programs")

    private static func place(_ variable: String, _ otherwise: String) -> URL {
        if let said = ProcessInfo.processInfo.environment[variable] {
            return URL(fileURLWithPath: said)
        }
        return root.appendingPathComponent(otherwise)
    }

    /// From the path of ios/Tests/TestSupport/Checkout.swift, with all links resolved.
    package static let root = (0..<4).reduce(URL(fileURLWithPath: #filePath).resolvingSymlinksInPath()) {
        place, _ in place.deletingLastPathComponent()
    }
}

/// A folder for one test.
package final class Folder: Sendable {
    package let url: URL

    package init() throws {
        let name = "switchback-\(UUID().uuidString)"
        url = FileManager.default.temporaryDirectory.appendingPathComponent(name)
        try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
    }

    deinit {
        try? FileManager.default.removeItem(at: url)
    }
}
