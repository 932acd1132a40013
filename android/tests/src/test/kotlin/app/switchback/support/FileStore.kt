package app.switchback.support

import app.switchback.SecureStore
import app.switchback.StoreException
import java.io.DataInputStream
import java.io.IOException
import java.io.RandomAccessFile
import java.nio.channels.FileChannel
import java.nio.file.Files
import java.nio.file.NoSuchFileException
import java.nio.file.Path
import java.nio.file.StandardCopyOption.ATOMIC_MOVE
import java.nio.file.StandardOpenOption
import java.security.MessageDigest

/**
 * A store in a folder, with a file for each entry. The file contains the key, because a key may not be a valid
 * file name. A write goes to a temporary file, which is synced and then replaces the entry. While [locked]
 * returns true, the store cannot be read.
 */
class FileStore(private val folder: Path, private val locked: () -> Boolean = { false }) : SecureStore {
    init {
        open { Files.createDirectories(folder) }
    }

    override fun get(key: String): ByteArray? = open {
        try {
            val (theirs, value) = read(place(key))
            if (theirs != key) throw StoreException.Corrupt("an entry is under another key's name")
            value
        } catch (_: NoSuchFileException) {
            null
        }
    }

    override fun put(key: String, value: ByteArray) = open {
        val beside = Files.createTempFile(folder, "new", ".part")
        try {
            RandomAccessFile(beside.toFile(), "rw").use { file ->
                file.writeUTF(key)
                file.write(value)
                file.fd.sync()
            }
            Files.move(beside, place(key), ATOMIC_MOVE)
        } finally {
            Files.deleteIfExists(beside)
        }
        durable()
    }

    override fun delete(key: String) = open {
        if (Files.deleteIfExists(place(key))) durable()
    }

    override fun list(prefix: String): List<String> = open {
        val files = Files.newDirectoryStream(folder, "*.entry").use { it.toList() }
        // An entry that was deleted in the meantime.
        val keys = files.mapNotNull { runCatching { read(it).first }.getOrElse(::goneOnly) }
        keys.filter { it.startsWith(prefix) }
    }

    private fun goneOnly(error: Throwable): String? =
        if (error is NoSuchFileException) null else throw error

    private fun read(file: Path): Pair<String, ByteArray> {
        val bytes = Files.readAllBytes(file).inputStream()
        val data = DataInputStream(bytes)
        return data.readUTF() to data.readBytes()
    }

    private fun place(key: String): Path {
        val digest = MessageDigest.getInstance("SHA-256").digest(key.toByteArray())
        return folder.resolve(digest.joinToString("") { "%02x".format(it) } + ".entry")
    }

    private fun durable() = FileChannel.open(folder, StandardOpenOption.READ).use { it.force(true) }

    private fun <T> open(work: () -> T): T {
        if (locked()) throw StoreException.Locked()
        return try {
            work()
        } catch (error: IOException) {
            throw StoreException.Unavailable("the folder says ${error.javaClass.simpleName}")
        }
    }
}
