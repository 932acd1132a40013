import Foundation
import SwiftUI
import UIKit
import XCTest

@testable import Switchback

/// The button of SwiftUI.
@MainActor
final class TruidButtonTests: XCTestCase, @unchecked Sendable {
    private final class Model: ObservableObject {
        @Published var isRunning = false
        @Published var isDisabled = false
        @Published var purpose = Purpose.login
        /// How many taps there were before each tap, as the view knew it.
        var taps: [Int] = []
    }

    private struct Login: View {
        @ObservedObject var model: Model

        var body: some View {
            let before = model.taps.count
            TruidButton(
                model.purpose, style: .black, logo: UIImage(named: "Truid"), isInProgress: model.isRunning
            ) {
                model.taps.append(before)
            }
            .disabled(model.isDisabled)
        }
    }

    private func button(_ screen: Screen) throws -> TruidUIButton {
        let buttons = screen.views.compactMap { $0 as? TruidUIButton }
        XCTAssertEqual(buttons.count, 1)
        return try XCTUnwrap(buttons.first)
    }

    func testTheButtonOfUIKitGetsEachValue() async throws {
        let model = Model()
        let screen = Screen(Login(model: model))
        let first = try button(screen)
        XCTAssertEqual(first.purpose, .login)
        XCTAssertEqual(first.style, .black)
        XCTAssertNotNil(first.logo)
        XCTAssertFalse(first.isInProgress)
        XCTAssertEqual(first.contentHuggingPriority(for: .vertical), .required)
        (model.isRunning, model.isDisabled, model.purpose) = (true, true, .onboarding)
        let second = try button(screen)
        XCTAssertTrue(first === second)
        XCTAssertTrue(second.isInProgress)
        XCTAssertFalse(second.isEnabled)
        XCTAssertEqual(second.purpose, .onboarding)
    }

    func testATapCallsTheActionOfTheLastUpdateOnce() async throws {
        let model = Model()
        let screen = Screen(Login(model: model))
        for _ in 0..<3 { try button(screen).tap() }
        XCTAssertEqual(model.taps, [0, 1, 2])
        model.isDisabled = true
        try button(screen).tap()
        XCTAssertEqual(model.taps.count, 3)
    }

    func testTheButtonTakesTheWidthThatItIsOfferedAndElseThatOfItsText() async {
        let button = TruidButton {}
        let view = TruidUIButton()
        func size(_ width: CGFloat?) -> CGSize? {
            let context = UIViewRepresentableContext<TruidButton>(isEnabled: true)
            return button.sizeThatFits(
                ProposedViewSize(width: width, height: nil), uiView: view, context: context)
        }
        let own = view.intrinsicContentSize
        XCTAssertEqual(size(nil), own)
        XCTAssertEqual(size(.infinity), own)
        XCTAssertEqual(size(500)?.width, 500)
        XCTAssertEqual(size(500)?.height, own.height)
        XCTAssertGreaterThan(size(own.width - 40)!.height, own.height)
    }
}
