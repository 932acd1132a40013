// The code of docs/tutorials/ios.md.
import SwiftUI
import Switchback

struct LoginView: View {
    let switchback: SwitchbackClient
    @State private var message = "Welcome"

    var body: some View {
        VStack {
            Text(message)
            Button("Log in") {
                Task { await logIn() }
            }
        }
        .task { await showEvents() }
    }

    func logIn() async {
        do {
            await show(try await switchback.logIn(.login))
        } catch {
            message = (error as? SwitchbackError)?.userMessage ?? ""
        }
    }

    /// The outcome that no call waits for. While the person is in the identity app, iOS can end this app to
    /// get memory. The link then starts a new process.
    func showEvents() async {
        for await outcome in switchback.events { await show(outcome) }
    }

    func show(_ outcome: LoginOutcome) async {
        switch outcome {
        case .loggedIn(let session):
            let person = try? await session.presentation(.name)
            message = "Hello, \(person?[.name] ?? "you")"
        case let other: message = other.userMessage
        }
    }
}
