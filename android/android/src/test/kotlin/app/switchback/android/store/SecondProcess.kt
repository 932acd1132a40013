package app.switchback.android.store

import app.switchback.android.bounded
import app.switchback.support.anotherJvm
import java.io.File
import java.nio.channels.FileChannel
import java.nio.file.StandardOpenOption
import java.util.Base64
import java.util.concurrent.TimeUnit
import org.junit.Assert.assertEquals

/**
 * Another process of the app: a JVM without Robolectric, which would take too long to start. It reads commands from
 * standard input, and writes its answers to standard output.
 */
internal object SecondProcess {
    /** The default store. */
    private const val NAME = "switchback"
    private const val ALIAS = "$NAME.store"

    @JvmStatic
    fun main(arguments: Array<String>) {
        val folder = File(arguments[0])
        // On a phone the keystore is a separate process, which all processes of the app use.
        FakeAndroidKeystore.install()
        FakeAndroidKeystore.keys[ALIAS] = FakeAndroidKeystore.OpaqueKey(arguments[1].decoded(), null)
        val store = KeystoreStore(EntryFiles(::syncOutsideOfAndroid) { File(folder, NAME) }, KeystoreKey(NAME), { true })
        lateinit var app: AppProcess
        for (command in System.`in`.bufferedReader().lineSequence()) {
            val words = command.split(' ')
            when (words[0]) {
                "put" -> putUntilKilled(store, words[1].decoded().decodeToString(), words[2].decoded())
                "open" -> {
                    app = AppProcess(store, folder, words[1], words[2].toLong())
                    bounded { app.open() }
                    println("opened")
                }
                "token" -> println(bounded { app.token(words[1].toLong()) })
            }
        }
    }

    private fun putUntilKilled(store: KeystoreStore, key: String, value: ByteArray) {
        store.put(key, value)
        println("put")
        val end = System.nanoTime() + TimeUnit.SECONDS.toNanos(60)
        while (System.nanoTime() < end) store.put(key, value)
    }

    private fun syncOutsideOfAndroid(folder: File) =
        FileChannel.open(folder.toPath(), StandardOpenOption.READ).use { it.force(true) }

    private fun ByteArray.encoded() = Base64.getEncoder().encodeToString(this)

    private fun String.decoded() = Base64.getDecoder().decode(this)

    /** Starts it with the default store in this folder, and with the key of this test. */
    fun <T> start(folder: File, during: (Remote) -> T): T {
        val key = FakeAndroidKeystore.keys.getValue(ALIAS).bytes.encoded()
        return anotherJvm(SecondProcess::class.java.name, folder.path, key) { during(Remote(it)) }
    }

    /** The process, as the test sees it. */
    class Remote(private val process: Process) {
        private val lines = process.inputStream.bufferedReader()

        fun send(command: String) = process.outputStream.run {
            write("$command\n".toByteArray())
            flush()
        }

        fun answer(): String = lines.readLine() ?: error("the second process ended")

        /** Puts this value repeatedly; returns after the first time. */
        fun put(key: String, value: ByteArray) {
            send("put ${key.toByteArray().encoded()} ${value.encoded()}")
            assertEquals("put", answer())
        }

        /** As `kill -9`. */
        fun kill(): Boolean = process.destroyForcibly().waitFor(20, TimeUnit.SECONDS)
    }
}
