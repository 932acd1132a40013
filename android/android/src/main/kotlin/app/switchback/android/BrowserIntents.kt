package app.switchback.android

import android.content.Intent
import android.net.Uri
import android.os.Bundle

/**
 * The intents that open a tab of a browser. The names are those of `androidx.browser`, which an app need not
 * have: a tab needs only these extras.
 */
internal object BrowserIntents {
    /** The action of a browser's service for Custom Tabs. */
    const val TABS_SERVICE = "android.support.customtabs.action.CustomTabsService"

    /** A category of that service: the browser supports Auth Tabs. */
    const val CATEGORY_AUTH_TAB = "androidx.browser.auth.category.AuthTab"

    /** A category of that service: the browser supports tabs without cookies. */
    const val CATEGORY_EPHEMERAL = "androidx.browser.customtabs.category.EphemeralBrowsing"

    const val EXTRA_SESSION = "android.support.customtabs.extra.SESSION"
    const val EXTRA_SEND_TO_APPS = "android.support.customtabs.extra.SEND_TO_EXTERNAL_HANDLER"
    const val EXTRA_EPHEMERAL = "androidx.browser.customtabs.extra.ENABLE_EPHEMERAL_BROWSING"
    const val EXTRA_AUTH_TAB = "androidx.browser.auth.extra.LAUNCH_AUTH_TAB"
    const val EXTRA_REDIRECT_SCHEME = "androidx.browser.auth.extra.REDIRECT_SCHEME"
    const val EXTRA_REDIRECT_HOST = "androidx.browser.auth.extra.HTTPS_REDIRECT_HOST"
    const val EXTRA_REDIRECT_PATH = "androidx.browser.auth.extra.HTTPS_REDIRECT_PATH"

    /** The browser itself. */
    fun browser(url: Uri, target: String?): Intent =
        Intent(Intent.ACTION_VIEW, url).addCategory(Intent.CATEGORY_BROWSABLE).setPackage(target)

    /** A Custom Tab, which is in the task of the activity that starts it. */
    fun customTab(url: Uri, target: String?, isEphemeral: Boolean): Intent =
        tab(url, target, isEphemeral)
            // Without it Chrome does not let the first redirects of the tab open an app.
            .putExtra(EXTRA_SEND_TO_APPS, true)

    /** An Auth Tab, which gives the redirect as its result. */
    fun authTab(url: Uri, target: String?, isEphemeral: Boolean, redirectUri: Uri): Intent {
        val intent = tab(url, target, isEphemeral).putExtra(EXTRA_AUTH_TAB, true)
        if (!redirectUri.scheme.equals("https", ignoreCase = true)) {
            return intent.putExtra(EXTRA_REDIRECT_SCHEME, redirectUri.scheme)
        }
        return intent.putExtra(EXTRA_REDIRECT_HOST, redirectUri.host)
            // The browser compares the whole path, and an empty one is `/`.
            .putExtra(EXTRA_REDIRECT_PATH, redirectUri.path?.ifEmpty { null } ?: "/")
    }

    private fun tab(url: Uri, target: String?, isEphemeral: Boolean): Intent {
        // An intent is for a tab if it has this extra. Without a session its value is null.
        val session = Bundle().apply { putBinder(EXTRA_SESSION, null) }
        val intent = Intent(Intent.ACTION_VIEW, url).setPackage(target).putExtras(session)
        return if (isEphemeral) intent.putExtra(EXTRA_EPHEMERAL, true) else intent
    }
}
