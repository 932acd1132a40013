package app.switchback

import app.switchback.internal.InternalException
import app.switchback.internal.SessionEnd as RustEnd
import app.switchback.internal.StoreException as RustStoreException
import app.switchback.internal.SwitchbackException as RustException
import org.junit.jupiter.api.Assertions.assertEquals
import org.junit.jupiter.api.Assertions.assertNull
import org.junit.jupiter.api.Test
import org.junit.jupiter.api.assertThrows

/** An exception has the whole message of the native library, and no internal exception as its cause. */
internal class CausesTest {
    @Test
    fun `an exception of the native library is replaced and not a cause`() {
        val errors = listOf(
            RustException.TryAgain("the login was not completed", 3, "no network"),
            RustException.LoginRequired(RustEnd.REVOKED, "the person logged out"),
            RustException.StoreLocked(),
            RustException.Configuration("what to change"),
            RustException.Protocol("the token endpoint", "Json", "its answer is not JSON"),
            RustException.SigningUnavailable("signing_closed", "prepare another signing"),
            RustException.Internal("a task panicked"),
            InternalException("a panic"),
        )
        for (error in errors) {
            val public = assertThrows<SwitchbackException> { translated { throw error } }
            assertEquals(error.message, public.message)
            assertNull(public.cause)
            assertEquals(0, public.suppressed.size)
        }
    }

    @Test
    fun `the exception of a store is the cause`() {
        val public = assertThrows<SwitchbackException.StoreFailed> {
            translated { throw RustException.Store(RustStoreException.Full("no room")) }
        }
        val cause = public.cause as StoreException.Full
        assertEquals("no room", cause.reason)
        assertNull(cause.cause)
    }
}
