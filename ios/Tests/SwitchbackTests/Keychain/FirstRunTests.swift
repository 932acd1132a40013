import Foundation
import Security
import SwitchbackTesting
import TestSupport
import XCTest

@testable import Switchback

/// A new installation finds the keychain of the earlier one.
final class FirstRunTests: KeychainTestCase {
    private let group = "group.example"

    func testTheFolderOfAnAppGroupIsInItsContainer() throws {
        let container = try Folder()
        let group = group
        keychain.set { $0.appGroupFolders[group] = container.url }
        let run = try FirstRun(sessions: .keep, appGroup: group)
        XCTAssertEqual(run.sessions, .keep)
        XCTAssertTrue(run.markerFolder.path.hasSuffix("/Library/Application Support/switchback"))
        XCTAssertTrue(run.markerFolder.path.hasPrefix(container.url.path))
        XCTAssertTrue(FileManager.default.fileExists(atPath: run.markerFolder.path))
    }

    func testAnAppGroupThatTheAppDoesNotHaveIsNamed() {
        XCTAssertThrowsError(try FirstRun(sessions: .wipe, appGroup: group)) { error in
            XCTAssertEqual((error as? SwitchbackError)?.code, .configuration)
            XCTAssertTrue("\(error)".contains(group), "\(error)")
        }
    }

    /// The folder may be protected when the app starts.
    func testAFolderThatCannotBeMadeIsAnErrorOfTheFirstCall() async throws {
        let (phone, folder) = (try await Phone(), try Folder())
        let file = folder.url.appendingPathComponent("file")
        try Data().write(to: file)
        let platform = Platform(
            store: KeychainStore(), opener: phone.person(),
            firstRun: FirstRun(markerFolder: StateFolder.make(in: file), sessions: .wipe))
        let app = try SwitchbackClient(phone.config, platform: platform, clock: phone.time)
        do {
            _ = try await app.currentSession()
            XCTFail("there is no marker")
        } catch {
            XCTAssertEqual((error as? SwitchbackError)?.code, .store)
        }
    }

    func testANewInstallationRemovesTheSessionsOrKeepsThem() async throws {
        let phone = try await Phone()
        for (sessions, isLoggedIn) in [(FirstRun.Sessions.keep, true), (.wipe, false)] {
            keychain.reset()
            let first = try Folder()
            let person = phone.person()
            let app = try app(phone, person, first, sessions)
            person.app.update { $0.client = app }
            _ = try await phone.loggedIn(app)
            let updated = try self.app(phone, person, first, sessions)
            let stayed = try await updated.currentSession()
            XCTAssertNotNil(stayed, "an update of the app")

            let again = try Folder()
            let reinstalled = try self.app(phone, person, again, sessions)
            keychain.set { ($0.protection, $0.hidesProtectedItems) = (.beforeFirstUnlock, true) }
            do {
                _ = try await reinstalled.currentSession()
                XCTFail("the store is locked")
            } catch SwitchbackError.Code.storeLocked {
                // The marker is not judged yet.
            }
            keychain.set { $0.protection = .unlocked }
            let found = try await reinstalled.currentSession()
            XCTAssertEqual(found != nil, isLoggedIn)
        }
    }

    private func app(
        _ phone: Phone, _ person: Person, _ container: Folder, _ sessions: FirstRun.Sessions
    ) throws -> SwitchbackClient {
        let platform = Platform(
            store: KeychainStore(), opener: person,
            firstRun: FirstRun(markerFolder: StateFolder.make(in: container.url), sessions: sessions))
        return try SwitchbackClient(phone.config, platform: platform, clock: phone.time)
    }
}
