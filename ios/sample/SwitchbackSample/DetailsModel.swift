import SwiftUI
import Switchback

/// What a details screen shows. The text is its title.
enum Page: String, CaseIterable {
    case sessions = "Sessions"
    case claims = "Claims"
    case timeline = "Timeline of the last login"
    case links = "Will a login come back?"
}

@MainActor
final class DetailsModel: ObservableObject {
    struct Section {
        var title = ""
        let lines: [String]
    }

    let page: Page
    private let switchback: SwitchbackClient
    private let last: AttemptID?
    @Published private(set) var sections: [Section] = []
    @Published private(set) var sessions: [Session] = []

    init(_ page: Page, _ switchback: SwitchbackClient, _ last: AttemptID?) {
        self.page = page
        self.switchback = switchback
        self.last = last
    }

    func load() async {
        do {
            sessions = page == .sessions ? try await switchback.sessions() : []
            sections = try await content()
        } catch {
            show(error)
        }
    }

    func title(_ session: Session) -> String {
        "\(session.purpose), since \(time(session.loggedInAt))"
    }

    func logOut(_ session: Session) {
        Task {
            do {
                try await session.logOut()
                await load()
            } catch {
                show(error)
            }
        }
    }

    private func show(_ error: any Error) {
        sections = [Section(lines: [(error as? SwitchbackError)?.userMessage ?? ""])]
    }

    private func content() async throws -> [Section] {
        switch page {
        case .sessions: sessions.isEmpty ? [Section(lines: ["No person is logged in"])] : []
        case .claims: [Section(lines: try await claims())]
        case .timeline: [Section(lines: try await timeline())]
        case .links: links(try switchback.checkLinks())
        }
    }

    private func claims() async throws -> [String] {
        guard let session = try await switchback.currentSession() else { return ["No person is logged in"] }
        let presentation = try await session.presentation(.name, .email)
        return presentation.claims.map { "\($0.type)\n\($0.value.text ?? $0.value.json ?? "")" }
    }

    private func timeline() async throws -> [String] {
        var entries: [TimelineEntry]?
        let pending = try await switchback.pendingLogins().last?.id
        if let last = last ?? pending {
            entries = try await switchback.timeline(last)
        } else if let session = try await switchback.currentSession() {
            entries = try await switchback.timeline(session.id)
        }
        let lines = (entries ?? []).map { entry in
            ["\(time(entry.date))  \(entry.event)", entry.note].compactMap { $0 }.joined(separator: "\n")
        }
        return lines.isEmpty ? ["Nothing yet"] : lines
    }

    private func links(_ check: LinkCheck) -> [Section] {
        let result =
            check.isGood ? "A login comes back to this app." : "A login does not come back to this app."
        let warnings = check.warnings.map { "\($0.message)\n\($0.fix)" }
        let sections = [
            Section(lines: [result]),
            Section(title: "The link", lines: [check.returns.message]),
            Section(title: "What a login opens", lines: check.steps.map(\.description)),
            Section(title: "What to fix", lines: warnings),
        ]
        return sections.filter { !$0.lines.isEmpty }
    }
}
