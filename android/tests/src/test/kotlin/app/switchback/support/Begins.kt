package app.switchback.support

import app.switchback.internal.Client
import app.switchback.internal.Config
import app.switchback.internal.LogLine
import app.switchback.internal.LogSink
import app.switchback.internal.Mode
import app.switchback.internal.Platform
import app.switchback.internal.Provider
import app.switchback.internal.setLog
import app.switchback.internal.truid
import kotlinx.coroutines.runBlocking

/** Begins a login, with a store and a log in Kotlin, and then ends. */
fun main() {
    setLog(object : LogSink { override fun log(line: LogLine) = Unit })
    val config = Config(Provider.truid(), Mode.Direct("client-id"), "https://app.example/callback")
    val client = Client(config, Platform(MemoryStore()))
    runBlocking { client.begin(login()) }
    println("begun")
}
