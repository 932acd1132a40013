package switchback.measure.start

import com.sun.jna.Native
import kotlinx.coroutines.runBlocking
import app.switchback.internal.Client
import app.switchback.internal.Config
import app.switchback.internal.HttpCompletion
import app.switchback.internal.HttpRequest
import app.switchback.internal.HttpTransport
import app.switchback.internal.LoginRequest
import app.switchback.internal.Mode
import app.switchback.internal.Platform
import app.switchback.internal.Provider
import app.switchback.internal.Purpose
import app.switchback.internal.SecureStore
import app.switchback.internal.TransportException

/** A library of one function, to measure JNA alone. */
private object Trivial {
    external fun abs(number: Int): Int
}

private class Memory : SecureStore {
    private val entries = HashMap<String, ByteArray>()

    override fun get(key: String) = synchronized(entries) { entries[key] }

    override fun put(key: String, value: ByteArray) = synchronized(entries) { entries[key] = value }

    override fun delete(key: String) = synchronized(entries) { entries.remove(key).let {} }

    override fun list(prefix: String) =
        synchronized(entries) { entries.keys.filter { it.startsWith(prefix) } }
}

private object Unused : HttpTransport {
    override fun start(request: HttpRequest, completion: HttpCompletion) {
        throw TransportException.NotSent("a login in direct mode begins without a request")
    }
}

/** Prints how long it takes to the first authorization URL, in microseconds, step by step. */
fun main() {
    time("jna") {
        Native.register(Trivial::class.java, "c")
        Trivial.abs(-1)
    }
    time("coroutines") { runBlocking {} }
    time("first-url") {
        val config = Config(Provider("truid"), Mode.Direct("client"), "https://app.example/callback")
        val client = Client(config, Platform(Memory(), Unused))
        runBlocking { client.begin(LoginRequest(Purpose.LOGIN)).url }
    }
}

private inline fun time(name: String, work: () -> Unit) {
    val begun = System.nanoTime()
    work()
    println("$name ${(System.nanoTime() - begun) / 1_000}")
}
