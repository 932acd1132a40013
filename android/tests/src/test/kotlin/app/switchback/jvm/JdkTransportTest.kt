package app.switchback.jvm

import app.switchback.HttpRequest
import app.switchback.SwitchbackException
import app.switchback.TransportException
import app.switchback.support.RawServer
import app.switchback.support.Sandbox
import app.switchback.support.answer
import java.net.URI
import java.net.http.HttpClient
import java.net.http.HttpResponse.BodyHandlers
import java.nio.file.Path
import java.util.concurrent.CountDownLatch
import kotlin.time.Duration.Companion.seconds
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.async
import kotlinx.coroutines.cancelAndJoin
import kotlinx.coroutines.runBlocking
import org.junit.jupiter.api.Assertions.assertEquals
import org.junit.jupiter.api.Assertions.assertTrue
import org.junit.jupiter.api.Test
import org.junit.jupiter.api.assertThrows
import org.junit.jupiter.api.io.TempDir

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
    fun `a certificate that is not trusted here is a problem of this machine`(@TempDir folder: Path) = runBlocking {
        Sandbox("--tls", "$folder").use { sandbox ->
            val error = assertThrows<TransportException.Local> { JdkTransport().send(get(sandbox.url)) }
            assertTrue("javax.net.ssl.trustStore" in error.message!!, error.message)
        }
    }

    @Test
    fun `a transport that the JDK would not obey is not made`() {
        val used = listOf(run("used first"), run("used first", "-Djdk.httpclient.allowRestrictedHeaders=connection"))
        val set = run("not used", "-Djdk.httpclient.redirects.retrylimit=5")
        for (said in used + set) {
            assertTrue(said.startsWith("configuration, again configuration: JdkTransport cannot be used"), said)
            val advice = "Make the JdkTransport before the first HttpClient, or start Java with $FLAGS, or use OkHttpTransport\n"
            assertTrue(advice in said, said)
        }
        assertEquals("made\n", run("not used"))
        assertEquals("made\n", run("used first", *FLAGS.split(" ").toTypedArray()))
    }

    private fun run(use: String, vararg flags: String): String {
        val java = Path.of(System.getProperty("java.home"), "bin", "java").toString()
        val options = listOf("-cp", System.getProperty("java.class.path")) + flags
        return ProcessBuilder(listOf(java) + options + "app.switchback.jvm.JdkTransportTestKt" + use)
            .redirectError(ProcessBuilder.Redirect.INHERIT).start().inputReader().readText()
    }

    private companion object {
        const val FLAGS = "-Djdk.httpclient.redirects.retrylimit=1 -Djdk.httpclient.disableRetryConnect=true " +
            "-Djdk.httpclient.allowRestrictedHeaders=connection"
    }
}

/** Runs in a process of its own, in which another part may use the JDK's client first. */
fun main(arguments: Array<String>) {
    if (arguments.single() == "used first") {
        RawServer { it.answer("200 OK") }.use { server ->
            val request = java.net.http.HttpRequest.newBuilder(URI.create(server.url)).build()
            HttpClient.newHttpClient().send(request, BodyHandlers.discarding())
        }
    }
    fun make() = try {
        "made".also { JdkTransport() }
    } catch (error: SwitchbackException) {
        error
    }
    val made = make()
    println(if (made is SwitchbackException) "${made.code}, again ${(make() as SwitchbackException).code}: ${made.message}" else made)
}

private fun get(url: String) = HttpRequest("GET", url, emptyList(), null, once = true, timeout = 20.seconds)
