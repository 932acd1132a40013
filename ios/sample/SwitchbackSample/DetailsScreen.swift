import SwiftUI
import Switchback

/// The sessions, the claims, the timeline, or the link check.
struct DetailsScreen: View {
    @StateObject private var model: DetailsModel

    init(_ page: Page, _ switchback: SwitchbackClient) {
        _model = StateObject(wrappedValue: DetailsModel(page, switchback))
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
