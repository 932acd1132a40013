package app.switchback.android

import org.junit.Assume.assumeTrue
import org.junit.rules.ExternalResource

/**
 * Skips the tests of a class that needs the compiled manifest, if `cargo xtask android test-app` has not made it.
 *
 * The class has no `manifest = Config.NONE`. Its application is then the app of `src/test/app`: its package is
 * `com.example.app`, and its manifest is merged with the library's.
 */
class TestApp : ExternalResource() {
    override fun before() =
        assumeTrue("there is no compiled manifest: run `cargo xtask android test-app`", isCompiled)

    private companion object {
        val isCompiled = TestApp::class.java.getResource("/com/android/tools/test_config.properties") != null
    }
}
