package app.switchback.okhttp

import app.switchback.HttpRequest
import app.switchback.support.RawServer
import app.switchback.support.answer
import kotlin.time.Duration.Companion.seconds
import kotlinx.coroutines.runBlocking
import org.junit.jupiter.api.Assertions.assertEquals
import org.junit.jupiter.api.Test

/** Tests that are not in the conformance suite: see app.switchback.TransportTest. */
class OkHttpTransportTest {
    @Test
    fun `a 503 with Retry-After is returned and not repeated`() {
        for (seconds in listOf("7", "0")) {
            RawServer { it.answer("503 Service Unavailable", "retry-after: $seconds\r\n") }.use { server ->
                val request = HttpRequest("GET", server.url, emptyList(), null, once = true, timeout = 20.seconds)
                val answer = runBlocking { OkHttpTransport().send(request) }
                assertEquals(503, answer.status)
                assertEquals(seconds, answer.headers.single { it.name == "retry-after" }.value)
                assertEquals(1, server.requests)
            }
        }
    }
}
