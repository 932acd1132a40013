package app.switchback.android

import android.app.Activity
import android.content.Intent
import android.os.Bundle

/**
 * Receives the link of a login, gives it to [LinkReceiver], and takes the person back to the screen below the
 * [LoginActivity]. It has no screen of its own.
 *
 * Any app can start it. So it reads only the action and the link of its intent, and starts nothing that comes
 * from it.
 */
internal class RedirectActivity : Activity() {
    override fun onCreate(state: Bundle?) {
        super.onCreate(state)
        if (state == null) receive(intent)
        finish()
    }

    override fun onNewIntent(intent: Intent) {
        super.onNewIntent(intent)
        receive(intent)
        finish()
    }

    private fun receive(intent: Intent) {
        val link = intent.dataString?.takeIf { intent.action == Intent.ACTION_VIEW } ?: return
        LinkReceiver.receive(link)
        startActivity(LoginActivity.back(this))
    }
}
