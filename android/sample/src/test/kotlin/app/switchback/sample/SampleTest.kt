package app.switchback.sample

import android.animation.ValueAnimator
import app.switchback.android.Device
import app.switchback.android.TestApp
import app.switchback.internal.Browser
import app.switchback.support.Sandbox
import org.junit.After
import org.junit.Before
import org.junit.ClassRule
import org.junit.runner.RunWith
import org.robolectric.RobolectricTestRunner
import org.robolectric.RuntimeEnvironment
import org.robolectric.annotation.Config
import org.robolectric.annotation.GraphicsMode

/** Tests of the app on a phone with an identity app, a browser, and a sandbox as the provider. */
@RunWith(RobolectricTestRunner::class)
@Config(
    sdk = [36],
    application = TestApplication::class,
    shadows = [Device.Packages::class, Device.Starts::class],
    qualifiers = "w360dp-h640dp-hdpi",
)
@GraphicsMode(GraphicsMode.Mode.NATIVE)
abstract class SampleTest : Screen() {
    internal val app get() = RuntimeEnvironment.getApplication() as TestApplication
    internal open val sandbox: Sandbox get() = TestApplication.sandbox

    @Before
    fun prepare() {
        Device.reset()
        Device.installBrowser(Browser("com.android.chrome", isDefault = true, customTab = true, authTab = true, ephemeral = true))
        TestApplication.sandbox.reset()
        // Otherwise the angle of a spinner depends on the time.
        ValueAnimator.setDurationScale(0f)
    }

    @After
    fun close() = app.switchback.close()

    internal fun installIdentityApp() {
        Device.install(IDENTITY_APP, sandbox.url)
        Device.choose(sandbox.url, IDENTITY_APP)
    }

    /** The person approves, and the identity app or browser opens the link. */
    internal fun approve() = task.openLink(sandbox.approve(openedUrl()))

    /** The person comes back without the link. */
    internal fun comeBack() {
        task.comeBack()
        task.pass(LINK_DELAY)
        until("the sheet") { sheet() != null }
    }

    internal companion object {
        const val IDENTITY_APP = "com.example.identity"

        /** A little more than the time that the library waits for the link. */
        const val LINK_DELAY = 600L

        @JvmField
        @ClassRule
        val testApp = TestApp()
    }
}
