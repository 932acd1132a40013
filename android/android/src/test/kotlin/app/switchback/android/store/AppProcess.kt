package app.switchback.android.store

import app.switchback.DataPoint
import app.switchback.HttpTransport
import app.switchback.LockFile
import app.switchback.LoginOutcome
import app.switchback.LoginRequest
import app.switchback.Mode
import app.switchback.Platform
import app.switchback.Provider
import app.switchback.Purpose
import app.switchback.Session
import app.switchback.SwitchbackClient
import app.switchback.SwitchbackConfig
import app.switchback.UrlOpener
import app.switchback.android.http.UrlConnectionTransport
import app.switchback.support.Sandbox
import app.switchback.testing.TestClock
import app.switchback.testing.forTests
import java.io.File
import kotlin.time.Duration.Companion.seconds

/** The client of one process of an app. Each process has its own, with the same store and the same lock file. */
internal class AppProcess(
    private val store: KeystoreStore,
    private val folder: File,
    private val sandbox: String,
    now: Long,
    private val transport: HttpTransport = UrlConnectionTransport(),
) {
    private val clock = TestClock(now)
    private val sessions = mutableListOf<Session>()

    private fun client(opener: UrlOpener? = null): SwitchbackClient = SwitchbackClient.forTests(
        SwitchbackConfig(Provider.truid(baseUrl = sandbox), Mode.direct(Sandbox.CLIENT), Sandbox.REDIRECT_URI),
        Platform(store, transport, opener, lockFile = LockFile(folder.path, "processes")),
        clock,
    )

    suspend fun logIn(sandbox: Sandbox) {
        lateinit var client: SwitchbackClient
        client = client { url -> client.handle(sandbox.approve(url)) }
        val outcome = client.logIn(LoginRequest(Purpose.LOGIN, listOf(DataPoint.NAME)))
        check(outcome is LoginOutcome.LoggedIn) { "$outcome" }
        client.close()
    }

    /** Reads the session from the store. */
    suspend fun open() {
        sessions += client().sessions()
    }

    /** Moves the clock, and returns the access token. */
    suspend fun token(advance: Long): String {
        clock.advance(advance.seconds)
        return sessions.single().accessToken().value
    }
}
