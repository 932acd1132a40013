package app.switchback.support

import app.switchback.TransportForRust
import app.switchback.internal.Header
import app.switchback.internal.HttpCompletion
import app.switchback.internal.HttpRequest
import app.switchback.internal.HttpResponse
import app.switchback.internal.HttpTransport
import app.switchback.jvm.JdkTransport
import java.util.concurrent.CopyOnWriteArrayList
import kotlinx.coroutines.CompletableDeferred

/** The JDK transport, as an object for the native library. */
internal fun httpByJdk(): HttpTransport = TransportForRust(JdkTransport())

/** A transport of the bindings whose responses the test decides. */
internal class ScriptedRustTransport(private val answer: (HttpRequest, HttpCompletion) -> Unit) : HttpTransport {
    val seen = CopyOnWriteArrayList<HttpRequest>()

    override fun start(request: HttpRequest, completion: HttpCompletion) {
        seen += request
        answer(request, completion)
    }
}

internal fun json(body: String, status: Int = 200): HttpResponse =
    HttpResponse(status, listOf(Header("content-type", "application/json")), body.toByteArray())

/** Holds back requests to the token endpoint while it is closed. */
internal class Gate(private val inner: HttpTransport = httpByJdk()) : HttpTransport {
    @Volatile
    private var closed = false
    private val held = CopyOnWriteArrayList<() -> Unit>()

    /** Completes when a request waits at the gate. */
    val reached = CompletableDeferred<Unit>()

    override fun start(request: HttpRequest, completion: HttpCompletion) {
        if (!closed) return inner.start(request, completion)
        held += { inner.start(request, completion) }
        reached.complete(Unit)
    }

    fun close() {
        closed = true
    }

    fun open() {
        closed = false
        held.forEach { it() }
        held.clear()
    }
}
