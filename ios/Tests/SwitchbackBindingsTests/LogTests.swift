import Foundation
import SwitchbackBindings
import SwitchbackTestingBindings
import TestSupport
import XCTest

/// The log of all clients, to a sink of the app's.
final class LogTests: XCTestCase {
    func testALoginIsLoggedInOrderAndWithoutSecrets() async throws {
        final class Sink: LogSink {
            let lines = Locked<[LogLine]>([])
            let isOver = Happening("the session was logged out")
            func log(line: LogLine) throws {
                lines.with { $0.append(line) }
                if line.event == "session.logged-out" { isOver.happens() }
            }
        }
        let sink = Sink()
        setLog(sink: sink)
        defer { setLog(sink: nil) }
        let world = try await World()
        let app = try world.app()
        let login = try await app.begin(request: everything)
        let link = try await world.sandbox.approve(login.url)
        let session = try await app.session(id: try await app.complete(url: link).session())
        let token = try await session.accessToken().expose()
        let email = try await session.userInfo().email
        _ = try await session.logOut()
        try await sink.isOver.happened()

        let lines = sink.lines.with { $0 }.filter { $0.id == login.id }
        let events = lines.map(\.event)
        for event in [
            "login.begun", "callback.received", "code.sent", "login.completed", "session.logged-out",
        ] {
            XCTAssertTrue(events.contains(event), "\(event) is not in \(events)")
        }
        let shown = sink.lines.with { "\($0)" }
        let (sent, came) = (parameters(login.url), parameters(link))
        for secret in [sent["state"], sent["code_challenge"], came["code"], token, email] {
            XCTAssertFalse(shown.contains(try XCTUnwrap(secret)), shown)
        }
    }

    func testARemovedSinkGetsNoLines() async throws {
        final class Sink: LogSink {
            let told = Happening("a line is told")
            func log(line: LogLine) throws { told.happens() }
        }
        let (first, second) = (Sink(), Sink())
        let app = try Client(
            config: Config(
                provider: Provider(id: "truid"), mode: .direct(clientId: "c"), redirectUri: World.redirectUri),
            platform: Platform(store: MemoryStore(), http: Scripted.unreachable))
        setLog(sink: first)
        setLog(sink: second)
        defer { setLog(sink: nil) }
        _ = try await app.begin(request: LoginRequest(purpose: .login))
        try await second.told.happened()
        XCTAssertEqual(first.told.times, 0, "the second takes the place of the first")
    }
}
