package app.switchback.android.http

import app.switchback.testing.httpTransportConformance
import com.android.okhttp.HttpHandler
import org.junit.Assert.assertEquals
import org.junit.Test

class UrlConnectionTransportTest {
    @Test
    fun `it passes every case but one on Android`() {
        val report = httpTransportConformance(UrlConnectionTransport(HttpHandler()))
        println(report)
        assertEquals("$report", listOf("interim-answer"), report.failures.map { it.name })
    }
    @Test
    fun `jdk`() {
        val report = httpTransportConformance(UrlConnectionTransport())
        println(report)
    }
}
