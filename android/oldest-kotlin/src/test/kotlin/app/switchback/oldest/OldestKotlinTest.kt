package app.switchback.oldest

import app.switchback.support.Sandbox
import app.switchback.support.anotherJvm
import org.junit.jupiter.api.Assertions.assertEquals
import org.junit.jupiter.api.Test

/** A program that the oldest supported Kotlin has compiled, with the oldest standard library. */
class OldestKotlinTest {
    @Test
    fun `the program logs in`() {
        val sandbox = Sandbox.shared.apply { reset() }
        val greeting = anotherJvm("app.switchback.examples.direct.DirectKt", sandbox.url) { program ->
            val says = program.inputReader()
            program.outputWriter().use { it.write(sandbox.approve(says.readLine()) + "\n") }
            says.readLine().orEmpty()
        }
        assertEquals("Hello, ", greeting.take(7))
    }
}
