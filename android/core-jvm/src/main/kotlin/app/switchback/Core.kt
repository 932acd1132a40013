package app.switchback

import app.switchback.internal.Links
import kotlin.time.Duration
import kotlinx.coroutines.flow.StateFlow

/** The implementation of a client: the native library, or a fake. */
internal interface ClientCore : AutoCloseable {
    val clockOffset: Duration?

    /** The outcome that every login of a fake has; null for a client of the native library. */
    suspend fun outcomeAtOnce(): LoginOutcome?

    suspend fun begin(request: LoginRequest, under: Session?): Attempt

    suspend fun reopen(id: AttemptId): Attempt?

    fun accepts(link: String): Boolean

    suspend fun attemptOf(link: String): AttemptId?

    /** Completes the attempt that [attemptOf] found for this link. */
    suspend fun complete(link: String, attempt: AttemptId?): LoginOutcome

    suspend fun pendingLogins(): List<PendingLogin>

    suspend fun cancelLogin(id: AttemptId)

    suspend fun timeline(id: AttemptId): List<TimelineEntry>?

    /** Adds entries to the timeline of a login, if there is such a login. */
    suspend fun record(id: AttemptId, entries: List<TimelineEntry>)

    /** What a login opens, and where it comes back to; null if the provider does not have this purpose. */
    fun links(purpose: Purpose): Links?

    suspend fun sessions(): List<Session>

    suspend fun session(id: SessionId): Session

    suspend fun removeSession(id: SessionId)
}

/** A login attempt that has begun, and the URL to open for it. */
internal class Attempt(val id: AttemptId, val url: String)

/** Opens an attempt, and notices whether the person comes back without the link. */
internal interface AttemptOpener {
    /** Opens the URL. It returns false if nothing could open it. */
    suspend fun open(attempt: Attempt): Boolean

    /** Returns when the person has come back without the link. An opener that cannot notice it never returns. */
    suspend fun awaitReturn()
}

/** The implementation of a session: the native library, or a fake. */
internal interface SessionCore {
    val id: SessionId
    val purpose: Purpose
    val loggedInAtEpochSeconds: Long
    val expiresAtEpochSeconds: Long?
    val scope: List<DataPoint>
    val deniedScopes: List<DataPoint>
    val subject: String?
    val end: SessionEnd?
    val state: StateFlow<SessionState>

    suspend fun accessToken(after: AccessToken?): AccessToken

    suspend fun authorize(url: String): Authorization

    suspend fun answered(sent: Authorization, status: Int, setCookie: List<String>): Authorization?

    suspend fun userInfo(): UserInfo

    suspend fun presentation(claims: List<ClaimType>): Presentation

    suspend fun signature(verifier: SignatureVerifier): DocumentSignature

    suspend fun logOut(): LogOut
}

/** The implementation of a presentation: the native library, or a fake. */
internal interface PresentationCore {
    val subject: String
    val claims: List<Claim>
    val more: String
    val structuredName: StructuredName?
    val portraitImage: PortraitImage?

    fun claim(type: ClaimType): ClaimValue?
}
