package app.switchback.android

import android.app.Activity
import android.content.Intent
import android.os.Bundle
import kotlinx.coroutines.Deferred
import kotlinx.coroutines.channels.Channel
import kotlinx.coroutines.runBlocking
import kotlinx.coroutines.selects.select
import kotlinx.coroutines.withTimeout

/** The screen of the app. A login starts its activities from another thread, so they wait in a channel. */
class MainActivity : Activity() {
    private val started = Channel<Intent>(Channel.UNLIMITED)

    override fun startActivityForResult(intent: Intent, request: Int, options: Bundle?) {
        started.trySend(intent)
    }

    /** What this call starts. If the call ends before that, this throws its exception. */
    fun awaitStarted(call: Deferred<*>): Intent = runBlocking {
        withTimeout(LIMIT) {
            select {
                started.onReceive { it }
                call.onAwait { error("the call started nothing, and returned $it") }
            }
        }
    }
}
