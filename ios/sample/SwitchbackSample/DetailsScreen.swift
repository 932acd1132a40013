import SwiftUI
import Switchback

/// The sessions, the claims, the timeline, or the link check.
struct DetailsScreen: View {
    @StateObject private var model: DetailsModel

    /// - Parameter last: The attempt of the last login that this process knows.
    init(_ page: Page, _ switchback: SwitchbackClient, _ last: AttemptID?) {
        _model = StateObject(wrappedValue: DetailsModel(page, switchback, last))
    }

    var body: some View {
        List {
            ForEach(model.sections, id: \.title) { section in
                Section(section.title) {
                    ForEach(Array(section.lines.enumerated()), id: \.offset) { Text($0.element) }
                }
            }
            ForEach(model.sessions) { session in
                Section(model.title(session)) {
                    Button("Log out") { model.logOut(session) }
                }
            }
        }
        .navigationTitle(model.page.rawValue)
        .task { await model.load() }
    }
}
