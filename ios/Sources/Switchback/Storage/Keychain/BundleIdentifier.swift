import Foundation

extension Bundle {
    /// The identifier of this program, or its name if it has none, for example in a terminal.
    static var identifier: String { main.bundleIdentifier ?? ProcessInfo.processInfo.processName }
}
