import AuthenticationServices
import Foundation
import Security
import SwiftUI
import TestSupport
import UIKit
import XCTest

@testable import FirstLogin
@testable import Switchback

/// The app of docs/tutorials/ios.md, with the service and the sandbox of `switchback serve --demo`.
final class TutorialTests: XCTestCase, @unchecked Sendable {
    func testTheAppHasTheCodeOfThePage() throws {
        let blocks = try Page("docs/tutorials/ios.md").swift
        XCTAssertEqual(blocks.count, 2)
        for (block, name) in zip(blocks, ["FirstLoginApp", "LoginView"]) {
            let file = Checkout.root.appendingPathComponent("ios/Tests/FirstLogin/\(name).swift").path
            XCTAssertTrue(try Page.unindented(file: file).contains(block), name)
        }
    }

    @MainActor
    func testAPersonLogsInAndDeclines() async throws {
        let demo = try Demo(["--scheme", "firstlogin"])
        let sandbox = demo.sandbox
        for (decision, says) in [
            ("approve", "Hello, Maja Sjöström"), ("decline", "The login was declined."),
        ] {
            Device.shared.reset()
            Keychain.shared.reset()
            ASWebAuthenticationSession.reset()
            let config = SwitchbackConfig(
                provider: .truid(baseURL: link(sandbox.url)),
                mode: .mediated(.switchback(baseURL: link(demo.service))),
                redirectURI: link("firstlogin://app/truid/complete"), isTestService: true)
            let screen = Screen(LoginView(switchback: try SwitchbackClient(config)))
            XCTAssertTrue(screen.tap("Log in"), "\(screen.texts)")
            try await within("no session was opened") { @MainActor in
                while ASWebAuthenticationSession.shown == nil { await Task.yield() }
            }
            let session = try XCTUnwrap(ASWebAuthenticationSession.shown)
            session.redirect(to: link(try await sandbox.decide(decision, session.url.absoluteString)))
            try await within("the app does not say: \(says)") { @MainActor in
                while !screen.texts.contains(says) { await Task.yield() }
            }
            screen.close()
        }
        try await sandbox.hasNoFindings()
    }
}
