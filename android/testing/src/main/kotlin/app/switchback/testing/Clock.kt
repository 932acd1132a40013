package app.switchback.testing

import kotlin.time.Duration
import kotlin.time.Duration.Companion.seconds

/** The clock of a client in a test: see [forTests]. A test can move a [TestClock]. */
public fun interface Clock {
    /** Returns the time. It is called from any thread; it must return at once and must not throw. */
    public fun now(): Now
}

/**
 * The time on the two clocks of a phone.
 *
 * @property epochSeconds the wall clock, which a person can set: seconds since 1970-01-01 UTC
 * @property uptime the time since the phone started. It never decreases
 */
public class Now(public val epochSeconds: Long, public val uptime: Duration) {
    override fun toString(): String = "Now(epochSeconds=$epochSeconds, uptime=$uptime)"
}

/**
 * A clock that a test moves, from any thread. Otherwise its time does not change.
 *
 * @param epochSeconds the first time of its wall clock, in seconds since 1970-01-01 UTC
 */
public class TestClock(epochSeconds: Long) : Clock {
    private var now = Now(epochSeconds, STARTED_AGO)

    @Synchronized
    override fun now(): Now = now

    /** Advances both clocks by whole seconds; fractions of a second are cut off. */
    @Synchronized
    public fun advance(by: Duration) {
        require(!by.isNegative()) { "the duration is negative: to set the wall clock back, call set" }
        now = Now(now.epochSeconds + by.inWholeSeconds, now.uptime + by.inWholeSeconds.seconds)
    }

    /** Sets the wall clock, as a person can do it. The uptime does not change. */
    @Synchronized
    public fun set(epochSeconds: Long) {
        now = Now(epochSeconds, now.uptime)
    }

    private companion object {
        val STARTED_AGO = 1_000.seconds
    }
}
