import SwitchbackBindings
import SwitchbackTestingBindings
import TestSupport
import XCTest

/// A panic in Rust is an error in Swift, and the app continues.
final class PanicTests: XCTestCase {
    func testAPanicInACallIsAnError() async throws {
        let error = try await thrown { try panics() }
        XCTAssertEqual(error.localizedDescription, "on purpose")
        XCTAssertEqual(text(given: "the call did not end"), "the call did not end")
    }

    func testAPanicInATaskIsAnInternalError() async throws {
        let error = try await switchbackError { try await panicsLater() }
        guard case .internal(let what) = error else { throw TestFailure("another error: \(error)") }
        XCTAssertTrue(what.contains("panicked"), what)
        XCTAssertFalse(error.localizedDescription.contains("on purpose"), "its text may be anything")
    }
}
