package app.switchback

import kotlin.time.Duration
import kotlin.time.Duration.Companion.seconds

/** How long to wait before each repetition, where nobody says otherwise. It never ends. */
internal val BACKOFF: Sequence<Duration> = generateSequence(1.seconds) { minOf(it * 2, 8.seconds) }

/** For how long a login is tried again in the background. Its code lives about as long. */
internal val RETRIED_FOR: Duration = 30.seconds
