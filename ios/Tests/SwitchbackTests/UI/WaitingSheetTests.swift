import Foundation
import SwiftUI
import UIKit
import XCTest

@testable import Switchback

/// The sheet, for UIKit and for SwiftUI.
@MainActor
final class WaitingSheetTests: XCTestCase, @unchecked Sendable {
    private final class Calls: ObservableObject {
        var made: [String] = []
        @Published var isPresented = false
    }

    private func sheet(
        _ calls: Calls, provider: String = "Truid", language: String = "en"
    ) -> WaitingSheetController {
        let sheet = WaitingSheetController(
            provider: provider, onOpenAgain: { calls.made.append("open again") },
            onOtherDevice: { calls.made.append("other device") }, onCancel: { calls.made.append("cancel") })
        sheet.language = language
        return sheet
    }

    private func buttons(_ sheet: WaitingSheetController) -> [UIButton] {
        sheet.view.all.compactMap { $0 as? UIButton }
    }

    private func titles(_ sheet: WaitingSheetController) -> [String] {
        buttons(sheet).compactMap { $0.configuration?.title }
    }

    private func heading(_ sheet: WaitingSheetController) -> UILabel {
        sheet.view.all.compactMap { $0 as? UILabel }[0]
    }

    func testEachChoiceClosesTheSheetAndThenCallsItsFunction() async {
        let calls = Calls()
        for number in 0..<3 {
            Device.shared.reset()
            let screen = Device.shared.window!.rootViewController!
            let sheet = sheet(calls)
            screen.present(sheet, animated: true)
            XCTAssertTrue(screen.presentedViewController === sheet)
            buttons(sheet)[number].tap()
            XCTAssertNil(screen.presentedViewController)
        }
        XCTAssertEqual(calls.made, ["open again", "other device", "cancel"])
    }

    func testAChoiceCanShowTheSheetAgain() async {
        Device.shared.reset()
        let screen = Device.shared.window!.rootViewController!
        let again = sheet(Calls())
        let sheet = WaitingSheetController(
            onOpenAgain: { screen.present(again, animated: true) }, onOtherDevice: nil, onCancel: {})
        screen.present(sheet, animated: true)
        buttons(sheet)[0].tap()
        XCTAssertTrue(screen.presentedViewController === again)
    }

    func testWithoutAFunctionForAnotherDeviceThereIsNoSuchChoice() async {
        let sheet = WaitingSheetController(onOpenAgain: {}, onOtherDevice: nil, onCancel: {})
        sheet.language = "en"
        XCTAssertEqual(titles(sheet), ["Open Truid again", "Cancel"])
    }

    func testTheTextsNameTheProviderInThePersonsLanguage() async {
        let english = sheet(Calls(), provider: "Example ID")
        XCTAssertEqual(heading(english).text, "Waiting for Example ID")
        XCTAssertEqual(titles(english), ["Open Example ID again", "Use another device", "Cancel"])
        let german = sheet(Calls(), language: "de-CH")
        XCTAssertEqual(heading(german).text, "Warten auf Truid")
        XCTAssertEqual(titles(german), ["Truid erneut öffnen", "Anderes Gerät verwenden", "Abbrechen"])
    }

    func testVoiceOverFindsTheTitleAsAHeadingAndItsTextFollowsTheTextSize() async {
        let heading = heading(sheet(Calls()))
        XCTAssertEqual(heading.accessibilityTraits, .header)
        XCTAssertTrue(heading.adjustsFontForContentSizeCategory)
        XCTAssertEqual(heading.numberOfLines, 0)
    }

    /// The texts of the buttons are in the colours of the system, which follow the dark mode and the
    /// contrast.
    func testTheTextsCanBeReadInTheLightAndInTheDark() async {
        for style in [UIUserInterfaceStyle.light, .dark] {
            let traits = UITraitCollection(style: style)
            let sheet = sheet(Calls())
            let back = sheet.view.backgroundColor?.resolvedColor(with: traits).cgColor
            for button in buttons(sheet) {
                let configuration = button.configuration!
                let text = configuration.baseForegroundColor?.resolvedColor(with: traits).cgColor
                let fill = configuration.baseBackgroundColor?.resolvedColor(with: traits).cgColor
                XCTAssertNotNil(text)
                XCTAssertNotEqual(text, fill ?? back)
            }
        }
    }

    func testTheSheetIsHalfAsHighAsTheScreenAndCanBecomeHigher() async {
        let sheet = sheet(Calls())
        XCTAssertEqual(sheet.sheetPresentationController?.detents.map(\.name), ["medium", "large"])
        XCTAssertEqual(sheet.sheetPresentationController?.prefersGrabberVisible, true)
        let scroll = sheet.view.all.compactMap { $0 as? UIScrollView }
        XCTAssertEqual(scroll.count, 1)
        XCTAssertEqual(scroll[0].subviews.compactMap { ($0 as? UIStackView)?.axis }, [.vertical])
    }

    // MARK: SwiftUI

    private struct App: View {
        @ObservedObject var calls: Calls

        var body: some View {
            Text("the app")
                .waitingSheet(
                    isPresented: $calls.isPresented, provider: "Example ID",
                    onOpenAgain: { calls.made.append("open again, closed: \(!calls.isPresented)") },
                    onOtherDevice: nil,
                    onCancel: { calls.made.append("cancel") })
        }
    }

    /// The language of the tests is English or unknown.
    func testInSwiftUIEachChoiceClosesTheSheetAndThenCallsItsFunctionOnce() async {
        let calls = Calls()
        let screen = Screen(App(calls: calls))
        XCTAssertEqual(screen.texts, ["the app"])
        calls.isPresented = true
        let texts = ["the app", "Waiting for Example ID", "Open Example ID again", "Cancel"]
        XCTAssertEqual(screen.texts, texts)
        XCTAssertTrue(screen.tap("Open Example ID again"))
        XCTAssertEqual(screen.texts, ["the app"])
        XCTAssertEqual(calls.made, ["open again, closed: true"])
        calls.isPresented = true
        XCTAssertTrue(screen.tap("Cancel"))
        XCTAssertEqual(calls.made.last, "cancel")
        XCTAssertFalse(calls.isPresented)
        XCTAssertEqual(calls.made.count, 2)
    }

    func testInSwiftUITheSheetThatIsSwipedAwayOrClosedByTheAppCallsNothing() async {
        let calls = Calls()
        let screen = Screen(App(calls: calls))
        calls.isPresented = true
        XCTAssertEqual(screen.texts.count, 4)
        calls.isPresented = false
        XCTAssertEqual(screen.texts, ["the app"])
        XCTAssertEqual(calls.made, [])
        // Also after an earlier choice.
        calls.isPresented = true
        screen.tap("Cancel")
        calls.isPresented = true
        XCTAssertEqual(screen.texts.count, 4)
        calls.isPresented = false
        XCTAssertEqual(screen.texts, ["the app"])
        XCTAssertEqual(calls.made, ["cancel"])
    }
}
