// Logs in through a service's backend: open the URL that is printed, and paste the link that comes
// back. Beside `switchback serve --demo` its arguments are http://127.0.0.1:8080/truid
// http://127.0.0.1:8090
import Foundation
import Switchback

let config = SwitchbackConfig(
    provider: .truid(baseURL: URL(string: CommandLine.arguments[2])),
    mode: .mediated(.switchback(baseURL: URL(string: CommandLine.arguments[1])!)),
    redirectURI: URL(string: "demoapp://app/truid/complete")!, isTestService: true)
let opener = ClosureOpener { url in
    print(url)
    return true
}
let client = try SwitchbackClient(config, platform: Platform(store: MemoryStore(), opener: opener))
Thread.detachNewThread { [client] in
    while let line = readLine() { if let link = URL(string: line), client.handle(link) { break } }
}
switch try await client.logIn(.login) {
case .loggedIn(let session):
    print("Hello, \(try await session.presentation(.name)[.name] ?? "you")")
    try await session.logOut()
case .declined: print("Maybe another time")
case let other: print(other.userMessage)
}
