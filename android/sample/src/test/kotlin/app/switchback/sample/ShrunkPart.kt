package app.switchback.sample

import android.content.ComponentName
import android.content.Intent
import android.content.IntentFilter
import android.content.pm.ActivityInfo
import android.content.pm.ApplicationInfo
import org.junit.Test
import org.junit.runner.RunWith
import org.robolectric.RobolectricTestRunner
import org.robolectric.RuntimeEnvironment
import org.robolectric.Shadows.shadowOf
import org.robolectric.annotation.Config

/**
 * A login with the shrunk app, in a JVM that has no other classes of the app and of the library: see [ShrunkTest].
 * Only names of the manifest are used here, as Android does. Surefire does not run this class, because of its name.
 */
@RunWith(RobolectricTestRunner::class)
@Config(sdk = [36], application = TestApplication::class)
class ShrunkPart : Screen() {
    @Test
    fun `a person logs in`() {
        installBrowser()
        launch()
        untilShown("No person is logged in")
        tapAndLeave(LOGIN)
        val link = TestApplication.sandbox.approve(openedUrl())
        task.openLink(link)
        untilShown(HELLO)
    }

    private fun installBrowser() {
        val packages = shadowOf(RuntimeEnvironment.getApplication().packageManager)
        val browser = ComponentName("com.example.browser", "com.example.browser.Main")
        packages.addOrUpdateActivity(ActivityInfo().apply {
            packageName = browser.packageName
            name = browser.className
            exported = true
            applicationInfo = ApplicationInfo().apply { packageName = browser.packageName }
        })
        for (scheme in listOf("https", "http")) {
            val filter = IntentFilter(Intent.ACTION_VIEW).apply {
                addCategory(Intent.CATEGORY_BROWSABLE)
                addCategory(Intent.CATEGORY_DEFAULT)
                addDataScheme(scheme)
            }
            packages.addIntentFilterForActivity(browser, filter)
        }
    }
}
