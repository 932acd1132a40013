package app.switchback.android.ui

import android.animation.ValueAnimator
import android.app.Activity
import android.content.pm.ApplicationInfo
import org.junit.Before
import org.junit.runner.RunWith
import org.robolectric.Robolectric
import org.robolectric.RobolectricTestRunner
import org.robolectric.RuntimeEnvironment
import org.robolectric.annotation.Config
import org.robolectric.annotation.GraphicsMode

/** Tests of views, drawn by Android's graphics on a phone with 1.5 pixels for each dp. */
@RunWith(RobolectricTestRunner::class)
@Config(sdk = [36], manifest = Config.NONE, qualifiers = "w360dp-h640dp-hdpi")
@GraphicsMode(GraphicsMode.Mode.NATIVE)
abstract class UiTest {
    protected lateinit var activity: Activity

    @Before
    fun startActivity() {
        // As an app's manifest does it: `android:supportsRtl="true"`.
        val application = RuntimeEnvironment.getApplication().applicationInfo
        application.flags = application.flags or ApplicationInfo.FLAG_SUPPORTS_RTL
        application.targetSdkVersion = 36
        // Otherwise the angle of a spinner depends on the time.
        ValueAnimator.setDurationScale(0f)
        activity = Robolectric.buildActivity(Activity::class.java).setup().get()
    }
}
