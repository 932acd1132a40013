package app.switchback.android.http

import app.switchback.HttpHeader
import app.switchback.HttpResponse
import app.switchback.TransportException
import java.io.ByteArrayInputStream
import java.io.ByteArrayOutputStream
import java.io.Closeable
import java.io.IOException
import java.io.InputStream
import java.io.PushbackInputStream
import java.net.HttpRetryException
import java.net.HttpURLConnection
import java.net.ProtocolException
import java.util.zip.GZIPInputStream

/** Reads the answer to a request that was sent. */
internal class Incoming(private val connection: HttpURLConnection) : Closeable {
    private var body: InputStream? = null

    fun read(): HttpResponse {
        val status = status()
        if (status < HttpURLConnection.HTTP_OK) throw TransportException.Lost("an interim answer, $status")
        val headers = headers()
        body = if (status < HttpURLConnection.HTTP_BAD_REQUEST) connection.inputStream else connection.errorStream
        val bytes = PushbackInputStream(body ?: ByteArrayInputStream(ByteArray(0)))
        val first = bytes.read()
        if (first != -1) bytes.unread(first)
        // An answer without a body may have the header too: 304, for example.
        val isZipped = first != -1 && headers.any { it.name == "content-encoding" && it.value.equals("gzip", ignoreCase = true) }
        if (!isZipped) return HttpResponse(status, headers, bytes.limited())
        return HttpResponse(status, headers.filter { it.name !in OF_ZIPPED }, GZIPInputStream(bytes).limited())
    }

    /**
     * Android throws if it cannot answer a challenge: at 407 without a proxy, and at 401 if the app has an
     * `Authenticator` and the body was streamed. Then it has the answer, and returns it the second time.
     */
    private fun status(): Int = try {
        connection.responseCode
    } catch (_: ProtocolException) {
        connection.responseCode
    } catch (_: HttpRetryException) {
        connection.responseCode
    }

    private fun headers(): List<HttpHeader> = buildList {
        var place = 0
        while (true) {
            val value = connection.getHeaderField(place) ?: break
            // The JDK has the status line here, without a name.
            val name = connection.getHeaderFieldKey(place++)?.lowercase()
            if (name != null && name !in BY_ANDROID) add(HttpHeader(name, value))
        }
    }

    private fun InputStream.limited(): ByteArray {
        val bytes = ByteArrayOutputStream()
        val part = ByteArray(PART)
        while (true) {
            val length = read(part)
            if (length == -1) return bytes.toByteArray()
            bytes.write(part, 0, length)
            if (bytes.size() > LIMIT) throw TransportException.TooLong()
        }
    }

    override fun close() {
        try {
            body?.close()
        } catch (_: IOException) {
            // The answer is complete, or another error says why it is not.
        }
    }

    private companion object {
        const val LIMIT = 1 shl 20
        const val PART = 8192

        /** Android adds these to an answer. */
        val BY_ANDROID = listOf(
            "x-android-sent-millis",
            "x-android-received-millis",
            "x-android-selected-protocol",
            "x-android-response-source",
        )

        /** What an answer says about its encoded body. */
        val OF_ZIPPED = listOf("content-encoding", "content-length")
    }
}
