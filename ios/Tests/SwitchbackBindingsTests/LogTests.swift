import Foundation
import SwitchbackBindings
import SwitchbackTestingBindings
import TestSupport
import XCTest

/// The log of all clients, in the app's sink.
final class LogTests: XCTestCase {
    func testALoginIsLoggedInOrderAndWithoutSecrets() async throws {
        final class Sink: LogSink {
            let lines = Locked<[LogLine]>([])
            let isOver = AwaitedEvent("the session was logged out")
            func log(line: LogLine) throws {
                lines.with { $0.append(line) }
                if line.event == "session.logged-out" { isOver.happens() }
            }
        }
        let sink = Sink()
        setLog(sink: sink)
        defer { setLog(sink: nil) }
        let phone = try await TestPhone()
        let app = try phone.app()
        let login = try await app.begin(request: everything)
        let link = try await phone.sandbox.approve(login.url)
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
            let told = AwaitedEvent("a log line")
            func log(line: LogLine) throws { told.happens() }
        }
        let (first, second) = (Sink(), Sink())
        let app = try Client(
            config: Config(
                provider: Provider(id: "truid"), mode: .direct(clientId: "c"),
                redirectUri: TestPhone.redirectUri),
            platform: Platform(store: MemoryStore(), http: ScriptedTransport.unreachable))
        setLog(sink: first)
        setLog(sink: second)
        defer { setLog(sink: nil) }
        _ = try await app.begin(request: LoginRequest(purpose: .login))
        try await second.told.happened()
        XCTAssertEqual(first.told.times, 0, "the second takes the place of the first")
    }
}
