import Foundation
internal import SwitchbackBindings

/// The log of all clients of this process.
public enum SwitchbackLog {
    /// Sends the log to this sink, in place of an earlier one, or to none. Lines from before do not
    /// reach it; one that is under way may still reach the earlier one.
    public static func set(_ sink: (any LogSink)?) {
        setLog(sink: sink.map { GeneratedLogSink($0) })
    }
}

/// Takes the log: `os.Logger` on Apple's systems, or the app's own.
///
/// **Threads.** Calls come from one thread of Switchback's that does nothing else, one at a time: a
/// sink that is slow or hangs delays nothing but the log, and one that calls Switchback writes lines
/// that come after its own.
public protocol LogSink: Sendable {
    /// Takes a line.
    func log(_ line: LogLine)
}

/// One line of the log. No token, code, verifier, state or claim is ever in one.
public struct LogLine: Hashable, Sendable {
    /// When it happened, to the second.
    public let date: Date
    /// A stable name, `login.begun` for example.
    public let event: String
    /// The text of the login attempt's id, which is also the session's.
    public let id: String?
    /// More about it, for people.
    public let note: String?

    init(_ generated: SwitchbackBindings.LogLine) {
        date = Date(epoch: generated.at)
        event = generated.event
        id = generated.id
        note = generated.note
    }
}

/// A sink of the app's, as the core knows it.
private final class GeneratedLogSink: SwitchbackBindings.LogSink {
    private let sink: any LogSink

    init(_ sink: any LogSink) {
        self.sink = sink
    }

    func log(line: SwitchbackBindings.LogLine) throws { sink.log(LogLine(line)) }
}
