package app.switchback.support

import app.switchback.DataPoint
import app.switchback.DocumentDigest
import app.switchback.HttpHeader
import app.switchback.HttpRequest
import app.switchback.HttpResponse
import app.switchback.HttpTransport
import app.switchback.LoginOutcome
import app.switchback.LoginRequest
import app.switchback.Mode
import app.switchback.Platform
import app.switchback.Provider
import app.switchback.Purpose
import app.switchback.RustClient
import app.switchback.SecureStore
import app.switchback.Session
import app.switchback.SignRequest
import app.switchback.StoreException
import app.switchback.SwitchbackClient
import app.switchback.SwitchbackConfig
import app.switchback.UrlOpener
import app.switchback.forRust
import app.switchback.testing.ClockForRust
import app.switchback.testing.TestClock
import app.switchback.testing.internal.clientForTests
import java.util.concurrent.ConcurrentHashMap
import java.util.concurrent.CopyOnWriteArrayList
import kotlin.time.Duration
import kotlin.time.Duration.Companion.seconds
import kotlinx.coroutines.CompletableDeferred

/** A store in memory, which can be locked. */
class AppStore : SecureStore {
    private val entries = ConcurrentHashMap<String, ByteArray>()

    @Volatile
    var locked = false

    override fun get(key: String): ByteArray? = open { entries[key] }

    override fun put(key: String, value: ByteArray) = open { entries[key] = value }

    override fun delete(key: String) = open { entries.remove(key).let { } }

    override fun list(prefix: String): List<String> = open { entries.keys.filter { it.startsWith(prefix) } }

    private fun <T> open(work: () -> T): T = if (locked) throw StoreException.Locked() else work()
}

/** A person who makes this decision about each opened URL. [client] gets the link. */
class Person(private val decide: (url: String) -> String) : UrlOpener {
    lateinit var client: SwitchbackClient
    val opened = CopyOnWriteArrayList<String>()

    override suspend fun open(url: String): Boolean {
        opened += url
        return client.handle(decide(url))
    }
}

/** A person who opens the identity app and does not come back. */
class LeavingPerson : UrlOpener {
    val opened = CompletableDeferred<String>()

    override suspend fun open(url: String): Boolean = opened.complete(url)
}

/** An app in direct mode, on one phone. Each client shares only the store with earlier ones, like a new process. */
internal class App(val sandbox: Sandbox = Sandbox.shared) {
    init {
        sandbox.reset()
    }

    val clock = TestClock(sandbox.now())
    val store = AppStore()

    /** The pauses between retries. None of them takes real time. */
    val pauses = CopyOnWriteArrayList<Duration>()

    fun client(
        opener: UrlOpener? = null,
        transport: HttpTransport? = null,
        store: SecureStore = this.store,
        onPause: () -> Unit = { },
    ): SwitchbackClient {
        val config = SwitchbackConfig(Provider.truid(baseUrl = sandbox.url), Mode.direct(Sandbox.CLIENT), Sandbox.REDIRECT_URI)
        val rust = clientForTests(config.forRust(), Platform(store, transport).forRust(), ClockForRust(clock))
        val client = SwitchbackClient(RustClient(rust), opener, config.loginTimeout) {
            pauses += it
            onPause()
        }
        (opener as? Person)?.client = client
        return client
    }

    /** A client whose person approves every login. */
    fun approving(): SwitchbackClient = client(Person(sandbox::approve))

    /** Advances both clocks. */
    fun advance(seconds: Long) {
        clock.advance(seconds.seconds)
        sandbox.advance(seconds)
    }
}

/** A transport whose responses the test decides. */
class ScriptedTransport(private val answer: suspend (HttpRequest) -> HttpResponse) : HttpTransport {
    val seen = CopyOnWriteArrayList<HttpRequest>()

    override suspend fun send(request: HttpRequest): HttpResponse {
        seen += request
        return answer(request)
    }
}

fun answer(body: String, status: Int = 200): HttpResponse =
    HttpResponse(status, listOf(HttpHeader("content-type", "application/json")), body.toByteArray())

/** A request with a scope, as direct mode needs. */
fun requestFor(purpose: Purpose = Purpose.LOGIN): LoginRequest =
    LoginRequest(
        purpose,
        scope = listOf(DataPoint.NAME, DataPoint.EMAIL),
        sign = contract.takeIf { purpose == Purpose.SIGNING },
    )

/** What a person signs. */
val contract = SignRequest("https://example.com/contract.pdf", DocumentDigest.of(ByteArray(1)), "I sign the contract")

/** Logs a person in at this sandbox, with the system's clock, and returns the session. */
suspend fun Sandbox.loggedIn(): Session {
    val person = Person(::approve)
    val config = SwitchbackConfig(Provider.truid(baseUrl = url), Mode.direct(Sandbox.CLIENT), Sandbox.REDIRECT_URI)
    person.client = SwitchbackClient(config, Platform(AppStore(), opener = person))
    return (person.client.logIn(requestFor()) as LoginOutcome.LoggedIn).session
}
