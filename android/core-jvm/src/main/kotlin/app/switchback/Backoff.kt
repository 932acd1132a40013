package app.switchback

import kotlin.time.Duration
import kotlin.time.Duration.Companion.seconds

/** The pauses between retries, if the service demands no longer one: 1 s, 2 s, 4 s, then always 8 s. */
internal val BACKOFF: Sequence<Duration> = generateSequence(1.seconds) { minOf(it * 2, 8.seconds) }

/** How long a login is retried in the background: about as long as its authorization code lives. */
internal val RETRY_DURATION: Duration = 30.seconds
