package app.switchback.testing

/**
 * The result of a conformance suite. Its text has a line for each case, the details of each failure, and
 * the totals.
 *
 * @property cases all cases, in a stable order
 */
public class ConformanceReport internal constructor(public val cases: List<Case>) {
    /** The cases that failed. */
    public val failures: List<Case> get() = cases.filter { it.outcome is Outcome.Failed }

    /** The cases that the suite could not test. */
    public val leftOut: List<Case> get() = cases.filter { it.outcome is Outcome.LeftOut }

    override fun toString(): String {
        val passed = cases.size - failures.size - leftOut.size
        val sum = "$passed passed, ${failures.size} failed, ${leftOut.size} left out"
        return (cases + sum).joinToString("\n")
    }

    /**
     * One case.
     *
     * @property name a stable name, for example `round-trip`
     * @property demand the requirement, as an English sentence
     * @property outcome the result
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

    /** The result of a case: one of exactly these three. */
    public sealed class Outcome {
        /** The requirement was met. */
        public data object Passed : Outcome()

        /**
         * The requirement was not met.
         *
         * @property seen what happened instead
         */
        public class Failed internal constructor(public val seen: String) : Outcome() {
            override fun toString(): String = "Failed($seen)"
        }

        /**
         * The suite could not test this case here.
         *
         * @property reason why
         */
        public class LeftOut internal constructor(public val reason: String) : Outcome() {
            override fun toString(): String = "LeftOut($reason)"
        }
    }
}
