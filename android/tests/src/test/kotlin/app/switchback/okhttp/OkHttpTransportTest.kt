package app.switchback.okhttp

import app.switchback.HttpRequest
import app.switchback.TransportException
import app.switchback.support.RawServer
import app.switchback.support.Sandbox
import app.switchback.support.answer
import java.nio.file.Path
import kotlin.time.Duration.Companion.seconds
import kotlinx.coroutines.runBlocking
import okhttp3.ConnectionSpec
import okhttp3.OkHttpClient
import org.junit.jupiter.api.Assertions.assertEquals
import org.junit.jupiter.api.Assertions.assertTrue
import org.junit.jupiter.api.Test
import org.junit.jupiter.api.assertThrows
import org.junit.jupiter.api.io.TempDir

/** Tests that are not in the conformance suite: see app.switchback.TransportTest. */
class OkHttpTransportTest {
    @Test
    fun `a certificate that is not trusted is a problem of this machine`(@TempDir folder: Path) = runBlocking {
        Sandbox("--tls", "$folder").use { sandbox ->
            val error = assertThrows<TransportException.Local> { OkHttpTransport().send(get(sandbox.url)) }
            assertTrue("let the OkHttpClient trust its CA" in error.reason, error.reason)
        }
    }

    @Test
    fun `plain http that the client does not allow is a problem of this machine`() = runBlocking {
        val client = OkHttpClient.Builder().connectionSpecs(listOf(ConnectionSpec.MODERN_TLS)).build()
        RawServer { it.answer("200 OK") }.use { server ->
            val error = assertThrows<TransportException.Local> { OkHttpTransport(client).send(get(server.url)) }
            assertTrue("add ConnectionSpec.CLEARTEXT to the client" in error.reason, error.reason)
            assertEquals(0, server.requests)
        }
    }

    @Test
    fun `a 503 with Retry-After is returned and not repeated`() {
        for (seconds in listOf("7", "0")) {
            RawServer { it.answer("503 Service Unavailable", "retry-after: $seconds\r\n") }.use { server ->
                val answer = runBlocking { OkHttpTransport().send(get(server.url)) }
                assertEquals(503, answer.status)
                assertEquals(seconds, answer.headers.single { it.name == "retry-after" }.value)
                assertEquals(1, server.requests)
            }
        }
    }

    private fun get(url: String) = HttpRequest("GET", url, emptyList(), null, once = true, timeout = 20.seconds)
}
