package app.switchback.android

import android.Manifest
import android.content.ComponentName
import android.content.Context
import android.content.Intent
import android.content.IntentFilter
import android.content.pm.ActivityInfo
import android.content.pm.PackageManager
import android.content.res.XmlResourceParser
import android.net.Uri
import org.junit.Assert.assertEquals
import org.junit.Assert.assertFalse
import org.junit.Assert.assertTrue
import org.junit.Rule
import org.junit.Test
import org.junit.runner.RunWith
import org.robolectric.RobolectricTestRunner
import org.robolectric.RuntimeEnvironment
import org.robolectric.Shadows.shadowOf
import org.robolectric.annotation.Config
import org.xmlpull.v1.XmlPullParser

/** What an app gets from the library's manifest. */
@RunWith(RobolectricTestRunner::class)
@Config(sdk = [36])
class ManifestTest {
    @get:Rule
    val app = TestApp()

    private val context: Context = RuntimeEnvironment.getApplication()
    private val packages = context.packageManager

    private fun activity(name: String): ActivityInfo =
        packages.getActivityInfo(ComponentName(context, "app.switchback.android.$name"), 0)

    /** The names of the activities that a browser can open with this link. */
    private fun resolved(link: String): List<String> {
        val open = Intent(Intent.ACTION_VIEW, Uri.parse(link)).addCategory(Intent.CATEGORY_BROWSABLE)
        val found = packages.queryIntentActivities(open, PackageManager.MATCH_DEFAULT_ONLY)
        return found.map { it.activityInfo.name }
    }

    @Test
    fun `the redirect activity receives the redirect URI and no other link`() {
        val redirect = listOf("app.switchback.android.RedirectActivity")
        assertEquals(redirect, resolved("https://app.example/callback?code=a&state=b"))
        assertEquals(redirect, resolved("com.example.app://app.example/callback?code=a&state=b"))
        val others = listOf(
            "http://app.example/callback",
            "https://app.example/callback/more",
            "https://app.example/",
            "https://other.example/callback",
            "com.example.other://app.example/callback",
        )
        for (other in others) assertEquals(other, emptyList<String>(), resolved(other))
    }

    @Test
    fun `Android verifies the App Link and not the custom scheme`() {
        val redirect = ComponentName(context, "app.switchback.android.RedirectActivity")
        val filters = shadowOf(packages).getIntentFiltersForActivity(redirect)
        val verified = filters.associate { it.schemes() to it.autoVerify }
        assertEquals(mapOf(listOf("https") to true, listOf("com.example.app") to false), verified)
    }

    private fun IntentFilter.schemes(): List<String> = schemesIterator().asSequence().toList()

    @Test
    fun `other apps can start the redirect activity only`() {
        assertTrue(activity("RedirectActivity").exported)
        assertFalse(activity("LoginActivity").exported)
        val all = packages.getPackageInfo(context.packageName, PackageManager.GET_ACTIVITIES).activities.orEmpty()
        val exported = all.filter { it.exported }.map { it.name.substringAfterLast('.') }
        assertEquals("MainActivity is the app's", setOf("MainActivity", "RedirectActivity"), exported.toSet())
    }

    @Test
    fun `the activities draw no background`() {
        for (name in listOf("RedirectActivity", "LoginActivity")) {
            assertEquals(android.R.style.Theme_Translucent_NoTitleBar, activity(name).theme)
        }
    }

    @Test
    fun `an app gets the permission for HTTP only`() {
        val about = packages.getPackageInfo(context.packageName, PackageManager.GET_PERMISSIONS)
        assertEquals(listOf(Manifest.permission.INTERNET), about.requestedPermissions.orEmpty().toList())
        assertEquals(emptyList<Any>(), about.permissions.orEmpty().toList())
    }

    @Test
    fun `an app sees browsers, apps that open https links, and Custom Tabs only`() {
        val expected = listOf(
            "intent", "action android.intent.action.VIEW", "category android.intent.category.BROWSABLE", "data https",
            "intent", "action android.support.customtabs.action.CustomTabsService",
        )
        assertEquals(expected, queries())
    }

    /** The elements in `queries` of the compiled manifest, each with its first value. */
    private fun queries(): List<String> = context.assets.openXmlResourceParser("AndroidManifest.xml").use { manifest ->
        val elements = generateSequence { manifest.next() }.takeWhile { it != XmlPullParser.END_DOCUMENT }
            .filter { it == XmlPullParser.START_TAG || it == XmlPullParser.END_TAG }
            .map { it to listOfNotNull(manifest.name, manifest.firstValue()).joinToString(" ") }
        elements.dropWhile { it.second != "queries" }.drop(1).takeWhile { it.second != "queries" }
            .filter { it.first == XmlPullParser.START_TAG }.map { it.second }.toList()
    }

    private fun XmlResourceParser.firstValue(): String? =
        if (eventType == XmlPullParser.START_TAG && attributeCount > 0) getAttributeValue(0) else null
}
