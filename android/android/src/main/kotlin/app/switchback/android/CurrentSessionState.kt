package app.switchback.android

import app.switchback.CurrentSession
import app.switchback.SwitchbackClient
import app.switchback.SwitchbackException
import kotlinx.coroutines.Deferred
import kotlinx.coroutines.ExperimentalCoroutinesApi
import kotlinx.coroutines.ExperimentalForInheritanceCoroutinesApi
import kotlinx.coroutines.awaitCancellation
import kotlinx.coroutines.flow.FlowCollector
import kotlinx.coroutines.flow.StateFlow

/** The current session of a client that is still being made. It has no delay of its own, as a copy would have. */
@OptIn(ExperimentalForInheritanceCoroutinesApi::class, ExperimentalCoroutinesApi::class)
internal class CurrentSessionState(private val client: Deferred<SwitchbackClient>) : StateFlow<CurrentSession> {
    override val value: CurrentSession
        get() = when {
            !client.isCompleted -> CurrentSession.Loading
            else -> failure() ?: client.getCompleted().current.value
        }

    override val replayCache: List<CurrentSession> get() = listOf(value)

    override suspend fun collect(collector: FlowCollector<CurrentSession>): Nothing {
        if (!client.isCompleted) collector.emit(CurrentSession.Loading)
        client.join()
        failure()?.let {
            collector.emit(it)
            awaitCancellation()
        }
        client.getCompleted().current.collect(collector)
    }

    private fun failure(): CurrentSession? =
        (client.getCompletionExceptionOrNull() as? SwitchbackException)?.let(CurrentSession::Unavailable)
}
