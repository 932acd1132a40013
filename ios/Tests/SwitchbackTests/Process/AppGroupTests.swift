import Foundation
import Security
import TestSupport
import XCTest

@testable import Switchback

/// The lock in the folder of an app group.
final class AppGroupTests: XCTestCase {
    private static let group = "group.com.example.shop"

    override func tearDown() {
        Keychain.shared.reset()
    }

    func testTheLockIsInTheFolderOfTheGroup() throws {
        let folder = try Folder()
        Keychain.shared.set { $0.appGroupFolders[Self.group] = folder.url }
        let lock = try LockFile(appGroup: Self.group)
        XCTAssertEqual(lock.name, "switchback")
        XCTAssertTrue(lock.folder.path.hasPrefix(folder.url.path + "/Library/Application Support/"))
        var isFolder: ObjCBool = false
        XCTAssertTrue(FileManager.default.fileExists(atPath: lock.folder.path, isDirectory: &isFolder))
        XCTAssertTrue(isFolder.boolValue)
        // An extension of the same group.
        XCTAssertEqual(try LockFile(appGroup: Self.group), lock)
        XCTAssertNotEqual(try LockFile(appGroup: Self.group, name: "other"), lock)
    }

    func testAMissingEntitlementIsNamed() throws {
        XCTAssertThrowsError(try LockFile(appGroup: Self.group)) { error in
            XCTAssertEqual((error as? SwitchbackError)?.code, .configuration)
            let text = "\(error)"
            XCTAssertTrue(text.contains("com.apple.security.application-groups"), text)
            XCTAssertTrue(text.contains(Self.group), text)
        }
    }
}
