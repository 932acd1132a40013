package app.switchback.internal

import app.switchback.support.bounded
import app.switchback.testing.internal.InternalException
import app.switchback.testing.internal.Sample
import app.switchback.testing.internal.nothing
import app.switchback.testing.internal.panics
import app.switchback.testing.internal.panicsLater
import app.switchback.testing.internal.record
import app.switchback.testing.internal.text
import org.junit.jupiter.api.Assertions.assertEquals
import org.junit.jupiter.api.Assertions.assertTrue
import org.junit.jupiter.api.Test
import org.junit.jupiter.api.assertThrows

internal class PanicTest {
    @Test
    fun `a panic in a synchronous call is an error`() {
        val error = assertThrows<InternalException> { panics() }
        assertEquals("on purpose", error.message)
        nothing()
    }

    @Test
    fun `a panic in a suspending call is an error`() = bounded {
        repeat(3) {
            val error = assertFails<SwitchbackException.Internal> { panicsLater() }
            assertTrue(error.message.startsWith("Switchback has a bug, please report it: "), error.message)
        }
        assertEquals("så", text("så"))
        val sample = Sample(-1, "", listOf("a", "😀"), null)
        assertEquals(sample, record(sample))
    }
}
