package app.switchback.android.store

import android.app.Activity
import android.hardware.biometrics.BiometricManager.Authenticators
import android.hardware.biometrics.BiometricPrompt
import android.os.Build
import android.os.CancellationSignal
import app.switchback.StoreException
import kotlin.coroutines.resume
import kotlin.coroutines.resumeWithException
import kotlinx.coroutines.CancellableContinuation
import kotlinx.coroutines.suspendCancellableCoroutine

/**
 * Asks the person for the fingerprint or the face, or for the PIN, pattern or password of the phone. It needs
 * Android 10: before, the prompt takes no PIN.
 */
internal suspend fun showUnlockPrompt(activity: Activity, title: CharSequence, description: CharSequence?): Unit =
    suspendCancellableCoroutine { call ->
        val cancel = CancellationSignal()
        call.invokeOnCancellation { cancel.cancel() }
        activity.mainExecutor.execute {
            if (call.isCancelled) return@execute
            try {
                prompt(activity, title, description).authenticate(cancel, activity.mainExecutor, Answer(call))
            } catch (_: SecurityException) {
                call.resumeWithException(
                    StoreException.Denied("there is no prompt: add the permission android.permission.USE_BIOMETRIC to the manifest"),
                )
            }
        }
    }

private fun prompt(activity: Activity, title: CharSequence, description: CharSequence?): BiometricPrompt {
    val builder = BiometricPrompt.Builder(activity).setTitle(title).setConfirmationRequired(false)
    description?.let(builder::setDescription)
    if (Build.VERSION.SDK_INT >= Build.VERSION_CODES.R) {
        builder.setAllowedAuthenticators(Authenticators.BIOMETRIC_STRONG or Authenticators.DEVICE_CREDENTIAL)
    } else {
        @Suppress("DEPRECATION")
        builder.setDeviceCredentialAllowed(true)
    }
    return builder.build()
}

/** A finger that is not recognized is no answer: the prompt stays. */
private class Answer(private val call: CancellableContinuation<Unit>) : BiometricPrompt.AuthenticationCallback() {
    override fun onAuthenticationSucceeded(result: BiometricPrompt.AuthenticationResult?) {
        if (call.isActive) call.resume(Unit)
    }

    override fun onAuthenticationError(code: Int, text: CharSequence?) {
        if (call.isActive) call.resumeWithException(failure(code))
    }

    private fun failure(code: Int): StoreException = when (code) {
        BiometricPrompt.BIOMETRIC_ERROR_USER_CANCELED -> StoreException.Cancelled()
        // The system closed the prompt, for example because another app came to the front.
        BiometricPrompt.BIOMETRIC_ERROR_CANCELED, BiometricPrompt.BIOMETRIC_ERROR_TIMEOUT ->
            StoreException.AuthenticationRequired()
        BiometricPrompt.BIOMETRIC_ERROR_NO_DEVICE_CREDENTIAL, BiometricPrompt.BIOMETRIC_ERROR_NO_BIOMETRICS -> noScreenLock()
        BiometricPrompt.BIOMETRIC_ERROR_LOCKOUT, BiometricPrompt.BIOMETRIC_ERROR_LOCKOUT_PERMANENT ->
            unavailable(code, "there were too many attempts: let the person lock and unlock the phone, then try again")
        BiometricPrompt.BIOMETRIC_ERROR_HW_NOT_PRESENT, BiometricPrompt.BIOMETRIC_ERROR_HW_UNAVAILABLE ->
            unavailable(code, "the phone cannot ask the person: try again later")
        else -> unavailable(code, "the phone could not ask the person: try again")
    }

    private fun unavailable(code: Int, text: String) = StoreException.Unavailable("the unlock failed with code $code: $text")
}
