package app.switchback.support

import app.switchback.internal.Backend
import app.switchback.internal.Client
import app.switchback.internal.Config
import app.switchback.internal.HttpTransport
import app.switchback.internal.Mode
import app.switchback.internal.Platform
import app.switchback.internal.Provider
import app.switchback.internal.truid

/** The configuration of an app for this service, for the bindings. */
internal fun TestService.config(): Config = Config(
    provider = Provider.truid(baseUrl = sandbox.url),
    mode = Mode.Mediated(Backend.Switchback(backendUrl)),
    redirectUri = redirectUri,
)

internal fun TestService.app(store: MemoryStore = MemoryStore(), http: HttpTransport? = null): Client =
    Client(config(), Platform(store, http))
