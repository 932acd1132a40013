import Foundation
import SwitchbackBindings

final class Memory: SecureStore, @unchecked Sendable {
    private let lock = NSLock()
    private var entries: [String: Data] = [:]

    func get(key: String) throws -> Data? { lock.withLock { entries[key] } }
    func put(key: String, value: Data) throws { lock.withLock { entries[key] = value } }
    func delete(key: String) throws { lock.withLock { entries[key] = nil } }
    func list(prefix: String) throws -> [String] {
        lock.withLock { entries.keys.filter { $0.hasPrefix(prefix) } }
    }
}

final class Unused: HttpTransport {
    func start(request: HttpRequest, completion: HttpCompletion) throws {
        throw TransportError.notSent(reason: "a login in direct mode begins without a request")
    }
}

/// Prints how long it takes to the first authorization URL, in microseconds, step by step.
@main
struct Start {
    static func main() async throws {
        let clock = ContinuousClock()
        var begun = clock.now
        func passed(_ name: String) {
            let attoseconds = (clock.now - begun).components.attoseconds
            print(name, attoseconds / 1_000_000_000_000)
            begun = clock.now
        }
        // This process had the library before it had a clock: a copy is loaded in the same way.
        guard dlopen(CommandLine.arguments[1], RTLD_NOW) != nil else {
            fatalError(String(cString: dlerror()))
        }
        passed("load")
        let config = Config(
            provider: Provider(id: "truid"),
            mode: .direct(clientId: "client"),
            redirectUri: "https://app.example/callback"
        )
        let client = try Client(config: config, platform: Platform(store: Memory(), http: Unused()))
        _ = try await client.begin(request: LoginRequest(purpose: .login)).url
        passed("first-url")
    }
}
