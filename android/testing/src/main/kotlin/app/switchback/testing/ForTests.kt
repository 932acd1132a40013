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
 * A client that takes the time from this clock. In everything else it is a real client.
 *
 * [SwitchbackClient.logIn] measures its timeout in the coroutine's time, which is virtual in `runTest`
 * (kotlinx-coroutines-test). The pauses between the retries of [SwitchbackClient.handle] take real time.
 *
 * @throws SwitchbackException.Configuration if the configuration is wrong
 */
public fun SwitchbackClient.Companion.forTests(
    config: SwitchbackConfig,
    platform: Platform,
    clock: Clock,
): SwitchbackClient = withTestLibrary {
    val client = translated { clientForTests(config.forRust(), platform.forRust(), ClockForRust(clock)) }
    SwitchbackClient(RustClient(client), platform.opener, config.loginTimeout)
}
