package app.switchback.android.store

import app.switchback.StoreException
import java.io.DataInputStream
import java.io.InputStream
import java.nio.ByteBuffer

/**
 * A file of the store: the header, and then the sealed value. The header is the version, the length of the
 * key in bytes (two bytes), and the key. It is not secret, and it is bound to the sealed value.
 */
internal class Entry(val key: String, val header: ByteArray, val sealed: ByteArray) {
    companion object {
        private const val VERSION = 1
        private const val FIXED_SIZE = 3

        fun header(key: String): ByteArray {
            val bytes = key.toByteArray()
            if (bytes.size > UShort.MAX_VALUE.toInt()) {
                throw StoreException.Unavailable("a key of ${bytes.size} bytes is too long for this store")
            }
            return ByteBuffer.allocate(FIXED_SIZE + bytes.size).put(VERSION.toByte())
                .putShort(bytes.size.toShort()).put(bytes).array()
        }

        /** Reads an entry. Without its value only the header is read. */
        fun read(input: InputStream, withValue: Boolean): Entry {
            val data = DataInputStream(input)
            val version = data.readUnsignedByte()
            if (version > VERSION) throw StoreException.Newer("an entry has version $version, and this code knows $VERSION")
            if (version < VERSION) throw StoreException.Corrupt("an entry has version $version")
            val key = ByteArray(data.readUnsignedShort()).also(data::readFully).decodeToString()
            return Entry(key, header(key), if (withValue) data.readBytes() else ByteArray(0))
        }
    }
}
