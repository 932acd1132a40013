import Switchback

let config = Config(
    provider: .truid(baseUrl: "{{provider}}"),
    mode: .mediated(backend: .switchback(baseUrl: "{{service}}")),
    redirectUri: "{{redirect_uri}}",
    testService: true
)
let switchback = try SwitchbackClient(config)
let outcome = try await switchback.logIn(.login)

// Without the service, the app is the client and says what it asks for:
//   mode: .direct(clientId: "{{client_id}}")
//   LoginRequest(purpose: .login, scope: [TruidDataPoint.name.key()])
