import Foundation
import Security
import TestSupport
import XCTest

@testable import Switchback

/// An app and its extension: two clients with one store, and the lock in the folder of the app group.
final class TwoProcessesTests: XCTestCase {
    private static let group = "group.com.example.shop"

    override func tearDown() {
        Keychain.shared.reset()
    }

    func testAnAppAndItsExtensionRefreshOnce() async throws {
        let (phone, folder) = (try await Phone(), try Folder())
        Keychain.shared.set { $0.appGroupFolders[Self.group] = folder.url }
        let person = phone.person()
        let app = try client(phone, folder, person, ApplicationBackgroundTasks())
        person.app.update { $0.client = app }
        let ofExtension = try client(phone, folder, person, ExtensionBackgroundTasks())
        let session = try await phone.loggedIn(app)
        let other = try await ofExtension.session(session.id)
        for round in 1...3 {
            // The access token has expired.
            try await phone.advance(300)
            let tokens = try await withThrowingTaskGroup(of: String.self) { group in
                for number in 0..<20 {
                    group.addTask { try await (number % 2 == 0 ? session : other).accessToken().value }
                }
                return try await group.reduce(into: Set<String>()) { $0.insert($1) }
            }
            XCTAssertEqual(tokens.count, 1)
            let refreshes = try await phone.sandbox.counted("refreshes")
            XCTAssertEqual(refreshes, round)
        }
        // The extension sees that the app logged out.
        _ = try await session.logOut()
        let left = try await ofExtension.currentSession()
        XCTAssertNil(left)
        try await phone.sandbox.hasNoFindings()
    }

    private func client(
        _ phone: Phone, _ folder: Folder, _ person: Person, _ background: any BackgroundTasks
    ) throws -> SwitchbackClient {
        let platform = Platform(
            store: try FileStore(folder.url), opener: person,
            lockFile: try LockFile(appGroup: Self.group), background: background)
        return try SwitchbackClient(phone.config, platform: platform, clock: phone.time)
    }
}
