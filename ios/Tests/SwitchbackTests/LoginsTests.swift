import XCTest

@testable import Switchback

/// Which call or listener gets an outcome, and how often.
final class LoginsTests: XCTestCase {
    private let one = AttemptID(rawValue: "1")

    func testOnlyTheWaitingCallGetsTheOutcome() {
        var logins = Logins()
        let call = logins.wait(for: one)
        logins.deliver(.success(.declined()), of: one)
        XCTAssertNil(logins.event)
        XCTAssertEqual(try logins.leave(call)?.get(), .declined())
        // The same link again.
        logins.deliver(.success(.declined()), of: one)
        XCTAssertNil(logins.event, "there was an event")
    }

    func testTheFirstOutcomeGoesToTheCall() {
        var logins = Logins()
        let call = logins.wait(for: one)
        logins.deliver(.success(.failed(LoginFailure(.expired))), of: one)
        // The link comes at the same time.
        logins.deliver(.success(.declined()), of: one)
        XCTAssertEqual(try logins.leave(call)?.get(), .failed(LoginFailure(.expired)))
        XCTAssertEqual(logins.event, .declined())
    }

    func testTheSameLinkTwiceIsOneEvent() {
        var logins = Logins()
        logins.deliver(.success(.declined()), of: one)
        XCTAssertEqual(logins.event, .declined())
        logins.event = nil
        logins.deliver(.success(.declined()), of: one)
        XCTAssertNil(logins.event)
        logins.deliver(.success(.failed(LoginFailure(.replayed))), of: one)
        XCTAssertEqual(logins.event, .failed(LoginFailure(.replayed)), "it is something else")
    }

    func testAnErrorIsAFailureOfItsAttempt() {
        var logins = Logins()
        let error = SwitchbackError(.tryAgain, "the service did not answer")
        logins.deliver(.failure(error), of: one)
        XCTAssertEqual(logins.event?.attempt, one)
        XCTAssertEqual(logins.event?.code, "try_again")
    }

    func testALinkOfNoLoginIsNoEvent() {
        for code in [LoginFailure.Code.unknown, .malformed, .notOurs] {
            var logins = Logins()
            logins.deliver(.success(.failed(LoginFailure(code))), of: nil)
            logins.deliver(.success(.failed(LoginFailure(code))), of: one)
            XCTAssertNil(logins.event, "\(code)")
            // A waiting call gets it.
            let call = logins.wait(for: one)
            logins.deliver(.success(.failed(LoginFailure(code))), of: one)
            XCTAssertEqual(try logins.leave(call)?.get(), .failed(LoginFailure(code)))
        }
    }

    func testALoginThatIsOpenedAgainHasTwoCalls() {
        var logins = Logins()
        let first = logins.wait(for: one)
        logins.deliverToWaiting(.success(.failed(LoginFailure(.notOpened))), of: one)
        let second = logins.wait(for: one)
        logins.deliver(.success(.declined()), of: one)
        XCTAssertEqual(try logins.leave(first)?.get(), .failed(LoginFailure(.notOpened)))
        XCTAssertEqual(try logins.leave(second)?.get(), .declined())
        XCTAssertNil(logins.event)
    }

    func testALinkIsCompletedOnceAtATime() {
        var logins = Logins()
        XCTAssertTrue(logins.begin("a"))
        XCTAssertFalse(logins.begin("a"))
        XCTAssertTrue(logins.begin("b"))
        logins.finish("a")
        XCTAssertTrue(logins.begin("a"))
    }
}
