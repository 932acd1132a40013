package switchback.support

import java.util.concurrent.atomic.AtomicLong
import kotlin.time.Duration
import kotlin.time.Duration.Companion.seconds
import kotlinx.coroutines.CoroutineScope
import kotlinx.coroutines.runBlocking
import kotlinx.coroutines.withTimeout
import switchback.BackgroundTasks
import switchback.Client
import switchback.LoginOutcome
import switchback.Config
import switchback.ProcessLock
import switchback.HttpTransport
import switchback.LoginRequest
import switchback.Mode
import switchback.Platform
import switchback.Provider
import switchback.Purpose
import switchback.SecureStore
import switchback.Session
import switchback.TruidDataPoint
import switchback.testing.Clock
import switchback.testing.Now
import switchback.testing.clientForTests
import switchback.truid

/** A test that waits, for so long at most. */
fun bounded(limit: Duration = 30.seconds, test: suspend CoroutineScope.() -> Unit): Unit =
    runBlocking { withTimeout(limit, test) }

/** A clock that stands still until it is moved. */
class TestClock(now: Long) : Clock {
    private val wall = AtomicLong(now)
    private val uptime = AtomicLong(1_000)

    override fun now(): Now = Now(wall.get(), uptime.get())

    fun advance(seconds: Long) {
        wall.addAndGet(seconds)
        uptime.addAndGet(seconds)
    }
}

/** A phone with one store, and the sandbox behind the network. */
class World(val sandbox: Sandbox = Sandbox.shared) {
    init {
        sandbox.reset()
    }

    val clock = TestClock(sandbox.now())
    val store = MemoryStore()

    /** The app as it starts: every call is a new process as far as memory goes. */
    fun app(
        store: SecureStore = this.store,
        http: HttpTransport? = null,
        processLock: ProcessLock? = null,
        background: BackgroundTasks? = null,
        config: Config = config(),
    ): Client = clientForTests(config, Platform(store, http, processLock = processLock, background = background), clock)

    fun config(): Config = Config(
        provider = Provider.truid(baseUrl = sandbox.url),
        mode = Mode.Direct(Sandbox.CLIENT),
        redirectUri = Sandbox.REDIRECT_URI,
    )

    /** Time passes for both. */
    fun advance(seconds: Long) {
        clock.advance(seconds)
        sandbox.advance(seconds)
    }

    suspend fun loggedIn(client: Client = app()): Session {
        val link = sandbox.approve(client.begin(login()).url)
        return client.session(sessionOf(client.complete(link)))
    }
}

fun login(purpose: Purpose = Purpose.LOGIN): LoginRequest =
    LoginRequest(purpose, TruidDataPoint.entries.map { it.key() })

fun sessionOf(completion: LoginOutcome): String = when (completion) {
    is LoginOutcome.LoggedIn -> completion.session
    else -> throw AssertionError("not logged in: $completion")
}
