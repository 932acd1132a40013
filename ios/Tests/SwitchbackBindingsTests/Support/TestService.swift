import Foundation
import SwitchbackBindings
import SwitchbackTestingBindings
import TestSupport

/// A service's backend, and a phone with its app.
final class TestService: Sendable {
    let clock: TestClock
    let store = HookedStore()
    private let backend: TestSupport.Backend

    var sandbox: Sandbox { backend.sandbox }
    var url: String { backend.url }

    init() async throws {
        backend = try TestSupport.Backend()
        clock = TestClock(epochSeconds: try await backend.sandbox.now())
    }

    func app(http: (any HttpTransport)? = nil) throws -> Client {
        let config = Config(
            provider: Provider(id: "truid", baseUrl: sandbox.url),
            mode: .mediated(backend: .switchback(baseUrl: "\(url)/truid")),
            redirectUri: "\(url)/truid/complete")
        return try clientForTests(config: config, platform: Platform(store: store, http: http), clock: clock)
    }

    /// The backend decides the scope.
    func approved(_ app: Client) async throws -> String {
        try await sandbox.approve(try await app.begin(request: LoginRequest(purpose: .login)).url)
    }
}
