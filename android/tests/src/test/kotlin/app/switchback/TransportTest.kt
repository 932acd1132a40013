package app.switchback

import app.switchback.jvm.JdkTransport
import app.switchback.okhttp.OkHttpTransport
import app.switchback.testing.ConformanceReport.Case
import app.switchback.testing.httpTransportConformance
import java.util.concurrent.CopyOnWriteArrayList
import okhttp3.OkHttpClient
import org.junit.jupiter.api.Assertions.assertEquals
import org.junit.jupiter.api.Assertions.assertTrue
import org.junit.jupiter.api.Test
import org.junit.jupiter.api.Timeout

/** The published transports, and a faulty one, tested against docs/how-to/transport.md. */
internal class TransportTest {
    @Test
    @Timeout(180)
    fun `the JDK transport passes every case and decodes nothing`() =
        passes(JdkTransport(), leftOut = listOf("decoded-bytes-count"))

    @Test
    @Timeout(180)
    fun `the OkHttp transport passes every case but one`() {
        val app = OkHttpClient.Builder()
            .addInterceptor { error("an interceptor of the app's") }
            .addNetworkInterceptor { error("a network interceptor of the app's") }
            .build()
        val before = Thread.getDefaultUncaughtExceptionHandler()
        val uncaught = CopyOnWriteArrayList<Throwable>()
        Thread.setDefaultUncaughtExceptionHandler { _, error -> uncaught += error }
        try {
            // OkHttp 4 reads only one interim response.
            passes(OkHttpTransport(app), but = listOf("interim-answer"))
        } finally {
            Thread.setDefaultUncaughtExceptionHandler(before)
        }
        assertEquals(emptyList<Throwable>(), uncaught, "on a phone this ends the app")
    }

    private fun passes(transport: HttpTransport, but: List<String> = emptyList(), leftOut: List<String> = emptyList()) {
        val report = httpTransportConformance(transport)
        assertEquals(but, report.failures.map(Case::name), "$report")
        // How fast this machine's network reports an unknown host name is not under our control.
        assertEquals(leftOut, report.leftOut.map(Case::name) - "no-such-name", "$report")
        assertEquals(35, report.cases.size)
    }

    @Test
    @Timeout(180)
    fun `a transport that repeats requests fails`() {
        val good = JdkTransport()
        val report = httpTransportConformance { request ->
            try {
                good.send(request)
            } catch (_: TransportException.Lost) {
                good.send(request)
            }
        }
        val failed = report.failures.map(Case::name)
        assertTrue(failed.containsAll(listOf("once-closed", "once-reset", "once-half-answered")), "$report")
        assertTrue("request-as-it-is" !in failed, "$report")
    }
}
