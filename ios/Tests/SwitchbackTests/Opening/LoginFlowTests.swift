import AuthenticationServices
import Foundation
import SafariServices
import TestSupport
import UIKit
import XCTest

@testable import Switchback

/// A login from the tap to the session: what is opened, how the link comes back, and what the person sees then.
final class LoginFlowTests: XCTestCase, @unchecked Sendable {
    @MainActor
    private func begun() async throws -> (IPhone, SwitchbackClient, Task<LoginOutcome, any Error>) {
        let iPhone = try await IPhone()
        let app = try iPhone.app()
        return (iPhone, app, try await iPhone.begin(app))
    }

    @MainActor
    func testAPersonLogsInWithTheIdentityApp() async throws {
        let (iPhone, app, call) = try await begun()
        XCTAssertEqual(iPhone.device.opened.map(\.target), [.app("Truid")])
        XCTAssertNil(ASWebAuthenticationSession.shown)
        try await iPhone.approve(in: app)
        let session = try await call.value.session()
        let steps = try await app.timeline(session.id)?.map(\.event)
        XCTAssertEqual(steps?.filter { $0.hasPrefix("open.") || $0 == "links.checked" }.count, 2)
        try await iPhone.phone.sandbox.hasNoFindings()
    }

    @MainActor
    func testAPersonDeclinesInTheIdentityApp() async throws {
        let (iPhone, app, call) = try await begun()
        let back = link(try await iPhone.phone.sandbox.decide("decline", iPhone.openedURL.absoluteString))
        iPhone.comeBack { app.handle(IPhone.universalLink(back)) }
        let outcome = try await call.value
        XCTAssertEqual(outcome.code, "declined")
        let events = try await app.events(of: outcome) ?? []
        XCTAssertTrue(Set(events).isSuperset(of: ["open.done", "login.declined"]), "\(events)")
    }

    @MainActor
    func testASecondCopyOfTheLinkChangesNothing() async throws {
        let (iPhone, app, call) = try await begun()
        let back = try await iPhone.approve(iPhone.openedURL)
        iPhone.comeBack {
            XCTAssertTrue(app.handle(IPhone.universalLink(back)))
            XCTAssertTrue(app.handle(back))
        }
        let session = try await call.value.session()
        let again = try await app.complete(back).session()
        XCTAssertEqual(again, session)
        let exchanges = try await iPhone.phone.sandbox.counted("code_exchanges")
        XCTAssertEqual(exchanges, 1)
    }

    @MainActor
    func testALinkOfNoLoginCompletesNothing() async throws {
        let (iPhone, app, call) = try await begun()
        XCTAssertTrue(app.handle(link("\(Phone.redirectURI)?code=forged&state=forged")))
        try await iPhone.approve(in: app)
        _ = try await call.value.session()
    }

    @MainActor
    func testBackWithoutTheLinkTheLoginIsPendingAndIsOpenedAgain() async throws {
        let (iPhone, app, call) = try await begun()
        iPhone.comeBack()
        try await iPhone.passLinkDelay()
        let pending = try await within("the call still waits") { try await call.value.pendingLogin() }

        let again = Task { try await app.reopen(pending.id, onOtherDevice: false) }
        try await iPhone.opens(2)
        try await iPhone.approve(in: app)
        _ = try await again.value?.session()
        let third = try await app.reopen(pending.id, onOtherDevice: false)
        XCTAssertNil(third)
        let events = try await app.timeline(pending.id)?.map(\.event) ?? []
        XCTAssertEqual(events.filter { $0 == "open.returned" }.count, 1)
        XCTAssertEqual(events.filter { $0 == "open.done" }.count, 2)
    }

    /// The person uses the app switcher or "Back to Safari", and the link comes a moment later.
    @MainActor
    func testTheLinkThatComesRightAfterThePersonWins() async throws {
        let (iPhone, app, call) = try await begun()
        let back = try await iPhone.approve(iPhone.openedURL)
        iPhone.comeBack()
        _ = try await iPhone.phone.time.pauses(1)
        app.handle(back)
        _ = try await call.value.session()
        iPhone.phone.time.advance(1)
        let pending = try await app.pendingLogins()
        XCTAssertEqual(pending, [])
    }

    @MainActor
    func testALateLinkStillCompletesThePendingLogin() async throws {
        let (iPhone, app, call) = try await begun()
        iPhone.comeBack()
        try await iPhone.passLinkDelay()
        _ = try await call.value.pendingLogin()
        iPhone.device.leaveApp()
        try await iPhone.approve(in: app)
        _ = try await next(app.events).session()
    }

    @MainActor
    func testEachOfTwoAttemptsGetsItsOwnLink() async throws {
        let (iPhone, app, first) = try await begun()
        let firstURL = iPhone.openedURL
        iPhone.comeBack()
        try await iPhone.passLinkDelay()
        let pending = try await first.value.pendingLogin()
        let second = try await iPhone.begin(app, 2)
        XCTAssertNotEqual(iPhone.openedURL, firstURL)
        let late = try await iPhone.approve(firstURL)
        iPhone.comeBack { app.handle(IPhone.universalLink(late)) }
        let lateSession = try await next(app.events).session()
        XCTAssertEqual(lateSession.id.rawValue, pending.id.rawValue)
        iPhone.device.leaveApp()
        try await iPhone.approve(in: app)
        let session = try await second.value.session()
        XCTAssertNotEqual(session.id, lateSession.id)
    }

    /// The system asks the person something during the opening: that is no return.
    @MainActor
    func testAnAlertBeforeThePersonLeavesIsNoReturn() async throws {
        let (iPhone, app, call) = try await begun()
        iPhone.comeBack()
        _ = try await iPhone.phone.time.pauses(1)
        iPhone.device.showAlert()
        iPhone.phone.time.advance(1)
        iPhone.device.leaveApp()
        try await iPhone.approve(in: app)
        _ = try await call.value.session()
    }

    @MainActor
    func testALinkStartsANewProcess() async throws {
        for backend in [nil, try TestSupport.Backend()] {
            let iPhone = try await IPhone(mediatedBy: backend)
            let first = try iPhone.app()
            let call = try await iPhone.begin(first)
            let back = try await iPhone.approve(iPhone.openedURL)
            call.cancel()

            // The links that start an app come in the options of its scene.
            let second = try iPhone.app()
            let options = UIScene.ConnectionOptions(userActivities: [IPhone.universalLink(back)])
            XCTAssertTrue(second.handle(options))
            let session = try await next(second.events).session()
            let current = try await second.currentSession()
            XCTAssertEqual(current, session)
        }
    }

    @MainActor
    func testWhatIsNotALinkOfThisAppIsNotTaken() async throws {
        let iPhone = try await IPhone()
        let app = try iPhone.app()
        XCTAssertFalse(app.handle(NSUserActivity(activityType: "com.example.search")))
        XCTAssertFalse(app.handle(NSUserActivity(activityType: NSUserActivityTypeBrowsingWeb)))
        XCTAssertFalse(app.handle(IPhone.universalLink(link("https://other.example/truid/callback?code=c"))))
        XCTAssertFalse(app.handle(UIScene.ConnectionOptions()))
        let ours = UIOpenURLContext(url: link("\(Phone.redirectURI)?code=c&state=s"))
        let other = UIOpenURLContext(url: link("otherapp://callback"))
        XCTAssertTrue(app.handle([ours, other]))
        XCTAssertFalse(app.handle([other]))
    }
}
