import Foundation
internal import SwitchbackBindings

/// The log of all clients of this process.
public enum SwitchbackLog {
    /// Sends the log to this sink from now on, instead of an earlier one; with `nil` to no sink.
    /// A line that is already on its way may still reach the earlier sink.
    public static func set(_ sink: (any LogSink)?) {
        setLog(sink: sink.map { GeneratedLogSink($0) })
    }
}

/// Receives the log, for example to write it with `os.Logger`.
///
/// **Threads.** Switchback has a separate thread for the log, and calls the sink from it, one
/// line at a time. A sink that is slow or hangs delays only the log. If a sink calls Switchback,
/// the lines of that call follow later.
public protocol LogSink: Sendable {
    /// Receives a line.
    func log(_ line: LogLine)
}

/// One line of the log. It never contains a token, code, verifier, state or claim.
public struct LogLine: Hashable, Sendable {
    /// When it happened, to the second.
    public let date: Date
    /// A stable name, for example `login.begun`.
    public let event: String
    /// The text of the ``AttemptID``, which is also the text of the ``SessionID``.
    public let id: String?
    /// A detail, in English.
    public let note: String?

    init(_ generated: SwitchbackBindings.LogLine) {
        date = Date(epoch: generated.at)
        event = generated.event
        id = generated.id
        note = generated.note
    }
}

/// The app's sink, as an object for the native library.
private final class GeneratedLogSink: SwitchbackBindings.LogSink {
    private let sink: any LogSink

    init(_ sink: any LogSink) {
        self.sink = sink
    }

    func log(line: SwitchbackBindings.LogLine) throws { sink.log(LogLine(line)) }
}
