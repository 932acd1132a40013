package app.switchback.android.http

import com.android.okhttp.internal.tls.OkHostnameVerifier
import java.nio.file.Files
import java.nio.file.Path
import java.security.KeyStore
import javax.net.ssl.HttpsURLConnection
import javax.net.ssl.KeyManagerFactory
import javax.net.ssl.SSLContext
import javax.net.ssl.TrustManagerFactory

/** A new key with a certificate for `localhost`, signed by itself. */
internal object TestTls {
    private const val PASSWORD = "password"

    /** The TLS of the server, and of a client that trusts it. */
    val context: SSLContext by lazy {
        val keys = KeyStore.getInstance("PKCS12")
        Files.newInputStream(generate()).use { keys.load(it, PASSWORD.toCharArray()) }
        val own = KeyManagerFactory.getInstance("PKIX").apply { init(keys, PASSWORD.toCharArray()) }
        val trusted = TrustManagerFactory.getInstance("PKIX").apply { init(keys) }
        SSLContext.getInstance("TLS").apply { init(own.keyManagers, trusted.trustManagers, null) }
    }

    private fun generate(): Path {
        val file = Files.createTempDirectory("tls").resolve("keys.p12")
        val options = "-genkeypair -alias server -keyalg EC -dname CN=localhost -ext san=dns:localhost -validity 2 " +
            "-storetype PKCS12 -storepass $PASSWORD -keystore $file"
        val keytool = Path.of(System.getProperty("java.home"), "bin", "keytool").toString()
        val process = ProcessBuilder(listOf(keytool) + options.split(" ")).redirectErrorStream(true).start()
        val output = process.inputStream.bufferedReader().readText()
        check(process.waitFor() == 0) { output }
        return file
    }

    /** Runs [block] while connections trust the certificate, and check host names as Android does. */
    fun trusted(block: () -> Unit) {
        val (factory, verifier) = HttpsURLConnection.getDefaultSSLSocketFactory() to HttpsURLConnection.getDefaultHostnameVerifier()
        HttpsURLConnection.setDefaultSSLSocketFactory(context.socketFactory)
        HttpsURLConnection.setDefaultHostnameVerifier(OkHostnameVerifier.INSTANCE)
        try {
            block()
        } finally {
            HttpsURLConnection.setDefaultSSLSocketFactory(factory)
            HttpsURLConnection.setDefaultHostnameVerifier(verifier)
        }
    }
}
