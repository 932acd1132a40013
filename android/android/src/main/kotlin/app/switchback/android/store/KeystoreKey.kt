package app.switchback.android.store

import android.os.Build
import android.security.keystore.KeyGenParameterSpec
import android.security.keystore.KeyProperties
import android.security.keystore.StrongBoxUnavailableException
import app.switchback.StoreException
import java.security.KeyStore
import javax.crypto.Cipher
import javax.crypto.KeyGenerator
import javax.crypto.SecretKey
import javax.crypto.spec.GCMParameterSpec

/** The key of a store, in the Android Keystore. */
internal class KeystoreKey(private val alias: String, private val strongBox: Boolean) {
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

    // Not `setUnlockedDeviceRequired`: on Android 12 to 14 such keys are lost with the screen lock.
    private fun generate(more: KeyGenParameterSpec.Builder.() -> Unit): SecretKey {
        val spec = KeyGenParameterSpec.Builder(alias, KeyProperties.PURPOSE_ENCRYPT or KeyProperties.PURPOSE_DECRYPT)
            .setBlockModes(KeyProperties.BLOCK_MODE_GCM)
            .setEncryptionPaddings(KeyProperties.ENCRYPTION_PADDING_NONE)
            .setKeySize(KEY_BITS)
            .apply(more)
            .build()
        return KeyGenerator.getInstance(KeyProperties.KEY_ALGORITHM_AES, PROVIDER).apply { init(spec) }.generateKey()
    }

    fun delete(): Unit = keystore().deleteEntry(alias)

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
        fun missing(): StoreException = StoreException.KeyLost(
            "the store has entries, and their key is not in the keystore: a backup was restored, or the keystore was reset",
        )

        private const val PROVIDER = "AndroidKeyStore"
        private const val KEY_BITS = 256
        private const val NONCE_BYTES = 12
        private const val TAG_BITS = 128
    }
}
