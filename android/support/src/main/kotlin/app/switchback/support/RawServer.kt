package app.switchback.support

import java.io.IOException
import java.net.InetAddress
import java.net.ServerSocket
import java.net.Socket
import java.util.concurrent.CopyOnWriteArrayList
import kotlin.concurrent.thread

/** A server whose responses the test decides: one for each connection, or several with keep-alive. */
class RawServer(private val keep: Boolean = false, private val answer: (Socket) -> Unit) : AutoCloseable {
    private val socket = ServerSocket(0, 50, InetAddress.getLoopbackAddress())
    val url = "http://127.0.0.1:${socket.localPort}"

    /** The requests that were read completely. */
    val said = CopyOnWriteArrayList<String>()
    val requests: Int get() = said.size

    init {
        thread(isDaemon = true) {
            while (true) {
                val connection = try {
                    socket.accept()
                } catch (_: IOException) {
                    return@thread
                }
                thread(isDaemon = true) { connection.use(::serve) }
            }
        }
    }

    private fun serve(connection: Socket) {
        val reader = connection.getInputStream().bufferedReader(Charsets.ISO_8859_1)
        do {
            val head = generateSequence(reader::readLine).takeWhile(String::isNotEmpty).toList()
            if (head.isEmpty()) return
            val length = head.firstOrNull { it.startsWith("content-length:", ignoreCase = true) }
            val body = CharArray(length?.substringAfter(":")?.trim()?.toInt() ?: 0) { reader.read().toChar() }
            said += (head + "" + body.concatToString()).joinToString("\r\n")
            answer(connection)
        } while (keep)
    }

    override fun close() = socket.close()
}

/** A response with this status, these header lines and this body. */
fun Socket.answer(status: String, head: String = "", body: ByteArray = ByteArray(0)) {
    getOutputStream().write("HTTP/1.1 $status\r\n${head}content-length: ${body.size}\r\n\r\n".toByteArray() + body)
}
