package app.switchback.android.store

import android.os.Build
import android.security.KeyStoreException
import android.security.keystore.BackendBusyException
import android.security.keystore.KeyPermanentlyInvalidatedException
import android.security.keystore.UserNotAuthenticatedException
import android.system.ErrnoException
import android.system.OsConstants
import app.switchback.StoreException
import java.io.IOException
import java.security.GeneralSecurityException
import java.security.ProviderException
import java.security.UnrecoverableKeyException
import javax.crypto.AEADBadTagException

/**
 * Runs the work, and says of a failure of the system what it means for a store.
 *
 * @param pause waits for so many milliseconds before a retry
 */
internal fun <T> asStoreException(pause: (Long) -> Unit, work: () -> T): T {
    val pauses = PAUSES_MS.iterator()
    while (true) {
        val error = try {
            return work()
        } catch (error: GeneralSecurityException) {
            error
        } catch (error: ProviderException) {
            error
        } catch (error: IOException) {
            error
        } catch (error: SecurityException) {
            error
        }
        if (!error.isTransient() || !pauses.hasNext()) throw error.forStore()
        pause(pauses.next())
    }
}

/** The keystore's own process may be busy or restart. */
private val PAUSES_MS = longArrayOf(50, 200, 800)

private fun Throwable.causes(): Sequence<Throwable> = generateSequence(this) { it.cause }.take(10)

/** Before Android 13 the keystore does not say whether a failure lasts. */
private fun Throwable.isTransient(): Boolean = when {
    Build.VERSION.SDK_INT >= Build.VERSION_CODES.TIRAMISU ->
        this is BackendBusyException || causes().any { it is KeyStoreException && it.isTransientFailure }
    else -> this is UnrecoverableKeyException || this is ProviderException
}

/**
 * Whether the key certainly cannot be used again. `UnrecoverableKeyException` alone does not say that. But since
 * Android 12 a read of the key throws it without a cause if, and only if, the key is permanently invalidated:
 * `android.security.keystore2.AndroidKeyStoreSpi.engineGetKey`.
 */
private fun Throwable.isOfLostKey(): Boolean = this is KeyPermanentlyInvalidatedException ||
    (Build.VERSION.SDK_INT >= Build.VERSION_CODES.S && this is UnrecoverableKeyException && cause == null) ||
    isKeystoreError { it == KeyStoreException.ERROR_KEY_CORRUPTED || it == KeyStoreException.ERROR_KEY_DOES_NOT_EXIST }

private fun Throwable.needsAuthentication(): Boolean = this is UserNotAuthenticatedException ||
    isKeystoreError { it == KeyStoreException.ERROR_USER_AUTHENTICATION_REQUIRED }

private inline fun Throwable.isKeystoreError(matches: (code: Int) -> Boolean): Boolean =
    Build.VERSION.SDK_INT >= Build.VERSION_CODES.TIRAMISU && this is KeyStoreException && matches(numericErrorCode)

/** Android returns no lost key, so there is one thing to do. */
internal fun lostKey(why: String): StoreException =
    StoreException.KeyLost("$why; call Switchback.resetStore, or reset of the KeystoreStore, and let the person log in again")

/** A message of the system may have a part of a key or a value, so only the type is named. */
private fun Throwable.forStore(): StoreException {
    val name = causes().joinToString(", caused by ") { it.javaClass.name }
    for (cause in causes()) {
        if (cause.isOfLostKey()) return lostKey("the keystore threw $name")
        if (cause.needsAuthentication()) return StoreException.AuthenticationRequired()
        when (cause) {
            is SecurityException -> return StoreException.Denied(name)
            is AEADBadTagException -> return StoreException.Corrupt("an entry does not belong to its key or was changed")
            is ErrnoException -> when (cause.errno) {
                OsConstants.ENOSPC, OsConstants.EDQUOT -> return StoreException.Full(name)
                OsConstants.EACCES, OsConstants.EPERM, OsConstants.EROFS -> return StoreException.Denied(name)
            }
        }
    }
    return StoreException.Unavailable(name)
}
