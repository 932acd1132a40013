package app.switchback.android

import android.content.Context
import app.switchback.DataPoint
import app.switchback.LoginOutcome
import app.switchback.LoginRequest
import app.switchback.Mode
import app.switchback.Provider
import app.switchback.Purpose
import app.switchback.SwitchbackConfig
import app.switchback.android.store.FakeAndroidKeystore
import app.switchback.internal.Browser
import app.switchback.support.Sandbox
import kotlinx.coroutines.CoroutineScope
import kotlinx.coroutines.Deferred
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.SupervisorJob
import kotlinx.coroutines.async
import kotlinx.coroutines.cancel
import kotlinx.coroutines.runBlocking
import kotlinx.coroutines.withTimeout
import org.junit.rules.ExternalResource
import org.robolectric.RuntimeEnvironment

/** A phone with the app of the tests, an identity app, a browser, and a sandbox as the provider. */
internal class Phone(private val hasBrowser: Boolean = true, private val keepsActivities: Boolean = true) : ExternalResource() {
    val sandbox = shared
    val context: Context get() = RuntimeEnvironment.getApplication()
    private val scope = CoroutineScope(SupervisorJob() + Dispatchers.Default)
    lateinit var task: Task
    lateinit var main: MainActivity
    private val made = mutableListOf<Switchback>()

    override fun before() {
        FakeAndroidKeystore.install()
        Device.reset()
        if (hasBrowser) Device.installBrowser(CHROME)
        sandbox.reset()
        task = Task(keepsActivities)
    }

    override fun after() {
        made.forEach(Switchback::close)
        scope.cancel()
    }

    /** The identity app is on the phone, and its domain is verified. */
    fun installIdentityApp() {
        Device.install(IDENTITY_APP, sandbox.url)
        Device.choose(sandbox.url, IDENTITY_APP)
    }

    fun switchback(options: SwitchbackOptions = SwitchbackOptions(), config: SwitchbackConfig = config()): Switchback =
        Switchback(context, config, options.apply { domainVerification = { Device } }).also(made::add)

    fun config(): SwitchbackConfig =
        SwitchbackConfig(Provider.truid(baseUrl = sandbox.url), Mode.direct(Sandbox.CLIENT), REDIRECT_URI, testService = true)

    /** Calls `logIn` in another thread, and does what the task is asked for. */
    fun begin(switchback: Switchback, request: LoginRequest = REQUEST): Deferred<LoginOutcome> {
        val call = scope.async { switchback.logIn(main, request) }
        task.start(main.awaitStarted(call))
        return call
    }

    fun launch(): MainActivity = task.launch().also { main = it }

    /** The person approves the login that was opened last, and the identity app or browser opens the link. */
    fun approve(): String = sandbox.approve(openedUrl())

    fun openedUrl(): String = task.opened.last().dataString!!

    /** The timeline of the pending login, after something was opened: it is written then. */
    fun timeline(switchback: Switchback): List<String> {
        var lines = emptyList<String>()
        until("the login is open") {
            lines = bounded {
                val client = switchback.client()
                client.timeline(client.pendingLogins().single().id)!!.map { "$it".substringAfter(' ') }
            }
            lines.any { it.startsWith("open.done") }
        }
        return lines
    }

    fun <T> later(call: suspend () -> T): Deferred<T> = scope.async { call() }

    companion object {
        const val APP = "com.example.app"
        const val IDENTITY_APP = "com.example.identity"
        const val REDIRECT_URI = "$APP://app.example/callback"
        val REQUEST = LoginRequest(Purpose.LOGIN, listOf(DataPoint.NAME))
        val CHROME = Browser("com.android.chrome", isDefault = true, customTab = true, authTab = true, ephemeral = true)

        private val shared by lazy { Sandbox("--redirect-uri", REDIRECT_URI) }
    }
}

/** The result of a call in another thread. */
internal fun <T> Deferred<T>.result(): T = runBlocking { withTimeout(LIMIT) { await() } }

internal fun <T> bounded(call: suspend () -> T): T = runBlocking { withTimeout(LIMIT) { call() } }
