package app.switchback.testing

import app.switchback.Platform
import app.switchback.RustClient
import app.switchback.SwitchbackClient
import app.switchback.SwitchbackConfig
import app.switchback.SwitchbackException
import app.switchback.forRust
import app.switchback.testing.internal.clientForTests
import app.switchback.translated

/**
 * A client that takes the time from this clock, and is a real one in all else.
 *
 * [SwitchbackClient.logIn] waits for as long as the coroutine's own time says, which is virtual in `runTest`
 * (kotlinx-coroutines-test). The pauses before [SwitchbackClient.handle] tries again take real time.
 *
 * @throws SwitchbackException.Configuration where the configuration is wrong
 */
public fun SwitchbackClient.Companion.forTests(
    config: SwitchbackConfig,
    platform: Platform,
    clock: Clock,
): SwitchbackClient = withTestLibrary {
    val client = translated { clientForTests(config.forRust(), platform.forRust(), ClockForRust(clock)) }
    SwitchbackClient(RustClient(client), platform.opener, config.loginTimeout)
}
