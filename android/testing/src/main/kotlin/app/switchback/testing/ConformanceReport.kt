package app.switchback.testing

/**
 * What came of a conformance suite. Printed, it has a line for each case, all that is known about each that
 * failed, and the sum.
 *
 * @property cases every case there is, in a stable order
 */
public class ConformanceReport internal constructor(public val cases: List<Case>) {
    /** The cases whose demand was not met. */
    public val failures: List<Case> get() = cases.filter { it.outcome is Outcome.Failed }

    /** The cases that could not be tried. */
    public val leftOut: List<Case> get() = cases.filter { it.outcome is Outcome.LeftOut }

    override fun toString(): String {
        val passed = cases.size - failures.size - leftOut.size
        val sum = "$passed passed, ${failures.size} failed, ${leftOut.size} left out"
        return (cases + sum).joinToString("\n")
    }

    /**
     * One case.
     *
     * @property name stable: `round-trip` for example
     * @property demand what it demands, in an English sentence
     * @property outcome what came of it
     */
    public class Case internal constructor(
        public val name: String,
        public val demand: String,
        public val outcome: Outcome,
    ) {
        override fun toString(): String = when (outcome) {
            is Outcome.Passed -> "passed    $name"
            is Outcome.LeftOut -> "left out  $name: ${outcome.reason}"
            is Outcome.Failed -> "FAILED    $name\n          demanded: $demand\n          seen:     ${outcome.seen}"
        }
    }

    /** What came of a case: exactly these three. */
    public sealed class Outcome {
        /** The demand was met. */
        public data object Passed : Outcome()

        /**
         * The demand was not met.
         *
         * @property seen what was seen instead
         */
        public class Failed internal constructor(public val seen: String) : Outcome() {
            override fun toString(): String = "Failed($seen)"
        }

        /**
         * The case could not be tried here.
         *
         * @property reason why
         */
        public class LeftOut internal constructor(public val reason: String) : Outcome() {
            override fun toString(): String = "LeftOut($reason)"
        }
    }
}
