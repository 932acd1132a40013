package app.switchback.internal

import kotlin.coroutines.ContinuationInterceptor
import kotlinx.coroutines.CoroutineDispatcher
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.currentCoroutineContext
import kotlinx.coroutines.withContext

/**
 * Continues in a thread of Kotlin. Rust resumes a call on its only thread. A caller whose dispatcher
 * resumes at once on the same thread (`Dispatchers.Unconfined`, or no dispatcher) would occupy that
 * thread. All other dispatchers change the thread anyway.
 */
internal suspend fun <T> offRust(call: suspend () -> T): T {
    val context = currentCoroutineContext()
    val dispatcher = context[ContinuationInterceptor] as? CoroutineDispatcher
    return when (dispatcher?.isDispatchNeeded(context)) {
        true -> call()
        else -> withContext(Dispatchers.Default) { call() }
    }
}
