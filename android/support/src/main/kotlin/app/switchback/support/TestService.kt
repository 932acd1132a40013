package app.switchback.support

import app.switchback.Backend
import app.switchback.Mode
import app.switchback.Provider
import app.switchback.SwitchbackConfig
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
    val redirectUri: String = "$url/truid/complete"
    val backendUrl: String get() = "$url/truid"
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

    fun appConfig(): SwitchbackConfig = SwitchbackConfig(
        Provider.truid(baseUrl = sandbox.url),
        Mode.mediated(Backend.switchback(backendUrl)),
        redirectUri,
    )

    override fun close() {
        program.close()
        sandbox.close()
        folder.toFile().deleteRecursively()
    }
}
