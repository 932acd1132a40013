import app.switchback.*

val config = Config(
    provider = Provider.truid(baseUrl = "{{provider}}"),
    mode = Mode.Mediated(Backend.Switchback("{{service}}")),
    redirectUri = "{{redirect_uri}}",
    testService = true,
)
val switchback = Switchback(config, platform)
val outcome = switchback.logIn(LoginRequest(Purpose.LOGIN))

// Without the service, the app is the client and says what it asks for:
//   mode = Mode.Direct("{{client_id}}")
//   LoginRequest(Purpose.LOGIN, listOf(TruidDataPoint.NAME.key()))
