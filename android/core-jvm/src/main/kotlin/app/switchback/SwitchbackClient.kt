package app.switchback

import java.util.concurrent.ConcurrentHashMap
import kotlin.time.Duration
import kotlinx.coroutines.CancellationException
import kotlinx.coroutines.CompletableDeferred
import kotlinx.coroutines.CoroutineScope
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.SupervisorJob
import kotlinx.coroutines.cancel
import kotlinx.coroutines.delay
import kotlinx.coroutines.flow.Flow
import kotlinx.coroutines.flow.StateFlow
import kotlinx.coroutines.isActive
import kotlinx.coroutines.launch
import kotlinx.coroutines.withTimeoutOrNull

/**
 * Logs people in at one service, and keeps their sessions. Make one for a store in a process, and use it
 * from wherever it is needed, from any thread.
 *
 * [logIn] waits for the outcome of a login; [handle] is given every link that the app is opened with.
 * Where the app was ended meanwhile, [events] has the outcome in the new process.
 *
 * A call may be cancelled; what must not be interrupted goes on without its caller.
 */
public class SwitchbackClient internal constructor(
    private val core: ClientCore,
    private val opener: UrlOpener?,
    private val loginTimeout: Duration,
    private val pause: suspend (Duration) -> Unit = { delay(it) },
) : AutoCloseable {
    internal val scope = CoroutineScope(SupervisorJob() + Dispatchers.Default)
    private val calls = ConcurrentHashMap<AttemptId, CompletableDeferred<Result<LoginOutcome>>>()
    private val outcomes = LoginEvents()
    private val tracker = CurrentSessionTracker(scope, pause) { sessions() }

    /**
     * Checks the configuration; nothing is read, written or sent.
     *
     * @throws SwitchbackException.Configuration where it is wrong
     */
    public constructor(config: SwitchbackConfig, platform: Platform) :
        this(RustClient(config, platform), platform.opener, config.loginTimeout)

    /**
     * The outcomes that no [logIn] waits for: of a link that a new process was opened with, or whose call
     * of [logIn] was cancelled. Each is given once, to one collector; the last one is kept until somebody
     * collects.
     */
    public val events: Flow<LoginOutcome> get() = outcomes

    /** Who is logged in: the newest session that is not over, now and whenever that changes. */
    public val current: StateFlow<CurrentSession> get() = tracker.state

    /** By how much the service's clock is ahead of this device's, by its last answer; null before that. */
    public val clockOffset: Duration? get() = open().clockOffset

    /** [logIn] for a purpose, with nothing else to say: in direct mode most services demand a scope as well. */
    public suspend fun logIn(purpose: Purpose, opener: UrlOpener? = null, under: Session? = null): LoginOutcome =
        logIn(LoginRequest(purpose), opener, under)

    /**
     * Logs a person in: begins an attempt, opens its URL, and waits until [handle] has completed it with
     * the link that comes back, or until it has expired.
     *
     * A person who comes back without a link has not declined: their login waits. Cancel this call to
     * wait no more. The attempt stays, and its link still completes it: the outcome is then in [events].
     * Several calls may wait at once.
     *
     * @param request what the login is to be
     * @param opener opens the URL, instead of [Platform.opener]
     * @param under a session of the same person under which the login begins, in mediated mode: for
     *   [Purpose.IDENTITY_VERIFICATION] of somebody whom the backend knows
     * @throws SwitchbackException where it could not begin, or could not be completed
     */
    public suspend fun logIn(request: LoginRequest, opener: UrlOpener? = null, under: Session? = null): LoginOutcome {
        open().outcomeAtOnce()?.let { return it.alsoCurrent() }
        val opens = opener ?: this.opener ?: throw SwitchbackException.Configuration(
            "nothing opens the URL of a login: give Platform an opener, or logIn",
        )
        val attempt = open().begin(request, under)
        val call = CompletableDeferred<Result<LoginOutcome>>()
        calls[attempt.id] = call
        try {
            if (!opened(opens, attempt)) return LoginOutcome.Failed(LoginFailure(LoginFailure.Code.NOT_OPENED))
            val result = withTimeoutOrNull(loginTimeout) { call.await() }
                // Its link may have come in this very moment.
                ?: if (calls.remove(attempt.id, call)) null else call.await()
            return result?.getOrThrow() ?: LoginOutcome.Failed(LoginFailure(LoginFailure.Code.EXPIRED))
        } catch (cancelled: CancellationException) {
            if (!calls.remove(attempt.id, call)) scope.launch { outcomes.giveBack(call.await()) }
            throw cancelled
        } finally {
            calls.remove(attempt.id, call)
        }
    }

    private suspend fun opened(opener: UrlOpener, attempt: Attempt): Boolean {
        val opened = try {
            opener.open(attempt.url)
        } catch (cancelled: CancellationException) {
            throw cancelled
        } catch (error: Throwable) {
            open().cancelLogin(attempt.id)
            throw error
        }
        if (!opened) open().cancelLogin(attempt.id)
        return opened
    }

    /**
     * Takes a link that the app was opened with. Where it is this client's, the login that it belongs to
     * is completed in the background: the outcome goes to the [logIn] that waits for it, else to [events].
     * Without a network it is tried again for half a minute.
     *
     * @return at once: whether the link is this client's
     */
    public fun handle(link: String): Boolean {
        if (!open().accepts(link)) return false
        scope.launch {
            try {
                finish(link)
            } catch (closed: IllegalStateException) {
                // Nobody waits any more, and an error in a thread without a handler ends an app.
                if (isActive) throw closed
            }
        }
        return true
    }

    private suspend fun finish(link: String) {
        var attempt: AttemptId? = null
        val result = retried {
            attempt = attempt ?: open().attemptOf(link)
            open().complete(link).alsoCurrent()
        }
        val call = attempt?.let(calls::remove) ?: return outcomes.give(result)
        result.onSuccess(outcomes::given)
        call.complete(result)
    }

    /** With a pause before each repetition, which the service may demand to be longer. */
    private suspend fun <T> retried(call: suspend () -> T): Result<T> {
        var waited = Duration.ZERO
        for (backoff in BACKOFF) {
            try {
                return Result.success(call())
            } catch (error: SwitchbackException) {
                val wait = error.retryAfter ?: backoff
                waited += wait
                if (!error.isRetryable || waited > RETRIED_FOR) return Result.failure(error)
                pause(wait)
            }
        }
        error("BACKOFF never ends")
    }

    /**
     * Completes a login with the link that came back, for an app that wants to wait for it itself:
     * [handle] does the same in the background. May be called again with the same link, also by a later
     * process, and gives the same session. A [logIn] that waits for this login has its outcome as well.
     *
     * @throws SwitchbackException.TryAgain the same link may be tried again, while its code lives: half a
     *   minute, with most services
     */
    public suspend fun complete(link: String): LoginOutcome {
        val attempt = open().attemptOf(link)
        val outcome = open().complete(link).alsoCurrent()
        outcomes.given(outcome)
        attempt?.let(calls::remove)?.complete(Result.success(outcome))
        return outcome
    }

    /** The logins that wait for their link, oldest first. */
    public suspend fun pendingLogins(): List<PendingLogin> = open().pendingLogins()

    /**
     * Opens the URL of a pending login again, for "it did not open".
     *
     * @param opener opens the URL, instead of [Platform.opener]
     * @return false where the login is not pending any more, or nothing could open the URL
     */
    public suspend fun reopen(id: AttemptId, opener: UrlOpener? = null): Boolean {
        val opens = opener ?: this.opener ?: throw SwitchbackException.Configuration(
            "nothing opens the URL of a login: give Platform an opener, or reopen",
        )
        val attempt = open().reopen(id) ?: return false
        return opens.open(attempt.url)
    }

    /**
     * Drops a login: a later link for it is [LoginFailure.Code.UNKNOWN]. One that is not there is no error.
     * A link that is being completed at this moment is completed all the same.
     */
    public suspend fun cancelLogin(id: AttemptId): Unit = open().cancelLogin(id)

    /** What happened to a login so far, oldest first; null where there is no such login any more. */
    public suspend fun timeline(id: AttemptId): List<TimelineEntry>? = open().timeline(id)

    /**
     * The newest session that is not over; null where nobody is logged in.
     *
     * @throws SwitchbackException where the store cannot say
     */
    public suspend fun currentSession(): Session? = tracker.read()

    /** The sessions in the store that are not known to be over. */
    public suspend fun sessions(): List<Session> = open().sessions()

    /**
     * Opens a session, also one that is over: [Session.end] says so.
     *
     * @throws SwitchbackException.LoginRequired where there is none, or what was stored cannot be read
     */
    public suspend fun session(id: SessionId): Session = open().session(id)

    /**
     * Removes a session from the store, whatever state it is in, and tells the service where it can be
     * told. One that is not there is no error.
     */
    public suspend fun removeSession(id: SessionId): Unit = open().removeSession(id).also { tracker.changed() }

    /**
     * Stops what this client does in the background. Its sessions in the store stay. A [logIn] that waits
     * throws [IllegalStateException], as every later call does.
     */
    override fun close() {
        scope.cancel()
        core.close()
        calls.values.forEach { it.complete(Result.failure(IllegalStateException(CLOSED))) }
    }

    override fun toString(): String = "SwitchbackClient"

    private fun open(): ClientCore {
        check(scope.isActive) { CLOSED }
        return core
    }

    private suspend fun LoginOutcome.alsoCurrent(): LoginOutcome = also { if (it is LoginOutcome.LoggedIn) tracker.refresh() }

    public companion object {
        private const val CLOSED = "this SwitchbackClient is closed: make another one"

        /**
         * A client for previews and tests of an app: it needs no native library, opens nothing, and every
         * login has this outcome.
         *
         * @param outcome what [logIn] gives; [Session.fake] makes a session for it
         */
        public fun fake(outcome: LoginOutcome = LoginOutcome.LoggedIn(Session.fake())): SwitchbackClient =
            SwitchbackClient(FakeClient(outcome), opener = null, loginTimeout = Duration.INFINITE)
    }
}
