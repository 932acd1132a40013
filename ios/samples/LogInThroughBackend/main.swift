// Logs in at the sandbox through a service's backend (`switchback serve`): open the URL that is
// printed, and paste the link that comes back.
import Foundation
import Switchback

let backend = CommandLine.arguments[2]
let config = SwitchbackConfig(
    provider: .truid(baseURL: URL(string: CommandLine.arguments[1])),
    mode: .mediated(.switchback(baseURL: URL(string: backend)!)),
    redirectURI: URL(string: "\(backend)/complete")!)
let opener = ClosureOpener { url in
    print(url)
    return true
}
let client = try SwitchbackClient(config, platform: Platform(store: MemoryStore(), opener: opener))
Thread.detachNewThread { [client] in
    while let line = readLine() { URL(string: line).map { _ = client.handle($0) } }
}
switch try await client.logIn(.login) {
case .loggedIn(let session):
    print("Hello, \(try await session.presentation(.name)[.name] ?? "you")")
    try await session.logOut()
case .declined: print("Maybe another time")
case .failed(let failure): print(failure.userMessage)
}
