package app.switchback.android

import android.content.Context
import android.content.Intent
import android.content.pm.PackageManager
import android.content.pm.ResolveInfo
import android.net.Uri
import android.os.Build
import app.switchback.internal.Browser
import app.switchback.internal.Facts
import app.switchback.internal.Handler

/** Gathers what this device says about a login's links. Its calls may take some milliseconds. */
internal class DeviceFacts(
    private val context: Context,
    private val domains: () -> DomainVerification = { DomainVerification.OfSystem(context) },
) {
    private val packages: PackageManager get() = context.packageManager

    fun gather(authorizationUrl: String, redirectUri: String): Facts {
        val redirect = Uri.parse(redirectUri)
        val host = redirect.host?.takeIf { redirect.scheme.equals("https", ignoreCase = true) }
        val domains = domains()
        return Facts(
            apiLevel = Build.VERSION.SDK_INT.toUInt(),
            `package` = context.packageName,
            redirect = handlers(redirect),
            redirectOpens = opens(redirect),
            host = host?.let(domains::stateOf),
            mayOpenLinks = domains.mayOpenLinks,
            authorization = handlers(Uri.parse(authorizationUrl)),
            browsers = browsers(),
        )
    }

    /** The package that the system opens a URL with; [SYSTEM] if it would ask; null if nothing opens it. */
    fun opens(url: Uri): String? =
        packages.resolveActivity(view(url), PackageManager.MATCH_DEFAULT_ONLY)?.activityInfo?.packageName

    private fun handlers(url: Uri): List<Handler> =
        packages.queryIntentActivities(view(url), PackageManager.MATCH_ALL).map {
            Handler(it.activityInfo.packageName, it.activityInfo.name, it.activityInfo.exported)
        }

    /** The apps that open a link of any host. */
    private fun browsers(): List<Browser> {
        val default = opens(ANY_HOST)
        return packages.queryIntentActivities(view(ANY_HOST), PackageManager.MATCH_ALL)
            .map { it.activityInfo.packageName }.distinct()
            .map { browser ->
                val tabs = tabsService(browser)
                Browser(
                    `package` = browser,
                    isDefault = browser == default,
                    customTab = tabs != null,
                    authTab = tabs.has(BrowserIntents.CATEGORY_AUTH_TAB),
                    ephemeral = tabs.has(BrowserIntents.CATEGORY_EPHEMERAL),
                )
            }
    }

    private fun tabsService(browser: String): ResolveInfo? = packages.resolveService(
        Intent(BrowserIntents.TABS_SERVICE).setPackage(browser), PackageManager.GET_RESOLVED_FILTER,
    )

    private fun ResolveInfo?.has(category: String): Boolean = this?.filter?.hasCategory(category) == true

    private fun view(url: Uri) = Intent(Intent.ACTION_VIEW, url).addCategory(Intent.CATEGORY_BROWSABLE)

    companion object {
        /** The package of the activity that asks the person. */
        const val SYSTEM = "android"

        /** A link without a host: only browsers handle it. */
        private val ANY_HOST: Uri = Uri.fromParts("https", "", null)
    }
}
