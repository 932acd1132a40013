package app.switchback.jvm

import app.switchback.TransportException
import java.io.ByteArrayOutputStream
import java.net.http.HttpResponse.BodySubscriber
import java.nio.ByteBuffer
import java.util.concurrent.CompletableFuture
import java.util.concurrent.CompletionStage
import java.util.concurrent.Flow

/** A response body with a size limit in bytes: beyond it, nothing more is read. */
internal class LimitedBody(private val limit: Int) : BodySubscriber<ByteArray> {
    private val bytes = ByteArrayOutputStream()
    private val body = CompletableFuture<ByteArray>()
    private lateinit var subscription: Flow.Subscription

    override fun getBody(): CompletionStage<ByteArray> = body

    override fun onSubscribe(subscription: Flow.Subscription) {
        this.subscription = subscription
        subscription.request(Long.MAX_VALUE)
    }

    override fun onNext(parts: List<ByteBuffer>) {
        if (body.isDone) return
        for (part in parts) {
            val piece = ByteArray(part.remaining()).also(part::get)
            bytes.write(piece)
        }
        if (bytes.size() > limit) {
            subscription.cancel()
            body.completeExceptionally(TransportException.TooLong())
        }
    }

    override fun onError(error: Throwable) {
        body.completeExceptionally(error)
    }

    override fun onComplete() {
        body.complete(bytes.toByteArray())
    }
}
