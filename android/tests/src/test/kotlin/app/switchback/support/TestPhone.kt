package app.switchback.support

import app.switchback.internal.BackgroundTasks
import app.switchback.internal.Client
import app.switchback.internal.Config
import app.switchback.internal.HttpTransport
import app.switchback.internal.LoginOutcome
import app.switchback.internal.LoginRequest
import app.switchback.internal.Mode
import app.switchback.internal.Platform
import app.switchback.internal.ProcessLock
import app.switchback.internal.Provider
import app.switchback.internal.Purpose
import app.switchback.internal.SecureStore
import app.switchback.internal.Session
import app.switchback.internal.TruidDataPoint
import app.switchback.internal.truid
import app.switchback.testing.ClockForRust
import app.switchback.testing.TestClock
import app.switchback.testing.internal.clientForTests
import kotlin.time.Duration
import kotlin.time.Duration.Companion.seconds
import kotlinx.coroutines.CoroutineScope
import kotlinx.coroutines.runBlocking
import kotlinx.coroutines.withTimeout

/** A test with a timeout. */
fun bounded(limit: Duration = 30.seconds, test: suspend CoroutineScope.() -> Unit): Unit =
    runBlocking { withTimeout(limit, test) }

/** A phone with one store, and the sandbox. */
internal class TestPhone(val sandbox: Sandbox = Sandbox.shared) {
    init {
        sandbox.reset()
    }

    val clock = TestClock(sandbox.now())
    val store = MemoryStore()

    /** A newly started app. It shares only the store with earlier ones, like a new process. */
    fun app(
        store: SecureStore = this.store,
        http: HttpTransport? = null,
        processLock: ProcessLock? = null,
        background: BackgroundTasks? = null,
        config: Config = config(),
    ): Client = clientForTests(config, Platform(store, http, processLock = processLock, background = background), ClockForRust(clock))

    fun config(): Config = Config(
        provider = Provider.truid(baseUrl = sandbox.url),
        mode = Mode.Direct(Sandbox.CLIENT),
        redirectUri = Sandbox.REDIRECT_URI,
    )

    /** Advances both clocks. */
    fun advance(seconds: Long) {
        clock.advance(seconds.seconds)
        sandbox.advance(seconds)
    }

    suspend fun loggedIn(client: Client = app()): Session {
        val link = sandbox.approve(client.begin(login()).url)
        return client.session(sessionOf(client.complete(link)))
    }
}

internal fun login(purpose: Purpose = Purpose.LOGIN): LoginRequest =
    LoginRequest(
        purpose,
        TruidDataPoint.entries.map { it.key() },
        sign = contract.forRust().takeIf { purpose == Purpose.SIGNING },
    )

internal fun sessionOf(completion: LoginOutcome): String = when (completion) {
    is LoginOutcome.LoggedIn -> completion.session
    else -> throw AssertionError("not logged in: $completion")
}
