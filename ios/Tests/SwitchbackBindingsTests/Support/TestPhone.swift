import Foundation
import SwitchbackBindings
import SwitchbackTestingBindings
import TestSupport

/// A phone with one store, the sandbox, and a test clock for both.
final class TestPhone: Sendable {
    static let clientId = "demo-app"
    static let redirectUri = "https://app.example/truid/callback"

    let sandbox: Sandbox
    let clock: TestClock
    let store = HookedStore()
    private let folder: Folder

    init() async throws {
        // The first access token of a login lives for one minute.
        folder = try Folder()
        let config = folder.url.appendingPathComponent("sandbox.toml")
        try Data("[lifetimes]\nfirst_login_access_token = 60\n".utf8).write(to: config)
        sandbox = try Sandbox(["--config", config.path])
        clock = TestClock(epochSeconds: try await sandbox.now())
    }

    func provider() -> Provider {
        Provider(id: "truid", baseUrl: sandbox.url)
    }

    /// A newly started app. It shares only the store with earlier ones, like a new process.
    func app(
        http: (any HttpTransport)? = nil, store: (any SecureStore)? = nil,
        processLock: (any ProcessLock)? = nil, clock: (any Clock)? = nil
    ) throws -> Client {
        let config = Config(
            provider: provider(), mode: .direct(clientId: Self.clientId), redirectUri: Self.redirectUri)
        let platform = Platform(store: store ?? self.store, http: http, processLock: processLock)
        return try clientForTests(config: config, platform: platform, clock: clock ?? self.clock)
    }

    /// Advances both clocks.
    func advance(_ seconds: Int64) async throws {
        clock.advance(seconds: seconds)
        let both: [String: Any] = ["advance": Int(seconds), "with_clients": true]
        try await sandbox.control("POST", "/clock", both)
    }

    /// Begins a login, approves it, and returns the link that comes back.
    func approved(_ app: Client, as person: String? = nil) async throws -> String {
        try await sandbox.approve(try await app.begin(request: everything).url, as: person)
    }

    func loggedIn(_ app: Client) async throws -> Session {
        let completion = try await app.complete(url: try await approved(app))
        return try await app.session(id: try completion.session())
    }
}

/// A login request for all data points.
let everything = LoginRequest(purpose: .login, scope: TruidDataPoint.allCases.map { $0.key() })

extension LoginOutcome {
    /// The session of this outcome.
    func session() throws -> SessionId {
        guard case .loggedIn(let session, _) = self else { throw TestFailure("not logged in: \(self)") }
        return session
    }
}
