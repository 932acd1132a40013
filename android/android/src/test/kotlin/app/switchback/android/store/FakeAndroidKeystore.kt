package app.switchback.android.store

import android.security.keystore.KeyGenParameterSpec
import android.security.keystore.KeyProperties
import java.io.File
import java.io.InputStream
import java.io.OutputStream
import java.security.InvalidAlgorithmParameterException
import java.security.Key
import java.security.KeyStoreSpi
import java.security.Provider
import java.security.SecureRandom
import java.security.Security
import java.security.cert.Certificate
import java.security.spec.AlgorithmParameterSpec
import java.util.Collections
import java.util.Date
import java.util.Enumeration
import java.util.concurrent.ConcurrentHashMap
import javax.crypto.KeyGenerator
import javax.crypto.KeyGeneratorSpi
import javax.crypto.SecretKey
import javax.crypto.spec.SecretKeySpec

/**
 * A stand-in for the provider `AndroidKeyStore`, which Robolectric does not have. Its keys are in memory. It
 * refuses what Android refuses: a key for something else than AES-GCM of 256 bits, and reads that the test
 * fails ([failWith]).
 */
internal object FakeAndroidKeystore {
    val keys = ConcurrentHashMap<String, SecretKey>()
    val specs = ConcurrentHashMap<String, KeyGenParameterSpec>()

    /** Thrown by each read of a key, as long as it is set. The number of reads is counted. */
    @Volatile
    var failWith: (() -> Exception)? = null

    @Volatile
    var reads = 0

    /** Reads the keys of an earlier process of the app: on a phone, they are in a process of the system. */
    fun load(folder: File) {
        for (file in folder.listFiles().orEmpty()) keys[file.name] = SecretKeySpec(file.readBytes(), KeyProperties.KEY_ALGORITHM_AES)
    }

    fun save(folder: File) {
        folder.mkdirs()
        for ((alias, key) in keys) File(folder, alias).writeBytes(key.encoded)
    }

    fun install() {
        keys.clear()
        specs.clear()
        failWith = null
        reads = 0
        Security.removeProvider(NAME)
        Security.addProvider(
            object : Provider(NAME, "1.0", "a stand-in") {
                init {
                    put("KeyStore.$NAME", Entries::class.java.name)
                    put("KeyGenerator.AES", Generator::class.java.name)
                }
            },
        )
    }

    private const val NAME = "AndroidKeyStore"

    class Entries : KeyStoreSpi() {
        override fun engineGetKey(alias: String, password: CharArray?): Key? {
            reads++
            failWith?.let { throw it() }
            return keys[alias]
        }

        override fun engineContainsAlias(alias: String): Boolean = keys.containsKey(alias)
        override fun engineDeleteEntry(alias: String) {
            keys.remove(alias)
        }

        override fun engineAliases(): Enumeration<String> = Collections.enumeration(keys.keys)
        override fun engineSize(): Int = keys.size
        override fun engineIsKeyEntry(alias: String): Boolean = keys.containsKey(alias)
        override fun engineLoad(stream: InputStream?, password: CharArray?) = require(stream == null)
        override fun engineStore(stream: OutputStream?, password: CharArray?) = throw UnsupportedOperationException()
        override fun engineGetCertificateChain(alias: String): Array<Certificate>? = null
        override fun engineGetCertificate(alias: String): Certificate? = null
        override fun engineGetCreationDate(alias: String): Date? = null
        override fun engineIsCertificateEntry(alias: String): Boolean = false
        override fun engineGetCertificateAlias(certificate: Certificate): String? = null
        override fun engineSetKeyEntry(alias: String, key: Key, password: CharArray?, chain: Array<Certificate>?) =
            throw UnsupportedOperationException()

        override fun engineSetKeyEntry(alias: String, key: ByteArray, chain: Array<Certificate>?) =
            throw UnsupportedOperationException()

        override fun engineSetCertificateEntry(alias: String, certificate: Certificate) =
            throw UnsupportedOperationException()
    }

    class Generator : KeyGeneratorSpi() {
        private lateinit var spec: KeyGenParameterSpec

        override fun engineInit(random: SecureRandom?) = throw UnsupportedOperationException()
        override fun engineInit(size: Int, random: SecureRandom?) = throw UnsupportedOperationException()
        override fun engineInit(parameters: AlgorithmParameterSpec, random: SecureRandom?) {
            spec = parameters as KeyGenParameterSpec
            val isForGcm = KeyProperties.BLOCK_MODE_GCM in spec.blockModes &&
                KeyProperties.ENCRYPTION_PADDING_NONE in spec.encryptionPaddings
            if (!isForGcm || spec.keySize != 256) throw InvalidAlgorithmParameterException("not AES-256-GCM")
        }

        override fun engineGenerateKey(): SecretKey {
            val key = KeyGenerator.getInstance("AES", "SunJCE").apply { init(256) }.generateKey()
            keys[spec.keystoreAlias] = key
            specs[spec.keystoreAlias] = spec
            return key
        }
    }
}
