import Foundation
import SwitchbackTesting
import TestSupport

@testable import Switchback

/// A phone with one store, and a test clock for the phone, the service and all waiting calls.
final class Phone: Sendable {
    static let clientID = "demo-app"
    static let redirectURI = link("https://app.example/truid/callback")

    let sandbox: Sandbox
    let config: SwitchbackConfig
    let store = FailingStore()
    let time: ManualClock
    let backend: TestSupport.Backend?
    private let folder: Folder

    /// An app in direct mode.
    init(redirectURI: URL = Phone.redirectURI) async throws {
        // The first access token of a login lives for one minute.
        folder = try Folder()
        let settings = folder.url.appendingPathComponent("sandbox.toml")
        try Data("[lifetimes]\nfirst_login_access_token = 60\n".utf8).write(to: settings)
        sandbox = try Sandbox(["--config", settings.path, "--redirect-uri", redirectURI.absoluteString])
        backend = nil
        time = ManualClock(at: try await sandbox.now())
        config = SwitchbackConfig(
            provider: .truid(baseURL: link(sandbox.url)), mode: .direct(clientID: Self.clientID),
            redirectURI: redirectURI, isTestService: redirectURI.scheme != "https")
    }

    /// An app in mediated mode.
    init(mediatedBy backend: TestSupport.Backend) async throws {
        folder = try Folder()
        sandbox = backend.sandbox
        self.backend = backend
        time = ManualClock(at: try await backend.sandbox.now())
        config = SwitchbackConfig(
            provider: .truid(baseURL: link(sandbox.url)),
            mode: .mediated(.switchback(baseURL: link("\(backend.url)/truid"))),
            redirectURI: link("\(backend.url)/truid/complete"))
    }

    /// A newly started app. It shares only the store with earlier ones, like a new process.
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

    /// An app whose person makes this decision, and that gets the link.
    func app(
        _ decision: Person.Decision = .approves, transport: any HTTPTransport = URLSessionTransport()
    ) throws -> SwitchbackClient {
        let person = person(decision)
        let app = try app(opener: person, transport: transport)
        person.app.update { $0.client = app }
        return app
    }

    /// Logs a person in, and returns the session.
    func loggedIn(_ app: SwitchbackClient) async throws -> Session {
        try await app.logIn(everything).session()
    }

    /// Advances all clocks.
    func advance(_ seconds: Int64) async throws {
        try await sandbox.control("POST", "/clock", ["advance": Int(seconds)])
        time.advance(seconds)
    }
}

/// A login request for all data points.
let everything = LoginRequest(.login, scope: DataPoint.allCases)

func link(_ text: String) -> URL {
    URL(string: text)!
}

extension LoginOutcome {
    /// The session of this outcome.
    func session() throws -> Session {
        guard case .loggedIn(let session) = self else { throw TestFailure("no person is logged in: \(self)") }
        return session
    }
}

extension SwitchbackClient {
    /// The names of the events in the timeline of this login.
    func events(of outcome: LoginOutcome) async throws -> [String]? {
        guard let attempt = outcome.attempt else { throw TestFailure("no attempt: \(outcome)") }
        return try await timeline(attempt)?.map(\.event)
    }
}

/// A person who decides in the identity app and comes back with a link.
final class Person: URLOpener {
    enum Decision: Sendable {
        case approves, declines
        /// Opens the identity app, and does nothing.
        case waits
        /// Nothing can open the URL.
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

    /// The opened URLs, as soon as there are this many.
    func sees(_ count: Int = 1) async throws -> [URL] {
        let seen = try await within("no URL was opened") {
            await self.opened.first { $0.count >= count ? $0 : nil }
        }
        return seen ?? []
    }
}

/// A clock that a test moves. It knows the calls that wait for it.
final class ManualClock: DeviceClock {
    private let clock: TestClock
    private let sleeps = Guarded<[TimeInterval]>([])

    init(at seconds: Int64) {
        clock = TestClock(at: Date(epoch: seconds))
    }

    var now: DeviceTime { clock.now }

    func sleep(until uptime: TimeInterval) async throws {
        sleeps.update { $0.append(uptime - now.uptime) }
        try await clock.sleep(until: uptime)
    }

    func advance(_ seconds: Int64) {
        clock.advance(by: TimeInterval(seconds))
    }

    /// The lengths of the sleeps of at most a minute, as soon as there are this many.
    func pauses(_ count: Int) async throws -> [TimeInterval] {
        let pauses = try await within("there was no pause before the next retry") {
            await self.sleeps.first { sleeps in
                let pauses = sleeps.filter { $0 <= 60 }
                return pauses.count >= count ? pauses : nil
            }
        }
        return pauses ?? []
    }
}

/// A store in memory that fails if the test says so.
final class FailingStore: SecureStore {
    private let store = MemoryStore()
    /// The error that each call throws.
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

/// A transport whose responses the test decides.
final class ScriptedTransport: HTTPTransport {
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

/// Returns the Switchback error that this call throws.
func switchbackError<Value>(_ work: () async throws -> Value) async throws -> SwitchbackError {
    let error = try await thrown(work)
    guard let ours = error as? SwitchbackError else {
        throw TestFailure("something else was thrown: \(error)")
    }
    return ours
}

/// The next element of a sequence that does not end.
func next<Sequence: AsyncSequence & Sendable>(
    _ sequence: Sequence, where isWanted: @escaping @Sendable (Sequence.Element) -> Bool = { _ in true }
) async throws -> Sequence.Element where Sequence.Element: Sendable {
    try await within("the sequence had no element") {
        for try await element in sequence where isWanted(element) { return element }
        throw TestFailure("it ended")
    }
}

/// Listens to a sequence. A slow listener may miss elements, so a test waits for those that must
/// come.
final class Listener<Element: Equatable & Sendable>: Sendable {
    private struct State {
        var elements: [Element] = []
        var isOver = false
    }

    private let heard = Guarded(State())
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

    /// Waits for this element, after those of the earlier calls.
    func expects(_ wanted: Element) async throws {
        try await within("\(wanted) did not come") {
            _ = await self.heard.first { heard -> Bool? in
                guard let place = heard.elements.firstIndex(of: wanted) else { return nil }
                heard.elements.removeFirst(place + 1)
                return true
            }
        }
    }

    /// Waits for the end. No other element may come before it.
    func expectsEnd() async throws {
        let rest = try await within("the sequence did not end") {
            await self.heard.first { $0.isOver ? $0.elements : nil }
        }
        guard rest == [] else {
            throw TestFailure("something came before the end: \(String(describing: rest))")
        }
    }
}
