// A program that logs a person in through the service's backend. It needs the artifact switchback-jvm.
// Beside `switchback serve --demo` its arguments are http://127.0.0.1:8080/truid http://127.0.0.1:8090
package app.switchback.examples.mediated

import app.switchback.*
import app.switchback.jvm.JdkTransport
import java.util.concurrent.ConcurrentHashMap
import kotlinx.coroutines.runBlocking

/** A store in memory, for this example. On a phone, use a store over the keystore. */
class Memory(private val entries: ConcurrentHashMap<String, ByteArray> = ConcurrentHashMap()) : SecureStore {
    override fun get(key: String) = entries[key]
    override fun put(key: String, value: ByteArray) = entries.set(key, value)
    override fun delete(key: String) = entries.remove(key).let { }
    override fun list(prefix: String) = entries.keys.filter { it.startsWith(prefix) }
}

fun main(arguments: Array<String>) = runBlocking {
    val (service, providerUrl) = arguments
    val mode = Mode.mediated(Backend.switchback(service))
    val config = SwitchbackConfig(Provider.truid(providerUrl), mode, "demoapp://app/truid/complete", testService = true)
    val client = SwitchbackClient(config, Platform(Memory(), JdkTransport()))
    // On a phone the system opens the URL, and passes the link to the app.
    val opener = UrlOpener { url -> println(url); client.handle(readln()) }
    when (val outcome = client.logIn(Purpose.LOGIN, opener)) {
        is LoginOutcome.LoggedIn -> println("Hello, " + outcome.session.presentation(ClaimType.NAME)[ClaimType.NAME])
        is LoginOutcome.Declined -> println("Maybe another time")
        else -> println(outcome.userMessage)
    }
}
