package app.switchback.android.http

import com.android.okhttp.HttpHandler
import com.android.okhttp.HttpsHandler
import com.android.okhttp.OkUrlFactory
import java.net.InetAddress
import java.net.Proxy

/**
 * Android's own implementation of `HttpURLConnection`, which on a phone is the handler of http and https. It is
 * plain Java, and runs on a JVM. A test may decide what a name resolves to.
 */
internal class AndroidHandler(
    private val tls: Boolean = false,
    private val resolve: ((String) -> List<InetAddress>)? = null,
) : HttpHandler() {
    override fun newOkUrlFactory(proxy: Proxy?): OkUrlFactory {
        // As in HttpHandler and HttpsHandler, which use the same pool.
        val pool = super.newOkUrlFactory(proxy).client().connectionPool
        val factory = if (tls) HttpsHandler.createHttpsOkUrlFactory(proxy) else createHttpOkUrlFactory(proxy)
        factory.client().connectionPool = pool
        resolve?.let { factory.client().setDns(it::invoke) }
        return factory
    }
}
