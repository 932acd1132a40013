// Code that must not compile in an app. Each paragraph is compiled alone. The compiler must report exactly the
// errors of its `// error:` lines. A paragraph without such a line must compile.

// An id is neither a text nor the id of another kind.
suspend fun ids(client: SwitchbackClient, attempt: AttemptId, session: SessionId) {
    client.cancelLogin(attempt)
    client.reopen(attempt)
    client.timeline(attempt)
    client.timeline(session)
    client.session(session)
    client.removeSession(session)
}

suspend fun cancelLogin(client: SwitchbackClient) = client.cancelLogin("text")
// error: argument type mismatch: actual type is 'String', but 'AttemptId' was expected.

suspend fun removeSession(client: SwitchbackClient) = client.removeSession("text")
// error: argument type mismatch: actual type is 'String', but 'SessionId' was expected.

suspend fun session(client: SwitchbackClient) = client.session("text")
// error: argument type mismatch: actual type is 'String', but 'SessionId' was expected.

suspend fun reopen(client: SwitchbackClient) = client.reopen("text")
// error: argument type mismatch: actual type is 'String', but 'AttemptId' was expected.

suspend fun sessionOfAttempt(client: SwitchbackClient, id: AttemptId) = client.session(id)
// error: argument type mismatch: actual type is 'AttemptId', but 'SessionId' was expected.

suspend fun loginOfSession(client: SwitchbackClient, id: SessionId) = client.cancelLogin(id)
// error: argument type mismatch: actual type is 'SessionId', but 'AttemptId' was expected.

fun text(id: SessionId): String = id
// error: return type mismatch: expected 'String', actual 'SessionId'.

suspend fun claim(session: Session) = session.presentation("truid.app/claim/name/v1")
// error: argument type mismatch: actual type is 'String', but 'ClaimType' was expected.

fun request() = LoginRequest("login")
// error: argument type mismatch: actual type is 'String', but 'Purpose' was expected.

// An app cannot name generated or internal code.
fun generated(client: Any) = println(client as app.switchback.internal.Client)
// error: cannot access 'class Client : Disposable, AutoCloseable, ClientInterface': it is internal in file.

fun generatedFunction() = app.switchback.internal.setLog(null)
// error: cannot access 'fun setLog(sink: LogSink?): Unit': it is internal in file.

fun generatedForTests() = app.switchback.testing.internal.panics()
// error: cannot access 'fun panics(): Unit': it is internal in file.

fun library() = app.switchback.testing.withTestLibrary { }
// error: cannot access 'fun <T> withTestLibrary(call: () -> T): T': it is internal in file.

fun clientOfRust(client: Any) = println(client as RustClient)
// error: cannot access 'class RustClient : ClientCore': it is internal in file.

fun core(session: Session) = println(session.core)
// error: cannot access 'val core: SessionCore': it is internal in 'app.switchback.Session'.

fun crossed(config: SwitchbackConfig) = println(config.forRust())
// error: cannot access 'fun SwitchbackConfig.forRust(): Config': it is internal in file.

fun messages() = println(Messages)
// error: cannot access 'object Messages : Any': it is internal in file.

// An app cannot construct objects that only Switchback makes.
fun purpose() = Purpose("login")
// error: cannot access 'constructor(text: String): Purpose': it is private in 'app.switchback.Purpose'.

fun mode() = Mode("client", null)
// error: cannot access 'constructor(clientId: String?, backend: Backend?): Mode': it is private in 'app.switchback.Mode'.

fun token() = AccessToken { "token" }
// error: cannot access 'constructor(expose: () -> String): AccessToken': it is internal in 'app.switchback.AccessToken'.

fun exception() = SwitchbackException("try_again", "offline")
// error: cannot access 'constructor(code: String, message: String, detail: String? = ..., isRetryable: Boolean = ..., retryAfter: Duration? = ..., reason: SessionEnd? = ..., cause: Throwable? = ...): SwitchbackException': it is internal in 'app.switchback.SwitchbackException'.

fun tryAgain() = SwitchbackException.TryAgain("offline", null)
// error: cannot access 'constructor(message: String, retryAfter: Duration?): SwitchbackException.TryAgain': it is internal in 'app.switchback.SwitchbackException.TryAgain'.

class MyException : SwitchbackException("mine", "mine")
// error: cannot access 'constructor(code: String, message: String, detail: String? = ..., isRetryable: Boolean = ..., retryAfter: Duration? = ..., reason: SessionEnd? = ..., cause: Throwable? = ...): SwitchbackException': it is internal in 'app.switchback.SwitchbackException'.

class MyTransportException : TransportException("mine", "mine", "mine")
// error: cannot access 'constructor(code: String, reason: String, message: String): TransportException': it is internal in 'app.switchback.TransportException'.

fun loggedOut() = LogOut(Revocation.DONE, null)
// error: cannot access 'constructor(revocation: Revocation, endSessionUrl: String?): LogOut': it is internal in 'app.switchback.LogOut'.

fun state() = SessionState.LoggedIn(null)
// error: cannot access 'constructor(expiresAtEpochSeconds: Long?): SessionState.LoggedIn': it is internal in 'app.switchback.SessionState.LoggedIn'.

fun report() = app.switchback.testing.ConformanceReport(emptyList())
// error: cannot access 'constructor(cases: List<ConformanceReport.Case>): ConformanceReport': it is internal in 'app.switchback.testing.ConformanceReport'.

fun callException(error: SwitchbackException) = app.switchback.okhttp.SwitchbackCallException(error)
// error: cannot access 'constructor(cause: SwitchbackException): SwitchbackCallException': it is internal in 'app.switchback.okhttp.SwitchbackCallException'.

// There are four outcomes, and `when` needs no `else`. An app cannot extend sealed or final classes.
fun outcome(outcome: LoginOutcome): String = when (outcome) {
    is LoginOutcome.LoggedIn -> "in"
    is LoginOutcome.Declined -> "no"
    is LoginOutcome.Pending -> "later"
    is LoginOutcome.Failed -> "failed"
}

class Another : SessionState()
// error: extending sealed classes or interfaces from a different module is prohibited.
// error: a class can only extend a sealed class or interface declared in the same package.

class MyStore(private val store: SecureStore) : SecureStore by store

class MyPlatform(store: SecureStore) : Platform(store)
// error: this type is final, so it cannot be extended.
