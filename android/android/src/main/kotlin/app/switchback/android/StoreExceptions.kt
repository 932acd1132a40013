package app.switchback.android

import android.os.Build
import android.security.KeyStoreException
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

/** Runs the work, and says of a failure of the system what it means for a store. */
internal fun <T> asStoreException(work: () -> T): T {
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
        Thread.sleep(pauses.next())
    }
}

/** The keystore's own process may be busy or restart. */
private val PAUSES_MS = longArrayOf(50, 200, 800)

private fun Throwable.causes(): Sequence<Throwable> = generateSequence(this) { it.cause }.take(10)

private fun Throwable.isTransient(): Boolean = Build.VERSION.SDK_INT >= Build.VERSION_CODES.TIRAMISU &&
    causes().any { it is KeyStoreException && it.isTransientFailure }

/** A message of the system may have a part of a key or a value, so only the type is named. */
private fun Throwable.forStore(): StoreException {
    val name = causes().joinToString(", caused by ") { it.javaClass.name }
    for (cause in causes()) {
        when (cause) {
            is UserNotAuthenticatedException -> return StoreException.AuthenticationRequired()
            is KeyPermanentlyInvalidatedException, is UnrecoverableKeyException -> return StoreException.KeyLost(name)
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
