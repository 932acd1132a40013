package app.switchback

import kotlin.time.Duration
import kotlinx.coroutines.flow.StateFlow

/** What a client is made of: what is native, or a fake. */
internal interface ClientCore : AutoCloseable {
    val clockOffset: Duration?

    /** What every login gives without a person: a fake's. */
    suspend fun outcomeAtOnce(): LoginOutcome?

    suspend fun begin(request: LoginRequest, under: Session?): Attempt

    suspend fun reopen(id: AttemptId): Attempt?

    fun accepts(link: String): Boolean

    suspend fun attemptOf(link: String): AttemptId?

    suspend fun complete(link: String): LoginOutcome

    suspend fun pendingLogins(): List<PendingLogin>

    suspend fun cancelLogin(id: AttemptId)

    suspend fun timeline(id: AttemptId): List<TimelineEntry>?

    suspend fun sessions(): List<Session>

    suspend fun session(id: SessionId): Session

    suspend fun removeSession(id: SessionId)
}

/** A login attempt that was begun, and what to open for it. */
internal class Attempt(val id: AttemptId, val url: String)

/** What a session is made of. */
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

    suspend fun logOut(): LogOut
}

/** What a presentation is made of. */
internal interface PresentationCore {
    val subject: String
    val claims: List<Claim>
    val more: String
    val structuredName: StructuredName?
    val portraitImage: PortraitImage?

    fun claim(type: ClaimType): ClaimValue?
}
