// Logs in at the sandbox (`switchback sandbox`) as a public client: open the URL that is printed,
// and paste the link that comes back.
import Foundation
import Switchback

let config = SwitchbackConfig(
    provider: .truid(baseURL: URL(string: CommandLine.arguments[1])),
    mode: .direct(clientID: "demo-app"),
    redirectURI: URL(string: "https://app.example/truid/callback")!)
let opener = ClosureOpener { url in
    print(url)
    return true
}
let client = try SwitchbackClient(config, platform: Platform(store: MemoryStore(), opener: opener))
Thread.detachNewThread { [client] in
    while let line = readLine() { if let link = URL(string: line), client.handle(link) { break } }
}
switch try await client.logIn(LoginRequest(.login, scope: [.name])) {
case .loggedIn(let session):
    print("Hello, \(try await session.presentation(.name)[.name] ?? "you")")
    try await session.logOut()
case .declined: print("Maybe another time")
case let other: print(other.userMessage)
}
