package app.switchback.android

import android.net.Uri

/**
 * What a login opens on this device.
 *
 * @property check the ways to open it, and what happens to its link
 * @property browsers the packages of the browsers
 */
internal class LoginPlan(val redirectUri: Uri, val check: LinkCheck, val browsers: Set<String>) {
    /** For a person who uses the identity app of another device. */
    fun withoutIdentityApp(): LoginPlan = LoginPlan(redirectUri, check.withoutIdentityApp(), browsers)
}
