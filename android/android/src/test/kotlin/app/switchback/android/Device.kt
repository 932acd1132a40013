package app.switchback.android

import android.app.Activity
import android.app.ApplicationPackageManager
import android.app.Instrumentation
import android.content.ActivityNotFoundException
import android.content.ComponentName
import android.content.Context
import android.content.Intent
import android.content.IntentFilter
import android.content.pm.ActivityInfo
import android.content.pm.ApplicationInfo
import android.content.pm.PackageInfo
import android.content.pm.ResolveInfo
import android.net.Uri
import android.os.Bundle
import android.os.IBinder
import android.os.PatternMatcher
import app.switchback.internal.Browser
import app.switchback.internal.HostState
import org.robolectric.RuntimeEnvironment
import org.robolectric.Shadows.shadowOf
import org.robolectric.annotation.Implementation
import org.robolectric.annotation.Implements
import org.robolectric.shadows.ShadowApplicationPackageManager
import org.robolectric.shadows.ShadowInstrumentation

/**
 * The apps on a phone, and which of them the system opens. Robolectric finds the apps for an intent; the tests say
 * which one is verified, chosen or the default, and the shadows below then do what Android documents:
 * - "Verify App Links": a link opens the app whose domain is verified, or else the default browser.
 * - `Intent.FLAG_ACTIVITY_REQUIRE_NON_BROWSER`: an intent that would open a browser, or a choice that has one,
 *   fails with `ActivityNotFoundException`.
 */
internal object Device : DomainVerification {
    private val packages get() = shadowOf(RuntimeEnvironment.getApplication().packageManager)
    private val choices = LinkedHashMap<String, String>()
    private val browsers = LinkedHashMap<String, Browser>()
    val hosts = HashMap<String, HostState>()

    override var mayOpenLinks: Boolean? = true

    override fun stateOf(host: String): HostState = hosts[host] ?: HostState.UNDECLARED

    fun reset() {
        choices.clear()
        browsers.clear()
        hosts.clear()
        mayOpenLinks = true
    }

    /** The system opens links that begin like this with this app. */
    fun choose(url: String, app: String) {
        choices[url] = app
    }

    /** An app that handles the links of this URL's scheme and host, and of its path if it has one. */
    fun install(app: String, url: String, activity: String = "$app.LinkActivity", isExported: Boolean = true) {
        val uri = Uri.parse(url)
        addActivity(app, activity, isExported, filter(uri.scheme!!).apply {
            addDataAuthority(uri.host!!, uri.port.takeIf { it != -1 }?.toString())
            uri.path?.ifEmpty { null }?.let { addDataPath(it, PatternMatcher.PATTERN_LITERAL) }
        })
    }

    fun installBrowser(browser: Browser) {
        val app = browser.`package`
        browsers[app] = browser
        for (scheme in listOf("https", "http")) addActivity(app, "$app.Main", true, filter(scheme))
        if (!browser.customTab) return
        val service = ComponentName(app, "$app.TabsService")
        packages.addServiceIfNotPresent(service)
        packages.addIntentFilterForService(service, IntentFilter(BrowserIntents.TABS_SERVICE).apply {
            addCategory(Intent.CATEGORY_DEFAULT)
            if (browser.authTab) addCategory(BrowserIntents.CATEGORY_AUTH_TAB)
            if (browser.ephemeral) addCategory(BrowserIntents.CATEGORY_EPHEMERAL)
        })
    }

    private fun filter(scheme: String) = IntentFilter(Intent.ACTION_VIEW).apply {
        addCategory(Intent.CATEGORY_BROWSABLE)
        addCategory(Intent.CATEGORY_DEFAULT)
        addDataScheme(scheme)
    }

    private fun addActivity(app: String, name: String, isExported: Boolean, filter: IntentFilter) {
        if (app != RuntimeEnvironment.getApplication().packageName && packages.getInternalMutablePackageInfo(app) == null) {
            packages.installPackage(PackageInfo().apply {
                packageName = app
                applicationInfo = ApplicationInfo().apply { packageName = app }
            })
        }
        val component = ComponentName(app, name)
        packages.addOrUpdateActivity(ActivityInfo().apply {
            packageName = app
            this.name = name
            exported = isExported
            applicationInfo = ApplicationInfo().apply { packageName = app }
        })
        packages.addIntentFilterForActivity(component, filter)
    }

    /** What the system opens, of these candidates. */
    private fun chosen(intent: Intent, candidates: List<ResolveInfo>): ResolveInfo? {
        fun of(app: String) = candidates.firstOrNull { it.activityInfo.packageName == app }
        if (intent.component != null || intent.`package` != null) return candidates.firstOrNull()
        val url = intent.dataString.orEmpty()
        val choice = choices.entries.filter { url.startsWith(it.key) }.maxByOrNull { it.key.length }?.value
        if (choice == DeviceFacts.SYSTEM) return asks()
        if (choice != null) return of(choice)
        if (candidates.isEmpty() || intent.scheme !in WEB) return candidates.singleOrNull() ?: candidates.firstOrNull()?.let { asks() }
        val default = browsers.values.firstOrNull { it.isDefault }
        return default?.let { of(it.`package`) } ?: if (browsers.size > 1) asks() else browsers.keys.firstOrNull()?.let(::of)
    }

    private fun asks() = ResolveInfo().apply {
        activityInfo = ActivityInfo().apply {
            packageName = DeviceFacts.SYSTEM
            name = "com.android.internal.app.ResolverActivity"
        }
    }

    private fun isBrowser(app: String) = app in browsers || app == DeviceFacts.SYSTEM

    private val WEB = setOf("https", "http")

    @Implements(ApplicationPackageManager::class)
    class Packages : ShadowApplicationPackageManager() {
        @Implementation
        override fun resolveActivity(intent: Intent, flags: Int): ResolveInfo? =
            chosen(intent, queryIntentActivities(intent, flags).filter { it.activityInfo.exported || intent.component != null })
    }

    @Implements(Instrumentation::class)
    class Starts : ShadowInstrumentation() {
        @Implementation
        override fun execStartActivity(
            who: Context, thread: IBinder?, token: IBinder?, target: Activity?, intent: Intent, request: Int, options: Bundle?,
        ): Instrumentation.ActivityResult? {
            val found = RuntimeEnvironment.getApplication().packageManager.resolveActivity(intent, 0)?.activityInfo
                ?: throw ActivityNotFoundException("$intent")
            val needsApp = intent.flags and Intent.FLAG_ACTIVITY_REQUIRE_NON_BROWSER != 0
            if (needsApp && isBrowser(found.packageName)) throw ActivityNotFoundException("$intent")
            return super.execStartActivity(who, thread, token, target, intent, request, options)
        }
    }
}
