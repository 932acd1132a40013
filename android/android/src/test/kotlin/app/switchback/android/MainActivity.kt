package app.switchback.android

import android.app.Activity
import android.content.Intent
import android.os.Bundle
import kotlinx.coroutines.channels.Channel
import kotlinx.coroutines.runBlocking
import kotlinx.coroutines.withTimeout

/** The screen of the app. A login starts its activities from another thread, so they wait in a channel. */
class MainActivity : Activity() {
    private val started = Channel<Intent>(Channel.UNLIMITED)

    override fun startActivityForResult(intent: Intent, request: Int, options: Bundle?) {
        started.trySend(intent)
    }

    fun awaitStarted(): Intent = runBlocking { withTimeout(LIMIT) { started.receive() } }
}

/** How long a test waits for another thread, in milliseconds. */
const val LIMIT = 20_000L
