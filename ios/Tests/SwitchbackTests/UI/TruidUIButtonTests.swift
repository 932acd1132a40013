import Foundation
import UIKit
import XCTest

@testable import Switchback

/// The button, in the layout model of the stand-in for `UIKit`.
@MainActor
final class TruidUIButtonTests: XCTestCase, @unchecked Sendable {
    private func button(
        _ size: UIContentSizeCategory = .large, language: String = "en",
        direction: UITraitEnvironmentLayoutDirection = .leftToRight,
        contrast: UIAccessibilityContrast = .normal
    ) -> TruidUIButton {
        let button = TruidUIButton()
        button.change(UITraitCollection(size, contrast: contrast, direction: direction))
        button.language = language
        return button
    }

    /// Gives the button this width, or its own, and the height that it demands.
    private func place(_ button: TruidUIButton, width: CGFloat? = nil) {
        let width = width ?? button.intrinsicContentSize.width
        button.frame.size = button.sizeThatFits(CGSize(width: width, height: 0))
        button.layoutIfNeeded()
    }

    private func label(_ button: TruidUIButton) -> UILabel {
        button.subviews.compactMap { $0 as? UILabel }[0]
    }

    private func logo(_ button: TruidUIButton) -> UIImageView {
        button.subviews.compactMap { $0 as? UIImageView }[0]
    }

    private func spinner(_ button: TruidUIButton) -> UIActivityIndicatorView {
        button.subviews.compactMap { $0 as? UIActivityIndicatorView }[0]
    }

    func testThePurposeDecidesTheText() async {
        let button = button()
        XCTAssertEqual(button.accessibilityLabel, "Login with Truid")
        let texts = Purpose.allCases.map { purpose in
            button.purpose = purpose
            return label(button).text
        }
        XCTAssertEqual(
            texts, ["Continue with Truid", "Login with Truid", "Continue with Truid", "Sign with Truid"])
    }

    func testAStoryboardCanMakeTheButton() async throws {
        let archiver = NSKeyedArchiver(requiringSecureCoding: true)
        archiver.finishEncoding()
        let decoder = try NSKeyedUnarchiver(forReadingFrom: archiver.encodedData)
        let button = try XCTUnwrap(TruidUIButton(coder: decoder))
        XCTAssertEqual(button.purpose, .login)
        XCTAssertEqual(button.style, .theme)
        XCTAssertNotNil(label(button).text)
    }

    func testTheTextFollowsTheLanguageAndTheTextSize() async {
        let small = button(language: "sv")
        XCTAssertEqual(label(small).text, "Logga in med Truid")
        let large = button(.accessibilityLarge, language: "sv")
        XCTAssertGreaterThan(label(large).font.pointSize, label(small).font.pointSize * 1.5)
        place(small)
        place(large, width: small.bounds.width)
        XCTAssertGreaterThan(large.bounds.height, small.bounds.height * 1.5)
    }

    func testTheTextSizeCanChangeWhileTheButtonIsOnTheScreen() async {
        let button = button()
        place(button, width: 288)
        let (before, invalidations) = (button.intrinsicContentSize.height, button.invalidations)
        button.change(UITraitCollection(.accessibilityExtraLarge))
        XCTAssertGreaterThan(button.invalidations, invalidations)
        XCTAssertGreaterThan(button.intrinsicContentSize.height, before)
    }

    func testTheHeightFollowsTheWidth() async {
        let button = button(.extraExtraExtraLarge, language: "fr")
        place(button)
        let before = button.intrinsicContentSize.height
        let invalidations = button.invalidations
        button.frame.size.width = 240
        button.layoutIfNeeded()
        XCTAssertGreaterThan(button.invalidations, invalidations)
        XCTAssertGreaterThan(button.intrinsicContentSize.height, before)
    }

    /// Truid's guide demands it.
    func testHalfOfTheLogosHeightStaysFreeAroundTheLogo() async {
        for size in UIContentSizeCategory.all {
            for direction in [UITraitEnvironmentLayoutDirection.leftToRight, .rightToLeft] {
                for width in [nil, 288, 500] as [CGFloat?] {
                    let button = button(size, direction: direction)
                    button.logo = UIImage(size: CGSize(width: 90, height: 30))
                    place(button, width: width)
                    let frame = logo(button).frame
                    XCTAssertEqual(frame.width, frame.height * 3, accuracy: 0.001)
                    let free = frame.insetBy(dx: 0.001 - frame.height / 2, dy: 0.001 - frame.height / 2)
                    XCTAssertTrue(button.bounds.contains(free), "\(size) \(frame) in \(button.bounds)")
                    XCTAssertFalse(label(button).frame.intersects(free), "\(size) \(label(button).frame)")
                }
            }
        }
    }

    func testTheLogoIsAsHighAsOneAndAHalfTimesTheText() async {
        let button = button()
        place(button)
        XCTAssertEqual(logo(button).frame.height, label(button).font.pointSize * 1.5)
        XCTAssertEqual(logo(button).frame.width, logo(button).frame.height, "the disc is round")
        XCTAssertEqual(logo(button).layer.cornerRadius, logo(button).frame.height / 2)
        XCTAssertNotNil(logo(button).backgroundColor)
        button.logo = UIImage(size: CGSize(width: 10, height: 0))
        place(button)
        XCTAssertEqual(logo(button).frame.width, logo(button).frame.height, "a logo without a size")
        XCTAssertNil(logo(button).backgroundColor)
        XCTAssertEqual(logo(button).layer.cornerRadius, 0)
    }

    /// https://developer.apple.com/design/human-interface-guidelines/buttons
    func testATargetIsAtLeast44PointsHighAndWide() async {
        for size in UIContentSizeCategory.all {
            let button = button(size)
            for asked in [CGSize.zero, CGSize(width: 1, height: 1)] {
                let fits = button.sizeThatFits(asked)
                XCTAssertGreaterThanOrEqual(min(fits.width, fits.height), 44, "\(size)")
            }
        }
    }

    func testNoTextIsClippedOnTheSmallestPhoneInAnyLanguageAndTextSize() async {
        for size in UIContentSizeCategory.all {
            for language in UIText.languages {
                for purpose in [Purpose.login, .onboarding, .signing] {
                    let button = button(size, language: language)
                    button.purpose = purpose
                    // 320 points, with a margin of 16 points at each side.
                    place(button, width: 288)
                    let label = label(button)
                    let lines = label.lines(in: label.frame.width)
                    XCTAssertEqual(lines.joined(separator: " "), label.text)
                    for line in lines {
                        XCTAssertLessThanOrEqual(label.font.width(line), label.frame.width, "\(size) \(line)")
                    }
                    XCTAssertEqual(label.frame.height, CGFloat(lines.count) * label.font.lineHeight)
                    XCTAssertTrue(button.bounds.contains(label.frame), "\(size) \(language)")
                }
            }
        }
    }

    func testFromRightToLeftTheLogoIsAtTheRight() async {
        let (left, right) = (button(), button(direction: .rightToLeft))
        for button in [left, right] { place(button, width: 300) }
        for view in [logo, label] as [(TruidUIButton) -> UIView] {
            XCTAssertEqual(view(right).frame.minX, 300 - view(left).frame.maxX, accuracy: 0.001)
            XCTAssertEqual(view(right).frame.size, view(left).frame.size)
        }
        XCTAssertLessThan(logo(left).frame.maxX, label(left).frame.minX)
    }

    func testInAHigherButtonTheContentIsInTheMiddle() async {
        let button = button()
        button.frame.size = CGSize(width: 300, height: 120)
        button.layoutIfNeeded()
        XCTAssertEqual(logo(button).frame.midY, 60, accuracy: 0.001)
        XCTAssertEqual(label(button).frame.midY, 60, accuracy: 0.001)
    }

    func testVoiceOverSaysTheTextAndThatItIsAButton() async {
        let button = button()
        XCTAssertTrue(button.isAccessibilityElement)
        XCTAssertEqual(button.accessibilityLabel, "Login with Truid")
        XCTAssertEqual(button.accessibilityTraits, .button)
        XCTAssertNil(button.accessibilityValue)
        button.isEnabled = false
        XCTAssertEqual(button.accessibilityTraits, [.button, .notEnabled])
    }

    func testVoiceOverSaysThatALoginRuns() async {
        let button = button(language: "sv")
        button.isInProgress = true
        XCTAssertEqual(button.accessibilityLabel, "Logga in med Truid")
        XCTAssertEqual(button.accessibilityValue, "Pågår")
        XCTAssertEqual(button.accessibilityTraits, [.button, .notEnabled])
        button.isInProgress = false
        XCTAssertNil(button.accessibilityValue)
        XCTAssertEqual(button.accessibilityTraits, .button)
    }

    func testTapsCountButNotWhileALoginRunsOrTheButtonIsDisabled() async {
        let button = button()
        var taps = 0
        button.addAction(UIAction { _ in taps += 1 }, for: .touchUpInside)
        button.tap()
        XCTAssertEqual(taps, 1)
        button.isInProgress = true
        button.tap()
        XCTAssertEqual(taps, 1)
        button.isInProgress = false
        button.isEnabled = false
        button.tap()
        XCTAssertEqual(taps, 1)
        XCTAssertEqual(button.alpha, 0.5)
        button.isEnabled = true
        button.tap()
        XCTAssertEqual(taps, 2)
        XCTAssertEqual(button.alpha, 1)
    }

    func testALoginThatBeginsUnderTheFingerEndsTheTouch() async {
        let button = button()
        var taps = 0
        button.addAction(UIAction { _ in taps += 1 }, for: .touchUpInside)
        button.touchDown()
        XCTAssertTrue(button.isHighlighted)
        button.isInProgress = true
        XCTAssertFalse(button.isHighlighted)
        button.touchUp()
        XCTAssertEqual(taps, 0)
    }

    func testAPressedButtonLooksPressed() async {
        let button = button()
        let before = button.backgroundColor?.cgColor
        button.touchDown()
        XCTAssertNotEqual(button.backgroundColor?.cgColor, before)
        button.touchUp()
        XCTAssertEqual(button.backgroundColor?.cgColor, before)
    }

    func testALoginInProgressShowsASpinnerAndThenTheLogoAgain() async {
        let button = button()
        place(button)
        XCTAssertTrue(spinner(button).isHidden)
        button.isInProgress = true
        place(button)
        XCTAssertTrue(logo(button).isHidden)
        XCTAssertFalse(spinner(button).isHidden)
        XCTAssertTrue(spinner(button).isAnimating)
        XCTAssertEqual(spinner(button).frame, logo(button).frame)
        button.isInProgress = false
        XCTAssertFalse(logo(button).isHidden)
        XCTAssertTrue(spinner(button).isHidden)
        XCTAssertFalse(spinner(button).isAnimating)
    }

    func testTheSpinnerDoesNotTurnIfThePersonReducesMotion() async {
        UIAccessibility.reducesMotion = true
        defer { UIAccessibility.reducesMotion = false }
        let button = button()
        button.isInProgress = true
        XCTAssertFalse(spinner(button).isHidden)
        XCTAssertFalse(spinner(button).isAnimating)
        XCTAssertFalse(spinner(button).hidesWhenStopped)
    }

    func testWithIncreasedContrastTheBorderIsStronger() async {
        for style in TruidUIButton.Style.allCases {
            let (normal, high) = (button(), button(contrast: .high))
            for button in [normal, high] { button.style = style }
            XCTAssertGreaterThan(high.layer.borderWidth, normal.layer.borderWidth)
            XCTAssertEqual(high.layer.borderColor, label(high).textColor.cgColor)
            XCTAssertNotEqual(normal.layer.borderColor, high.layer.borderColor)
        }
    }
}
