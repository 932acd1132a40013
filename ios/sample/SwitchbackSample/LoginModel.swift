import SwiftUI
import Switchback

/// The logins of the login screen.
@MainActor
final class LoginModel: ObservableObject {
    let switchback: SwitchbackClient
    private let settings: Settings
    /// The outcome of the last login, for the person.
    @Published private(set) var message = ""
    @Published private(set) var isRunning = false
    /// The last outcome, for its timeline.
    @Published private(set) var last: LoginOutcome?
    /// Who is logged in.
    @Published private(set) var current = CurrentSession.loading
    /// Whether the screen asks the person what to do with a login that has no answer yet.
    @Published var isAsking = false
    /// That login.
    private var waiting: PendingLogin?

    init(_ switchback: SwitchbackClient, _ settings: Settings) {
        self.switchback = switchback
        self.settings = settings
    }

    func logIn(_ purpose: Purpose) {
        run { [switchback, settings] in
            // With a service, a logged-in person proves their identity under their session.
            let isUnderSession = purpose == .identityVerification && !settings.isDirect
            let session = isUnderSession ? try await switchback.currentSession() : nil
            return try await switchback.logIn(settings.request(purpose), under: session)
        }
    }

    func openAgain(onOtherDevice: Bool) {
        guard let waiting else { return }
        run { [switchback] in try await switchback.reopen(waiting.id, onOtherDevice: onOtherDevice) }
    }

    func cancel() {
        guard let waiting else { return }
        run { [switchback] in
            try await switchback.cancelLogin(waiting.id)
            return nil
        }
    }

    private func run(_ call: @escaping @Sendable () async throws -> LoginOutcome?) {
        message = ""
        isRunning = true
        Task { await show(call) }
    }

    private func show(_ call: @Sendable () async throws -> LoginOutcome?) async {
        do {
            let outcome = try await call()
            last = outcome ?? last
            switch outcome {
            case .loggedIn(let session): end("Hello, \(try await session.presentation(.name)[.name] ?? "")")
            case .pending(let login): ask(login)
            case let outcome?: end(outcome.userMessage)
            case nil: end("")
            }
        } catch {
            end((error as? SwitchbackError)?.userMessage ?? "")
        }
    }

    private func end(_ message: String) {
        self.message = message
        isRunning = false
        isAsking = false
    }

    private func ask(_ login: PendingLogin) {
        end(LoginOutcome.pending(login).userMessage)
        waiting = login
        isAsking = true
    }

    /// The outcomes of logins that no call waits for: for example, their link started this process.
    func followEvents() async {
        for await outcome in switchback.events { await show { outcome } }
    }

    func followCurrent() async {
        for await session in switchback.current { current = session }
    }

    /// The person may have come back without the link after iOS had ended the process.
    func findWaiting() async {
        guard let login = try? await switchback.pendingLogins().last else { return }
        if message.isEmpty && !isRunning { ask(login) }
    }

    /// Who is logged in, for the person.
    var person: String {
        switch current {
        case .loading: "…"
        case .loggedIn(let session): "Logged in since \(time(session.loggedInAt))"
        case .loggedOut(let reason): reason?.userMessage ?? "No person is logged in"
        case .unavailable(let error): error.userMessage
        }
    }
}

func time(_ date: Date) -> String {
    date.formatted(date: .omitted, time: .standard)
}
