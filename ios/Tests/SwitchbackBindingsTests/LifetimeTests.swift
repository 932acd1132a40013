import Foundation
import SwitchbackBindings
import SwitchbackTestingBindings
import TestSupport
import XCTest

/// Released objects leave no memory behind, neither in Swift nor in Rust.
final class LifetimeTests: XCTestCase {
    func testTenThousandClientsLeaveNoMemory() async throws {
        try await staysSmall {
            let app = try client()
            XCTAssertTrue(app.accepts(url: TestPhone.redirectUri))
        }
    }

    func testTenThousandSessionsLeaveNoMemory() async throws {
        let http = ConstantTransport(
            json(
                """
                {"access_token":"A","token_type":"bearer","refresh_token":"R","sub":"me",\
                "claims":[{"type":"truid.app/claim/email/v1","value":"me@example.com"}]}
                """))
        let app = try client(http: http)
        let login = try await app.begin(request: LoginRequest(purpose: .login))
        let state = try XCTUnwrap(parameters(login.url)["state"])
        let id = try await app.complete(url: "\(TestPhone.redirectUri)?code=c&state=\(state)").session()
        try await staysSmall {
            let session = try await app.session(id: id)
            let secret = try await session.accessToken()
            let authorization = try await session.authorize(url: "https://api.truid.app/orders")
            let person = try await session.presentation(claims: [TruidClaimType.email.key()])
            XCTAssertEqual(secret.expose(), "A")
            XCTAssertEqual(authorization.headers().count, 1)
            XCTAssertEqual(person.claims().count, 1)
        }
    }

    func testTenThousandErrorsAndCancelledCallsLeaveNoMemory() async throws {
        struct Broken: Error {}
        let store = HookedStore { call, _ in if call == .list { throw Broken() } }
        let app = try client(store: store)
        try await staysSmall {
            do {
                _ = try await app.sessions()
                throw TestFailure("nothing was thrown")
            } catch is SwitchbackError {}
            let task = Task { try await app.session(id: String(repeating: "0", count: 32)) }
            task.cancel()
            _ = await task.result
        }
    }

    func testStoresTransportsAndLocksAreReleased() async throws {
        let kept = try await { () async throws -> [Weak] in
            let (store, http, section) = (HookedStore(), ScriptedTransport.unreachable, TestLock())
            let app = try client(store: store, http: http, processLock: section)
            _ = try await app.begin(request: LoginRequest(purpose: .login))
            let kept = [Weak(store), Weak(http), Weak(section)]
            XCTAssertTrue(kept.allSatisfy { $0.object != nil })
            return kept
        }()
        try await within("an unused object was not released") {
            // A task of the core may still be ending.
            while kept.contains(where: { $0.object != nil }) { await Task.yield() }
        }
    }
}

private final class Weak: @unchecked Sendable {
    private(set) weak var object: AnyObject?

    init(_ object: AnyObject) {
        self.object = object
    }
}

/// Always returns the same response, and stores no request.
private final class ConstantTransport: HttpTransport {
    private let response: HttpResponse

    init(_ response: HttpResponse) {
        self.response = response
    }

    func start(request: HttpRequest, completion: HttpCompletion) throws {
        completion.succeed(response: response)
    }
}

private func client(
    store: any SecureStore = MemoryStore(), http: any HttpTransport = ScriptedTransport.unreachable,
    processLock: (any ProcessLock)? = nil
) throws -> Client {
    let config = Config(
        provider: Provider(id: "truid"), mode: .direct(clientId: "c"), redirectUri: TestPhone.redirectUri)
    return try Client(config: config, platform: Platform(store: store, http: http, processLock: processLock))
}

/// Runs the call ten thousand times, and measures the memory of Rust and of the process.
///
/// A leak of ten bytes per call in Rust becomes 100,000 bytes; one of a hundred bytes in Swift becomes
/// a megabyte. Threads, caches and allocators also take memory, at any time. So this measures up to
/// four times, and one measurement without growth is enough: a leak grows each time.
private func staysSmall(_ cycle: () async throws -> Void) async throws {
    for _ in 0..<2_000 { try await cycle() }
    var grown: [String] = []
    for _ in 0..<4 {
        let (held, before) = (bytesHeld(), try memory())
        for _ in 0..<10_000 { try await cycle() }
        let (more, all) = (bytesHeld() - held, try memory() - before)
        if more < 100_000 && all < 512 << 10 { return }
        grown.append("\(more) in Rust, \(all) in all")
    }
    throw TestFailure("memory grows by so many bytes each ten thousand times: \(grown)")
}

/// The memory of the process, in bytes.
private func memory() throws -> Int {
    guard let statm = FileManager.default.contents(atPath: "/proc/self/statm"),
        let pages = String(decoding: statm, as: UTF8.self).split(separator: " ").dropFirst().first.flatMap({
            Int($0)
        })
    else { throw TestFailure("this system does not say how much memory is used") }
    return pages * Int(sysconf(Int32(_SC_PAGESIZE)))
}
