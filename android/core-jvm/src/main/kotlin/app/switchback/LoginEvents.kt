package app.switchback

import java.util.concurrent.ConcurrentHashMap
import kotlinx.coroutines.flow.Flow
import kotlinx.coroutines.flow.FlowCollector
import kotlinx.coroutines.flow.MutableStateFlow
import kotlinx.coroutines.flow.first
import kotlinx.coroutines.flow.getAndUpdate
import kotlinx.coroutines.flow.update

/** Outcomes that no call waits for. While nobody collects, only the last one is kept. */
internal class LoginEvents : Flow<LoginOutcome> {
    private class Kept(val outcomes: List<LoginOutcome> = emptyList(), val collectors: Int = 0)

    private val kept = MutableStateFlow(Kept())
    private val loggedIn = ConcurrentHashMap.newKeySet<SessionId>()

    /** The outcome of a link. One that is handed over twice, as some systems do, is one login. */
    fun give(result: Result<LoginOutcome>) {
        val outcome = result.getOrElse(::failed)
        if (outcome !is LoginOutcome.LoggedIn || loggedIn.add(outcome.session.id)) keep(outcome)
    }

    /** Somebody waits for this outcome: its link tells it no more. */
    fun given(outcome: LoginOutcome) {
        if (outcome is LoginOutcome.LoggedIn) loggedIn += outcome.session.id
    }

    /** Who waited for this outcome has left. */
    fun giveBack(result: Result<LoginOutcome>) = keep(result.getOrElse(::failed))

    private fun keep(outcome: LoginOutcome) {
        kept.update { Kept((if (it.collectors > 0) it.outcomes else emptyList()) + outcome, it.collectors) }
    }

    private fun failed(error: Throwable): LoginOutcome {
        if (error !is SwitchbackException) throw error
        return LoginOutcome.Failed(LoginFailure(LoginFailure.Code(error.code), error.message))
    }

    /** Not by `flow { }`: between taking an outcome and giving it nothing may be cancelled. */
    override suspend fun collect(collector: FlowCollector<LoginOutcome>) {
        kept.update { Kept(it.outcomes, it.collectors + 1) }
        try {
            while (true) {
                kept.first { it.outcomes.isNotEmpty() }
                // Another collector may have been faster.
                val taken = kept.getAndUpdate { Kept(it.outcomes.drop(1), it.collectors) }
                taken.outcomes.firstOrNull()?.let { collector.emit(it) }
            }
        } finally {
            kept.update { Kept(it.outcomes, it.collectors - 1) }
        }
    }
}
