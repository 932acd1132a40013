import SwiftUI
import Switchback

/// The login screen.
struct LoginScreen: View {
    @StateObject private var model: LoginModel

    init(_ switchback: SwitchbackClient, _ settings: Settings) {
        _model = StateObject(wrappedValue: LoginModel(switchback, settings))
    }

    var body: some View {
        NavigationStack {
            List {
                Section {
                    Text(model.person)
                    if !model.message.isEmpty { Text(model.message) }
                    button(.login)
                }
                Section("New here?") { button(.onboarding) }
                Section("Prove who you are") { button(.identityVerification) }
                Section("More") {
                    ForEach(Page.allCases, id: \.self) { page in
                        NavigationLink(page.rawValue) {
                            DetailsScreen(page, model.switchback, model.last?.attempt)
                        }
                    }
                }
            }
            .navigationTitle("Switchback")
        }
        .waitingSheet(
            isPresented: $model.isAsking,
            onOpenAgain: { model.openAgain(onOtherDevice: false) },
            onOtherDevice: { model.openAgain(onOtherDevice: true) },
            onCancel: { model.cancel() }
        )
        .onOpenURL { model.switchback.handle($0) }
        .task { await model.followCurrent() }
        .task { await model.followEvents() }
        .task { await model.findWaiting() }
    }

    private func button(_ purpose: Purpose) -> some View {
        TruidButton(purpose, isInProgress: model.isRunning) { model.logIn(purpose) }
    }
}
