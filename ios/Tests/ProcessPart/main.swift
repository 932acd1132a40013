// One process of an app on iOS, for `ProcessDeathTests`. It begins a login, prints its URL, and waits for
// the link on its standard input; the test may kill it before. With a link as its last argument, it is the
// process that the link starts. The processes share a folder with the app's files, and with the keychain,
// which on a phone is in another process.
import AuthenticationServices
import Foundation
import Security
import Switchback
import UIKit

let (folder, provider, backend, redirectURI) = (
    URL(fileURLWithPath: CommandLine.arguments[1]), CommandLine.arguments[2], CommandLine.arguments[3],
    URL(string: CommandLine.arguments[4])!
)
let keychain = folder.appendingPathComponent("keychain")
let config = SwitchbackConfig(
    provider: .truid(baseURL: URL(string: provider)),
    mode: backend.isEmpty
        ? .direct(clientID: "demo-app") : .mediated(.switchback(baseURL: URL(string: backend)!)),
    redirectURI: redirectURI, isTestService: true)

Device.shared.reset()
try? Keychain.shared.load(keychain)

if CommandLine.arguments.count > 5 {
    try await startedByLink(URL(string: CommandLine.arguments[5])!)
} else {
    try await begins()
}

/// The person is in the identity app, or in a session over the app, when the process ends.
@MainActor
func begins() async throws {
    var greeted: Session?
    let readme = Readme(
        config: config, window: Device.shared.window, greet: { greeted = $0 }, stay: { print("stayed") },
        show: { print("showed \($0)") })
    let open = { (client: SwitchbackClient) in
        Task {
            while Device.shared.opened.isEmpty, ASWebAuthenticationSession.shown == nil { await Task.yield() }
            try Keychain.shared.save(keychain)
            print((ASWebAuthenticationSession.shown?.url ?? Device.shared.opened[0].url).absoluteString)
            Thread.detachNewThread {
                guard let line = readLine(), let link = URL(string: line) else { return }
                Task { @MainActor in readme.receive(link, client) }
            }
        }
    }
    if backend.isEmpty {
        // In direct mode a login needs a scope, which the lines of the README do not have.
        let client = try SwitchbackClient(config)
        _ = open(client)
        let outcome = try await client.logIn(LoginRequest(.login, scope: [.name]), from: Device.shared.window)
        guard case .loggedIn(let session) = outcome else { return print(outcome.code) }
        greeted = session
    } else {
        try await readme.logIn { _ = open($0) }
    }
    if let greeted { print("greeted \(try await greeted.userInfo().subject)") }
}

/// UIKit passes the links that start an app in the options of its scene, and some systems pass one twice.
@MainActor
func startedByLink(_ link: URL) async throws {
    let client = try SwitchbackClient(config)
    let activity = NSUserActivity(activityType: NSUserActivityTypeBrowsingWeb)
    activity.webpageURL = link
    let options = UIScene.ConnectionOptions(
        urlContexts: [UIOpenURLContext(url: link)], userActivities: [activity])
    guard client.handle(options) else { return print("not taken") }
    for await outcome in client.events {
        guard case .loggedIn(let session) = outcome else { return print(outcome.code) }
        let current = try await client.currentSession()
        let events = try await client.timeline(session.id)?.map(\.event) ?? []
        guard current == session, events.contains("login.begun"), events.contains("login.completed") else {
            return print("\(events)")
        }
        print("greeted \(try await session.userInfo().subject)")
        return
    }
}
