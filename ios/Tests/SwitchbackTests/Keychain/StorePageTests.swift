import Foundation
import Switchback
import TestSupport
import XCTest

/// The code of docs/how-to/ios-store.md compiles: it is in this file, too.
final class StorePageTests: XCTestCase {
    func testTheCodeOfThePageIsBelow() throws {
        let file = Checkout.docs.appendingPathComponent("how-to/ios-store.md")
        let page = try String(contentsOf: file, encoding: .utf8)
        let source = try String(contentsOf: URL(fileURLWithPath: #filePath), encoding: .utf8)
        let blocks = page.components(separatedBy: "```swift\n").dropFirst().map {
            lines($0.components(separatedBy: "```")[0])
        }
        XCTAssertEqual(blocks.count, 4)
        for block in blocks {
            XCTAssertTrue(lines(source).contains(block), "not in \(#fileID):\n\(block)")
        }
    }

    /// Without the spaces at the beginning of each line.
    private func lines(_ text: String) -> String {
        let lines = text.components(separatedBy: "\n").map { $0.trimmingCharacters(in: .whitespaces) }
        return lines.joined(separator: "\n").trimmingCharacters(in: .newlines)
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
