package app.switchback

import app.switchback.internal.Backend as RustBackend
import app.switchback.internal.Client
import app.switchback.internal.Config
import app.switchback.internal.Links
import app.switchback.internal.LoginAttempt
import app.switchback.internal.LoginOutcome as RustOutcome
import app.switchback.internal.LoginRequest as RustRequest
import app.switchback.internal.Mode as RustMode
import app.switchback.internal.Provider as RustProvider
import app.switchback.internal.Purpose as RustPurpose
import app.switchback.internal.TimelineEntry as RustEntry
import java.util.concurrent.ConcurrentHashMap
import kotlin.time.Duration
import kotlin.time.Duration.Companion.seconds
import kotlinx.coroutines.CoroutineScope
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.SupervisorJob
import kotlinx.coroutines.cancel

/** A client of the native library. */
internal class RustClient(private val client: Client) : ClientCore {
    private val scope = CoroutineScope(SupervisorJob() + Dispatchers.Default)

    /** The sessions that have not ended. Opening a session twice returns the same object. */
    private val opened = ConcurrentHashMap<SessionId, Session>()

    constructor(config: SwitchbackConfig, platform: Platform) :
        this(translated { NativeLibraryLoader.load().let { Client(config.forRust(), platform.forRust()) } })

    override val clockOffset: Duration? get() = client.clockOffset()?.seconds

    override suspend fun outcomeAtOnce(): LoginOutcome? = null

    override suspend fun begin(request: LoginRequest, under: Session?): Attempt = translated {
        when (val session = under?.core) {
            null -> client.begin(request.forRust())
            is RustSession -> session.begin(request.forRust())
            else -> throw SwitchbackException.Configuration("a login cannot begin under a fake session: pass a real one")
        }.forApps()
    }

    override suspend fun reopen(id: AttemptId): Attempt? = translated { client.reopen(id.text)?.forApps() }

    override fun accepts(link: String): Boolean = client.accepts(link)

    override suspend fun attemptOf(link: String): AttemptId? = translated { client.attemptOf(link)?.let(::AttemptId) }

    override suspend fun complete(link: String, attempt: AttemptId?): LoginOutcome =
        translated { client.complete(link).forApps(attempt) }

    override suspend fun pendingLogins(): List<PendingLogin> = translated {
        client.pendingLogins().map { PendingLogin(AttemptId(it.id), it.purpose.forApps(), it.startedAt, it.expiresAt) }
    }

    override suspend fun cancelLogin(id: AttemptId): Unit = translated { client.cancelLogin(id.text) }

    override suspend fun timeline(id: AttemptId): List<TimelineEntry>? = translated {
        client.timeline(id.text)?.map { TimelineEntry(it.at, it.event, it.note) }
    }

    override suspend fun record(id: AttemptId, entries: List<TimelineEntry>): Unit = translated {
        client.record(id.text, entries.map { RustEntry(it.atEpochSeconds, it.event, it.note) })
    }

    override fun links(purpose: Purpose): Links? = client.links(purpose.forRust())

    override suspend fun sessions(): List<Session> = translated { client.sessions() }.mapNotNull {
        try {
            session(SessionId(it))
        } catch (_: SwitchbackException.LoginRequired) {
            // It ended after the list was read.
            null
        }
    }

    override suspend fun session(id: SessionId): Session {
        val session = translated { client.session(id.text) }
        return opened.compute(id) { _, open ->
            if (open?.end == null && open != null) open.also { session.close() } else Session(RustSession(session, scope))
        }!!
    }

    override suspend fun removeSession(id: SessionId) {
        translated { client.removeSession(id.text) }
        (opened[id]?.core as? RustSession)?.update()
    }

    override fun close() {
        scope.cancel()
        client.close()
    }

    private suspend fun RustOutcome.forApps(attempt: AttemptId?): LoginOutcome = when (this) {
        is RustOutcome.LoggedIn -> LoginOutcome.LoggedIn(session(SessionId(session)))
        is RustOutcome.Declined -> LoginOutcome.Declined(attempt)
        is RustOutcome.Refused -> {
            val said = OAuthError(error.code, error.description)
            val code = if (interrupted) LoginFailure.Code.INTERRUPTED else LoginFailure.Code.REFUSED
            LoginOutcome.Failed(LoginFailure(code, "${code.message} ($said)", said, attempt))
        }
        is RustOutcome.Malformed -> {
            val message = "${LoginFailure.Code.MALFORMED.message} (${reason.name.lowercase()})"
            LoginOutcome.Failed(LoginFailure(LoginFailure.Code.MALFORMED, message))
        }
        is RustOutcome.NotOurs -> failed(LoginFailure.Code.NOT_OURS, null)
        // Anyone can make a link with any attempt.
        is RustOutcome.Unknown -> failed(LoginFailure.Code.UNKNOWN, null)
        is RustOutcome.Expired -> failed(LoginFailure.Code.EXPIRED, attempt)
        is RustOutcome.Replayed -> failed(LoginFailure.Code.REPLAYED, attempt)
        is RustOutcome.Forgotten -> failed(LoginFailure.Code.FORGOTTEN, attempt)
        is RustOutcome.OtherPerson -> failed(LoginFailure.Code.OTHER_PERSON, attempt)
    }
}

internal fun failed(code: LoginFailure.Code, attempt: AttemptId?) = LoginOutcome.Failed(LoginFailure(code, attempt = attempt))

internal fun SwitchbackConfig.forRust(): Config = Config(
    provider = provider.forRust(),
    mode = mode.forRust(),
    redirectUri = redirectUri,
    testService = testService,
    loginTimeout = loginTimeout.inWholeSeconds,
    refreshSkew = refreshSkew.inWholeSeconds,
    redirectUris = redirectUris.mapKeys { (purpose, _) -> purpose.forRust() },
)

internal fun Provider.forRust(): RustProvider = RustProvider(id, baseUrl, issuer, revocation, endSession)

private fun Mode.forRust(): RustMode = when {
    backend == null -> RustMode.Direct(clientId.orEmpty())
    else -> RustMode.Mediated(backend.forRust())
}

private fun Backend.forRust(): RustBackend = when {
    baseUrl != null -> RustBackend.Switchback(baseUrl)
    else -> RustBackend.Custom(startUrl.orEmpty(), userInfo, presentation, logOut)
}

private fun LoginRequest.forRust(): RustRequest =
    RustRequest(purpose.forRust(), scope.map(DataPoint::text), nonce, extra, person, sign?.forRust())

private fun LoginAttempt.forApps(): Attempt = Attempt(AttemptId(id), url)

private fun Purpose.forRust(): RustPurpose = RustPurpose.valueOf(text.uppercase())

internal fun RustPurpose.forApps(): Purpose = Purpose.values.first { it.text == name.lowercase() }
