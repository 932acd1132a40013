package app.switchback.jvm

import app.switchback.HttpRequest
import app.switchback.TransportException
import app.switchback.support.RawServer
import java.nio.file.Path
import java.util.concurrent.CountDownLatch
import kotlin.time.Duration.Companion.seconds
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.async
import kotlinx.coroutines.cancelAndJoin
import kotlinx.coroutines.runBlocking
import org.junit.jupiter.api.Assertions.assertTrue
import org.junit.jupiter.api.Test

/** Tests that are not in the conformance suite: see app.switchback.TransportTest. */
class JdkTransportTest {
    @Test
    fun `a cancelled request ends at once`() = runBlocking {
        val (reached, open) = CountDownLatch(1) to CountDownLatch(1)
        RawServer {
            reached.countDown()
            open.await()
        }.use { server ->
            val call = async(Dispatchers.IO) { JdkTransport().send(get(server.url)) }
            reached.await()
            call.cancelAndJoin()
            open.countDown()
        }
    }

    @Test
    fun `the error says how to stop the JDK's retries`() {
        val java = Path.of(System.getProperty("java.home"), "bin", "java").toString()
        val options = listOf("-cp", System.getProperty("java.class.path"), "-Djdk.httpclient.redirects.retrylimit=5")
        val process = ProcessBuilder(listOf(java) + options + "app.switchback.jvm.JdkTransportTestKt")
            .redirectError(ProcessBuilder.Redirect.INHERIT).start()
        val said = process.inputReader().readText()
        val flags = "-Djdk.httpclient.redirects.retrylimit=1 -Djdk.httpclient.disableRetryConnect=true " +
            "-Djdk.httpclient.allowRestrictedHeaders=connection"
        assertTrue(flags in said, said)
    }
}

/** Runs in a process in which the JDK may repeat requests. */
fun main(): Unit = runBlocking {
    try {
        JdkTransport().send(get("http://127.0.0.1:1/"))
    } catch (error: TransportException.NotSent) {
        println(error.message)
    }
}

private fun get(url: String) = HttpRequest("GET", url, emptyList(), null, once = true, timeout = 20.seconds)
