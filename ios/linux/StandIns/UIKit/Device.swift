import Foundation

/// The rest of the device: other apps, the browser, and the person. Only tests use it.
@MainActor
package final class Device {
    package static let shared = Device()

    package enum Target: Equatable {
        case app(String)
        case browser
    }

    /// The apps that the system has associated with a host, by host.
    package var hosts: [String: String] = [:]
    /// The apps that have a scheme, by scheme.
    package var schemes: [String: String] = [:]
    package var hasBrowser = true
    /// What this app has opened outside of itself.
    package private(set) var opened: [(url: URL, target: Target)] = []
    private var waiting: [(count: Int, CheckedContinuation<Void, Never>)] = []

    /// A device with one window of this app on the screen.
    package func reset() {
        (hosts, schemes, hasBrowser, opened) = ([:], [:], true, [])
        let application = UIApplication.shared
        application.applicationState = .active
        let scene = UIWindowScene()
        let window = UIWindow(windowScene: scene)
        window.rootViewController = UIViewController()
        window.makeKeyAndVisible()
        application.connectedScenes = [scene]
    }

    package var window: UIWindow? {
        UIApplication.shared.connectedScenes.compactMap { $0 as? UIWindowScene }.first?.keyWindow
    }

    func app(for url: URL) -> String? {
        let scheme = url.scheme?.lowercased() ?? ""
        return ["http", "https"].contains(scheme) ? hosts[url.host ?? ""] : schemes[scheme]
    }

    func opens(_ url: URL, in target: Target) {
        opened.append((url, target))
        leaveApp()
        let ready = waiting.filter { $0.count <= opened.count }
        waiting.removeAll { $0.count <= opened.count }
        for (_, continuation) in ready { continuation.resume() }
    }

    /// Waits until this app has opened so many URLs outside of itself.
    package func hasOpened(_ count: Int = 1) async {
        guard opened.count < count else { return }
        await withCheckedContinuation { waiting.append((count, $0)) }
    }

    /// An alert of the system is over the app.
    package func showAlert() {
        UIApplication.shared.applicationState = .inactive
        post(UIApplication.willResignActiveNotification)
    }

    /// The person pulls down the control centre.
    package func showControlCentre() {
        showAlert()
        for scene in UIApplication.shared.connectedScenes { scene.activationState = .foregroundInactive }
    }

    package func dismissAlert() {
        becomeActive()
    }

    package func leaveApp() {
        showAlert()
        UIApplication.shared.applicationState = .background
        for scene in UIApplication.shared.connectedScenes { scene.activationState = .background }
        post(UIApplication.didEnterBackgroundNotification)
    }

    /// The person comes back to the app. UIKit delivers a link between these two events:
    /// https://developer.apple.com/documentation/uikit/uiscenedelegate/scene(_:continue:)
    package func comeBack(_ deliverLink: () -> Void = {}) {
        post(UIApplication.willEnterForegroundNotification)
        for scene in UIApplication.shared.connectedScenes { scene.activationState = .foregroundInactive }
        UIApplication.shared.applicationState = .inactive
        deliverLink()
        becomeActive()
    }

    private func becomeActive() {
        UIApplication.shared.applicationState = .active
        for scene in UIApplication.shared.connectedScenes { scene.activationState = .foregroundActive }
        post(UIApplication.didBecomeActiveNotification)
    }

    private func post(_ name: Notification.Name) {
        NotificationCenter.default.post(name: name, object: nil)
    }
}
