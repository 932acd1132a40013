package app.switchback.android.store

import android.os.Build
import android.security.keystore.KeyGenParameterSpec
import android.security.keystore.KeyProperties
import android.security.keystore.StrongBoxUnavailableException
import app.switchback.StoreException
import java.security.InvalidAlgorithmParameterException
import java.security.KeyStore
import javax.crypto.Cipher
import javax.crypto.KeyGenerator
import javax.crypto.SecretKey
import javax.crypto.spec.GCMParameterSpec
import kotlin.time.Duration

/**
 * The key of a store, in the Android Keystore.
 *
 * @param name the name of the store. A key that the person unlocks has another alias: so a store never gets or
 *   loses the lock silently
 * @param unlockFor how long the key can be used after the person unlocked it; null if that is not necessary
 */
internal class KeystoreKey(
    private val name: String,
    private val strongBox: Boolean = false,
    private val unlockFor: Duration? = null,
) {
    private val alias = alias(isLocked = unlockFor != null)

    private fun alias(isLocked: Boolean) = if (isLocked) "$name.store.unlock" else "$name.store"

    fun find(): SecretKey? = keystore().getKey(alias, null) as? SecretKey

    /** Makes the key. An earlier key with this alias is lost. */
    fun generate(): SecretKey {
        if (strongBox && Build.VERSION.SDK_INT >= Build.VERSION_CODES.P) {
            try {
                return generate { setIsStrongBoxBacked(true) }
            } catch (_: StrongBoxUnavailableException) {
                // There is no such chip.
            }
        }
        return generate { }
    }

    // Not `setUnlockedDeviceRequired`: on Android 12 to 14 such keys are lost with the screen lock. Later, too,
    // it would end background refreshes while the screen is locked.
    private fun generate(more: KeyGenParameterSpec.Builder.() -> Unit): SecretKey {
        val spec = KeyGenParameterSpec.Builder(alias, KeyProperties.PURPOSE_ENCRYPT or KeyProperties.PURPOSE_DECRYPT)
            .setBlockModes(KeyProperties.BLOCK_MODE_GCM)
            .setEncryptionPaddings(KeyProperties.ENCRYPTION_PADDING_NONE)
            .setKeySize(KEY_BITS)
            .apply { unlockFor?.let(::requireUnlock) }
            .apply(more)
            .build()
        val generator = KeyGenerator.getInstance(KeyProperties.KEY_ALGORITHM_AES, PROVIDER)
        try {
            generator.init(spec)
        } catch (error: InvalidAlgorithmParameterException) {
            if (unlockFor != null && error.cause is IllegalStateException) throw noScreenLock()
            throw error
        }
        return generator.generateKey()
    }

    /** Also the key of an earlier version of the app, which may have used the other alias. */
    fun delete() {
        val keystore = keystore()
        for (alias in listOf(alias(isLocked = false), alias(isLocked = true))) {
            if (keystore.containsAlias(alias)) keystore.deleteEntry(alias)
        }
    }

    /** The nonce, and then the sealed value. The keystore chooses the nonce. */
    fun encrypt(key: SecretKey, value: ByteArray, associated: ByteArray): ByteArray {
        val cipher = cipher().apply { init(Cipher.ENCRYPT_MODE, key) }
        cipher.updateAAD(associated)
        return cipher.iv + cipher.doFinal(value)
    }

    fun decrypt(sealed: ByteArray, associated: ByteArray): ByteArray {
        if (sealed.size < NONCE_BYTES) throw StoreException.Corrupt("an entry is incomplete")
        val nonce = GCMParameterSpec(TAG_BITS, sealed, 0, NONCE_BYTES)
        val cipher = cipher().apply { init(Cipher.DECRYPT_MODE, find() ?: throw missing(), nonce) }
        cipher.updateAAD(associated)
        return cipher.doFinal(sealed, NONCE_BYTES, sealed.size - NONCE_BYTES)
    }

    private fun cipher(): Cipher = Cipher.getInstance("AES/GCM/NoPadding")

    private fun keystore(): KeyStore = KeyStore.getInstance(PROVIDER).apply { load(null) }

    internal companion object {
        fun missing(): StoreException = lostKey(
            "the store has entries, and their key is not in the keystore, because a backup was restored, the " +
                "keystore was reset, or the person removed the screen lock that the key needs",
        )

        private const val PROVIDER = "AndroidKeyStore"
        private const val KEY_BITS = 256
        private const val NONCE_BYTES = 12
        private const val TAG_BITS = 128
    }
}

/**
 * The PIN, pattern or password of the phone unlocks the key, too. So a new fingerprint does not end the key, and
 * `setInvalidatedByBiometricEnrollment` has no effect: https://android.googlesource.com/platform/frameworks/base/+/2fd15b0be251
 */
private fun KeyGenParameterSpec.Builder.requireUnlock(duration: Duration) {
    val seconds = duration.inWholeSeconds.toInt()
    setUserAuthenticationRequired(true)
    if (Build.VERSION.SDK_INT >= Build.VERSION_CODES.R) {
        setUserAuthenticationParameters(seconds, KeyProperties.AUTH_BIOMETRIC_STRONG or KeyProperties.AUTH_DEVICE_CREDENTIAL)
    } else if (Build.VERSION.SDK_INT >= Build.VERSION_CODES.Q) {
        @Suppress("DEPRECATION")
        setUserAuthenticationValidityDurationSeconds(seconds)
    } else {
        throw StoreException.Unavailable("a store that the person unlocks needs Android 10: make it without `unlockFor` here")
    }
}

internal fun noScreenLock(): StoreException = StoreException.Unavailable(
    "the phone has no screen lock, and the key of this store needs one: ask the person to set a screen lock",
)
