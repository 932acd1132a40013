package app.switchback.support

import java.nio.file.Path
import java.util.concurrent.TimeUnit

/**
 * Puts the value from standard input repeatedly, until it is killed. If no process kills it, it ends after some
 * time.
 */
fun main(arguments: Array<String>) {
    val (folder, key) = arguments
    val store = FileStore(Path.of(folder))
    val value = System.`in`.readBytes()
    store.put(key, value)
    print(".")
    System.out.flush()
    val end = System.nanoTime() + TimeUnit.SECONDS.toNanos(30)
    while (System.nanoTime() < end) store.put(key, value)
}
