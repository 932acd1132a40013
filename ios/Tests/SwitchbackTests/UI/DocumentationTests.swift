import Foundation
import SwiftUI
import TestSupport
import UIKit
import XCTest

@testable import Switchback

/// The code in `docs/how-to/truid-button.md` compiles, and does what the page says.
@MainActor
final class DocumentationTests: XCTestCase, @unchecked Sendable {
    private func page() throws -> Page { try Page("docs/how-to/truid-button.md") }

    func testTheCodeOfThePageIsInThisFile() async throws {
        let blocks = try page().swift
        XCTAssertEqual(blocks.count, 5)
        let here = try Page.unindented(file: #filePath)
        for block in blocks { XCTAssertTrue(here.contains(block), block) }
    }

    func testThePageHasTheTextsOfTheButton() async throws {
        let page = try page()
        for text in [UIText.logIn, .sign, .continueWith] {
            let row = UIText.languages.map { text.text(in: $0) }.joined(separator: " | ")
            XCTAssertTrue(page.contains(row), row)
        }
    }

    func testTheCodeOfThePageLogsInAndWaits() async throws {
        Device.shared.reset()
        let screen = LoginController()
        Device.shared.window?.rootViewController = screen
        let button = screen.makeButton()
        button.tap()
        XCTAssertEqual(screen.calls, ["log in"])
        await screen.logInWithProgress(button)
        XCTAssertEqual(screen.calls, ["log in", "in progress: true"])
        XCTAssertFalse(button.isInProgress)
        screen.makeSheet()
        let sheet = try XCTUnwrap(screen.presentedViewController as? WaitingSheetController)
        let buttons = sheet.view.all.compactMap { $0 as? UIButton }
        buttons[2].tap()
        XCTAssertEqual(screen.calls.last, "cancel")
    }

    func testTheCodeOfThePageForSwiftUILogsInAndWaits() async throws {
        let calls = Calls()
        let screen = Screen(LoginView(calls: calls))
        let button = try XCTUnwrap(screen.views.compactMap { $0 as? TruidUIButton }.first)
        button.tap()
        let sheet = screen.views.compactMap { $0 as? UIButton }
        XCTAssertEqual(sheet.count, 3)
        sheet[1].tap()
        _ = screen.texts
        XCTAssertEqual(calls.made, ["log in", "other device"])
    }
}

@MainActor
private final class LoginController: UIViewController {
    var calls: [String] = []

    func makeButton() -> TruidUIButton {
        let button = TruidUIButton()
        button.purpose = .login
        button.style = .theme
        button.logo = UIImage(named: "Truid")
        button.addAction(UIAction { _ in self.logIn() }, for: .touchUpInside)
        return button
    }

    func logInWithProgress(_ button: TruidUIButton) async {
        func logIn() async { calls.append("in progress: \(button.isInProgress)") }
        button.isInProgress = true
        defer { button.isInProgress = false }
        await logIn()
    }

    func makeSheet() {
        let sheet = WaitingSheetController(
            onOpenAgain: { self.openAgain() },
            onOtherDevice: { self.openOnOtherDevice() },
            onCancel: { self.cancelLogin() })
        present(sheet, animated: true)
    }

    private func logIn() { calls.append("log in") }
    private func openAgain() { calls.append("open again") }
    private func openOnOtherDevice() { calls.append("other device") }
    private func cancelLogin() { calls.append("cancel") }
}

@MainActor
private final class Calls {
    var made: [String] = []
}

private struct LoginView: View {
    let calls: Calls
    @State private var isRunning = false
    @State private var isWaiting = false

    var body: some View {
        withSheet(
            TruidButton(.login, style: .theme, logo: UIImage(named: "Truid"), isInProgress: isRunning) {
                logIn()
            })
    }

    private func withSheet(_ content: TruidButton) -> some View {
        content.waitingSheet(
            isPresented: $isWaiting,
            onOpenAgain: { openAgain() },
            onOtherDevice: { openOnOtherDevice() },
            onCancel: { cancelLogin() })
    }

    private func logIn() {
        calls.made.append("log in")
        isWaiting = true
    }
    private func openAgain() { calls.made.append("open again") }
    private func openOnOtherDevice() { calls.made.append("other device") }
    private func cancelLogin() { calls.made.append("cancel") }
}
