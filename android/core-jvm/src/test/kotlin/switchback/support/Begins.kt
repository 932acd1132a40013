package switchback.support

import kotlinx.coroutines.runBlocking
import switchback.Client
import switchback.Config
import switchback.LogLine
import switchback.LogSink
import switchback.Mode
import switchback.Platform
import switchback.Provider
import switchback.setLog
import switchback.truid

/** Begins a login, with a store and a log of Kotlin's, and is at its end. */
fun main() {
    setLog(object : LogSink { override fun log(line: LogLine) = Unit })
    val config = Config(Provider.truid(), Mode.Direct("client-id"), "https://app.example/callback")
    val client = Client(config, Platform(MemoryStore()))
    runBlocking { client.begin(login()) }
    println("begun")
}
