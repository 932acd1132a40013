package switchback

import org.junit.jupiter.api.Assertions.assertEquals
import org.junit.jupiter.api.Assertions.assertTrue
import org.junit.jupiter.api.Test
import org.junit.jupiter.api.assertThrows
import switchback.support.bounded
import switchback.testing.InternalException
import switchback.testing.Sample
import switchback.testing.nothing
import switchback.testing.panics
import switchback.testing.panicsLater
import switchback.testing.record
import switchback.testing.text

class PanicTest {
    @Test
    fun `a panic in a call that answers at once is an error`() {
        val error = assertThrows<InternalException> { panics() }
        assertEquals("on purpose", error.message)
        nothing()
    }

    @Test
    fun `a panic in a call that waits is an error, and the next call goes on`() = bounded {
        repeat(3) {
            val error = assertFails<SwitchbackException.Internal> { panicsLater() }
            assertTrue(error.message.startsWith("Switchback made a mistake, please report it: "), error.message)
        }
        assertEquals("så", text("så"))
        val sample = Sample(-1, "", listOf("a", "😀"), null)
        assertEquals(sample, record(sample))
    }
}
