package app.switchback.android

import android.app.Activity
import android.content.Context
import android.net.Uri
import app.switchback.AttemptId
import app.switchback.CurrentSession
import app.switchback.LoginOutcome
import app.switchback.LoginRequest
import app.switchback.Purpose
import app.switchback.Session
import app.switchback.SwitchbackClient
import app.switchback.SwitchbackConfig
import app.switchback.SwitchbackException
import app.switchback.android.store.KeystoreStore
import app.switchback.internal.Links
import app.switchback.internal.Question
import app.switchback.internal.checkAndroidLinks
import kotlinx.coroutines.CoroutineScope
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.SupervisorJob
import kotlinx.coroutines.async
import kotlinx.coroutines.cancel
import kotlinx.coroutines.flow.Flow
import kotlinx.coroutines.flow.StateFlow
import kotlinx.coroutines.flow.emitAll
import kotlinx.coroutines.flow.flow
import kotlinx.coroutines.launch
import kotlinx.coroutines.withContext

/**
 * Logs people in on Android: it opens the identity app or a browser, receives the link, and stores the
 * sessions with the Android Keystore. Make one in `Application.onCreate`, because a link may start the process.
 *
 * The constructor does no work on the calling thread: another thread loads the native library and checks the
 * configuration. If that fails, each call throws [SwitchbackException.Configuration], and [current] has it.
 *
 * The app's manifest needs the placeholders `switchbackHost` and `switchbackPath`, which are the host and the
 * path of the redirect URI. Its scheme is `https`, or the application id for a test service. Each further
 * redirect URI needs another intent filter for `app.switchback.android.RedirectActivity`. So does a test
 * service if the application id has an underscore or a capital letter: such an id cannot be a scheme.
 * [checkLinks] says what is wrong.
 *
 * @param options for an app that replaces a part or has wishes about the browser
 */
public class Switchback @JvmOverloads constructor(
    context: Context,
    config: SwitchbackConfig,
    private val options: SwitchbackOptions = SwitchbackOptions(),
) : AutoCloseable {
    private val scope = CoroutineScope(SupervisorJob() + Dispatchers.Default)
    private val facts = options.facts(context.applicationContext)
    private val store = options.store(context.applicationContext)
    private val client = scope.async(Dispatchers.IO) {
        SwitchbackClient(config, options.platform(context.applicationContext, store))
    }

    init {
        LinkReceiver.add(this)
    }

    /**
     * [SwitchbackClient.events]: collect them in each process, because a login may end in a new process. If the
     * person comes back to a new process without the link, there is no event: the login is in
     * [SwitchbackClient.pendingLogins].
     */
    public val events: Flow<LoginOutcome> = flow { emitAll(client().events) }

    /** [SwitchbackClient.current]. */
    public val current: StateFlow<CurrentSession> = CurrentSessionState(client)

    /**
     * The client below, for everything that is not about Android: sessions, timelines, pending logins. Do not
     * log in with it: it has no opener.
     *
     * @throws SwitchbackException.Configuration if the configuration is wrong, or the native library is missing
     */
    public suspend fun client(): SwitchbackClient = client.await()

    /** [logIn] with a purpose only. In direct mode most services require a scope, too. */
    public suspend fun logIn(activity: Activity, purpose: Purpose, under: Session? = null): LoginOutcome =
        logIn(activity, LoginRequest(purpose), under)

    /**
     * Logs a person in, as [SwitchbackClient.logIn] does. It opens the identity app, or else a browser, on top
     * of this activity.
     *
     * If the person comes back without the link, the outcome is [LoginOutcome.Pending]: the login still waits.
     * Call [reopen] or [cancelLogin], or do nothing; if the link comes later, its outcome is in [events].
     *
     * If the scope of this call ends with the activity, for example at a rotation, the outcome is in [events],
     * too. A scope that survives it (that of a view model) gets the outcome from this call.
     *
     * @param activity the activity that the person sees
     * @param request the parameters of the login
     * @param under in mediated mode, a session of the same person under which the backend begins the login
     * @throws SwitchbackException if the login could not begin, or could not be completed
     * @see app.switchback.android.ui.WaitingSheet
     */
    public suspend fun logIn(activity: Activity, request: LoginRequest, under: Session? = null): LoginOutcome {
        val client = client()
        return opener(activity, client, request.purpose).use { client.logIn(request, under, it) }
    }

    /**
     * Opens a pending login again, with a fresh URL if the old one is used, and waits for its outcome.
     *
     * @param id the login of [LoginOutcome.Pending]
     * @param onOtherDevice opens the provider's page in a browser and not the identity app: the person can then
     *   use the identity app of another device, if the provider's page offers that
     * @return null if the login is not pending any more: its outcome was returned or is in [events]
     * @throws SwitchbackException if the store or the service is not available
     */
    public suspend fun reopen(activity: Activity, id: AttemptId, onOtherDevice: Boolean = false): LoginOutcome? {
        val client = client()
        val login = client.pendingLogins().firstOrNull { it.id == id } ?: return null
        return opener(activity, client, login.purpose, onOtherDevice).use { client.reopen(id, it) }
    }

    /** [SwitchbackClient.cancelLogin]. */
    public suspend fun cancelLogin(id: AttemptId): Unit = client().cancelLogin(id)

    /** [SwitchbackClient.currentSession]. */
    public suspend fun currentSession(): Session? = client().currentSession()

    /**
     * Checks whether a login will come back to this app on this device, without opening anything. Each login
     * does the same check, and its timeline has the result.
     *
     * @throws SwitchbackException.Configuration if the provider does not have this purpose
     */
    public suspend fun checkLinks(purpose: Purpose = Purpose.LOGIN): LinkCheck {
        val links = client().links(purpose)
            ?: throw SwitchbackException.Configuration("the provider has no logins for $purpose: check another purpose")
        return plan(links).check
    }

    /**
     * Takes a link, as [SwitchbackClient.handle] does. The library's own activity calls this; an app needs it
     * only if another activity of the app receives the links.
     */
    public fun handle(link: String) {
        scope.launch {
            try {
                client().handle(link)
            } catch (_: SwitchbackException) {
                // Each call of the app throws the same, and `current` has it.
            }
        }
    }

    /**
     * Removes all logins and sessions on this device, and the key of the store. The service does not learn of it.
     * Call it if the key is lost, and the person has agreed to log in again: an exception, or
     * [CurrentSession.Unavailable], then has the detail `key_lost`.
     *
     * @throws SwitchbackException.Configuration if the app gave a store of another kind: remove its entries there
     */
    public suspend fun resetStore() {
        val keystore = store as? KeystoreStore ?: throw SwitchbackException.Configuration(
            "only a KeystoreStore can be reset: remove the entries of ${store.javaClass.name} in its own way",
        )
        withContext(Dispatchers.IO) { keystore.reset() }
        currentSession()
    }

    /** Stops the background work, and receives no links any more. The sessions stay in the store. */
    override fun close() {
        LinkReceiver.remove(this)
        scope.launch { runCatching { client() }.onSuccess(SwitchbackClient::close) }.invokeOnCompletion { scope.cancel() }
    }

    override fun toString(): String = "Switchback"

    private fun opener(activity: Activity, client: SwitchbackClient, purpose: Purpose, onOtherDevice: Boolean = false) =
        ActivityOpener(activity, client, facts) { url ->
            // The client has begun a login for this purpose, so the provider has it.
            val links = client.links(purpose) ?: error("no links for $purpose")
            val plan = plan(links.copy(authorizationUrl = url))
            if (onOtherDevice) plan.withoutIdentityApp() else plan
        }

    private suspend fun plan(links: Links): LoginPlan = withContext(Dispatchers.Default) {
        val question = Question(
            login = links.login,
            authorizationUrl = links.authorizationUrl,
            redirectUri = links.redirectUri,
            ephemeral = options.isEphemeral,
            browsers = options.browsers,
        )
        val found = facts.gather(links.authorizationUrl, links.redirectUri)
        val check = checkAndroidLinks(question, found).forApps()
        LoginPlan(Uri.parse(links.redirectUri), check, found.browsers.map { it.`package` }.toSet())
    }
}
