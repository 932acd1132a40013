import Foundation
import Switchback
import SwitchbackTesting

#if canImport(Glibc)
    import Glibc
#elseif canImport(Darwin)
    import Darwin
#endif

/// A service's backend in a process of its own, and the sandbox behind it.
final class Service: Sendable {
    let sandbox: Sandbox
    let clock: TestClock
    let store = StoreThat()
    let url: String
    private let folder: Folder
    private let running: Locked<Running?>

    init() async throws {
        // The redirect URI is registered before anybody listens there.
        url = "http://127.0.0.1:\(try freePort())"
        sandbox = try Sandbox(["--client-id", "demo-backend", "--redirect-uri", "\(url)/truid/complete"])
        clock = TestClock(at: try await sandbox.now())
        folder = try Folder()
        running = Locked(nil)
        let secret = folder.url.appendingPathComponent("client-secret")
        try Data("demo-backend-secret".utf8).write(to: secret)
        // A secret that others can read is refused.
        try FileManager.default.setAttributes([.posixPermissions: 0o600], ofItemAtPath: secret.path)
        let config = """
            listen = "\(url.dropFirst("http://".count))"
            [database]
            sqlite = "service.db"
            [provider]
            base_url = "\(sandbox.url)"
            client_id = "demo-backend"
            redirect_uri = "\(url)/truid/complete"
            test_service = true
            client_secret_file = "client-secret"
            pushed = true
            [purposes]
            login = ["name", "email"]
            identity_verification = ["legal-name"]
            """
        try Data(config.utf8).write(to: folder.url.appendingPathComponent("service.toml"))
        try start()
    }

    private func start() throws {
        let config = folder.url.appendingPathComponent("service.toml").path
        let started = try Running(["serve", "--json", "--config", config])
        running.with { $0 = started }
    }

    func app(http: (any HttpTransport)? = nil) throws -> Client {
        let config = Config(
            provider: .truid(baseUrl: sandbox.url),
            mode: .mediated(backend: .switchback(baseUrl: "\(url)/truid")),
            redirectUri: "\(url)/truid/complete")
        return try clientForTests(config: config, platform: Platform(store: store, http: http), clock: clock)
    }

    /// The backend decides what is asked for.
    func approved(_ app: Client) async throws -> String {
        try await sandbox.approve(try await app.begin(request: LoginRequest(purpose: .login)).url)
    }
}

/// A port that nobody listens at.
func freePort() throws -> UInt16 {
    #if canImport(Glibc)
        let socket = Glibc.socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
    #else
        let socket = Darwin.socket(AF_INET, SOCK_STREAM, 0)
    #endif
    guard socket >= 0 else { throw Wrong("no socket") }
    defer { close(socket) }
    return try bound(socket)
}

/// Binds a socket to loopback, at a port that the system chooses.
func bound(_ socket: Int32) throws -> UInt16 {
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_addr.s_addr = inet_addr("127.0.0.1")
    var length = socklen_t(MemoryLayout<sockaddr_in>.size)
    let done = withUnsafeMutablePointer(to: &address) { pointer in
        pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { address in
            bind(socket, address, length) == 0 && getsockname(socket, address, &length) == 0
        }
    }
    guard done else { throw Wrong("no port is free") }
    return UInt16(bigEndian: address.sin_port)
}
