package app.switchback

import java.util.concurrent.ConcurrentHashMap
import kotlinx.coroutines.flow.Flow
import kotlinx.coroutines.flow.FlowCollector
import kotlinx.coroutines.flow.MutableStateFlow
import kotlinx.coroutines.flow.first
import kotlinx.coroutines.flow.getAndUpdate
import kotlinx.coroutines.flow.update

/** The outcomes that no call waits for. While there is no collector, only the last outcome is stored. */
internal class LoginEvents : Flow<LoginOutcome> {
    private class Queue(val outcomes: List<LoginOutcome> = emptyList(), val collectors: Int = 0)

    private val queue = MutableStateFlow(Queue())
    private val loggedIn = ConcurrentHashMap.newKeySet<SessionId>()

    /** Publishes the outcome of a link. Some systems hand over a link twice: its login is published once. */
    fun publish(result: Result<LoginOutcome>, attempt: AttemptId?) {
        val outcome = result.getOrElse { failed(it, attempt) }
        if (outcome !is LoginOutcome.LoggedIn || loggedIn.add(outcome.session.id)) enqueue(outcome)
    }

    /** A call has returned this outcome: another link of the same login does not publish it. */
    fun markReturned(outcome: LoginOutcome) {
        if (outcome is LoginOutcome.LoggedIn) loggedIn += outcome.session.id
    }

    /** The call that should have returned this outcome was cancelled. */
    fun publishUnreturned(result: Result<LoginOutcome>, attempt: AttemptId) = enqueue(result.getOrElse { failed(it, attempt) })

    /**
     * Anyone can make a link of no login: an app must not show it to the person. A login that is pending has
     * no outcome yet.
     */
    private fun enqueue(outcome: LoginOutcome) {
        if (outcome is LoginOutcome.Pending) return
        if (outcome is LoginOutcome.Failed && outcome.failure.code in OF_NO_LOGIN) return
        queue.update { Queue((if (it.collectors > 0) it.outcomes else emptyList()) + outcome, it.collectors) }
    }

    private fun failed(error: Throwable, attempt: AttemptId?): LoginOutcome {
        if (error !is SwitchbackException) throw error
        return LoginOutcome.Failed(LoginFailure(LoginFailure.Code(error.code), error.message, attempt = attempt))
    }

    private companion object {
        val OF_NO_LOGIN = setOf(LoginFailure.Code.MALFORMED, LoginFailure.Code.UNKNOWN, LoginFailure.Code.NOT_OURS)
    }

    /** Not `flow { }`: no cancellation may happen between taking an outcome and emitting it. */
    override suspend fun collect(collector: FlowCollector<LoginOutcome>) {
        queue.update { Queue(it.outcomes, it.collectors + 1) }
        try {
            while (true) {
                queue.first { it.outcomes.isNotEmpty() }
                // Another collector may have taken it first.
                val taken = queue.getAndUpdate { Queue(it.outcomes.drop(1), it.collectors) }
                taken.outcomes.firstOrNull()?.let { collector.emit(it) }
            }
        } finally {
            queue.update { Queue(it.outcomes, it.collectors - 1) }
        }
    }
}
