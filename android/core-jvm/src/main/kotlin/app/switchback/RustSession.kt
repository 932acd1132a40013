package app.switchback

import app.switchback.internal.Authorization as RustAuthorization
import app.switchback.internal.ClaimValue as RustClaimValue
import app.switchback.internal.LoginAttempt
import app.switchback.internal.LoginRequest as RustRequest
import app.switchback.internal.Presentation as RustPresentation
import app.switchback.internal.Session as RustHandle
import app.switchback.internal.asFlow
import app.switchback.internal.truidPortraitImage
import app.switchback.internal.truidStructuredName
import kotlinx.coroutines.CoroutineScope
import kotlinx.coroutines.flow.MutableStateFlow
import kotlinx.coroutines.flow.StateFlow
import kotlinx.coroutines.flow.launchIn
import kotlinx.coroutines.flow.onEach
import kotlinx.coroutines.flow.takeWhile
import kotlinx.coroutines.flow.update

/** A session of the native library. */
internal class RustSession(private val session: RustHandle, scope: CoroutineScope) : SessionCore {
    private val now = MutableStateFlow(state())

    init {
        session.events().asFlow().onEach { update() }.takeWhile { end == null }.launchIn(scope)
    }

    override val id: SessionId = SessionId(session.id())
    override val purpose: Purpose get() = session.purpose().forApps()
    override val loggedInAtEpochSeconds: Long get() = session.loggedInAt()
    override val expiresAtEpochSeconds: Long? get() = session.expiresAt()
    override val scope: List<DataPoint> get() = session.scope().map(::DataPoint)
    override val deniedScopes: List<DataPoint> get() = session.deniedScopes().map(::DataPoint)
    override val subject: String? get() = session.subject()
    override val end: SessionEnd? get() = session.ended()?.forApps()
    override val state: StateFlow<SessionState> get() = now.also { update() }

    private fun state(): SessionState = when (val end = end) {
        null -> SessionState.LoggedIn(expiresAtEpochSeconds)
        SessionEnd.LOGGED_OUT -> SessionState.LoggedOut
        else -> SessionState.LoginRequired(end)
    }

    /** Makes [state] show the session as it is now, also if another thread does the same. */
    fun update(): Unit = now.update { state() }

    /** Runs the call; when it returns, [state] already shows the changes. */
    private inline fun <T> updatingState(call: () -> T): T = try {
        translated(call)
    } finally {
        update()
    }

    suspend fun begin(request: RustRequest): LoginAttempt = updatingState { session.begin(request) }

    override suspend fun accessToken(after: AccessToken?): AccessToken = updatingState {
        val token = if (after == null) session.accessToken() else session.accessTokenAfter(after.value)
        AccessToken(token::expose)
    }

    override suspend fun authorize(url: String): Authorization = updatingState { session.authorize(url).forApps() }

    override suspend fun answered(sent: Authorization, status: Int, setCookie: List<String>): Authorization? = updatingState {
        session.answered(sent.core as RustAuthorization, status, setCookie)?.forApps()
    }

    override suspend fun userInfo(): UserInfo = updatingState {
        with(session.userInfo()) {
            UserInfo(
                sub, iss, aud, name, givenName, familyName, birthdate, gender, email, emailVerified, phoneNumber,
                phoneNumberVerified, address, more,
            )
        }
    }

    override suspend fun presentation(claims: List<ClaimType>): Presentation =
        updatingState { Presentation(RustPresentationCore(session.presentation(claims.map(ClaimType::text)))) }

    override suspend fun signature(verifier: SignatureVerifier): DocumentSignature = updatingState {
        val fetched = verifier.rust.fetch(session)
        DocumentSignature(fetched.jws, fetched.report.forApps())
    }

    override suspend fun logOut(): LogOut = updatingState {
        val done = session.logOut()
        LogOut(Revocation(done.revocation.name.lowercase()), done.endSessionUrl)
    }

    private fun RustAuthorization.forApps() = Authorization(url(), headers().map { HttpHeader(it.name, it.value) }, this)
}

/** A presentation of the native library. The values stay there until the app reads them. */
internal class RustPresentationCore(private val presentation: RustPresentation) : PresentationCore {
    override val subject: String get() = presentation.sub()
    override val claims: List<Claim>
        get() = presentation.claims().map { Claim(ClaimType(it.key), it.value.forApps(), it.more) }
    override val more: String get() = presentation.more()
    override val structuredName: StructuredName?
        get() = truidStructuredName(presentation)?.run { StructuredName(fullName, givenName, familyName, more) }
    override val portraitImage: PortraitImage?
        get() = truidPortraitImage(presentation)?.run { PortraitImage(format, image, more) }

    override fun claim(type: ClaimType): ClaimValue? = presentation.get(type.text)?.forApps()

    private fun RustClaimValue.forApps() = when (this) {
        is RustClaimValue.Text -> ClaimValue(text, null)
        is RustClaimValue.Other -> ClaimValue(null, json)
    }
}
