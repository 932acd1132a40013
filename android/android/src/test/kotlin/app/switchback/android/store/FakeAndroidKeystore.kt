package app.switchback.android.store

import android.security.keystore.KeyGenParameterSpec
import android.security.keystore.KeyProperties
import android.security.keystore.StrongBoxUnavailableException
import android.security.keystore.UserNotAuthenticatedException
import java.io.File
import java.io.InputStream
import java.io.OutputStream
import java.security.AlgorithmParameters
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
import javax.crypto.Cipher
import javax.crypto.CipherSpi
import javax.crypto.KeyGeneratorSpi
import javax.crypto.SecretKey
import javax.crypto.spec.SecretKeySpec
import kotlin.reflect.KClass

/**
 * A stand-in for the provider `AndroidKeyStore`, which Robolectric does not have. Its keys are in memory. It
 * refuses what Android refuses:
 * - a key for something else than AES-GCM of 256 bits, and a key that the person unlocks on a phone without a
 *   screen lock (`android.security.keystore2.AndroidKeyStoreKeyGeneratorSpi.engineInit`)
 * - StrongBox on a phone without it (the same class, `engineGenerateKey`)
 * - a nonce of the app for an encryption (`AndroidKeyStoreAuthenticatedAESCipherSpi`)
 * - a locked key, when a cipher gets it and not earlier (`KeyStoreCryptoOperationUtils.getExceptionForCipherInit`)
 * - what the test wants to fail ([failWith], [failUse], [failGenerate])
 */
internal object FakeAndroidKeystore {
    val keys = ConcurrentHashMap<String, OpaqueKey>()

    /** Thrown by each read of a key, as long as it is set. The number of reads is counted. */
    @Volatile
    var failWith: (() -> Exception)? = null

    /** Thrown when a cipher gets a key. */
    @Volatile
    var failUse: (() -> Exception)? = null

    @Volatile
    var failGenerate: (() -> Exception)? = null

    @Volatile
    var reads = 0

    @Volatile
    var hasStrongBox = false

    @Volatile
    var hasScreenLock = true
        private set

    /** The phone's clock, and when the person last unlocked the phone or answered a prompt. */
    @Volatile
    var seconds = 0
    private var unlockedAt: Int? = null

    fun install() {
        keys.clear()
        failWith = null
        failUse = null
        failGenerate = null
        reads = 0
        hasStrongBox = false
        hasScreenLock = true
        seconds = 1_000
        unlockedAt = null
        val keystore = provider(NAME, "KeyStore.$NAME" to Entries::class, "KeyGenerator.AES" to Generator::class)
        val cipher = "Cipher.AES/GCM/NoPadding"
        val ciphers = provider(CIPHERS, cipher to KeyCipher::class, "$cipher SupportedKeyClasses" to OpaqueKey::class)
        Security.addProvider(keystore)
        // As on Android: it comes before Bouncy Castle, which takes every key.
        Security.insertProviderAt(ciphers, 1)
    }

    private fun provider(name: String, vararg classes: Pair<String, KClass<*>>): Provider {
        Security.removeProvider(name)
        return object : Provider(name, "1.0", "a stand-in") {
            init {
                for ((service, type) in classes) put(service, type.java.name)
            }
        }
    }

    /** Reads the keys of an earlier process of the app: on a phone, they are in a process of the system. */
    fun load(folder: File) {
        for (file in folder.listFiles().orEmpty()) keys[file.name] = OpaqueKey(file.readBytes(), null)
    }

    fun save(folder: File) {
        folder.mkdirs()
        for ((alias, key) in keys) File(folder, alias).writeBytes(key.bytes)
    }

    fun unlock() {
        unlockedAt = seconds
    }

    /** Android then deletes the keys that the person unlocks: `KeyPermanentlyInvalidatedException`. */
    fun removeScreenLock() {
        hasScreenLock = false
        keys.values.removeIf { it.spec?.isUserAuthenticationRequired == true }
    }

    private const val NAME = "AndroidKeyStore"
    private const val CIPHERS = "AndroidKeyStoreBCWorkaround"

    /** An app cannot see the bytes of a key. */
    class OpaqueKey(val bytes: ByteArray, val spec: KeyGenParameterSpec?) : SecretKey {
        override fun getAlgorithm(): String = "AES"
        override fun getFormat(): String? = null
        override fun getEncoded(): ByteArray? = null

        val isLocked: Boolean
            get() {
                if (spec?.isUserAuthenticationRequired != true) return false
                val since = unlockedAt ?: return true
                @Suppress("DEPRECATION")
                return seconds - since > spec.userAuthenticationValidityDurationSeconds
            }
    }

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
            if (spec.isUserAuthenticationRequired && !hasScreenLock) {
                throw InvalidAlgorithmParameterException(IllegalStateException("Secure lock screen must be enabled"))
            }
        }

        override fun engineGenerateKey(): SecretKey {
            failGenerate?.let { throw it() }
            // Android 7 and 8 have neither this class nor the question.
            if (android.os.Build.VERSION.SDK_INT >= 28 && spec.isStrongBoxBacked && !hasStrongBox) {
                throw StrongBoxUnavailableException("no StrongBox")
            }
            val key = OpaqueKey(ByteArray(32).also(SecureRandom()::nextBytes), spec)
            keys[spec.keystoreAlias] = key
            return key
        }
    }

    class KeyCipher : CipherSpi() {
        private val cipher = Cipher.getInstance("AES/GCM/NoPadding", "SunJCE")

        private fun raw(key: Key): Key {
            failUse?.let { throw it() }
            if ((key as OpaqueKey).isLocked) throw UserNotAuthenticatedException()
            return SecretKeySpec(key.bytes, "AES")
        }

        override fun engineInit(mode: Int, key: Key, random: SecureRandom?) = cipher.init(mode, raw(key))
        override fun engineInit(mode: Int, key: Key, parameters: AlgorithmParameterSpec?, random: SecureRandom?) {
            if (mode == Cipher.ENCRYPT_MODE && parameters != null) {
                throw InvalidAlgorithmParameterException("Caller-provided IV not permitted")
            }
            cipher.init(mode, raw(key), parameters)
        }

        override fun engineInit(mode: Int, key: Key, parameters: AlgorithmParameters?, random: SecureRandom?) =
            throw UnsupportedOperationException()

        override fun engineUpdateAAD(source: ByteArray, offset: Int, length: Int) = cipher.updateAAD(source, offset, length)
        override fun engineDoFinal(input: ByteArray?, offset: Int, length: Int): ByteArray = cipher.doFinal(input, offset, length)
        override fun engineGetIV(): ByteArray? = cipher.iv
        override fun engineSetMode(mode: String) = throw UnsupportedOperationException()
        override fun engineSetPadding(padding: String) = throw UnsupportedOperationException()
        override fun engineGetBlockSize(): Int = cipher.blockSize
        override fun engineGetOutputSize(size: Int): Int = cipher.getOutputSize(size)
        override fun engineGetParameters(): AlgorithmParameters? = cipher.parameters
        override fun engineUpdate(input: ByteArray, offset: Int, length: Int): ByteArray? = cipher.update(input, offset, length)
        override fun engineUpdate(input: ByteArray, offset: Int, length: Int, output: ByteArray, at: Int): Int =
            throw UnsupportedOperationException()

        override fun engineDoFinal(input: ByteArray?, offset: Int, length: Int, output: ByteArray, at: Int): Int =
            throw UnsupportedOperationException()
    }
}
