package app.switchback

import app.switchback.internal.AfterReinstall as RustAfterReinstall
import app.switchback.internal.BackgroundTasks as RustBackgroundTasks
import app.switchback.internal.Expiry
import app.switchback.internal.FirstRun as RustFirstRun
import app.switchback.internal.Header
import app.switchback.internal.HttpCompletion
import app.switchback.internal.HttpRequest as RustHttpRequest
import app.switchback.internal.HttpResponse as RustHttpResponse
import app.switchback.internal.HttpTransport as RustHttpTransport
import app.switchback.internal.LockFile as RustLockFile
import app.switchback.internal.LogLine as RustLogLine
import app.switchback.internal.LogSink as RustSink
import app.switchback.internal.Platform as RustPlatform
import app.switchback.internal.ProcessLock as RustProcessLock
import app.switchback.internal.SecureStore as RustStore
import kotlin.time.Duration.Companion.seconds
import kotlinx.coroutines.CoroutineScope
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.SupervisorJob
import kotlinx.coroutines.launch

internal fun Platform.forRust(): RustPlatform = RustPlatform(
    store = StoreForRust(store),
    http = transport?.let(::TransportForRust),
    lockFile = lockFile?.let { RustLockFile(it.folder, it.name) },
    processLock = lock?.let(::LockForRust),
    background = background?.let(::BackgroundForRust),
    firstRun = firstRun?.let { RustFirstRun(it.markerFolder, RustAfterReinstall.valueOf(it.sessions.text.uppercase())) },
)

/** Runs the call, and turns public exceptions into those of the native library. */
internal inline fun <T> stored(call: () -> T): T = try {
    call()
} catch (error: StoreException) {
    throw error.forRust()
}

internal class StoreForRust(private val store: SecureStore) : RustStore {
    override fun get(key: String): ByteArray? = stored { store.get(key) }

    override fun put(key: String, value: ByteArray) = stored { store.put(key, value) }

    override fun delete(key: String) = stored { store.delete(key) }

    override fun list(prefix: String): List<String> = stored { store.list(prefix) }
}

private class LockForRust(private val lock: ProcessLock) : RustProcessLock {
    override fun enter() = stored { lock.enter() }

    override fun leave() = stored { lock.leave() }

    override fun announce(owner: String) = stored { lock.announce(owner) }

    override fun withdraw(owner: String) = stored { lock.withdraw(owner) }

    override fun isGone(owner: String): Boolean = stored { lock.isGone(owner) }
}

private class BackgroundForRust(private val tasks: BackgroundTasks) : RustBackgroundTasks {
    override fun begin(expiry: Expiry): Long = stored { tasks.begin(expiry::expired) }

    override fun end(task: Long) = stored { tasks.end(task) }
}

internal class TransportForRust(private val transport: HttpTransport) : RustHttpTransport {
    override fun start(request: RustHttpRequest, completion: HttpCompletion) {
        sending.launch { completion.use { it.sendAndReport(request) } }
    }

    private suspend fun HttpCompletion.sendAndReport(request: RustHttpRequest) {
        // The caller was cancelled.
        if (!isWanted()) return
        try {
            succeed(transport.send(request.forApps()).forRust())
        } catch (error: TransportException) {
            fail(error.forRust())
        } catch (error: Throwable) {
            // Its message may contain parts of the request.
            fail(TransportException.Lost("the transport threw ${error.javaClass.name}").forRust())
        }
    }

    private fun RustHttpRequest.forApps() =
        HttpRequest(method, url, headers.map { HttpHeader(it.name, it.value) }, body, once, timeout.seconds)

    private fun HttpResponse.forRust() = RustHttpResponse(status, headers.map { Header(it.name, it.value) }, body)

    private companion object {
        /** Closing a client does not cancel its requests: the result of a refresh must still be stored. */
        val sending = CoroutineScope(SupervisorJob() + Dispatchers.IO)
    }
}

internal class RustLogSink(private val sink: LogSink) : RustSink {
    override fun log(line: RustLogLine) = sink.log(LogLine(line.at, line.event, line.id, line.note))
}
