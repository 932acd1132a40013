import Foundation

package typealias JSON = [String: Any]

/// The `switchback` command, running until it is let go of.
///
/// Should this process die, that one ends as well: the shell around it waits for the end of
/// its input.
package final class Running: @unchecked Sendable {
    /// What it said when it was ready.
    package let ready: JSON
    private let process = Process()
    private let input = Pipe()

    package init(_ arguments: [String]) throws {
        let output = Pipe()
        // What other processes inherit is not closed with this one.
        for end in [input.fileHandleForWriting, output.fileHandleForReading] {
            _ = fcntl(end.fileDescriptor, F_SETFD, FD_CLOEXEC)
        }
        process.executableURL = URL(fileURLWithPath: "/bin/sh")
        // What a thread of Dispatch's starts is deaf to every signal but this one.
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
                throw Wrong(
                    "`\(Checkout.command.path) \(arguments)` ended before it was ready: do it by hand to see why"
                )
            }
            said.append(more)
        }
        // What it says later nobody needs, and it must not wait for anybody to read it.
        Thread.detachNewThread {
            while !reading.availableData.isEmpty {}
        }
        let line = said.prefix { $0 != 0x0A }
        guard let ready = try JSONSerialization.jsonObject(with: line) as? JSON else {
            throw Wrong("it said something else than an object")
        }
        self.ready = ready
    }

    deinit {
        try? input.fileHandleForWriting.close()
    }
}
