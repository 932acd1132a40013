import Foundation
internal import SwitchbackBindings

/// A login that waits for its link.
public struct PendingLogin: Hashable, Sendable {
    /// The id of the attempt.
    public let id: AttemptID
    /// The purpose of the login.
    public let purpose: Purpose
    /// When it began, to the second.
    public let startedAt: Date
    /// When it expires, to the second: a later link is too late.
    public let expiresAt: Date

    init(_ generated: SwitchbackBindings.PendingLogin) {
        id = AttemptID(rawValue: generated.id)
        purpose = Purpose(generated.purpose)
        startedAt = Date(epoch: generated.startedAt)
        expiresAt = Date(epoch: generated.expiresAt)
    }
}

/// One event of a login, for the app to show or to send to support. It contains no secret.
public struct TimelineEntry: Hashable, Sendable {
    /// When it happened, to the second.
    public let date: Date
    /// A stable name, for example `callback.received`.
    public let event: String
    /// A detail, in English.
    public let note: String?

    init(date: Date, event: String, note: String?) {
        (self.date, self.event, self.note) = (date, event, note)
    }

    init(_ generated: SwitchbackBindings.TimelineEntry) {
        self.init(date: Date(epoch: generated.at), event: generated.event, note: generated.note)
    }

    var generated: SwitchbackBindings.TimelineEntry {
        SwitchbackBindings.TimelineEntry(
            at: Int64(date.timeIntervalSince1970), event: event, note: note)
    }
}

/// A login that has begun: its id, the URL to open, and when it expires.
struct BegunLogin: Sendable {
    let id: AttemptID
    let url: URL
    let expiresAt: Date
}
