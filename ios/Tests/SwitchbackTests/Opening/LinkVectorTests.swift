import AuthenticationServices
import Foundation
import SafariServices
import SwitchbackBindings
import TestSupport
import UIKit
import XCTest

@testable import Switchback

/// The cases of `tests/vectors/ios-links.json`, on a device that is like their facts: the library opens what the
/// plan says, and the system opens the link as predicted.
final class LinkVectorTests: XCTestCase, @unchecked Sendable {
    private static func cases() throws -> [Case] {
        let file = Checkout.vectors.appendingPathComponent("ios-links.json")
        let decoder = JSONDecoder()
        decoder.keyDecodingStrategy = .convertFromSnakeCase
        return try decoder.decode(Vectors.self, from: try Data(contentsOf: file)).cases
    }

    func testTheCheckSaysWhatTheVectorsSay() throws {
        let cases = try Self.cases()
        XCTAssertGreaterThanOrEqual(cases.count, 60)
        for one in cases {
            let check = one.check
            XCTAssertEqual(check.returns, one.expectedReturn, one.name)
            XCTAssertEqual(check.warnings.map(\.code), one.warnings, one.name)
            XCTAssertEqual(check.steps.filter { !$0.isLeftOut }.map(\.inVectors), one.plan, one.name)
            XCTAssertEqual(check.steps.count, 4, one.name)
        }
    }

    func testTheSystemOpensTheLinkAsPredicted() throws {
        for one in try Self.cases() where one.check.returns != .unknown {
            XCTAssertEqual(one.opensLink, one.check.returns, one.name)
        }
    }

    /// Without the identity app, the first way of the plan that the system shows is open.
    @MainActor
    func testTheLibraryOpensWhatThePlanSays() async throws {
        let iPhone = try await IPhone(hasIdentityApp: false)
        for one in try Self.cases() {
            iPhone.restart()
            ASWebAuthenticationSession.webcredentials =
                one.isAssociated("webcredentials") ? [one.redirectHost] : []
            let client = try iPhone.app()
            let opener = OpenLogin(
                client, check: one.check, redirectURI: URL(string: one.question.redirectUri)!,
                window: iPhone.device.window)
            let request = iPhone.request
            let call = Task { try await client.logIn(request, under: nil, opener: opener) }
            let ways = one.plan.map { $0.split(separator: " ")[0] }
            let hasSession = ways.contains("web_authentication_session") && one.showsSession
            let open =
                hasSession
                ? "web_authentication_session" : ways.first { $0.hasSuffix("view") || $0 == "browser" }
            try await within("\(one.name): nothing is open") { @MainActor in
                while iPhone.open == nil { await Task.yield() }
            }
            XCTAssertEqual(iPhone.open, open.map(String.init), one.name)
            if hasSession {
                let wantsNoCookies = one.plan.contains { $0.hasSuffix("ephemeral") }
                let shown = ASWebAuthenticationSession.shown
                XCTAssertEqual(shown?.prefersEphemeralWebBrowserSession, wantsNoCookies, one.name)
            }
            call.cancel()
            _ = await call.result
            opener.close()
        }
    }
}

/// What is on the screen of an iPhone.
extension IPhone {
    fileprivate var open: String? {
        if ASWebAuthenticationSession.shown != nil { return "web_authentication_session" }
        if SFSafariViewController.made.last?.presentingViewController != nil { return "safari_view" }
        return device.opened.isEmpty ? nil : "browser"
    }
}

extension Switchback.LinkCheck.Step {
    fileprivate var inVectors: String {
        let isPage = opens == .safariView || opens == .browser
        let tap = isPage && !needsTap ? " no-tap" : ""
        return opens.rawValue + (isEphemeral ? " ephemeral" : "") + tap
    }
}

private struct Vectors: Decodable {
    let cases: [Case]
}

private struct Case: Decodable {
    struct Question: Decodable {
        let login, authorizationUrl, redirectUri: String
        let ephemeral, safariView: Bool?
    }

    struct Version: Decodable {
        let major, minor: UInt32
    }

    struct Association: Decodable {
        let applinks, webcredentials: Bool

        var generated: IosAssociation { IosAssociation(applinks: applinks, webcredentials: webcredentials) }
    }

    struct Facts: Decodable {
        let version: Version?
        let appId: String
        let urlSchemes, domains: [String]?
        let site, appleCopy: Association?
    }

    let name, returns: String
    let question: Question
    let facts: Facts
    let plan, warnings: [String]

    var check: Switchback.LinkCheck {
        let question = IosQuestion(
            login: question.login == "page" ? .page : .appSwitch, authorizationUrl: question.authorizationUrl,
            redirectUri: question.redirectUri, ephemeral: question.ephemeral ?? false,
            safariView: question.safariView ?? false)
        let facts = IosFacts(
            version: facts.version.map { IosVersion(major: $0.major, minor: $0.minor) }, appId: facts.appId,
            urlSchemes: facts.urlSchemes, domains: facts.domains, site: facts.site?.generated,
            appleCopy: facts.appleCopy?.generated)
        return Switchback.LinkCheck(checkIosLinks(question: question, facts: facts))
    }

    var expectedReturn: Switchback.LinkCheck.Returns? {
        [
            "this_app": .thisApp, "other_app": .otherApp, "browser": .browser, "nothing": .nothing,
            "unknown": .unknown,
        ][returns]
    }

    // MARK: - A system that is like the facts

    private var redirect: URLComponents { URLComponents(string: question.redirectUri)! }
    var redirectHost: String { redirect.host ?? "" }

    /// An entry of the entitlement and the copy of the file that the device has must name each other. A part
    /// that the case does not know is right here.
    ///
    /// https://developer.apple.com/documentation/xcode/supporting-associated-domains
    func isAssociated(_ service: String) -> Bool {
        let host = redirectHost.lowercased()
        let entries = facts.domains ?? ["\(service):\(host)"]
        let isNamed = entries.contains { entry in
            let parts = entry.split(separator: ":", maxSplits: 1).map(String.init)
            guard parts.count == 2, parts[0] == service else { return false }
            let name = parts[1].components(separatedBy: "?")[0]
            return name == host || (name.hasPrefix("*.") && host.hasSuffix(name.dropFirst()))
        }
        let file = facts.appleCopy ?? facts.site
        let isAllowed = service == "applinks" ? file?.applinks : file?.webcredentials
        // Apple's servers do not reach a host of the local network.
        return isNamed && host.contains(".") && !host.hasSuffix(".local") && host != "127.0.0.1"
            && isAllowed ?? true
    }

    /// Whether the system shows a session that the library starts.
    var showsSession: Bool {
        redirect.scheme?.lowercased() != "https" || isAssociated("webcredentials")
    }

    /// What the system does with the link.
    var opensLink: Switchback.LinkCheck.Returns {
        let scheme = redirect.scheme?.lowercased() ?? ""
        guard ["http", "https"].contains(scheme) else {
            let schemes = facts.urlSchemes?.map { $0.lowercased() } ?? []
            return schemes.contains(scheme) ? .thisApp : .nothing
        }
        // A page leads to its own host without leaving the browser.
        let isOnOneHost = URLComponents(string: question.authorizationUrl)?.host == redirect.host
        if question.login == "page", isOnOneHost { return .browser }
        return isAssociated("applinks") ? .thisApp : .browser
    }
}
