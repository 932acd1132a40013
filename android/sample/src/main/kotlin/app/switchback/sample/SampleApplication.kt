package app.switchback.sample

import android.app.Application
import android.content.Context
import android.content.pm.PackageManager
import app.switchback.Backend
import app.switchback.DataPoint
import app.switchback.LoginRequest
import app.switchback.Mode
import app.switchback.Provider
import app.switchback.Purpose
import app.switchback.SwitchbackConfig
import app.switchback.android.Switchback

/** Makes the one [Switchback] of the process. A link may start the process, so no screen makes it. */
open class SampleApplication : Application() {
    lateinit var switchback: Switchback
        private set

    override fun onCreate() {
        super.onCreate()
        switchback = Switchback(this, config())
    }

    private fun config() = SwitchbackConfig(
        provider = Provider.truid(baseUrl = setting("provider_url")),
        mode = if (isDirect) Mode.direct(setting("client_id")) else Mode.mediated(Backend.switchback(setting("service_url"))),
        redirectUri = setting("redirect_uri"),
        // Remove this line before people use the app.
        testService = true,
    )

    /** Whether the app talks to the provider without a service. */
    val isDirect: Boolean get() = setting("client_id").isNotEmpty()

    /** In direct mode the app names the data that it requests. In mediated mode the service decides. */
    fun request(purpose: Purpose): LoginRequest =
        LoginRequest(purpose, if (isDirect) listOf(DataPoint.NAME, DataPoint.EMAIL) else emptyList())
}

/** The `<meta-data>` with this name in the manifest. */
private fun Context.setting(name: String): String =
    packageManager.getApplicationInfo(packageName, PackageManager.GET_META_DATA).metaData?.getString(name).orEmpty()
