package switchback.support

import java.nio.file.Path

/** Puts what comes on standard input, again and again: to be killed in the middle of it. */
fun main(arguments: Array<String>) {
    val (folder, key) = arguments
    val store = FileStore(Path.of(folder))
    val value = System.`in`.readBytes()
    store.put(key, value)
    print(".")
    System.out.flush()
    while (true) store.put(key, value)
}
