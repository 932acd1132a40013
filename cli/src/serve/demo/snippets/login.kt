import app.switchback.*

val config = SwitchbackConfig(
    provider = Provider.truid(baseUrl = "{{provider}}"),
    mode = Mode.mediated(Backend.switchback("{{service}}")),
    redirectUri = "{{redirect_uri}}",
    testService = true,
)
val client = SwitchbackClient(config, platform)
val outcome = client.logIn(Purpose.LOGIN)
// Where the app receives links: client.handle(link)

// A document to sign, which the service has prepared under this id:
//   client.logIn(LoginRequest(Purpose.SIGNING, extra = mapOf("request" to id)))

// With the Android library, which receives the links itself:
//   val switchback = Switchback(context, config)
//   switchback.logIn(activity, Purpose.LOGIN)

// In direct mode the app is the client, and names the data that it requests:
//   mode = Mode.direct("{{client_id}}")
//   client.logIn(LoginRequest(Purpose.LOGIN, listOf(DataPoint.NAME)))
