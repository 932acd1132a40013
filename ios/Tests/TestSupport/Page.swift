import Foundation

/// A page of the documentation.
package struct Page {
    private let text: String

    /// - Parameter path: From the root of the repository, for example `docs/tutorials/ios.md`.
    package init(_ path: String) throws {
        text = try String(contentsOf: Checkout.root.appendingPathComponent(path), encoding: .utf8)
    }

    /// The Swift on the page, without the spaces at the beginning of each line and without empty lines.
    package var swift: [String] {
        text.components(separatedBy: "```swift\n").dropFirst().map {
            Self.unindented($0.components(separatedBy: "```")[0])
        }
    }

    /// Whether a text is on the page.
    package func contains(_ text: String) -> Bool {
        self.text.contains(text)
    }

    /// The Swift in a file, in the same form.
    package static func unindented(file: String) throws -> String {
        unindented(try String(contentsOfFile: file, encoding: .utf8))
    }

    private static func unindented(_ code: String) -> String {
        code.split(separator: "\n").map { $0.trimmingCharacters(in: .whitespaces) }.joined(separator: "\n")
    }
}
