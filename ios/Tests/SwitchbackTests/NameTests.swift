import Foundation
import Switchback
import SwitchbackBindings
import TestSupport
import XCTest

/// Names that are written both in Swift and in Rust.
final class NameTests: XCTestCase {
    func testClaimTypesHaveTheKeysOfTheCore() {
        XCTAssertEqual(Switchback.ClaimType.allCases.map(\.key), TruidClaimType.allCases.map { $0.key() })
        XCTAssertEqual(Switchback.ClaimType.email.key, TruidClaimType.email.key())
        XCTAssertEqual(Switchback.ClaimType.rightToDrive.key, TruidClaimType.rightToDrive.key())
    }

    func testDataPointsHaveTheKeysOfTheCore() {
        XCTAssertEqual(Switchback.DataPoint.allCases.map(\.key), TruidDataPoint.allCases.map { $0.key() })
        XCTAssertEqual(Switchback.DataPoint.email.key, TruidDataPoint.email.key())
    }

    func testPurposesHaveTheirCodes() {
        XCTAssertEqual(
            Switchback.Purpose.allCases.map(\.code), ["onboarding", "login", "identity_verification"])
        XCTAssertEqual(Switchback.Purpose.allCases.count, SwitchbackBindings.Purpose.allCases.count)
        for purpose in Switchback.Purpose.allCases {
            XCTAssertEqual(Switchback.Purpose(code: purpose.code), purpose)
        }
        XCTAssertNil(Switchback.Purpose(code: "signing"))
    }

    func testIDsAreEncodedAsText() throws {
        let id = SessionID(rawValue: "5e551011")
        XCTAssertEqual("\(id)", "5e551011")
        let kept = try JSONEncoder().encode(id)
        XCTAssertEqual(String(decoding: kept, as: UTF8.self), #""5e551011""#)
        XCTAssertEqual(try JSONDecoder().decode(SessionID.self, from: kept), id)
    }
}
