import AuthenticationServices
import Foundation
import SafariServices
import TestSupport
import UIKit

@testable import Switchback

/// An iPhone with an app that uses the library's own opener, and with the person who holds it.
@MainActor
final class IPhone {
    let phone: Phone
    let device = Device.shared
    var facts = DeviceFacts(
        version: OperatingSystemVersion(majorVersion: 18, minorVersion: 0, patchVersion: 0),
        bundleID: "com.example.app", urlSchemes: [])

    /// - Parameter hasIdentityApp: Whether the Truid app is installed.
    init(
        hasIdentityApp: Bool = true, mediatedBy backend: TestSupport.Backend? = nil,
        redirectURI: URL = Phone.redirectURI
    ) async throws {
        phone =
            if let backend {
                try await Phone(mediatedBy: backend)
            } else {
                try await Phone(redirectURI: redirectURI)
            }
        restart()
        ASWebAuthenticationSession.webcredentials = ["app.example"]
        if hasIdentityApp { device.hosts["127.0.0.1"] = "Truid" }
    }

    /// Nothing is open, and nothing was opened.
    func restart() {
        device.reset()
        ASWebAuthenticationSession.reset()
        SFSafariViewController.made = []
        UIViewController.finishDismissals()
    }

    /// A newly started app. It shares only the store with earlier ones, like a new process.
    func app(_ options: SwitchbackOptions = SwitchbackOptions()) throws -> SwitchbackClient {
        var options = options
        options.deviceFacts = facts
        return try phone.app(opener: DeviceOpener(options: options))
    }

    var request: LoginRequest { phone.backend == nil ? everything : LoginRequest(.login) }

    /// Begins a login, and returns when something is open.
    func begin(_ app: SwitchbackClient, _ count: Int = 1) async throws -> Task<LoginOutcome, any Error> {
        let (window, request) = (device.window, self.request)
        let call = Task { try await app.logIn(request, from: window) }
        try await opens(count)
        return call
    }

    /// Waits until another app, or a page on top of this one, is open.
    func opens(_ count: Int = 1) async throws {
        try await within("nothing was opened") { @MainActor in
            while self.openings < count { await Task.yield() }
        }
    }

    private var openings: Int {
        device.opened.count + ASWebAuthenticationSession.started.count + SFSafariViewController.made.count
    }

    /// The URL that the identity app or the browser has.
    var openedURL: URL { device.opened.last!.url }

    func approve(_ url: URL) async throws -> URL { link(try await phone.sandbox.approve(url.absoluteString)) }

    /// The person approves in the identity app, which opens the link.
    func approve(in app: SwitchbackClient) async throws {
        let link = try await approve(openedURL)
        comeBack { _ = (app.handle(Self.universalLink(link))) }
    }

    func comeBack(_ deliver: () -> Void = {}) { device.comeBack(deliver) }

    /// What UIKit passes to the scene's delegate for a universal link.
    static func universalLink(_ link: URL) -> NSUserActivity {
        let activity = NSUserActivity(activityType: NSUserActivityTypeBrowsingWeb)
        activity.webpageURL = link
        return activity
    }

    /// Waits until the library waits for the link after the person's return, and lets this time pass.
    func passLinkDelay(_ returns: Int = 1) async throws {
        _ = try await phone.time.pauses(returns)
        phone.time.advance(1)
    }
}

extension LoginOutcome {
    func pendingLogin() throws -> PendingLogin {
        guard case .pending(let login) = self else { throw TestFailure("the login is not pending: \(self)") }
        return login
    }
}
