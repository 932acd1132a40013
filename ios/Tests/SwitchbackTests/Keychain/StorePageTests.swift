import Foundation
import Switchback
import TestSupport
import XCTest

/// The code of docs/how-to/ios-store.md compiles: it is in this file, too.
final class StorePageTests: XCTestCase {
    func testTheCodeOfThePageIsBelow() throws {
        let blocks = try Page("docs/how-to/ios-store.md").swift
        let here = try Page.unindented(file: #filePath)
        XCTAssertEqual(blocks.count, 4)
        for block in blocks { XCTAssertTrue(here.contains(block), "not in \(#fileID):\n\(block)") }
    }
}

private func use(_ config: SwitchbackConfig, _ opener: any URLOpener) throws -> SwitchbackClient {
    let store = KeychainStore()
    let platform = Platform(
        store: store, opener: opener, firstRun: try FirstRun(sessions: .wipe))
    let switchback = try SwitchbackClient(config, platform: platform)
    return switchback
}

private func share() throws -> (KeychainStore, FirstRun) {
    let group = "group.com.example.app"
    let store = KeychainStore(accessGroup: group)
    let firstRun = try FirstRun(sessions: .wipe, appGroup: group)
    return (store, firstRun)
}

private func locked() -> KeychainStore {
    let store = KeychainStore(unlockFor: 15 * 60)
    return store
}

private func unlock(
    _ store: KeychainStore, _ switchback: SwitchbackClient, _ show: (Session?) -> Void,
    _ tell: (StoreError) -> Void
) async throws {
    do {
        try await store.unlock("Unlock your account")
        show(try await switchback.currentSession())
    } catch let error as StoreError {
        tell(error)
    }
}
