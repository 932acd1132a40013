package app.switchback.android.store

import android.Manifest
import android.app.Activity
import android.hardware.biometrics.BiometricManager.Authenticators
import android.hardware.biometrics.BiometricPrompt
import android.os.CancellationSignal
import android.security.keystore.KeyProperties
import app.switchback.HttpRequest
import app.switchback.HttpResponse
import app.switchback.HttpTransport
import app.switchback.StoreException
import app.switchback.SwitchbackException
import app.switchback.android.bounded
import app.switchback.android.http.UrlConnectionTransport
import app.switchback.android.result
import app.switchback.android.until
import app.switchback.support.Sandbox
import java.util.concurrent.Executor
import kotlin.time.Duration.Companion.days
import kotlin.time.Duration.Companion.seconds
import kotlinx.coroutines.CoroutineScope
import kotlinx.coroutines.Deferred
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.SupervisorJob
import kotlinx.coroutines.async
import kotlinx.coroutines.cancel
import org.junit.After
import org.junit.Assert.assertArrayEquals
import org.junit.Assert.assertEquals
import org.junit.Assert.assertFalse
import org.junit.Assert.assertNull
import org.junit.Assert.assertThrows
import org.junit.Assert.assertTrue
import org.junit.Before
import org.junit.Test
import org.junit.runner.RunWith
import org.robolectric.Robolectric
import org.robolectric.RobolectricTestRunner
import org.robolectric.RuntimeEnvironment
import org.robolectric.Shadows.shadowOf
import org.robolectric.annotation.Config
import org.robolectric.annotation.Implementation
import org.robolectric.annotation.Implements
import org.robolectric.shadows.ShadowBiometricPrompt
import org.robolectric.shadows.ShadowLooper

/** A store that the person unlocks. */
@RunWith(RobolectricTestRunner::class)
@Config(sdk = [36], manifest = Config.NONE, shadows = [UnlockTest.Prompt::class])
class UnlockTest {
    private val context = RuntimeEnvironment.getApplication()
    private val scope = CoroutineScope(SupervisorJob() + Dispatchers.Default)
    private val activity = Robolectric.buildActivity(Activity::class.java).setup().get()
    private val store = KeystoreStore(context, unlockFor = 60.seconds)

    @Before
    fun install() {
        FakeAndroidKeystore.install()
        Prompt.last = null
        shadowOf(context).grantPermissions(Manifest.permission.USE_BIOMETRIC)
    }

    @After
    fun end() = scope.cancel()

    /** A call of `unlock`, until the prompt is there or the call has ended. */
    private fun unlock(store: KeystoreStore = this.store): Deferred<Unit> {
        val call = scope.async { store.unlock(activity, "Unlock your account", "It is used to sign you in") }
        until("the prompt") { Prompt.isShown || call.isCompleted }
        return call
    }

    private fun Deferred<Unit>.end() {
        until("the call ends") { isCompleted }
        result()
    }

    private fun Deferred<Unit>.failure(): StoreException = assertThrows(StoreException::class.java) { end() }

    private fun succeed() {
        FakeAndroidKeystore.unlock()
        ShadowBiometricPrompt.authenticateCurrentSessionSuccessfully()
    }

    private fun unlocked() {
        val call = unlock()
        succeed()
        call.end()
    }

    @Test
    fun `the person unlocks the store for a time, and nothing else asks`() {
        assertThrows(StoreException.AuthenticationRequired::class.java) { store.put("a", byteArrayOf(1)) }
        assertFalse(Prompt.isShown)
        unlocked()
        store.put("a", byteArrayOf(1))
        FakeAndroidKeystore.seconds += 60
        assertArrayEquals(byteArrayOf(1), store.get("a"))
        unlock().end()
        assertFalse("it is unlocked already", Prompt.isShown)

        FakeAndroidKeystore.seconds += 1
        assertThrows(StoreException.AuthenticationRequired::class.java) { store.get("a") }
        assertThrows(StoreException.AuthenticationRequired::class.java) { store.put("a", byteArrayOf(2)) }
        assertEquals(listOf("a"), store.list(""))
        assertFalse(Prompt.isShown)
        unlocked()
        assertArrayEquals(byteArrayOf(1), store.get("a"))
    }

    @Test
    fun `the key needs the fingerprint, the face or the screen lock, and survives a new fingerprint`() {
        unlocked()
        val spec = FakeAndroidKeystore.keys.getValue("switchback.store.unlock").spec!!
        assertTrue(spec.isUserAuthenticationRequired)
        assertEquals(60, spec.userAuthenticationValidityDurationSeconds)
        val expected = KeyProperties.AUTH_BIOMETRIC_STRONG or KeyProperties.AUTH_DEVICE_CREDENTIAL
        assertEquals(expected, spec.userAuthenticationType)
        assertFalse(spec.isUnlockedDeviceRequired)
    }

    @Test
    fun `the prompt has the texts of the app, and takes the screen lock, too`() {
        val call = unlock()
        val prompt = ShadowBiometricPrompt.getCurrentPrompt()!!
        assertEquals("Unlock your account", prompt.title)
        assertEquals("It is used to sign you in", prompt.description)
        assertEquals(Authenticators.BIOMETRIC_STRONG or Authenticators.DEVICE_CREDENTIAL, prompt.allowedAuthenticators)
        // A finger that is not recognized is no answer.
        ShadowBiometricPrompt.failCurrentSessionOnce()
        ShadowLooper.idleMainLooper()
        assertFalse(call.isCompleted)
        succeed()
        call.end()
    }

    @Test
    fun `each answer of the prompt has its name`() {
        for ((answer, code) in mapOf(
            BiometricPrompt.BIOMETRIC_ERROR_USER_CANCELED to "cancelled",
            BiometricPrompt.BIOMETRIC_ERROR_CANCELED to "authentication_required",
            BiometricPrompt.BIOMETRIC_ERROR_TIMEOUT to "authentication_required",
            BiometricPrompt.BIOMETRIC_ERROR_NO_DEVICE_CREDENTIAL to "unavailable: the phone has no screen lock",
            BiometricPrompt.BIOMETRIC_ERROR_LOCKOUT to "unavailable: the unlock failed with code 7: there were too many",
            BiometricPrompt.BIOMETRIC_ERROR_LOCKOUT_PERMANENT to "unavailable: the unlock failed with code 9: there were too many",
            BiometricPrompt.BIOMETRIC_ERROR_HW_NOT_PRESENT to "unavailable: the unlock failed with code 12: the phone cannot",
            1000 to "unavailable: the unlock failed with code 1000: ",
        )) {
            val call = unlock()
            ShadowBiometricPrompt.authenticateCurrentSessionWithError(answer, "c4nary")
            val failure = call.failure()
            assertTrue("$failure", "${failure.code}: ${failure.reason}".startsWith(code))
            assertFalse("$failure", "c4nary" in "$failure")
        }
        unlocked()
    }

    @Test
    fun `a prompt that unlocks nothing is no success`() {
        val call = unlock()
        ShadowBiometricPrompt.authenticateCurrentSessionSuccessfully()
        assertTrue(call.failure() is StoreException.AuthenticationRequired)
    }

    @Test
    fun `the prompt closes with the call`() {
        val call = unlock()
        assertFalse(Prompt.last!!.isCanceled)
        call.cancel()
        until("the prompt closes") { Prompt.last!!.isCanceled }
    }

    @Test
    fun `without a screen lock there is no prompt`() {
        FakeAndroidKeystore.removeScreenLock()
        val failure = unlock().failure()
        assertTrue("$failure", failure is StoreException.Unavailable && "set a screen lock" in failure.reason)
        assertFalse(Prompt.isShown)
        assertThrows(StoreException.Unavailable::class.java) { store.put("a", byteArrayOf(1)) }
    }

    @Test
    fun `the key is lost with the screen lock, until a reset`() {
        unlocked()
        store.put("a", byteArrayOf(1))
        FakeAndroidKeystore.removeScreenLock()
        assertThrows(StoreException.KeyLost::class.java) { store.get("a") }
        assertTrue(unlock().failure() is StoreException.KeyLost)
        assertEquals(listOf("a"), store.list(""))
        store.reset()
        assertNull(store.get("a"))
    }

    @Test
    fun `without the permission the error says what to add`() {
        shadowOf(context).denyPermissions(Manifest.permission.USE_BIOMETRIC)
        val failure = unlock().failure()
        assertTrue("$failure", failure is StoreException.Denied && Manifest.permission.USE_BIOMETRIC in failure.reason)
    }

    @Test
    fun `an existing store never gets or loses the lock silently`() {
        val open = KeystoreStore(context)
        open.put("a", byteArrayOf(1))
        assertThrows(StoreException.KeyLost::class.java) { store.get("a") }
        unlock(open).end()
        assertFalse("it is never locked", Prompt.isShown)
        store.reset()
        unlocked()
        store.put("a", byteArrayOf(1))
        assertThrows(StoreException.KeyLost::class.java) { open.get("a") }
    }

    private val sandbox by lazy { Sandbox.shared.also(Sandbox::reset) }
    private val start by lazy { sandbox.now() }

    private fun app(transport: HttpTransport = UrlConnectionTransport()): AppProcess =
        AppProcess(store, context.noBackupFilesDir, sandbox.url, start, transport)

    @Test
    fun `a refresh while the store is locked sends nothing, asks nothing and loses nothing`() {
        FakeAndroidKeystore.unlock()
        val app = app()
        bounded { app.logIn(sandbox) }
        bounded { app.open() }
        sandbox.advance(EXPIRED)
        FakeAndroidKeystore.seconds += 61
        val failure = assertThrows(SwitchbackException.StoreFailed::class.java) { bounded { app.token(EXPIRED) } }
        assertTrue("$failure", failure.cause is StoreException.AuthenticationRequired)
        assertEquals(0, sandbox.count("refreshes"))
        assertFalse(Prompt.isShown)
        unlocked()
        bounded { app.token(0) }
        assertEquals(1, sandbox.count("refreshes"))
    }

    @Test
    fun `a store that locks itself during a refresh gets the new token after the unlock`() {
        FakeAndroidKeystore.unlock()
        val slow = object : HttpTransport {
            private val inner = UrlConnectionTransport()

            override suspend fun send(request: HttpRequest): HttpResponse {
                val response = inner.send(request)
                if (isSlow) FakeAndroidKeystore.seconds += 61
                return response
            }

            var isSlow = false
        }
        val app = app(slow)
        bounded { app.logIn(sandbox) }
        bounded { app.open() }
        sandbox.advance(EXPIRED)
        slow.isSlow = true
        val ours = runCatching { bounded { app.token(EXPIRED) } }
        assertEquals(1, sandbox.count("refreshes"))
        assertThrows(StoreException.AuthenticationRequired::class.java) { store.get(store.list("").first()) }

        slow.isSlow = false
        unlocked()
        val token = bounded { app.token(0) }
        ours.onSuccess { assertEquals(it, token) }
        val next = app().also { bounded { it.open() } }
        assertEquals(token, bounded { next.token(EXPIRED) })
        assertEquals(1, sandbox.count("refreshes"))
    }

    @Test
    fun `the time has bounds`() {
        for (time in listOf(0.seconds, 4.seconds, 2.days)) {
            assertThrows(IllegalArgumentException::class.java) { KeystoreStore(context, unlockFor = time) }
        }
    }

    @Test
    @Config(sdk = [28])
    fun `before Android 10 there is no such store`() {
        assertNull(store.get("a"))
        val failure = assertThrows(StoreException.Unavailable::class.java) { store.put("a", byteArrayOf(1)) }
        assertTrue("$failure", "Android 10" in failure.reason)
        assertTrue(unlock().failure() is StoreException.Unavailable)
        assertFalse(Prompt.isShown)
    }

    private companion object {
        /** Longer than an access token lives, in seconds. */
        const val EXPIRED = 400L
    }

    /** As in Android, a prompt needs the permission: `com.android.server.biometrics.AuthService.authenticate`. */
    @Implements(BiometricPrompt::class)
    class Prompt : ShadowBiometricPrompt() {
        @Implementation
        override fun authenticate(cancel: CancellationSignal, executor: Executor, callback: BiometricPrompt.AuthenticationCallback) {
            RuntimeEnvironment.getApplication().enforceCallingOrSelfPermission(Manifest.permission.USE_BIOMETRIC, null)
            last = cancel
            super.authenticate(cancel, executor, callback)
        }

        companion object {
            @Volatile
            var last: CancellationSignal? = null

            val isShown: Boolean get() = getCurrentPrompt() != null
        }
    }
}
