import AuthenticationServices
import Foundation
import SafariServices
import TestSupport
import UIKit
import XCTest

@testable import Switchback

/// What a login opens if the identity app is not there, and what happens then.
final class OpeningTests: XCTestCase, @unchecked Sendable {

    @MainActor
    private func events(_ app: SwitchbackClient, _ id: AttemptID) async throws -> [String] {
        try await app.timeline(id)?.map { "\($0.event) \($0.note ?? "")" } ?? []
    }

    @MainActor
    func testWithoutTheIdentityAppTheLoginIsInASessionOnTopOfTheApp() async throws {
        let iPhone = try await IPhone(hasIdentityApp: false)
        let app = try iPhone.app()
        let call = try await iPhone.begin(app)
        let session = try XCTUnwrap(ASWebAuthenticationSession.shown)
        XCTAssertFalse(session.prefersEphemeralWebBrowserSession)
        XCTAssertEqual(iPhone.device.opened.count, 0)
        let back = try await iPhone.approve(session.url)
        session.redirect(to: back)
        _ = try await call.value.session()
        XCTAssertNil(ASWebAuthenticationSession.shown)
    }

    @MainActor
    func testASessionKeepsNoCookiesIfTheAppWantsThat() async throws {
        let iPhone = try await IPhone(hasIdentityApp: false)
        let app = try iPhone.app(SwitchbackOptions(isEphemeral: true))
        let call = try await iPhone.begin(app)
        XCTAssertEqual(ASWebAuthenticationSession.shown?.prefersEphemeralWebBrowserSession, true)
        call.cancel()
    }

    /// The page in the session opens the identity app, whose link goes to this app and not to the session.
    @MainActor
    func testTheLinkTakesTheSessionOffTheScreen() async throws {
        let iPhone = try await IPhone(hasIdentityApp: false)
        let app = try iPhone.app()
        let call = try await iPhone.begin(app)
        let back = try await iPhone.approve(try XCTUnwrap(ASWebAuthenticationSession.shown).url)
        iPhone.device.leaveApp()
        iPhone.comeBack { app.handle(IPhone.universalLink(back)) }
        _ = try await call.value.session()
        XCTAssertNil(ASWebAuthenticationSession.shown)
    }

    @MainActor
    func testAClosedSessionIsPendingAndNotDeclined() async throws {
        let iPhone = try await IPhone(hasIdentityApp: false)
        let app = try iPhone.app()
        let call = try await iPhone.begin(app)
        iPhone.phone.time.advance(5)
        ASWebAuthenticationSession.shown?.tapCancel()
        let pending = try await within("the call still waits") { try await call.value.pendingLogin() }
        XCTAssertEqual(ASWebAuthenticationSession.started.count, 1)
        let events = try await events(app, pending.id)
        XCTAssertTrue(events.last?.hasPrefix("open.returned") == true, "\(events)")
    }

    /// iOS ends the session during the app switch, with the code of a cancel.
    @MainActor
    func testASessionThatEndsDuringTheAppSwitchIsNoReturn() async throws {
        let iPhone = try await IPhone(hasIdentityApp: false)
        let app = try iPhone.app()
        let call = try await iPhone.begin(app)
        let back = try await iPhone.approve(try XCTUnwrap(ASWebAuthenticationSession.shown).url)
        iPhone.device.leaveApp()
        iPhone.phone.time.advance(5)
        let shown = ASWebAuthenticationSession.shown
        shown?.tapCancel()
        try await within("the session did not end") { @MainActor in
            while shown?.isOver == false { await Task.yield() }
        }
        iPhone.comeBack { app.handle(IPhone.universalLink(back)) }
        _ = try await call.value.session()
    }

    @MainActor
    func testASessionThatClosesAtOnceGivesWayToTheNext() async throws {
        let iPhone = try await IPhone(hasIdentityApp: false)
        let app = try iPhone.app()
        let call = try await iPhone.begin(app)
        let first = try XCTUnwrap(ASWebAuthenticationSession.shown)
        first.tapCancel()
        try await iPhone.opens(2)
        let view = try XCTUnwrap(SFSafariViewController.made.last)
        XCTAssertEqual(view.modalPresentationStyle, .fullScreen)
        let back = try await iPhone.approve(view.url)
        app.handle(back)
        let session = try await call.value.session()
        XCTAssertNil(view.presentingViewController, "the view is still on the screen")
        let events = try await app.timeline(session.id)?.map { $0.note ?? "" } ?? []
        XCTAssertTrue(
            events.contains("web_authentication_session: iOS closed it within a second"), "\(events)")
    }

    /// A custom scheme needs no association, so only a person closes its session.
    @MainActor
    func testAPersonMayCloseASessionAtOnce() async throws {
        let iPhone = try await IPhone(hasIdentityApp: false, redirectURI: link("firstlogin://app/callback"))
        let app = try iPhone.app()
        let call = try await iPhone.begin(app)
        ASWebAuthenticationSession.shown?.tapCancel()
        _ = try await within("the call still waits") { try await call.value.pendingLogin() }
        XCTAssertEqual(iPhone.device.opened.count, 0)
    }

    /// iOS reports a missing association with the code of a cancel.
    @MainActor
    func testAMissingAssociationGivesWayToTheNext() async throws {
        let iPhone = try await IPhone(hasIdentityApp: false)
        ASWebAuthenticationSession.webcredentials = []
        let app = try iPhone.app()
        let call = try await iPhone.begin(app, 2)
        XCTAssertEqual(ASWebAuthenticationSession.started.count, 1)
        XCTAssertEqual(SFSafariViewController.made.count, 1)
        XCTAssertFalse(call.isCancelled)
        call.cancel()
    }

    @MainActor
    func testAClosedViewOfSafariIsPending() async throws {
        let iPhone = try await IPhone(hasIdentityApp: false)
        ASWebAuthenticationSession.webcredentials = []
        let app = try iPhone.app()
        let call = try await iPhone.begin(app, 2)
        SFSafariViewController.made.last?.tapDone()
        _ = try await within("the call still waits") { try await call.value.pendingLogin() }
    }

    @MainActor
    func testAnAppMayPreferTheViewOfSafari() async throws {
        let iPhone = try await IPhone(hasIdentityApp: false)
        let app = try iPhone.app(SwitchbackOptions(prefersSafariView: true))
        let call = try await iPhone.begin(app)
        XCTAssertEqual(ASWebAuthenticationSession.started.count, 0)
        XCTAssertEqual(SFSafariViewController.made.count, 1)
        call.cancel()
    }

    /// Before iOS 17.4 a session has no https callbacks.
    @MainActor
    func testAnOldSystemOpensTheViewOfSafari() async throws {
        let iPhone = try await IPhone(hasIdentityApp: false)
        iPhone.facts.version = OperatingSystemVersion(majorVersion: 17, minorVersion: 3, patchVersion: 1)
        let call = try await iPhone.begin(try iPhone.app())
        XCTAssertEqual(ASWebAuthenticationSession.started.count, 0)
        XCTAssertEqual(SFSafariViewController.made.count, 1)
        call.cancel()
    }

    /// A view can be presented on top of another one, for example of a sheet.
    @MainActor
    func testAViewOfSafariIsPresentedOnTopOfASheet() async throws {
        let iPhone = try await IPhone(hasIdentityApp: false)
        let sheet = UIViewController()
        iPhone.device.window?.rootViewController?.present(sheet, animated: true)
        let app = try iPhone.app(SwitchbackOptions(prefersSafariView: true))
        let call = try await iPhone.begin(app)
        XCTAssertTrue(SFSafariViewController.made.last?.presentingViewController === sheet)
        call.cancel()
    }

    @MainActor
    func testASecondLoginTakesTheSessionOfTheFirst() async throws {
        let iPhone = try await IPhone(hasIdentityApp: false)
        let app = try iPhone.app()
        let first = try await iPhone.begin(app)
        let second = try await iPhone.begin(app, 2)
        _ = try await within("the first call still waits") { try await first.value.pendingLogin() }
        let session = try XCTUnwrap(ASWebAuthenticationSession.shown)
        session.redirect(to: try await iPhone.approve(session.url))
        _ = try await second.value.session()
    }

    /// UIKit shows nothing while another page leaves the screen, and does not say so.
    @MainActor
    func testTheNextSessionWaitsUntilTheEarlierOneIsOffTheScreen() async throws {
        let iPhone = try await IPhone(hasIdentityApp: false)
        let app = try iPhone.app()
        let first = try await iPhone.begin(app)
        UIViewController.dismissesSlowly = true
        let (window, request) = (iPhone.device.window, iPhone.request)
        let second = Task { try await app.logIn(request, from: window) }
        _ = try await iPhone.phone.time.pauses(1)
        XCTAssertEqual(ASWebAuthenticationSession.started.count, 1)
        UIViewController.finishDismissals()
        iPhone.phone.time.advance(1)
        try await iPhone.opens(2)
        let session = try XCTUnwrap(ASWebAuthenticationSession.shown)
        session.redirect(to: try await iPhone.approve(session.url))
        _ = try await second.value.session()
        _ = try await first.value.pendingLogin()
    }

    /// The app shows a sheet then, which UIKit would not present while the page leaves the screen.
    @MainActor
    func testAClosedSessionIsPendingWhenItIsOffTheScreen() async throws {
        let iPhone = try await IPhone(hasIdentityApp: false)
        let call = try await iPhone.begin(try iPhone.app())
        iPhone.phone.time.advance(5)
        UIViewController.dismissesSlowly = true
        ASWebAuthenticationSession.shown?.tapCancel()
        _ = try await iPhone.phone.time.pauses(1)
        XCTAssertNotNil(iPhone.device.window?.rootViewController?.presentedViewController)
        UIViewController.finishDismissals()
        iPhone.phone.time.advance(1)
        _ = try await within("the call still waits") { try await call.value.pendingLogin() }
    }

    /// The control centre closes, for example.
    @MainActor
    func testASessionWaitsUntilTheAppIsActive() async throws {
        let iPhone = try await IPhone(hasIdentityApp: false)
        let app = try iPhone.app()
        iPhone.device.showControlCentre()
        let (window, request) = (iPhone.device.window, iPhone.request)
        let call = Task { try await app.logIn(request, from: window) }
        _ = try await iPhone.phone.time.pauses(1)
        iPhone.device.dismissAlert()
        iPhone.phone.time.advance(1)
        try await iPhone.opens()
        XCTAssertNotNil(ASWebAuthenticationSession.shown)
        call.cancel()
    }

    /// A session with a custom scheme ends with any link of that scheme.
    @MainActor
    func testASessionThatEndsWithAnotherLinkIsPending() async throws {
        for end in ["firstlogin://app/other", "firstlogin://app/callback?code=forged&state=forged"] {
            let iPhone = try await IPhone(
                hasIdentityApp: false, redirectURI: link("firstlogin://app/callback"))
            let call = try await iPhone.begin(try iPhone.app())
            ASWebAuthenticationSession.shown?.redirect(to: link(end))
            _ = try await within("the call still waits") { try await call.value.pendingLogin() }
        }
    }

    /// The call that waited for the login must not close what the next one opens.
    @MainActor
    func testALoginThatIsOpenedAgainStaysOpen() async throws {
        let iPhone = try await IPhone()
        let app = try iPhone.app()
        let call = try await iPhone.begin(app)
        let id = try await app.pendingLogins()[0].id
        iPhone.comeBack()
        let again = Task { try await app.reopen(id, onOtherDevice: true) }
        _ = try await within("the first call still waits") { try await call.value.pendingLogin() }
        try await iPhone.opens(2)
        for _ in 0..<100 { await Task.yield() }
        let session = try XCTUnwrap(ASWebAuthenticationSession.shown)
        session.redirect(to: try await iPhone.approve(session.url))
        _ = try await again.value?.session()
    }

    @MainActor
    func testOnAnotherDeviceThePersonUsesThePage() async throws {
        let iPhone = try await IPhone()
        let app = try iPhone.app()
        let call = try await iPhone.begin(app)
        iPhone.comeBack()
        try await iPhone.passLinkDelay()
        let id = try await call.value.pendingLogin().id
        let again = Task { try await app.reopen(id, onOtherDevice: true) }
        try await iPhone.opens(2)
        let session = try XCTUnwrap(ASWebAuthenticationSession.shown)
        session.redirect(to: try await iPhone.approve(session.url))
        _ = try await again.value?.session()
    }

    @MainActor
    func testInTheBackgroundNothingIsOpened() async throws {
        let iPhone = try await IPhone()
        iPhone.device.leaveApp()
        let app = try iPhone.app()
        let outcome = try await app.logIn(iPhone.request, from: iPhone.device.window)
        try assertNotOpened(outcome, "in the background")
        let pending = try await app.pendingLogins()
        XCTAssertEqual(pending, [])
    }

    @MainActor
    func testWithoutAWindowAndABrowserNothingIsOpened() async throws {
        let iPhone = try await IPhone(hasIdentityApp: false)
        iPhone.device.hasBrowser = false
        UIApplication.shared.connectedScenes = []
        let app = try iPhone.app()
        let outcome = try await app.logIn(iPhone.request)
        try assertNotOpened(outcome, "no window of this app is in the foreground")
    }

    @MainActor
    func testAWindowOfNoSceneIsRefused() async throws {
        let iPhone = try await IPhone(hasIdentityApp: false)
        iPhone.device.hasBrowser = false
        let window = iPhone.device.window
        window?.windowScene = nil
        let outcome = try await iPhone.app().logIn(iPhone.request, from: window)
        try assertNotOpened(outcome, "no window of this app is in the foreground")
    }

    private func assertNotOpened(_ outcome: LoginOutcome, _ reason: String) throws {
        guard case .failed(let failure) = outcome else { throw TestFailure("\(outcome)") }
        XCTAssertEqual(failure.code, .notOpened)
        XCTAssertTrue(failure.message.contains(reason), failure.message)
        XCTAssertFalse(failure.message.contains("http"), "it shows a URL")
    }
}
