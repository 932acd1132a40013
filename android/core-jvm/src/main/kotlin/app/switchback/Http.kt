package app.switchback

import kotlin.time.Duration

/**
 * Sends HTTP requests, with the platform's proxies, certificates and pinning.
 *
 * An implementation must
 * - never follow a redirect,
 * - add and store no cookies, and return each `set-cookie` of the response as a separate header,
 * - send a request that is [once][HttpRequest.once] **at most once**: no retry after a broken connection,
 *   and no reuse of a connection that the server may be closing. Many HTTP clients repeat a `GET`, and
 *   some repeat a `POST`, automatically,
 * - distinguish a request that never left ([TransportException.NotSent], or [TransportException.Local] if
 *   a retry is useless) from one that may have arrived ([TransportException.Lost]); in doubt, the request
 *   may have arrived,
 * - decode the content codings that it asks for,
 * - stop reading after 1 MiB of decoded body ([TransportException.TooLong]),
 * - give up after [HttpRequest.timeout], and never queue a request until the network is back,
 * - write no part of a request or a response into a log or an error.
 *
 * Any exception other than [TransportException] becomes [TransportException.Lost], with the name of its
 * type.
 */
public fun interface HttpTransport {
    /**
     * Sends the request, and returns the response, whatever its status. Switchback calls this on
     * `Dispatchers.IO`, where blocking is allowed, several times at once.
     *
     * @throws TransportException if no complete response arrived
     */
    public suspend fun send(request: HttpRequest): HttpResponse
}

/**
 * A request that is ready to be sent. Its text shows the method, and the URL without the query.
 *
 * @property method `GET` or `POST`
 * @property url an absolute https URL, or http on loopback
 * @property headers names in lower case
 * @property body the form of a `POST`
 * @property once whether it must reach the server at most once
 * @property timeout how long Switchback waits for the response
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
 * The response to a request. Its text shows only the status and the length.
 *
 * @property status the status code
 * @property headers in the order in which they arrived, each `set-cookie` separately
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
 * A header of a request or a response. Its text shows only the name.
 *
 * @property name in lower case
 * @property value often a secret
 */
public class HttpHeader(public val name: String, public val value: String) {
    override fun toString(): String = "$name: [redacted]"
}

/** Why there is no response. A transport throws one of the subclasses. */
public open class TransportException internal constructor(
    /** A stable text: `not_sent`, `local`, `lost`, `too_long`. */
    public val code: String,
    /** The reason, without any part of the request. */
    public val reason: String,
    message: String,
) : Exception(message) {
    /**
     * The request certainly never reached the server: there is no network or no such host, or the
     * connection or the TLS handshake was refused.
     */
    public class NotSent(reason: String) : TransportException("not_sent", reason, "the server was not reached: $reason")

    /**
     * The request was not sent, and a retry fails as long as nothing on this machine is changed: the
     * transport cannot be used as it is, or the server's certificate is not trusted here. The call of
     * Switchback throws [SwitchbackException.Configuration], with the whole [reason]: say in it what to
     * change.
     */
    public class Local(reason: String) : TransportException("local", reason, "this machine cannot connect: $reason")

    /** The request may have reached the server: the connection broke, or the time ran out. */
    public class Lost(reason: String) : TransportException("lost", reason, "no answer came back: $reason")

    /** The response was longer than 1 MiB. */
    public class TooLong : TransportException("too_long", "", "the answer was longer than 1 MiB")
}
