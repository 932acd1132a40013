import app.switchback.*

val config = SwitchbackConfig(
    provider = Provider.truid(baseUrl = "{{provider}}"),
    mode = Mode.mediated(Backend.switchback("{{service}}")),
    redirectUri = "{{redirect_uri}}",
    testService = true,
)
val client = SwitchbackClient(config, platform)
val outcome = client.logIn(Purpose.LOGIN)
// Where links arrive: client.handle(link)

// Without the service, the app is the client and says what it asks for:
//   mode = Mode.direct("{{client_id}}")
//   client.logIn(LoginRequest(Purpose.LOGIN, listOf(DataPoint.NAME)))
