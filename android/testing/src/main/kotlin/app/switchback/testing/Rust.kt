package app.switchback.testing

import app.switchback.NativeLibraryLoader
import app.switchback.StoreForRust
import app.switchback.internal.SecureStore as RustStore
import app.switchback.internal.uniffiLibraryName
import app.switchback.stored
import app.switchback.testing.internal.CaseReport
import app.switchback.testing.internal.Clock as RustClock
import app.switchback.testing.internal.Now as RustNow
import app.switchback.testing.internal.Outcome as RustOutcome
import app.switchback.testing.internal.StoreUnderTest as RustStoreUnderTest

private const val OVERRIDE = "uniffi.component.switchback.libraryOverride"
private const val FOR_TESTS = "switchback_bindings_testing"

/**
 * Runs the call with the native library for tests. It contains the library for phones; two loaded
 * libraries would not share their objects.
 */
internal fun <T> withTestLibrary(call: () -> T): T {
    if (System.getProperty(OVERRIDE) == null) System.setProperty(OVERRIDE, FOR_TESTS)
    check(uniffiLibraryName != "switchback_bindings") {
        "the native library for phones is already loaded: start the tests with -D$OVERRIDE=$FOR_TESTS"
    }
    NativeLibraryLoader.load()
    return call()
}

internal class ClockForRust(private val clock: Clock) : RustClock {
    override fun now(): RustNow = clock.now().run { RustNow(epochSeconds, uptime.inWholeSeconds) }
}

internal class StoreUnderTestForRust(private val store: StoreUnderTest) : RustStoreUnderTest {
    override fun openStore(): RustStore = stored { StoreForRust(store.open()) }

    override fun lock(locked: Boolean): Boolean = stored { store.lock(locked) }

    override fun killedInPut(key: String, value: ByteArray): Boolean = stored { store.killedInPut(key, value) }
}

internal fun List<CaseReport>.forApps(): ConformanceReport = ConformanceReport(
    map { ConformanceReport.Case(it.name, it.demand, it.outcome.forApps()) },
)

private fun RustOutcome.forApps(): ConformanceReport.Outcome = when (this) {
    is RustOutcome.Passed -> ConformanceReport.Outcome.Passed
    is RustOutcome.Failed -> ConformanceReport.Outcome.Failed(how)
    is RustOutcome.LeftOut -> ConformanceReport.Outcome.LeftOut(why)
}
