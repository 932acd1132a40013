package app.switchback.support

import app.switchback.SwitchbackConfig
import app.switchback.internal.Backend
import app.switchback.internal.Client
import app.switchback.internal.Config
import app.switchback.internal.HttpTransport
import app.switchback.internal.Mode
import app.switchback.internal.Platform
import app.switchback.internal.Provider
import app.switchback.internal.truid
import java.net.InetAddress
import java.net.ServerSocket
import java.nio.file.Files
import java.nio.file.Path
import java.nio.file.attribute.PosixFilePermissions

/** A service's backend, `switchback serve`, and a sandbox behind it. */
class TestService : AutoCloseable {
    private val folder: Path = Files.createTempDirectory("service")
    private val port = ServerSocket(0, 1, InetAddress.getLoopbackAddress()).use { it.localPort }
    private val url = "http://127.0.0.1:$port"
    private val redirectUri = "$url/truid/complete"
    val sandbox = Sandbox("--client-id", "demo-backend", "--redirect-uri", redirectUri)
    private val program: Program

    init {
        write("client-secret", "demo-backend-secret")
        write(
            "service.toml",
            """
            listen = "127.0.0.1:$port"
            [database]
            sqlite = "service.db"
            [provider]
            base_url = "${sandbox.url}"
            client_id = "demo-backend"
            redirect_uri = "$redirectUri"
            test_service = true
            client_secret_file = "client-secret"
            [purposes]
            login = ["name", "email"]
            onboarding = ["name", "email"]
            identity_verification = ["name"]
            [log]
            level = "error"
            """.trimIndent(),
        )
        program = Program("serve", "--config", "service.toml", folder = folder.toFile())
    }

    private fun write(name: String, text: String) {
        val file = Files.writeString(folder.resolve(name), text)
        // The backend refuses a secret file that others can read.
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"))
    }

    /** A URL of the service itself, for authorized requests. */
    fun at(path: String): String = "$url$path"

    internal fun config(): Config = Config(
        provider = Provider.truid(baseUrl = sandbox.url),
        mode = Mode.Mediated(Backend.Switchback("$url/truid")),
        redirectUri = redirectUri,
    )

    /** The same configuration for the public API. */
    fun appConfig(): SwitchbackConfig = SwitchbackConfig(
        app.switchback.Provider.truid(baseUrl = sandbox.url),
        app.switchback.Mode.mediated(app.switchback.Backend.switchback("$url/truid")),
        redirectUri,
    )

    internal fun app(store: MemoryStore = MemoryStore(), http: HttpTransport? = null): Client =
        Client(config(), Platform(store, http))

    override fun close() {
        program.close()
        sandbox.close()
        folder.toFile().deleteRecursively()
    }
}
