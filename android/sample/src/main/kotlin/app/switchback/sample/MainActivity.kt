package app.switchback.sample

import android.app.Activity
import android.content.Intent
import android.os.Bundle
import android.widget.TextView
import app.switchback.CurrentSession
import app.switchback.PendingLogin
import app.switchback.Purpose
import app.switchback.android.Switchback
import app.switchback.android.ui.TruidButton
import app.switchback.android.ui.WaitingSheet
import kotlinx.coroutines.CoroutineScope
import kotlinx.coroutines.MainScope
import kotlinx.coroutines.cancel
import kotlinx.coroutines.launch

/** The login screen. */
class MainActivity : Activity() {
    private val app get() = application as SampleApplication
    private val switchback: Switchback get() = app.switchback
    private lateinit var model: LoginModel
    private lateinit var person: TextView
    private lateinit var message: TextView
    private val buttons = mutableListOf<TruidButton>()
    private var visible: CoroutineScope? = null
    private var sheet: WaitingSheet? = null

    override fun onCreate(savedInstanceState: Bundle?) {
        super.onCreate(savedInstanceState)
        model = lastNonConfigurationInstance as LoginModel? ?: LoginModel(switchback)
        setColumn {
            title("Switchback")
            person = text("")
            message = card("")
            buttons += add(TruidButton(context))
            heading("New here?")
            buttons += add(TruidButton(context).apply { purpose = Purpose.ONBOARDING })
            heading("Prove who you are")
            buttons += add(TruidButton(context).apply { purpose = Purpose.IDENTITY_VERIFICATION })
            heading("More")
            for (page in DetailsActivity.Page.entries) button(page.title) { open(page) }
        }
        for (button in buttons) button.setOnClickListener { logIn(button.purpose) }
    }

    private fun logIn(purpose: Purpose) {
        // With a service, a logged-in person proves their identity under their session.
        val current = (switchback.current.value as? CurrentSession.LoggedIn)?.session
        val under = current.takeIf { purpose == Purpose.IDENTITY_VERIFICATION && !app.isDirect }
        model.logIn(this, app.request(purpose), under)
    }

    override fun onStart() {
        super.onStart()
        val scope = MainScope()
        scope.launch { model.state.collect(::show) }
        scope.launch { switchback.current.collect { person.text = words(it) } }
        visible = scope
    }

    override fun onStop() {
        visible?.cancel()
        sheet?.dismiss()
        super.onStop()
    }

    /** The person turns the phone: the next activity gets the model, and no login is interrupted. */
    override fun onRetainNonConfigurationInstance(): Any = model

    override fun onDestroy() {
        if (!isChangingConfigurations) model.close()
        super.onDestroy()
    }

    private fun show(state: LoginState) {
        message.showIfAny(state.message)
        for (button in buttons) button.isInProgress = state.isRunning
        sheet?.dismiss()
        sheet = state.waiting?.let(::ask)
    }

    private fun ask(login: PendingLogin): WaitingSheet {
        val sheet = WaitingSheet(
            this,
            onOpenAgain = { model.openAgain(this, login, onOtherDevice = false) },
            onOtherDevice = { model.openAgain(this, login, onOtherDevice = true) },
            onCancel = { model.cancel(login) },
        )
        sheet.setOnCancelListener { model.stopAsking() }
        sheet.show()
        return sheet
    }

    private fun words(current: CurrentSession): String = when (current) {
        is CurrentSession.Loading -> "…"
        is CurrentSession.LoggedIn -> "Logged in since ${time(current.session.loggedInAtEpochSeconds)}"
        is CurrentSession.LoggedOut -> current.reason?.userMessage ?: "No person is logged in"
        is CurrentSession.Unavailable -> current.error.userMessage
    }

    private fun open(page: DetailsActivity.Page) = startActivity(
        Intent(this, DetailsActivity::class.java)
            .putExtra(DetailsActivity.PAGE, page.name)
            .putExtra(DetailsActivity.ATTEMPT, model.last?.attempt?.text),
    )
}
