import Foundation
import TestSupport
import XCTest

@testable import Switchback
@testable import SwitchbackSample

/// The files that Xcode reads. No Xcode has opened them here: these tests check their syntax, and that
/// each thing that they name exists.
final class XcodeProjectTests: XCTestCase {
    private typealias Object = [String: Any]

    private let folder = Checkout.root.appendingPathComponent("ios/sample")

    private func plist(_ name: String) throws -> Object {
        let data = try Data(contentsOf: folder.appendingPathComponent(name))
        let plist = try PropertyListSerialization.propertyList(from: data, format: nil)
        return try XCTUnwrap(plist as? Object, name)
    }

    private func project() throws -> (objects: [String: Object], root: String) {
        let project = try plist("SwitchbackSample.xcodeproj/project.pbxproj")
        XCTAssertEqual(project["objectVersion"] as? String, "77")
        let objects = try XCTUnwrap(project["objects"] as? [String: Object])
        return (objects, try XCTUnwrap(project["rootObject"] as? String))
    }

    /// All texts in a value.
    private func texts(_ value: Any) -> [String] {
        switch value {
        case let text as String: [text]
        case let list as [Any]: list.flatMap(texts)
        case let object as Object: object.flatMap { [$0.key] + texts($0.value) }
        default: []
        }
    }

    func testEachObjectOfTheProjectIsNamedAndEachNameHasAnObject() throws {
        let (objects, root) = try project()
        let ids = Set(objects.keys)
        let named = objects.values.flatMap(texts).filter { $0.hasPrefix("5A0000") }
        XCTAssertEqual(Set(named + [root]), ids)
        XCTAssertTrue(ids.allSatisfy { $0.count == 24 && $0.allSatisfy(\.isHexDigit) })
        XCTAssertTrue(objects.values.allSatisfy { $0["isa"] is String })
    }

    func testEachFileOfTheProjectExists() throws {
        let objects = try project().objects.values
        var paths = objects.compactMap { object -> String? in
            guard object["sourceTree"] as? String == "<group>" else { return nil }
            return object["path"] as? String
        }
        paths += objects.compactMap { ($0["buildSettings"] as? Object)?["INFOPLIST_FILE"] as? String }
        paths += objects.compactMap { $0["relativePath"] as? String }
        XCTAssertEqual(paths.count, 7)
        for path in paths {
            let file = folder.appendingPathComponent(path).standardizedFileURL
            XCTAssertTrue(FileManager.default.fileExists(atPath: file.path), path)
        }
    }

    func testTheProjectUsesThePackageOfTheRepository() throws {
        let objects = try project().objects.values
        let package = objects.first { $0["isa"] as? String == "XCLocalSwiftPackageReference" }
        let path = try XCTUnwrap(package?["relativePath"] as? String)
        XCTAssertEqual(
            folder.appendingPathComponent(path).standardizedFileURL, Checkout.root.standardizedFileURL)
        let product = objects.first { $0["isa"] as? String == "XCSwiftPackageProductDependency" }
        XCTAssertEqual(product?["productName"] as? String, "Switchback")
    }

    func testOnlyTheDebugBuildAllowsHTTP() throws {
        var debug = try plist("Info-Debug.plist")
        let release = try plist("Info.plist")
        let security = debug.removeValue(forKey: "NSAppTransportSecurity") as? Object
        XCTAssertEqual(security?.keys.sorted(), ["NSAllowsLocalNetworking"])
        XCTAssertEqual(NSDictionary(dictionary: debug), NSDictionary(dictionary: release))
        let files = try project().objects.values.compactMap { object -> String? in
            guard let file = (object["buildSettings"] as? Object)?["INFOPLIST_FILE"] else { return nil }
            return "\(object["name"] ?? ""): \(file)"
        }
        XCTAssertEqual(files.sorted(), ["Debug: Info-Debug.plist", "Release: Info.plist"])
    }

    /// As Xcode replaces the build settings.
    func testTheSettingsAreAConfigurationOfTheLibraryInBothModes() throws {
        let data = try Data(contentsOf: folder.appendingPathComponent("Info-Debug.plist"))
        let text = String(decoding: data, as: UTF8.self)
            .replacingOccurrences(of: "$(PRODUCT_BUNDLE_IDENTIFIER)", with: "app.switchback.sample")
        let parsed = try PropertyListSerialization.propertyList(from: Data(text.utf8), format: nil)
        var info = try XCTUnwrap(parsed as? Object)
        let types = info["CFBundleURLTypes"] as? [Object]
        let schemes = types?.flatMap { $0["CFBundleURLSchemes"] as? [String] ?? [] }
        XCTAssertEqual(schemes, ["app.switchback.sample"])
        for clientID in ["", "demo-app"] {
            info["SampleClientID"] = clientID
            let settings = Settings(info)
            let config = try settings.config()
            XCTAssertEqual(config.redirectURI.scheme, schemes?.first)
            XCTAssertEqual(settings.isDirect, !clientID.isEmpty)
            XCTAssertEqual(settings.request(.login).scope.isEmpty, clientID.isEmpty)
            let opener = ClosureOpener { _ in true }
            _ = try SwitchbackClient(config, platform: Platform(store: MemoryStore(), opener: opener))
        }
    }

    func testASettingThatIsNoURLIsNamedInTheError() throws {
        XCTAssertThrowsError(try Settings([:]).config()) { error in
            XCTAssertTrue("\(error)".contains("Info.plist"), "\(error)")
        }
    }

    func testTheEntitlementsNameBothUsesOfTheHost() throws {
        let domains = try plist("SwitchbackSample.entitlements")["com.apple.developer.associated-domains"]
        XCTAssertEqual(
            domains as? [String], ["applinks:service.example", "webcredentials:service.example"])
    }
}
