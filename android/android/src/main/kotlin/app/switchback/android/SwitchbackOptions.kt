package app.switchback.android

import android.content.Context
import app.switchback.AfterReinstall
import app.switchback.FirstRun
import app.switchback.HttpTransport
import app.switchback.LockFile
import app.switchback.Platform
import app.switchback.SecureStore
import app.switchback.android.http.UrlConnectionTransport
import app.switchback.android.store.KeystoreStore
import java.io.File

/**
 * What an app can choose for [Switchback]. Each has a default.
 *
 * @property store stores the tokens; by default with the Android Keystore ([KeystoreStore])
 * @property transport sends HTTP requests; by default with Android's own client ([UrlConnectionTransport])
 * @property browsers the packages of browsers that the app prefers for a tab, the first one first; then comes
 *   the default browser
 * @property isEphemeral whether a tab forgets its cookies when it is closed, in browsers that support that
 * @property sessionsOfEarlierInstallation what to do if the app was removed and installed again, and the store
 *   still has sessions, for example because a backup was restored
 */
public class SwitchbackOptions(
    public val store: SecureStore? = null,
    public val transport: HttpTransport? = null,
    public val browsers: List<String> = emptyList(),
    public val isEphemeral: Boolean = false,
    public val sessionsOfEarlierInstallation: AfterReinstall = AfterReinstall.WIPE,
) {
    /** A test replaces it: Robolectric has no `DomainVerificationManager`. */
    internal var domainVerification: ((Context) -> DomainVerification) = DomainVerification::OfSystem

    internal fun facts(context: Context) = DeviceFacts(context) { domainVerification(context) }

    internal fun store(context: Context): SecureStore = store ?: KeystoreStore(context)

    /** Call it in a thread that may read files. */
    internal fun platform(context: Context, store: SecureStore): Platform {
        val folder = File(context.noBackupFilesDir, FOLDER).apply { mkdirs() }.path
        return Platform(
            store = store,
            transport = transport ?: UrlConnectionTransport(),
            lockFile = LockFile(folder, "processes"),
            firstRun = FirstRun(folder, sessionsOfEarlierInstallation),
        )
    }

    private companion object {
        /** Files that processes share, beside the folder of the store. */
        const val FOLDER = "switchback.state"
    }
}
