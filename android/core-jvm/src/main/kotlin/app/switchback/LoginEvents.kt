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
    private class Kept(val outcomes: List<LoginOutcome> = emptyList(), val collectors: Int = 0)

    private val kept = MutableStateFlow(Kept())
    private val loggedIn = ConcurrentHashMap.newKeySet<SessionId>()

    /** Publishes the outcome of a link. Some systems hand over a link twice: its login is published once. */
    fun give(result: Result<LoginOutcome>) {
        val outcome = result.getOrElse(::failed)
        if (outcome !is LoginOutcome.LoggedIn || loggedIn.add(outcome.session.id)) keep(outcome)
    }

    /** A call has returned this outcome: another link of the same login does not publish it. */
    fun given(outcome: LoginOutcome) {
        if (outcome is LoginOutcome.LoggedIn) loggedIn += outcome.session.id
    }

    /** The call that should have returned this outcome was cancelled. */
    fun giveBack(result: Result<LoginOutcome>) = keep(result.getOrElse(::failed))

    private fun keep(outcome: LoginOutcome) {
        kept.update { Kept((if (it.collectors > 0) it.outcomes else emptyList()) + outcome, it.collectors) }
    }

    private fun failed(error: Throwable): LoginOutcome {
        if (error !is SwitchbackException) throw error
        return LoginOutcome.Failed(LoginFailure(LoginFailure.Code(error.code), error.message))
    }

    /** Not `flow { }`: no cancellation may happen between taking an outcome and emitting it. */
    override suspend fun collect(collector: FlowCollector<LoginOutcome>) {
        kept.update { Kept(it.outcomes, it.collectors + 1) }
        try {
            while (true) {
                kept.first { it.outcomes.isNotEmpty() }
                // Another collector may have taken it first.
                val taken = kept.getAndUpdate { Kept(it.outcomes.drop(1), it.collectors) }
                taken.outcomes.firstOrNull()?.let { collector.emit(it) }
            }
        } finally {
            kept.update { Kept(it.outcomes, it.collectors - 1) }
        }
    }
}
