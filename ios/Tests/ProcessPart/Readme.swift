import Foundation
import Switchback
import UIKit

/// The lines for iOS in the README.
@MainActor
struct Readme {
    let config: SwitchbackConfig
    let window: UIWindow?
    let greet: (Session) -> Void
    let stay: () -> Void
    let show: (String) -> Void

    func logIn(begun: (SwitchbackClient) -> Void) async throws {
        let switchback = try SwitchbackClient(config)  // when the app starts
        begun(switchback)

        switch try await switchback.logIn(.login, from: window) {
        case .loggedIn(let session): greet(session)
        case .declined: stay()
        case let other: show(other.userMessage)
        }
    }

    func receive(_ link: URL, _ switchback: SwitchbackClient) {
        // In .onOpenURL, or in scene(_:continue:) with its NSUserActivity:
        switchback.handle(link)
    }
}
