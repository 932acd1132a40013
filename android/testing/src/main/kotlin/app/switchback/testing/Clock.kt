package app.switchback.testing

import kotlin.time.Duration
import kotlin.time.Duration.Companion.seconds

/** What time it is for a client of a test: see [forTests]. [TestClock] is one that a test moves. */
public fun interface Clock {
    /** Says what time it is. It is asked from any thread, and must answer at once and throw nothing. */
    public fun now(): Now
}

/**
 * A moment, as the two clocks of a phone show it.
 *
 * @property epochSeconds by the wall clock, which a person may set: seconds since the epoch
 * @property uptime since the phone was started, which nobody can set; it never goes back
 */
public class Now(public val epochSeconds: Long, public val uptime: Duration) {
    override fun toString(): String = "Now(epochSeconds=$epochSeconds, uptime=$uptime)"
}

/**
 * A clock that stands still until a test moves it. Any thread may move it.
 *
 * @param epochSeconds what its wall clock shows at first, in seconds since the epoch
 */
public class TestClock(epochSeconds: Long) : Clock {
    private var now = Now(epochSeconds, STARTED_AGO)

    @Synchronized
    override fun now(): Now = now

    /** Lets so much time go by, in whole seconds: what is less than a second is cut off. */
    @Synchronized
    public fun advance(by: Duration) {
        require(!by.isNegative()) { "no clock runs backwards: to set the wall clock, call set" }
        now = Now(now.epochSeconds + by.inWholeSeconds, now.uptime + by.inWholeSeconds.seconds)
    }

    /** Sets the wall clock, as a person may do it. No time goes by. */
    @Synchronized
    public fun set(epochSeconds: Long) {
        now = Now(epochSeconds, now.uptime)
    }

    private companion object {
        val STARTED_AGO = 1_000.seconds
    }
}
