import Foundation
import XCTest

@testable import Switchback

/// The ratios that WCAG 2.2 demands at level AA: 4.5 for text (1.4.3), 3 for the border of a control
/// (1.4.11).
final class ContrastTests: XCTestCase {
    /// A white screen, a black one, and the dark background of a sheet.
    private let screens: [UInt32] = [0xFFFFFF, 0x000000, 0x1C1C1E]

    /// https://www.w3.org/TR/WCAG22/#dfn-relative-luminance
    private func luminance(_ color: UInt32) -> Double {
        func channel(_ shift: UInt32) -> Double {
            let part = Double(color >> shift & 0xFF) / 255
            return part <= 0.04045 ? part / 12.92 : pow((part + 0.055) / 1.055, 2.4)
        }
        return 0.2126 * channel(16) + 0.7152 * channel(8) + 0.0722 * channel(0)
    }

    private func ratio(_ one: UInt32, _ other: UInt32) -> Double {
        let (one, other) = (luminance(one) + 0.05, luminance(other) + 0.05)
        return max(one, other) / min(one, other)
    }

    func testTheRatioIsThatOfWCAG() {
        XCTAssertEqual(ratio(0x000000, 0xFFFFFF), 21, accuracy: 0.01)
        XCTAssertEqual(ratio(0x767676, 0xFFFFFF), 4.54, accuracy: 0.01)
    }

    func testATextCanBeReadAlsoWhileTheButtonIsPressed() {
        for style in TruidUIButton.Style.allCases {
            let colors = style.colors
            XCTAssertGreaterThanOrEqual(ratio(colors.text, colors.fill), 7, "\(style)")
            XCTAssertGreaterThanOrEqual(ratio(colors.text, colors.pressed), 4.5, "\(style)")
            XCTAssertNotEqual(colors.pressed, colors.fill)
        }
    }

    func testTheBorderIsVisibleOnEachScreenOrTheBackgroundIs() {
        for style in TruidUIButton.Style.allCases {
            for screen in screens {
                let best = max(ratio(style.colors.fill, screen), ratio(style.colors.outline, screen))
                XCTAssertGreaterThanOrEqual(best, 3, "\(style) on \(String(screen, radix: 16))")
            }
        }
        XCTAssertGreaterThanOrEqual(ratio(TruidUIButton.Style.white.colors.outline, 0xFFFFFF), 3)
    }

    func testTheColoursAreThoseOfTruidsGuide() {
        let colors = TruidUIButton.Style.allCases.map(\.colors)
        XCTAssertEqual(colors.map(\.fill), [0xFFFFFF, 0x000000, 0x3A277F])
        XCTAssertEqual(colors.map(\.text), [0x000000, 0xFFFFFF, 0xFFFFFF])
    }
}
