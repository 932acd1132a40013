import Foundation
import SwiftUI
import TestSupport
import UIKit
import XCTest

@testable import Switchback
@testable import SwitchbackSample

private let logIn = "Login with Truid"
private let goOn = "Continue with Truid"
private let hello = "Hello, Maja Sjöström"

/// A person uses the sample app, on an iPhone with the Truid app.
@MainActor
final class SampleAppTests: XCTestCase, @unchecked Sendable {
    /// The app in one process.
    private final class App {
        let switchback: SwitchbackClient
        let screen: Screen
        let iPhone: IPhone
        let transport = ScriptedTransport { try await URLSessionTransport().send($0) }

        @MainActor
        init(_ iPhone: IPhone) throws {
            self.iPhone = iPhone
            let opener = DeviceOpener(options: SwitchbackOptions())
            switchback = try iPhone.phone.app(opener: opener, transport: transport)
            let clientID = iPhone.phone.backend == nil ? Phone.clientID : ""
            screen = Screen(LoginScreen(switchback, Settings(["SampleClientID": clientID])))
        }

        /// Waits until the screen has this text.
        @MainActor
        func shows(_ text: String) async throws {
            try await shows("\"\(text)\"") { $0.contains(text) }
        }

        @MainActor
        func shows(_ what: String, _ isShown: @escaping @MainActor ([String]) -> Bool) async throws {
            let screen = screen
            do {
                try await within("") { @MainActor in
                    while !isShown(screen.texts) { await Task.yield() }
                }
            } catch {
                throw TestFailure("the screen does not show \(what). It shows \(screen.texts)")
            }
        }

        @MainActor
        func tap(_ text: String, which: Int = 0) async throws {
            guard screen.tap(text, which: which) else {
                throw TestFailure("there is no \(text). The screen shows \(screen.texts)")
            }
        }

        /// The person taps the button, and the identity app opens.
        @MainActor
        func tapAndLeave(_ text: String, which: Int = 0) async throws {
            let before = iPhone.device.opened.count
            try await tap(text, which: which)
            try await iPhone.opens(before + 1)
        }

        /// The person approves in the identity app, which opens the link.
        @MainActor
        func approve() async throws {
            let link = try await iPhone.approve(iPhone.openedURL)
            iPhone.comeBack { screen.open(link) }
        }

        /// The person comes back without the link.
        @MainActor
        func comeBack(_ returns: Int = 1) async throws {
            iPhone.comeBack()
            try await iPhone.passLinkDelay(returns)
            try await shows("Waiting for Truid")
        }
    }

    private func launched(mediatedBy backend: TestSupport.Backend? = nil) async throws -> App {
        let app = try App(try await IPhone(mediatedBy: backend))
        try await app.shows("No person is logged in")
        return app
    }

    private func begun() async throws -> App {
        let app = try await launched()
        try await app.tapAndLeave(logIn)
        return app
    }

    private func loggedIn() async throws -> App {
        let app = try await begun()
        try await app.approve()
        try await app.shows(hello)
        return app
    }

    private func isInProgress(_ app: App) -> [Bool] {
        app.screen.views.compactMap { ($0 as? TruidUIButton)?.isInProgress }
    }

    func testTheScreenHasTheWordsOfTheOneOnAndroid() async throws {
        let app = try await launched()
        XCTAssertEqual(
            app.screen.texts,
            [
                "Switchback", "No person is logged in", logIn, "New here?", goOn, "Prove who you are", goOn,
                "More", "Sessions", "Claims", "Timeline of the last login", "Will a login come back?",
            ])
        app.screen.close()
    }

    func testAPersonLogsIn() async throws {
        let app = try await begun()
        XCTAssertEqual(isInProgress(app), [true, true, true])
        try await app.approve()
        try await app.shows(hello)
        try await app.shows("who is logged in") { $0.contains { $0.hasPrefix("Logged in since ") } }
        XCTAssertEqual(isInProgress(app), [false, false, false])
        // The screen of the claims reads the e-mail address.
        try await app.iPhone.phone.sandbox.hasNoFindings(but: ["scope-unused"])
        app.screen.close()
    }

    func testAPersonDeclines() async throws {
        let app = try await begun()
        let url = app.iPhone.openedURL.absoluteString
        let back = link(try await app.iPhone.phone.sandbox.decide("decline", url))
        app.iPhone.comeBack { app.screen.open(back) }
        try await app.shows("The login was declined.")
        XCTAssertTrue(app.screen.texts.contains("No person is logged in"))
        try await app.tap("Timeline of the last login")
        try await app.shows("the timeline") { texts in
            ["open.done", "login.declined"].allSatisfy { event in texts.contains { $0.contains(event) } }
        }
        app.screen.close()
    }

    func testAPersonIsOnboardedAndProvesWhoTheyAre() async throws {
        let app = try await launched()
        try await app.tapAndLeave(goOn, which: 0)
        XCTAssertTrue(app.iPhone.openedURL.path.contains("confirm-signup"))
        try await app.approve()
        try await app.shows(hello)
        try await app.tapAndLeave(goOn, which: 1)
        XCTAssertTrue(app.iPhone.openedURL.path.contains("/idv"))
        try await app.approve()
        try await app.shows(hello)
        let purposes = Set(try await app.switchback.sessions().map(\.purpose))
        XCTAssertEqual(purposes, [.onboarding, .identityVerification])
        app.screen.close()
    }

    func testAPersonWhoComesBackWithoutTheLinkOpensTruidAgain() async throws {
        let app = try await begun()
        try await app.comeBack()
        XCTAssertTrue(app.screen.texts.contains("The login is not finished yet."))
        try await app.tapAndLeave("Open Truid again")
        XCTAssertFalse(app.screen.texts.contains("Waiting for Truid"))
        try await app.approve()
        try await app.shows(hello)
        app.screen.close()
    }

    func testAPersonUsesAnotherDevice() async throws {
        let app = try await begun()
        try await app.comeBack()
        try await app.tap("Use another device")
        try await app.iPhone.opens(2)
        let identityApp = app.iPhone.device.opened.filter { $0.target == .app("Truid") }
        XCTAssertEqual(identityApp.count, 1, "the second time it is a page of the provider")
        app.screen.close()
    }

    func testAPersonCancels() async throws {
        let app = try await begun()
        try await app.comeBack()
        try await app.tap("Cancel")
        try await within("the login is still pending") { @MainActor in
            while try await !app.switchback.pendingLogins().isEmpty { await Task.yield() }
        }
        try await app.shows("no sheet") { !$0.contains("Waiting for Truid") }
        app.screen.close()
    }

    func testALateLinkCompletesTheLoginBehindTheSheetAndTheSheetCloses() async throws {
        let app = try await begun()
        try await app.comeBack()
        try await app.approve()
        try await app.shows(hello)
        XCTAssertFalse(app.screen.texts.contains("Waiting for Truid"))
        app.screen.close()
    }

    func testTheLinkStartsANewProcessAndTheScreenGetsTheOutcome() async throws {
        let first = try await begun()
        let link = try await first.iPhone.approve(first.iPhone.openedURL)
        first.screen.close()
        let second = try App(first.iPhone)
        first.iPhone.comeBack { second.screen.open(link) }
        try await second.shows(hello)
        second.screen.close()
    }

    func testInANewProcessWithoutTheLinkThePersonIsAskedWhatToDo() async throws {
        let first = try await begun()
        first.screen.close()
        let second = try App(first.iPhone)
        first.iPhone.comeBack()
        try await second.shows("Waiting for Truid")
        try await second.tapAndLeave("Open Truid again")
        try await second.approve()
        try await second.shows(hello)
        second.screen.close()
    }

    func testWithAServiceALoggedInPersonProvesWhoTheyAreUnderTheirSession() async throws {
        let app = try await launched(mediatedBy: try TestSupport.Backend())
        try await app.tapAndLeave(logIn)
        try await app.approve()
        try await app.shows(hello)
        try await app.tapAndLeave(goOn, which: 1)
        try await app.approve()
        try await within("there are not two sessions") { @MainActor in
            while try await app.switchback.sessions().count < 2 { await Task.yield() }
        }
        let purposes = Set(try await app.switchback.sessions().map(\.purpose))
        XCTAssertEqual(purposes, [.login, .identityVerification])
        let starts = app.transport.requests.filter {
            $0.url.path.hasSuffix("/login-session") || $0.url.path.hasSuffix("/idv")
        }
        XCTAssertEqual(starts.map { $0.headers.contains { $0.name == "authorization" } }, [false, true])
        app.screen.close()
    }

    func testAPersonSeesWhatTheAppKnowsAndLogsOut() async throws {
        let app = try await loggedIn()
        try await app.tap("Claims")
        try await app.shows("the claims") { texts in
            ["Maja Sjöström", "maja.sjostrom@example.com"].allSatisfy { claim in
                texts.contains { $0.contains(claim) }
            }
        }
        app.screen.goBack()
        try await app.tap("Timeline of the last login")
        try await app.shows("the timeline") { $0.contains { $0.contains("open.done") } }
        app.screen.goBack()
        try await app.tap("Will a login come back?")
        try await app.shows("A login comes back to this app.")
        XCTAssertTrue(app.screen.texts.contains("What a login opens"))
        app.screen.goBack()
        try await app.tap("Sessions")
        try await app.shows("the session") { $0.contains { $0.hasPrefix("login, since ") } }
        try await app.tap("Log out")
        try await app.shows("No person is logged in")
        let sessions = try await app.switchback.sessions()
        XCTAssertEqual(sessions, [])
        app.screen.goBack()
        try await app.shows("You are logged out.")
        app.screen.close()
    }

    func testWithoutALoginThereIsNothingYet() async throws {
        let app = try await launched()
        for (page, text) in [
            ("Claims", "No person is logged in"), ("Timeline of the last login", "Nothing yet"),
            ("Sessions", "No person is logged in"),
        ] {
            try await app.tap(page)
            try await app.shows(text)
            app.screen.goBack()
        }
        app.screen.close()
    }
}
