package app.switchback.android.store

import android.system.ErrnoException
import android.system.Os
import android.system.OsConstants
import app.switchback.StoreException
import java.io.EOFException
import java.io.File
import java.io.FileNotFoundException
import java.io.FileOutputStream
import java.io.IOException
import java.io.RandomAccessFile
import java.security.MessageDigest
import java.util.concurrent.ConcurrentHashMap

/**
 * The files of a store, one for each entry. A file is replaced as a whole: written beside the old one, made
 * durable, and renamed.
 *
 * @param sync makes a rename or a removal in a folder durable. A test outside of Android replaces it
 */
internal class EntryFiles(private val sync: (File) -> Unit = ::syncFolder, find: () -> File) {
    /** Android creates the folder around it when it is asked for it. */
    private val folder by lazy(find)
    private val monitor by lazy { monitors.getOrPut(folder.absoluteFile) { Any() } }

    fun read(key: String): Entry? = readFile(file(key), withValue = true)?.also {
        if (it.key != key) throw StoreException.Corrupt("an entry has the file of another key")
    }

    fun keys(): List<String> = files().mapNotNull { readFile(it, withValue = false)?.key }

    fun isEmpty(): Boolean = files().isEmpty()

    /** Call this inside of [exclusively]. */
    fun write(entry: Entry) {
        val (file, temporary) = file(entry.key) to File(folder, TEMPORARY)
        try {
            FileOutputStream(temporary).use {
                it.write(entry.header)
                it.write(entry.sealed)
                it.fd.sync()
            }
            if (!temporary.renameTo(file)) throw IOException("${file.name} cannot be replaced")
        } catch (error: IOException) {
            temporary.delete()
            throw error
        }
        sync(folder)
    }

    /** Call this inside of [exclusively]. */
    fun delete(key: String) {
        val file = file(key)
        if (!file.delete() && file.exists()) throw IOException("${file.name} cannot be removed")
        sync(folder)
    }

    /** Call this inside of [exclusively]. */
    fun clear() {
        for (file in files()) if (!file.delete()) throw IOException("${file.name} cannot be removed")
        sync(folder)
    }

    /** One thread of one process at a time. The system ends the lock of a process that it kills. */
    fun <T> exclusively(work: () -> T): T = synchronized(monitor) {
        if (!folder.isDirectory && !folder.mkdirs()) throw IOException("the folder ${folder.name} cannot be created")
        RandomAccessFile(File(folder, LOCK), "rw").use { file ->
            file.channel.lock().use { work() }
        }
    }

    private fun readFile(file: File, withValue: Boolean): Entry? = try {
        file.inputStream().buffered().use { Entry.read(it, withValue) }
    } catch (error: FileNotFoundException) {
        // The same exception says that there is no permission.
        if (file.exists()) throw error else null
    } catch (_: EOFException) {
        throw StoreException.Corrupt("an entry is incomplete")
    }

    private fun files(): List<File> {
        val names = folder.list()
        if (names == null && folder.exists()) throw IOException("the folder ${folder.name} cannot be read")
        return names.orEmpty().filter { it.endsWith(ENTRY) }.map { File(folder, it) }
    }

    /** A key may be longer than the name of a file, and have any characters. */
    private fun file(key: String): File {
        val hash = MessageDigest.getInstance("SHA-256").digest(key.toByteArray())
        return File(folder, hash.joinToString("") { "%02x".format(it) } + ENTRY)
    }

    private companion object {
        const val ENTRY = ".entry"
        const val TEMPORARY = "new"
        const val LOCK = "lock"

        /** A process has one lock of a file, so its threads need a lock of their own. */
        val monitors = ConcurrentHashMap<File, Any>()
    }
}

private fun syncFolder(folder: File) {
    try {
        val opened = Os.open(folder.path, OsConstants.O_RDONLY, 0)
        try {
            Os.fsync(opened)
        } finally {
            Os.close(opened)
        }
    } catch (_: ErrnoException) {
        // Not every file system can do this, and the entry itself is durable.
    }
}
