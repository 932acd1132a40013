#if canImport(UIKit) && canImport(AuthenticationServices) && canImport(SafariServices)
    import Foundation
    import UIKit

    /// One login that is open: it opens the identity app or a browser, and notices that the person is back.
    @MainActor
    @available(iOSApplicationExtension, unavailable)
    final class OpenLogin: AttemptOpener {
        /// A session that ends within this time was not closed by a person, in seconds.
        private static let atOnce: TimeInterval = 1

        /// How long to wait before it looks again whether UIKit can present something, in seconds.
        private static let pause: TimeInterval = 0.05

        /// The login that has something on top of this app: there is one at most.
        private static var onTop: OpenLogin?

        private let client: SwitchbackClient
        private let check: LinkCheck
        private let redirectURI: URL
        private let window: UIWindow?
        private let hasReturned = Guarded(false)
        private var id: AttemptID?
        private var entries: [TimelineEntry] = []
        private var takeOff: (@MainActor () -> Void)?
        private var watch: ReturnWatch?
        private var isClosed = false
        /// What the session or the view is presented on.
        private weak var base: UIViewController?

        /// - Parameter window: Where a session or a view appears. Without one, the active window.
        nonisolated init(_ client: SwitchbackClient, check: LinkCheck, redirectURI: URL, window: UIWindow?) {
            self.client = client
            self.check = check
            self.redirectURI = redirectURI
            self.window = window
        }

        func open(_ login: BegunLogin) async -> LoginFailure? {
            id = login.id
            let link = "the link: \(check.returns.message)"
            record("links.checked", ([link] + check.warnings.map(\.message)).joined(separator: "; "))
            for step in check.steps where step.isLeftOut { record("open.left-out", "\(step)") }
            let reasons = await open(login.url, check.steps.filter { !$0.isLeftOut })
            await saveEntries()
            return reasons.map { LoginFailure(notOpened: $0, attempt: login.id) }
        }

        func awaitReturn() async {
            _ = await hasReturned.first { @Sendable in $0 ? true : nil }
            guard !Task.isCancelled else { return }
            record("open.returned")
            await saveEntries()
        }

        func close() {
            isClosed = true
            watch?.stop()
            leaveTop()
        }

        // MARK: - Opening

        /// Opens the first way that can be opened. Returns `nil`, or why nothing could be opened.
        private func open(_ url: URL, _ steps: [LinkCheck.Step]) async -> [String]? {
            var reasons: [String] = []
            for step in steps {
                // The link came meanwhile.
                if isClosed { return nil }
                guard let reason = await failure(of: step, url) else {
                    record("open.done", "\(step)")
                    return nil
                }
                reasons.append("\(step.opens.rawValue): \(reason)")
                record("open.failed", reasons.last)
            }
            return reasons
        }

        /// Opens one way. Returns `nil`, or why it could not be opened.
        private func failure(of step: LinkCheck.Step, _ url: URL) async -> String? {
            guard UIApplication.shared.applicationState != .background else {
                return "this app is in the background, where iOS opens nothing"
            }
            switch step.opens {
            case .identityApp:
                // The person may leave the app before `open` returns.
                watchReturn()
                if await UIApplication.shared.open(url, options: [.universalLinksOnly: true]) { return nil }
                watch?.stop()
                return "no app on this device is associated with the URL"
            case .webAuthenticationSession:
                await takeOffOther()
                await waitUntilActive()
                return showSession(step, url)
            case .safariView:
                await takeOffOther()
                return showSafariView(step, url)
            case .browser:
                watchReturn()
                if await UIApplication.shared.open(url) { return nil }
                watch?.stop()
                return "iOS could not open a browser"
            }
        }

        private func showSession(_ step: LinkCheck.Step, _ url: URL) -> String? {
            guard let window = presentationWindow() else { return Self.noWindow }
            let startedAt = client.timing.now()
            let session = WebSession(
                url, redirectURI: redirectURI, isEphemeral: step.isEphemeral, window: window
            ) {
                [weak self] end in
                guard let self else { return }
                forgetTop()
                switch end {
                case .link(let link): take(link)
                case .failed(let reason): openNext(after: step, reason)
                case .cancelled(association: true):
                    openNext(
                        after: step, "iOS says that the redirect URI's host is not associated with this app")
                case .cancelled
                where mayLackAssociation && client.timing.now().timeIntervalSince(startedAt) < Self.atOnce:
                    openNext(after: step, "iOS closed it within a second")
                case .cancelled: closedByPerson()
                }
            }
            putOnTop(of: window) { session.cancel() }
            if session.start() { return nil }
            leaveTop()
            return
                "iOS did not show it: the window is not in a scene in the foreground, or another session is shown"
        }

        /// The session is closed. A link that does not lead to this login leaves it without an answer.
        private func take(_ link: URL) {
            let isOurs = client.handle(link)
            Task {
                if isOurs, let id, await client.leads(link, to: id) { return }
                closedByPerson()
            }
        }

        /// A custom scheme needs no association: the person closed the session, however fast.
        private var mayLackAssociation: Bool { redirectURI.scheme?.lowercased() == "https" }

        private func showSafariView(_ step: LinkCheck.Step, _ url: URL) -> String? {
            guard let window = presentationWindow() else { return Self.noWindow }
            let view = SafariView(url) { [weak self] in
                self?.forgetTop()
                self?.closedByPerson()
            }
            putOnTop(of: window) { view.dismiss() }
            if view.present(on: base) { return nil }
            leaveTop()
            return
                "UIKit did not present it: the window has no view controller, or presents another one at this moment"
        }

        /// The session ended without showing the login to the person, and how far it came is not known. Its URL
        /// may be used, so the next way needs another one.
        private func openNext(after failed: LinkCheck.Step, _ reason: String) {
            record("open.failed", "\(failed.opens.rawValue): \(reason)")
            guard let id, !isClosed else { return }
            Task {
                await waitUntilFree(base)
                let steps = check.steps.drop { $0 != failed }.dropFirst().filter { !$0.isLeftOut }
                if let url = await client.freshURL(id), !isClosed, await open(url, steps) == nil {
                    return await saveEntries()
                }
                returned()
            }
        }

        // MARK: - Coming back

        private func watchReturn() {
            watch?.stop()
            watch = ReturnWatch(timing: client.timing) { [weak self] in self?.returned() }
        }

        /// During an app switch from the page, the person is not back yet.
        private func closedByPerson() {
            guard UIApplication.shared.applicationState == .active else { return watchReturn() }
            Task {
                await waitUntilFree(base)
                returned()
            }
        }

        private func returned() {
            hasReturned.update { $0 = true }
        }

        // MARK: - On top of the app

        private static let noWindow =
            "no window of this app is in the foreground: call logIn(_:from:) with a window that the person sees"

        private func presentationWindow() -> UIWindow? {
            if let window { return window.windowScene == nil ? nil : window }
            let scenes = UIApplication.shared.connectedScenes.compactMap { $0 as? UIWindowScene }
            let scene =
                scenes.first { $0.activationState == .foregroundActive }
                ?? scenes.first { $0.activationState == .foregroundInactive }
            return scene?.keyWindow ?? scene?.windows.first
        }

        /// iOS refuses a session while the scene is not active, for example until the control centre is closed.
        /// This waits 2 seconds at most.
        private func waitUntilActive() async {
            for _ in 0..<40 where presentationWindow()?.windowScene?.activationState == .foregroundInactive {
                try? await client.timing.sleep(Self.pause)
            }
        }

        /// Another login that is on top gives way: it is pending then.
        private func takeOffOther() async {
            while let other = Self.onTop, other !== self {
                other.leaveTop()
                other.returned()
                await waitUntilFree(other.base)
            }
        }

        private func putOnTop(of window: UIWindow, _ takeOff: @escaping @MainActor () -> Void) {
            base = window.front
            self.takeOff = takeOff
            Self.onTop = self
        }

        /// iOS calls back when it begins to take its page off the screen. Until the page is off, UIKit presents
        /// nothing else, and does not say so. This waits 2 seconds at most.
        private func waitUntilFree(_ base: UIViewController?) async {
            for _ in 0..<40 where base?.presentedViewController != nil {
                try? await client.timing.sleep(Self.pause)
            }
        }

        private func leaveTop() {
            takeOff?()
            forgetTop()
        }

        private func forgetTop() {
            takeOff = nil
            if Self.onTop === self { Self.onTop = nil }
        }

        // MARK: - Timeline

        private func record(_ event: String, _ note: String? = nil) {
            entries.append(TimelineEntry(date: client.timing.now(), event: event, note: note))
        }

        private func saveEntries() async {
            guard let id, !entries.isEmpty else { return }
            let entries = self.entries
            self.entries = []
            await client.record(entries, of: id)
        }
    }
#endif
