package app.switchback.android

import android.content.Context
import android.content.pm.verify.domain.DomainVerificationManager
import android.content.pm.verify.domain.DomainVerificationUserState
import android.os.Build
import app.switchback.internal.HostState

/** What Android says about the links of this app's hosts. Before Android 12 it says nothing. */
internal interface DomainVerification {
    /** Whether "Open supported links" is on for this app. */
    val mayOpenLinks: Boolean?

    /** Whether Android lets this app open links to the host. */
    fun stateOf(host: String): HostState?

    /** The state that Android has now. */
    class OfSystem(context: Context) : DomainVerification {
        private val state: DomainVerificationUserState? = if (Build.VERSION.SDK_INT < Build.VERSION_CODES.S) null else {
            context.getSystemService(DomainVerificationManager::class.java)
                ?.getDomainVerificationUserState(context.packageName)
        }

        override val mayOpenLinks: Boolean?
            get() = if (Build.VERSION.SDK_INT < Build.VERSION_CODES.S) null else state?.isLinkHandlingAllowed

        override fun stateOf(host: String): HostState? {
            if (Build.VERSION.SDK_INT < Build.VERSION_CODES.S) return null
            return when (state?.hostToStateMap?.let { it[host] ?: UNDECLARED }) {
                null -> null
                DomainVerificationUserState.DOMAIN_STATE_VERIFIED -> HostState.VERIFIED
                DomainVerificationUserState.DOMAIN_STATE_SELECTED -> HostState.SELECTED
                UNDECLARED -> HostState.UNDECLARED
                else -> HostState.NONE
            }
        }

        private companion object {
            const val UNDECLARED = -1
        }
    }
}
