import Foundation
import Switchback

let config = SwitchbackConfig(
    provider: .truid(baseURL: URL(string: "{{provider}}")),
    mode: .mediated(.switchback(baseURL: URL(string: "{{service}}")!)),
    redirectURI: URL(string: "{{redirect_uri}}")!,
    isTestService: true
)
let client = try SwitchbackClient(config)
let outcome = try await client.logIn(.login)
// Where the app receives links: client.handle(link)

// A document to sign, which the service has prepared under this id:
//   client.logIn(LoginRequest(.signing, extra: ["request": id]))

// In direct mode the app is the client, and names the data that it requests:
//   mode: .direct(clientID: "{{client_id}}")
//   client.logIn(LoginRequest(.login, scope: [.name]))
