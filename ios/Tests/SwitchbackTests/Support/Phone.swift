import Foundation
import SwitchbackTesting
import TestSupport

@testable import Switchback

/// A phone with one store, and a clock that moves for it, for the service, and for whoever waits.
final class Phone: Sendable {
    static let clientID = "demo-app"
    static let redirectURI = link("https://app.example/truid/callback")

    let sandbox: Sandbox
    let config: SwitchbackConfig
    let store = FailingStore()
    let time: Time
    let backend: TestSupport.Backend?
    private let folder: Folder

    /// An app in direct mode.
    init() async throws {
        // The first access token of a login lives for a minute.
        folder = try Folder()
        let settings = folder.url.appendingPathComponent("sandbox.toml")
        try Data("[lifetimes]\nfirst_login_access_token = 60\n".utf8).write(to: settings)
        sandbox = try Sandbox(["--config", settings.path])
        backend = nil
        time = Time(at: try await sandbox.now())
        config = SwitchbackConfig(
            provider: .truid(baseURL: link(sandbox.url)), mode: .direct(clientID: Self.clientID),
            redirectURI: Self.redirectURI)
    }

    /// An app of a service with a backend.
    init(mediatedBy backend: TestSupport.Backend) async throws {
        folder = try Folder()
        sandbox = backend.sandbox
        self.backend = backend
        time = Time(at: try await backend.sandbox.now())
        config = SwitchbackConfig(
            provider: .truid(baseURL: link(sandbox.url)),
            mode: .mediated(.switchback(baseURL: link("\(backend.url)/truid"))),
            redirectURI: link("\(backend.url)/truid/complete"))
    }

    /// The app as it starts: each of them is a new process as far as memory goes.
    func app(
        opener: any URLOpener, transport: any HTTPTransport = URLSessionTransport(),
        store: (any SecureStore)? = nil
    ) throws -> SwitchbackClient {
        let platform = Platform(store: store ?? self.store, opener: opener, transport: transport)
        return try SwitchbackClient(config, platform: platform, clock: time)
    }

    /// The person with the phone.
    func person(_ decision: Person.Decision = .approves) -> Person {
        Person(sandbox, decision)
    }

    /// An app whose person does this, and that is given the link.
    func app(
        _ decision: Person.Decision = .approves, transport: any HTTPTransport = URLSessionTransport()
    ) throws -> SwitchbackClient {
        let person = person(decision)
        let app = try app(opener: person, transport: transport)
        person.app.update { $0.client = app }
        return app
    }

    /// A session of somebody who has logged in.
    func loggedIn(_ app: SwitchbackClient) async throws -> Session {
        try await app.logIn(everything).session()
    }

    /// Time passes for all.
    func advance(_ seconds: Int64) async throws {
        try await sandbox.steer("POST", "/clock", ["advance": Int(seconds)])
        time.advance(seconds)
    }
}

/// A login that asks for all there is.
let everything = LoginRequest(.login, scope: DataPoint.allCases)

func link(_ text: String) -> URL {
    URL(string: text)!
}

extension LoginOutcome {
    /// The session that came of it.
    func session() throws -> Session {
        guard case .loggedIn(let session) = self else { throw Wrong("nobody is logged in: \(self)") }
        return session
    }
}

/// A person, who decides in the identity app and comes back with a link.
final class Person: URLOpener {
    enum Decision: Sendable {
        case approves, declines
        /// Looks at it, and does nothing.
        case waits
        /// Nothing opens.
        case seesNothing
    }

    struct App {
        weak var client: SwitchbackClient?
    }

    let app = Guarded(App())
    private let opened = Guarded<[URL]>([])
    private let sandbox: Sandbox
    private let decision: Decision

    init(_ sandbox: Sandbox, _ decision: Decision) {
        self.sandbox = sandbox
        self.decision = decision
    }

    func open(_ url: URL) async -> Bool {
        opened.update { $0.append(url) }
        switch decision {
        case .seesNothing: return false
        case .waits: return true
        case .approves, .declines:
            let decided = try? await sandbox.decide(
                decision == .approves ? "approve" : "decline", url.absoluteString)
            guard let decided else { return false }
            return app.read { $0.client }?.handle(link(decided)) ?? true
        }
    }

    /// What was opened, when so many logins were.
    func sees(_ count: Int = 1) async throws -> [URL] {
        let seen = try await within("nothing was opened") {
            await self.opened.first { $0.count >= count ? $0 : nil }
        }
        return seen ?? []
    }
}

/// Time that stands still until it is moved, and knows who waits for it.
final class Time: DeviceClock {
    private let clock: TestClock
    private let sleeps = Guarded<[Duration]>([])

    init(at seconds: Int64) {
        clock = TestClock(at: Date(epoch: seconds))
    }

    var now: DeviceTime { clock.now }

    func sleep(until uptime: Duration) async throws {
        sleeps.update { $0.append(uptime - now.uptime) }
        try await clock.sleep(until: uptime)
    }

    func advance(_ seconds: Int64) {
        clock.advance(by: .seconds(seconds))
    }

    /// How long those slept that slept at most a minute, when there were so many of them.
    func pauses(_ count: Int) async throws -> [Duration] {
        let pauses = try await within("nobody waits before the next try") {
            await self.sleeps.first { sleeps in
                let pauses = sleeps.filter { $0 <= .seconds(60) }
                return pauses.count >= count ? pauses : nil
            }
        }
        return pauses ?? []
    }
}

/// A store in memory that fails when a test says so.
final class FailingStore: SecureStore {
    private let store = MemoryStore()
    /// What each call throws.
    let fails = Guarded<StoreError?>(nil)

    func get(key: String) throws -> Data? { try opened().get(key: key) }
    func put(key: String, value: Data) throws { try opened().put(key: key, value: value) }
    func delete(key: String) throws { try opened().delete(key: key) }
    func list(prefix: String) throws -> [String] { try opened().list(prefix: prefix) }

    private func opened() throws -> MemoryStore {
        if let error = fails.read({ $0 }) { throw error }
        return store
    }
}

/// A transport that a test answers for.
final class Scripted: HTTPTransport {
    private let seen = Guarded<[HTTPRequest]>([])
    private let answer: @Sendable (HTTPRequest) async throws -> HTTPResponse

    init(_ answer: @escaping @Sendable (HTTPRequest) async throws -> HTTPResponse) {
        self.answer = answer
    }

    func send(_ request: HTTPRequest) async throws -> HTTPResponse {
        seen.update { $0.append(request) }
        return try await answer(request)
    }

    var requests: [HTTPRequest] { seen.read { $0 } }
}

/// The error of Switchback's that this throws.
func switchbackError<Value>(_ work: () async throws -> Value) async throws -> SwitchbackError {
    let error = try await thrown(work)
    guard let ours = error as? SwitchbackError else { throw Wrong("something else was thrown: \(error)") }
    return ours
}

/// The next of a sequence that does not end.
func next<Sequence: AsyncSequence & Sendable>(
    _ sequence: Sequence, where isWanted: @escaping @Sendable (Sequence.Element) -> Bool = { _ in true }
) async throws -> Sequence.Element where Sequence.Element: Sendable {
    try await within("nothing came") {
        for try await element in sequence where isWanted(element) { return element }
        throw Wrong("it ended")
    }
}

/// Listens to a sequence. Whoever is slow sees the newest and not each, so that a test waits for what
/// must come.
final class Listener<Element: Equatable & Sendable>: Sendable {
    private struct Heard {
        var elements: [Element] = []
        var isOver = false
    }

    private let heard = Guarded(Heard())
    private let task: Task<Void, any Error>

    init<Sequence: AsyncSequence & Sendable>(_ sequence: Sequence) where Sequence.Element == Element {
        task = Task { [heard] in
            for try await element in sequence { heard.update { $0.elements.append(element) } }
            heard.update { $0.isOver = true }
        }
    }

    deinit {
        task.cancel()
    }

    /// Waits for this one, behind those that were waited for.
    func hears(_ wanted: Element) async throws {
        try await within("\(wanted) did not come") {
            _ = await self.heard.first { heard -> Bool? in
                guard let place = heard.elements.firstIndex(of: wanted) else { return nil }
                heard.elements.removeFirst(place + 1)
                return true
            }
        }
    }

    /// Waits for the end, with nothing before it.
    func hearsTheEnd() async throws {
        let rest = try await within("it does not end") {
            await self.heard.first { $0.isOver ? $0.elements : nil }
        }
        guard rest == [] else { throw Wrong("something came before the end: \(String(describing: rest))") }
    }
}
