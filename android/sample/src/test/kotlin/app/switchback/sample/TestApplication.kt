package app.switchback.sample

import android.content.Context
import app.switchback.android.store.FakeAndroidKeystore
import app.switchback.support.Sandbox
import org.robolectric.Shadows.shadowOf

/** The app of the sample, with the addresses of the sandbox in its manifest. */
class TestApplication : SampleApplication() {
    override fun attachBaseContext(base: Context) {
        super.attachBaseContext(base)
        FakeAndroidKeystore.install()
        set("provider_url" to sandbox.url, "client_id" to Sandbox.CLIENT)
    }

    /** The process ends, and Android starts the app again, with the same files. */
    fun restart(vararg settings: Pair<String, String>) {
        switchback.close()
        set(*settings)
        onCreate()
    }

    private fun set(vararg settings: Pair<String, String>) {
        val info = shadowOf(packageManager).getInternalMutablePackageInfo(packageName).applicationInfo!!
        for ((name, value) in settings) info.metaData.putString(name, value)
    }

    companion object {
        const val REDIRECT_URI = "app.switchback.sample://app/truid/complete"

        val sandbox by lazy { Sandbox("--redirect-uri", REDIRECT_URI) }
    }
}
