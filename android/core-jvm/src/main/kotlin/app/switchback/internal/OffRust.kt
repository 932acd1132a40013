package app.switchback.internal

import kotlin.coroutines.ContinuationInterceptor
import kotlinx.coroutines.CoroutineDispatcher
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.currentCoroutineContext
import kotlinx.coroutines.withContext

/**
 * Goes on in a thread of Kotlin's. Rust wakes a call in the only thread that it has, and a
 * caller whose dispatcher resumes on the spot (`Dispatchers.Unconfined`, or none) would take that
 * thread with it. Any other dispatcher does by itself what is needed.
 */
internal suspend fun <T> offRust(call: suspend () -> T): T {
    val context = currentCoroutineContext()
    val dispatcher = context[ContinuationInterceptor] as? CoroutineDispatcher
    return when (dispatcher?.isDispatchNeeded(context)) {
        true -> call()
        else -> withContext(Dispatchers.Default) { call() }
    }
}
