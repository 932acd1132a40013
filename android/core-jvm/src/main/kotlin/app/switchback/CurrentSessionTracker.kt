package app.switchback

import kotlin.time.Duration
import kotlinx.coroutines.CoroutineScope
import kotlinx.coroutines.channels.Channel
import kotlinx.coroutines.flow.Flow
import kotlinx.coroutines.flow.MutableStateFlow
import kotlinx.coroutines.flow.StateFlow
import kotlinx.coroutines.flow.emptyFlow
import kotlinx.coroutines.flow.filter
import kotlinx.coroutines.flow.first
import kotlinx.coroutines.flow.flow
import kotlinx.coroutines.flow.map
import kotlinx.coroutines.flow.merge
import kotlinx.coroutines.flow.receiveAsFlow
import kotlinx.coroutines.isActive
import kotlinx.coroutines.launch
import kotlinx.coroutines.sync.Mutex
import kotlinx.coroutines.sync.withLock

/** Follows the current session. It first reads the store when [state] is first used. */
internal class CurrentSessionTracker(
    private val scope: CoroutineScope,
    private val pause: suspend (Duration) -> Unit,
    /** The oldest first. */
    private val sessions: suspend () -> List<Session>,
) {
    private val now = MutableStateFlow<CurrentSession>(CurrentSession.Loading)
    private val reading = Mutex()
    private val changed = Channel<Unit>(Channel.CONFLATED)

    /** The last current session. It calls [refresh] when it has ended. Used while [reading] is held. */
    private var last: Session? = null

    val state: StateFlow<CurrentSession> by lazy { now.also { scope.launch { follow() } } }

    /** The newest session that has not ended. */
    suspend fun read(): Session? {
        readAndWake()
        return when (val now = now.value) {
            is CurrentSession.LoggedIn -> now.session
            is CurrentSession.Unavailable -> throw now.error
            CurrentSession.Loading, is CurrentSession.LoggedOut -> null
        }
    }

    /** Reads the store after a login or a logout, unless the client is closed: [state] then shows the change. */
    suspend fun refresh() {
        if (scope.isActive) readAndWake()
    }

    /** Reads the store, and makes [follow] wait for the next change. */
    private suspend fun readAndWake() {
        readAgain()
        changed.trySend(Unit)
    }

    private suspend fun readAgain() = reading.withLock {
        var next: CurrentSession
        do {
            next = next()
            if (next is CurrentSession.LoggedIn) last = next.session.also { it.followers += this }
            // A session that ended before it had this follower did not call it.
        } while (next is CurrentSession.LoggedIn && next.session.end != null)
        now.value = next
    }

    private suspend fun next(): CurrentSession = try {
        val newest = sessions().lastOrNull { it.end == null }
        newest?.let(CurrentSession::LoggedIn) ?: CurrentSession.LoggedOut(last?.end)
    } catch (error: SwitchbackException) {
        CurrentSession.Unavailable(error)
    }

    private suspend fun follow() {
        var backoff = BACKOFF.iterator()
        while (true) {
            readAgain()
            val now = now.value
            if (now !is CurrentSession.Unavailable) backoff = BACKOFF.iterator()
            merge(changed.receiveAsFlow(), reasons(now, backoff)).first()
        }
    }

    /** Emits when there is a reason to read the store again. */
    private fun reasons(now: CurrentSession, backoff: Iterator<Duration>): Flow<Unit> = when {
        now is CurrentSession.LoggedIn -> now.session.state.filter { it !is SessionState.LoggedIn }.map { }
        now is CurrentSession.Unavailable && now.error.isRetryable -> flow {
            pause(now.error.retryAfter ?: backoff.next())
            emit(Unit)
        }
        else -> emptyFlow()
    }
}
