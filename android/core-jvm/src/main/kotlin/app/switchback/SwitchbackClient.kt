package app.switchback

import app.switchback.internal.Links
import java.util.concurrent.ConcurrentHashMap
import kotlin.time.Duration
import kotlinx.coroutines.CancellationException
import kotlinx.coroutines.CompletableDeferred
import kotlinx.coroutines.CoroutineScope
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.SupervisorJob
import kotlinx.coroutines.awaitCancellation
import kotlinx.coroutines.cancel
import kotlinx.coroutines.coroutineScope
import kotlinx.coroutines.currentCoroutineContext
import kotlinx.coroutines.delay
import kotlinx.coroutines.ensureActive
import kotlinx.coroutines.flow.Flow
import kotlinx.coroutines.flow.StateFlow
import kotlinx.coroutines.isActive
import kotlinx.coroutines.launch
import kotlinx.coroutines.withTimeoutOrNull

/**
 * Logs people in at one service, and stores their sessions. Make one client for each store in a process,
 * and use it from any thread.
 *
 * [logIn] waits for the outcome of a login. Pass every link that the app is opened with to [handle]. If
 * the system ended the process during the login, [events] has the outcome in the new process.
 *
 * All calls can be cancelled. Work that must not be interrupted, for example a refresh, continues without
 * its caller.
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
     * Loads the native library, and checks the configuration. It reads, writes and sends nothing.
     *
     * @throws SwitchbackException.Configuration if the configuration is wrong, or the native library is
     *   missing or of another release: the message says what to do
     */
    public constructor(config: SwitchbackConfig, platform: Platform) :
        this(RustClient(config, platform), platform.opener, config.loginTimeout)

    /**
     * The outcomes that no call of [logIn] waits for: the link came to a new process, or the call was
     * cancelled. Each outcome goes to one collector. The last outcome is stored until a collector takes
     * it. An app can show each of them to the person. [handle] says which links lead to an event, and what
     * to do after a failure with the code `try_again`.
     */
    public val events: Flow<LoginOutcome> get() = outcomes

    /**
     * The newest session that has not ended: the current value, and each change. When a call of this client
     * or of one of its sessions returns or throws, the value already shows what the call changed.
     */
    public val current: StateFlow<CurrentSession> get() = tracker.state

    /**
     * How far the service's clock is ahead of this device's clock (negative: behind), from the last
     * response; null before the first response. A difference of more than a day is taken for a mistake of
     * the service, and ignored.
     */
    public val clockOffset: Duration? get() = open().clockOffset

    /** [logIn] with a purpose only. In direct mode most services require a scope, too. */
    public suspend fun logIn(purpose: Purpose, opener: UrlOpener? = null, under: Session? = null): LoginOutcome =
        logIn(LoginRequest(purpose), opener, under)

    /**
     * Logs a person in: begins an attempt, opens its URL, and waits until the link that comes back
     * reaches [handle], or until the attempt expires.
     *
     * If a person comes back to the app without a link, that is no refusal: the login still waits. To
     * stop waiting, cancel this call. The attempt stays, and its link still completes it; the outcome is
     * then in [events]. Several calls may wait at the same time.
     *
     * @param request the parameters of the login
     * @param opener opens the URL, instead of [Platform.opener]
     * @param under in mediated mode, a session of the same person under which the backend begins the
     *   login, for example for [Purpose.IDENTITY_VERIFICATION]
     * @throws SwitchbackException if the login could not begin, or could not be completed. If the opener
     *   threw an exception, this is [SwitchbackException.Configuration] with that exception as its cause,
     *   and the attempt was removed
     */
    public suspend fun logIn(request: LoginRequest, opener: UrlOpener? = null, under: Session? = null): LoginOutcome =
        logIn(request, under, (opener ?: this.opener)?.forAttempts())

    /** [logIn] with an opener that may notice that the person comes back without the link. */
    internal suspend fun logIn(request: LoginRequest, under: Session?, opener: AttemptOpener?): LoginOutcome {
        open().outcomeAtOnce()?.let { return it.alsoCurrent() }
        if (opener == null) throw SwitchbackException.Configuration(
            "there is no opener for the URL of the login: pass one to Platform or to logIn",
        )
        val core = open()
        val attempt = if (under == null) core.begin(request, null) else under.calling { core.begin(request, under) }
        return outcome(attempt, opener) {
            try {
                opener.open(attempt).also { opened -> if (!opened) open().cancelLogin(attempt.id) }
            } catch (error: Throwable) {
                if (error !is CancellationException) open().cancelLogin(attempt.id)
                throw error
            }
        }
    }

    /**
     * Opens a pending login again, and waits for its outcome. A call that already waits for it returns
     * [LoginOutcome.Pending]. Null if the login is not pending any more.
     */
    internal suspend fun reopen(id: AttemptId, opener: AttemptOpener): LoginOutcome? {
        val attempt = open().reopen(id) ?: return null
        return outcome(attempt, opener) { opener.open(attempt) }
    }

    private suspend fun outcome(attempt: Attempt, opener: AttemptOpener, open: suspend () -> Boolean) = coroutineScope {
        val call = CompletableDeferred<Result<LoginOutcome>>()
        calls.put(attempt.id, call)?.let { earlier -> pending(attempt.id)?.let { earlier.complete(Result.success(it)) } }
        try {
            if (!open()) return@coroutineScope failed(LoginFailure.Code.NOT_OPENED, attempt.id)
            val returning = launch {
                opener.awaitReturn()
                pending(attempt.id)?.let { if (calls.remove(attempt.id, call)) call.complete(Result.success(it)) }
            }
            val result = withTimeoutOrNull(loginTimeout) { call.await() }
                // The link may have come during the cancellation.
                ?: if (calls.remove(attempt.id, call)) null else call.await()
            returning.cancel()
            result?.getOrThrow() ?: failed(LoginFailure.Code.EXPIRED, attempt.id)
        } catch (cancelled: CancellationException) {
            if (!calls.remove(attempt.id, call)) scope.launch { outcomes.publishUnreturned(call.await(), attempt.id) }
            throw cancelled
        } finally {
            calls.remove(attempt.id, call)
        }
    }

    private suspend fun pending(id: AttemptId): LoginOutcome? =
        open().pendingLogins().firstOrNull { it.id == id }?.let { LoginOutcome.Pending(it) }

    /** Another URL of a pending login, after its first one is used; null if the login is not pending any more. */
    internal suspend fun freshUrl(id: AttemptId): String? = open().reopen(id)?.url

    /** Adds entries to the timeline of a login. */
    internal suspend fun record(id: AttemptId, entries: List<TimelineEntry>): Unit = open().record(id, entries)

    /** What a login opens, and where it comes back to; null if the provider does not have this purpose. */
    internal fun links(purpose: Purpose): Links? = open().links(purpose)

    private fun UrlOpener.forAttempts() = object : AttemptOpener {
        override suspend fun open(attempt: Attempt): Boolean = opens(attempt.url)

        override suspend fun awaitReturn() = awaitCancellation()
    }

    private suspend fun UrlOpener.opens(url: String): Boolean = try {
        open(url)
    } catch (error: Exception) {
        currentCoroutineContext().ensureActive()
        // Its message may contain the URL, which is a secret.
        throw SwitchbackException.Configuration(
            "the UrlOpener threw ${error.javaClass.name}: let it catch the exception, and return false if " +
                "nothing can open the URL",
            error,
        )
    }

    /**
     * Takes a link that the app was opened with. If the link leads to this client, the client completes
     * the login in the background. The outcome goes to the call of [logIn] that waits for it, or else to
     * [events].
     *
     * If the network, the service or the store is not available, the client retries for 30 seconds. After
     * that the call of [logIn] throws the error, or the event is a [LoginFailure] with the error's code, for
     * example `try_again`. The login still waits: as soon as the network is back, call this again with the
     * same link. That logs the person in if the code in the link still lives, about 30 seconds at most
     * services. If not, the outcome is [LoginFailure.Code.REFUSED]: begin a new login.
     *
     * A link that cannot be read ([LoginFailure.Code.MALFORMED]), and a link of no login in this store
     * ([LoginFailure.Code.UNKNOWN]), are not events. Anyone can make such a link, so it is not for the
     * person. [complete] returns these outcomes, too.
     *
     * @return immediately: whether the link leads to this client's redirect URI
     */
    public fun handle(link: String): Boolean {
        if (!open().accepts(link)) return false
        scope.launch {
            try {
                finish(link)
            } catch (closed: IllegalStateException) {
                // No caller waits any more. An exception in a thread without a handler would end the app.
                if (isActive) throw closed
            }
        }
        return true
    }

    private suspend fun finish(link: String) {
        var attempt: AttemptId? = null
        val result = retried {
            attempt = attempt ?: open().attemptOf(link)
            open().complete(link, attempt).alsoCurrent()
        }
        val call = attempt?.let(calls::remove) ?: return outcomes.publish(result, attempt)
        result.onSuccess(outcomes::markReturned)
        call.complete(result)
    }

    /** Retries with a pause before each retry. The service may require a longer pause. */
    private suspend fun <T> retried(call: suspend () -> T): Result<T> {
        var waited = Duration.ZERO
        for (backoff in BACKOFF) {
            try {
                return Result.success(call())
            } catch (error: SwitchbackException) {
                val wait = error.retryAfter ?: backoff
                waited += wait
                if (!error.isRetryable || waited > RETRY_DURATION) return Result.failure(error)
                pause(wait)
            }
        }
        error("BACKOFF never ends")
    }

    /**
     * Completes a login with the link that came back, for an app that waits for the completion itself;
     * [handle] does the same in the background. The app may call this again with the same link, also in a
     * later process, and gets the same session. A call of [logIn] that waits for this login returns the
     * outcome, too.
     *
     * @throws SwitchbackException.TryAgain if the service was not reached or did not answer: the same
     *   link may be tried again while its code lives, about 30 seconds at most services
     */
    public suspend fun complete(link: String): LoginOutcome {
        val attempt = open().attemptOf(link)
        val outcome = open().complete(link, attempt).alsoCurrent()
        outcomes.markReturned(outcome)
        attempt?.let(calls::remove)?.complete(Result.success(outcome))
        return outcome
    }

    /** The logins that wait for their link, oldest first. */
    public suspend fun pendingLogins(): List<PendingLogin> = open().pendingLogins()

    /**
     * Opens the URL of a pending login again, for example if the identity app did not open.
     *
     * @param opener opens the URL, instead of [Platform.opener]
     * @return false if the login is not pending any more, or nothing could open the URL
     * @throws SwitchbackException if the store or the service is not available. If the opener threw an
     *   exception, this is [SwitchbackException.Configuration] with that exception as its cause, and the
     *   login stays pending
     */
    public suspend fun reopen(id: AttemptId, opener: UrlOpener? = null): Boolean {
        val opens = opener ?: this.opener ?: throw SwitchbackException.Configuration(
            "there is no opener for the URL of the login: pass one to Platform or to reopen",
        )
        val attempt = open().reopen(id) ?: return false
        return opens.opens(attempt.url)
    }

    /**
     * Drops a login: a later link for it results in [LoginFailure.Code.UNKNOWN]. It is not an error if
     * there is no such login. A completion that has already begun is not stopped.
     */
    public suspend fun cancelLogin(id: AttemptId): Unit = open().cancelLogin(id)

    /**
     * The events of a login so far, oldest first; null if there is no such login any more. The store has them
     * for a day after the deadline of the login, also if the person declined or the login failed. It removes
     * them at once if the login is cancelled or nothing could open it ([LoginFailure.Code.NOT_OPENED]).
     */
    public suspend fun timeline(id: AttemptId): List<TimelineEntry>? = open().timeline(id)

    /** The events of the login that led to this session, oldest first; null if the store has none any more. */
    public suspend fun timeline(id: SessionId): List<TimelineEntry>? = timeline(AttemptId(id.text))

    /**
     * The newest session that has not ended; null if no person is logged in.
     *
     * @throws SwitchbackException if the store cannot be read
     */
    public suspend fun currentSession(): Session? = tracker.read()

    /**
     * The sessions in the store that have not ended, as far as is known: by their login, the oldest first.
     * Logins of the same second are in the order of their ids, so the order is the same in each call.
     */
    public suspend fun sessions(): List<Session> = open().sessions()

    /**
     * Opens a session, also one that has ended: see [Session.end].
     *
     * @throws SwitchbackException.LoginRequired if there is no such session, or its entry cannot be read
     */
    public suspend fun session(id: SessionId): Session = open().session(id)

    /**
     * Removes a session from the store in any state, and revokes it at the service, if the service
     * supports that. It is not an error if there is no such session.
     */
    public suspend fun removeSession(id: SessionId) {
        open().removeSession(id)
        tracker.refresh()
    }

    /**
     * Stops the background work of this client. Its sessions stay in the store. A waiting call of [logIn]
     * throws [IllegalStateException], and so does every later call.
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
         * A client for previews and tests of an app. It needs no native library, opens nothing, and every
         * login has the same outcome.
         *
         * @param outcome the outcome of every login; [Session.fake] makes a session for it
         */
        public fun fake(outcome: LoginOutcome = LoginOutcome.LoggedIn(Session.fake())): SwitchbackClient =
            SwitchbackClient(FakeClient(outcome), opener = null, loginTimeout = Duration.INFINITE)
    }
}
