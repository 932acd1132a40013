import Foundation

package typealias JSON = [String: Any]

/// The `switchback` command. It runs until this object is released.
///
/// If this process ends, the command ends, too: the shell around it waits for the end of its input.
package final class RunningCommand: @unchecked Sendable {
    /// The line that the command printed when it was ready.
    package let ready: JSON
    private let process = Process()
    private let input = Pipe()

    package init(_ arguments: [String]) throws {
        let output = Pipe()
        // A pipe that other processes inherit stays open when this process ends.
        for end in [input.fileHandleForWriting, output.fileHandleForReading] {
            _ = fcntl(end.fileDescriptor, F_SETFD, FD_CLOEXEC)
        }
        process.executableURL = URL(fileURLWithPath: "/bin/sh")
        // A process that a Dispatch thread starts ignores every signal except SIGKILL.
        let script = #""$0" "$@" & exec >&-; cat > /dev/null; kill -KILL $!"#
        process.arguments = ["-c", script, Checkout.command.path] + arguments
        process.standardInput = input
        process.standardOutput = output
        process.standardError = FileHandle.nullDevice
        try process.run()
        let reading = output.fileHandleForReading
        var said = Data()
        while !said.contains(0x0A) {
            let more = reading.availableData
            guard !more.isEmpty else {
                throw TestFailure(
                    "`\(Checkout.command.path) \(arguments)` ended before it was ready: run it by hand"
                )
            }
            said.append(more)
        }
        // Read and drop all later output, so that the command does not block.
        Thread.detachNewThread {
            while !reading.availableData.isEmpty {}
        }
        let line = said.prefix { $0 != 0x0A }
        guard let ready = try JSONSerialization.jsonObject(with: line) as? JSON else {
            throw TestFailure("it said something else than an object")
        }
        self.ready = ready
    }

    deinit {
        try? input.fileHandleForWriting.close()
    }
}
