import Foundation
internal import SwitchbackBindings

/// A login that waits for its link.
public struct PendingLogin: Hashable, Sendable {
    /// Names it.
    public let id: AttemptID
    /// What for.
    public let purpose: Purpose
    /// When it began, to the second.
    public let startedAt: Date
    /// When a link comes too late, to the second.
    public let expiresAt: Date

    init(_ generated: SwitchbackBindings.PendingLogin) {
        id = AttemptID(rawValue: generated.id)
        purpose = Purpose(generated.purpose)
        startedAt = Date(epoch: generated.startedAt)
        expiresAt = Date(epoch: generated.expiresAt)
    }
}

/// One line of what happened to a login: for the app to show, or to send to support.
public struct TimelineEntry: Hashable, Sendable {
    /// When it happened, to the second.
    public let date: Date
    /// A stable name, `callback.received` for example.
    public let event: String
    /// More about it, for people.
    public let note: String?

    init(_ generated: SwitchbackBindings.TimelineEntry) {
        date = Date(epoch: generated.at)
        event = generated.event
        note = generated.note
    }
}

/// A login that was begun: what to open, and until when its link counts.
struct BegunLogin: Sendable {
    let id: AttemptID
    let url: URL
    let expiresAt: Date
}
