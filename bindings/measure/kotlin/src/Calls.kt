package switchback.measure.calls

import app.switchback.testing.internal.Sample
import app.switchback.testing.internal.nothing
import app.switchback.testing.internal.record
import app.switchback.testing.internal.text

private const val CALLS = 20_000
private const val TIMES = 31

/** Prints what a call costs, in nanoseconds, several times. */
fun main() {
    val sample = Sample(number = 7, text = "a text", texts = listOf("one", "two"), maybe = null)
    time("nothing") { nothing() }
    time("text") { text("a text of thirty-two characters.") }
    time("record") { record(sample) }
}

private inline fun time(name: String, call: () -> Unit) {
    repeat(TIMES) { run ->
        val begun = System.nanoTime()
        repeat(CALLS) { call() }
        val each = (System.nanoTime() - begun) / CALLS
        // The first third is for the JVM's compiler.
        if (run >= TIMES / 3) println("$name $each")
    }
}
