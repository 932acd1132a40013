package app.switchback

import kotlin.time.Duration

/**
 * Sends requests: with the platform's proxies, certificates and pinning.
 *
 * An implementation must
 * - never follow a redirect,
 * - add no cookies and keep none, and give each `set-cookie` of the answer as a header of its own,
 * - send a request that is [once][HttpRequest.once] **at most once**: no repeat after a broken
 *   connection, and no reuse of a connection that the server may be closing. Many a client repeats a
 *   `GET`, and some a `POST`, by itself,
 * - tell apart what never left ([TransportException.NotSent]) from what may have arrived
 *   ([TransportException.Lost]); when in doubt, it may have arrived,
 * - decode the content codings that it asks for,
 * - stop reading after 1 MiB, counted decoded ([TransportException.TooLong]),
 * - give up after [HttpRequest.timeout], and never keep a request for when the network is back,
 * - put no part of a request or an answer into a log or an error.
 *
 * What is thrown besides [TransportException] becomes [TransportException.Lost], with the name of its
 * type.
 */
public fun interface HttpTransport {
    /**
     * Sends it, and gives what came back, whatever its status. It is called where blocking is fine
     * (`Dispatchers.IO`), several at a time.
     *
     * @throws TransportException where no answer came
     */
    public suspend fun send(request: HttpRequest): HttpResponse
}

/**
 * A request that is ready to be sent. Printed, it shows its method, and its URL without the query.
 *
 * @property method `GET` or `POST`
 * @property url an absolute https URL, or http on loopback
 * @property headers names in lower case
 * @property body the form of a `POST`
 * @property once whether it must reach the server at most once
 * @property timeout after which nobody waits for the answer any more
 */
public class HttpRequest(
    public val method: String,
    public val url: String,
    public val headers: List<HttpHeader>,
    public val body: String?,
    public val once: Boolean,
    public val timeout: Duration,
) {
    override fun toString(): String = "$method ${url.substringBefore('?').substringBefore('#')}"
}

/**
 * What came back. Printed, it shows the status and the length only.
 *
 * @property status the status code
 * @property headers in the order in which they came, each `set-cookie` by itself
 * @property body at most 1 MiB
 */
public class HttpResponse(
    public val status: Int,
    public val headers: List<HttpHeader>,
    public val body: ByteArray,
) {
    override fun toString(): String = "status $status, ${body.size} bytes"
}

/**
 * One header of a request or an answer. Printed, it shows its name.
 *
 * @property name in lower case
 * @property value often a secret
 */
public class HttpHeader(public val name: String, public val value: String) {
    override fun toString(): String = "$name: [redacted]"
}

/** Why no answer came. A transport throws one of the subclasses. */
public open class TransportException internal constructor(
    /** A stable text: `not_sent`, `lost`, `too_long`. */
    public val code: String,
    /** Why, without any part of the request. */
    public val reason: String,
    message: String,
) : Exception(message) {
    /**
     * The request certainly never reached the server: no network, no such host, connection or TLS
     * handshake refused.
     */
    public class NotSent(reason: String) : TransportException("not_sent", reason, "the server was not reached: $reason")

    /** The request may have reached the server: the connection broke, or time ran out. */
    public class Lost(reason: String) : TransportException("lost", reason, "no answer came back: $reason")

    /** The answer was longer than 1 MiB. */
    public class TooLong : TransportException("too_long", "", "the answer was longer than 1 MiB")
}
