package app.switchback

import app.switchback.internal.Links
import java.util.concurrent.CopyOnWriteArrayList
import kotlin.time.Duration
import kotlinx.coroutines.flow.MutableStateFlow

/** A client without a native library: every login has the same outcome. */
internal class FakeClient(private val outcome: LoginOutcome) : ClientCore {
    private val sessions = CopyOnWriteArrayList<Session>()

    override val clockOffset: Duration? get() = null

    override suspend fun outcomeAtOnce(): LoginOutcome = outcome.also {
        if (it is LoginOutcome.LoggedIn) sessions.addIfAbsent(it.session)
    }

    override suspend fun begin(request: LoginRequest, under: Session?): Attempt = Attempt(AttemptId(""), "")

    override suspend fun reopen(id: AttemptId): Attempt? = null

    override fun accepts(link: String): Boolean = true

    override suspend fun attemptOf(link: String): AttemptId? = null

    override suspend fun complete(link: String, attempt: AttemptId?): LoginOutcome = outcomeAtOnce()

    override suspend fun pendingLogins(): List<PendingLogin> = emptyList()

    override suspend fun cancelLogin(id: AttemptId) = Unit

    override suspend fun timeline(id: AttemptId): List<TimelineEntry>? = null

    override suspend fun record(id: AttemptId, entries: List<TimelineEntry>) = Unit

    override fun links(purpose: Purpose): Links? = null

    override suspend fun sessions(): List<Session> = sessions.filter { it.end == null }

    override suspend fun session(id: SessionId): Session =
        sessions.find { it.id == id } ?: throw loginRequired(SessionEnd.NO_SESSION)

    override suspend fun removeSession(id: SessionId) {
        sessions.find { it.id == id }?.core?.logOut()
        sessions.removeIf { it.id == id }
    }

    override fun close() = Unit
}

/** A session without a native library. */
internal class FakeSession(
    private val claims: Map<ClaimType, String>,
    private val info: UserInfo,
    override val purpose: Purpose,
    override val id: SessionId,
) : SessionCore {
    override val loggedInAtEpochSeconds: Long get() = 0
    override val expiresAtEpochSeconds: Long? get() = null
    override val scope: List<DataPoint> get() = emptyList()
    override val deniedScopes: List<DataPoint> get() = emptyList()
    override val subject: String get() = info.subject
    override val end: SessionEnd? get() = if (state.value == SessionState.LoggedOut) SessionEnd.LOGGED_OUT else null
    override val state: MutableStateFlow<SessionState> = MutableStateFlow(SessionState.LoggedIn(null))

    override suspend fun accessToken(after: AccessToken?): AccessToken = whileLoggedIn { AccessToken { "fake" } }

    override suspend fun authorize(url: String): Authorization =
        whileLoggedIn { Authorization(url, listOf(HttpHeader("authorization", "Bearer fake")), null) }

    override suspend fun answered(sent: Authorization, status: Int, setCookie: List<String>): Authorization? = null

    override suspend fun userInfo(): UserInfo = whileLoggedIn { info }

    override suspend fun presentation(claims: List<ClaimType>): Presentation =
        whileLoggedIn { Presentation(FakePresentation(info.subject, this.claims.filterKeys { it in claims })) }

    override suspend fun signature(verifier: SignatureVerifier): DocumentSignature =
        throw SwitchbackException.Configuration("a fake session has no signature")

    override suspend fun logOut(): LogOut {
        state.value = SessionState.LoggedOut
        return LogOut(Revocation.DONE, null)
    }

    private inline fun <T> whileLoggedIn(give: () -> T): T = end?.let { throw loginRequired(it) } ?: give()
}

private class FakePresentation(override val subject: String, private val texts: Map<ClaimType, String>) :
    PresentationCore {
    override val claims: List<Claim> get() = texts.map { (type, text) -> Claim(type, ClaimValue(text, null), "{}") }
    override val more: String get() = "{}"
    override val structuredName: StructuredName? get() = null
    override val portraitImage: PortraitImage? get() = null

    override fun claim(type: ClaimType): ClaimValue? = texts[type]?.let { ClaimValue(it, null) }
}

private fun loginRequired(reason: SessionEnd) =
    SwitchbackException.LoginRequired("the person must log in again: $reason", reason)
