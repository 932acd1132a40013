import Foundation

#if canImport(Glibc)
    import Glibc
#elseif canImport(Darwin)
    import Darwin
#endif

/// A program of this package in a process of its own, which talks to a person in a terminal.
package final class RunningProgram: Sendable {
    private let process: Locked<Process>
    private let input: FileHandle
    private let lines: Lines

    package init(_ name: String, _ arguments: [String], home: URL? = nil) throws {
        let (process, input, output) = (Process(), Pipe(), Pipe())
        let program = Bundle.main.bundleURL.appendingPathComponent(name).path
        // Print line by line to a pipe, as to a terminal.
        process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        process.arguments = ["stdbuf", "-oL", program] + arguments
        if let home {
            let folders = ["HOME": home.path, "XDG_DATA_HOME": home.appendingPathComponent("data").path]
            process.environment = ProcessInfo.processInfo.environment.merging(folders) { $1 }
        }
        process.standardInput = input
        process.standardOutput = output
        try process.run()
        self.process = Locked(process)
        self.input = input.fileHandleForWriting
        lines = Lines(output.fileHandleForReading)
    }

    deinit {
        process.with { if $0.isRunning { sendKill(to: $0) } }
    }

    /// The next line that the program prints.
    package func line() async throws -> String {
        let line = try await within("the program printed nothing") { self.lines.next() }
        guard let line else { throw TestFailure("the program ended before it printed a line") }
        return line
    }

    /// Types a line. The input stays open, as in a terminal.
    package func type(_ line: String) throws {
        try input.write(contentsOf: Data("\(line)\n".utf8))
    }

    /// Waits until the program has ended. Returns its exit status.
    package func end() async throws -> Int32 {
        try await within("the program did not end") { self.process.with { $0.waitUntilExit() } }
        return process.with { $0.terminationStatus }
    }

    /// Ends the program as the system does: nothing in it runs any more.
    package func kill() async throws {
        process.with { sendKill(to: $0) }
        _ = try await end()
    }
}

private func sendKill(to process: Process) {
    kill(process.processIdentifier, SIGKILL)
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
