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
import kotlinx.coroutines.launch
import kotlinx.coroutines.sync.Mutex
import kotlinx.coroutines.sync.withLock

/** Follows the current session. It first reads the store when [state] is first used. */
internal class CurrentSessionTracker(
    scope: CoroutineScope,
    private val pause: suspend (Duration) -> Unit,
    private val sessions: suspend () -> List<Session>,
) {
    private val now = MutableStateFlow<CurrentSession>(CurrentSession.Loading)
    private val reading = Mutex()
    private val changed = Channel<Unit>(Channel.CONFLATED)

    val state: StateFlow<CurrentSession> by lazy { now.also { scope.launch { follow() } } }

    /** A login or logout may have changed the sessions in the store. */
    fun changed() {
        changed.trySend(Unit)
    }

    /** The newest session that has not ended. */
    suspend fun read(): Session? {
        refresh()
        return when (val now = now.value) {
            is CurrentSession.LoggedIn -> now.session
            is CurrentSession.Unavailable -> throw now.error
            CurrentSession.Loading, is CurrentSession.LoggedOut -> null
        }
    }

    /** Reads the current session, and makes [follow] read it again. */
    suspend fun refresh() {
        readAgain()
        changed()
    }

    private suspend fun readAgain() = reading.withLock { now.value = next(now.value) }

    private suspend fun next(before: CurrentSession): CurrentSession = try {
        val newest = sessions().filter { it.end == null }.maxByOrNull(Session::loggedInAtEpochSeconds)
        val reason = when (before) {
            is CurrentSession.LoggedIn -> before.session.end
            is CurrentSession.LoggedOut -> before.reason
            else -> null
        }
        newest?.let(CurrentSession::LoggedIn) ?: CurrentSession.LoggedOut(reason)
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
