import Foundation
import Switchback
import SwitchbackBindings
import TestSupport
import XCTest

/// Names that are written both in Swift and in Rust.
final class NameTests: XCTestCase {
    func testClaimTypesHaveTheKeysOfTheCore() {
        XCTAssertEqual(
            Switchback.ClaimType.allCases.map(\.rawValue), TruidClaimType.allCases.map { $0.key() })
        XCTAssertEqual(Switchback.ClaimType.email.rawValue, TruidClaimType.email.key())
        XCTAssertEqual(Switchback.ClaimType.rightToDrive.rawValue, TruidClaimType.rightToDrive.key())
    }

    func testDataPointsHaveTheKeysOfTheCore() {
        XCTAssertEqual(
            Switchback.DataPoint.allCases.map(\.rawValue), TruidDataPoint.allCases.map { $0.key() })
        XCTAssertEqual(Switchback.DataPoint.email.rawValue, TruidDataPoint.email.key())
    }

    func testPurposesHaveTheirCodes() {
        XCTAssertEqual(
            Switchback.Purpose.allCases.map(\.rawValue),
            ["onboarding", "login", "identity_verification", "signing"])
        XCTAssertEqual(Switchback.Purpose.allCases.count, SwitchbackBindings.Purpose.allCases.count)
        for purpose in Switchback.Purpose.allCases {
            XCTAssertEqual(Switchback.Purpose(rawValue: purpose.rawValue), purpose)
        }
        XCTAssertNil(Switchback.Purpose(rawValue: "shopping"))
    }

    func testIDsAreEncodedAsText() throws {
        let id = SessionID(rawValue: "5e551011")
        XCTAssertEqual("\(id)", "5e551011")
        let kept = try JSONEncoder().encode(id)
        XCTAssertEqual(String(decoding: kept, as: UTF8.self), #""5e551011""#)
        XCTAssertEqual(try JSONDecoder().decode(SessionID.self, from: kept), id)
    }
}
