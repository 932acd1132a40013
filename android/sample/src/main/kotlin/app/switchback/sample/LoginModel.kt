package app.switchback.sample

import android.app.Activity
import app.switchback.ClaimType
import app.switchback.LoginOutcome
import app.switchback.LoginRequest
import app.switchback.PendingLogin
import app.switchback.Session
import app.switchback.SwitchbackException
import app.switchback.android.Switchback
import kotlinx.coroutines.CoroutineScope
import kotlinx.coroutines.MainScope
import kotlinx.coroutines.cancel
import kotlinx.coroutines.flow.MutableStateFlow
import kotlinx.coroutines.launch

/** What the login screen shows. */
data class LoginState(
    val message: String = "",
    val isRunning: Boolean = false,
    /** A login from which the person came back without an answer. */
    val waiting: PendingLogin? = null,
)

/** The logins of the login screen. The screen retains it when the person turns the phone, as a view model. */
class LoginModel(private val switchback: Switchback) {
    private val scope: CoroutineScope = MainScope()
    val state = MutableStateFlow(LoginState())

    /** The last outcome, for its timeline. */
    var last: LoginOutcome? = null
        private set

    init {
        // The outcome of a login that no call waits for: for example, its link started this process.
        scope.launch { switchback.events.collect { outcome -> show { outcome } } }
        scope.launch { findWaiting() }
    }

    /** The person may have come back without the link after Android had ended the process. */
    private suspend fun findWaiting() {
        val login = try {
            switchback.client().pendingLogins().lastOrNull()
        } catch (error: SwitchbackException) {
            null
        }
        if (state.value == LoginState()) state.value = LoginState(waiting = login)
    }

    fun logIn(activity: Activity, request: LoginRequest, under: Session? = null) =
        run { switchback.logIn(activity, request, under) }

    fun openAgain(activity: Activity, login: PendingLogin, onOtherDevice: Boolean) =
        run { switchback.reopen(activity, login.id, onOtherDevice) }

    fun cancel(login: PendingLogin) = run {
        switchback.cancelLogin(login.id)
        null
    }

    /** The person closed the sheet, and the login stays open. */
    fun stopAsking() {
        state.value = state.value.copy(waiting = null)
    }

    private fun run(call: suspend () -> LoginOutcome?) {
        state.value = LoginState(isRunning = true)
        scope.launch { show(call) }
    }

    private suspend fun show(call: suspend () -> LoginOutcome?) {
        state.value = try {
            val outcome = call()
            last = outcome ?: last
            when (outcome) {
                is LoginOutcome.LoggedIn -> LoginState("Hello, " + nameOf(outcome.session))
                is LoginOutcome.Pending -> LoginState(outcome.userMessage, waiting = outcome.login)
                null -> LoginState()
                else -> LoginState(outcome.userMessage)
            }
        } catch (error: SwitchbackException) {
            LoginState(error.userMessage)
        }
    }

    private suspend fun nameOf(session: Session) = session.presentation(ClaimType.NAME)[ClaimType.NAME]

    /** The screen does not come back. A login that still waits gets its outcome by `events`. */
    fun close() = scope.cancel()
}
