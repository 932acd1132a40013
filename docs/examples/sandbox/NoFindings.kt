// A test of a login against the sandbox, through plain HTTP. The first argument is the base
// URL of a sandbox, started with `switchback sandbox --port 8090`. JDK 11 and up,
// no libraries.

import java.io.IOException
import java.net.URI
import java.net.URLDecoder
import java.net.URLEncoder
import java.net.http.HttpClient
import java.net.http.HttpRequest
import java.net.http.HttpRequest.BodyPublishers
import java.net.http.HttpResponse
import java.net.http.HttpResponse.BodyHandlers
import java.security.MessageDigest
import java.security.SecureRandom
import java.util.Base64

const val CLIENT = "demo-app"
const val REDIRECT = "https://app.example/truid/callback"

class Sandbox(private val base: String) {
    // If the same process also uses Switchback's JdkTransport, make the JdkTransport before this client.
    private val http = HttpClient.newHttpClient()

    /** The control API of the sandbox. Its errors say what is wrong. */
    fun control(method: String, path: String, json: String? = null): String {
        val body = json?.let(BodyPublishers::ofString) ?: BodyPublishers.noBody()
        val answer = send(method, "/sandbox/v1$path", "application/json", body)
        check(answer.statusCode() < 300) { "$method $path: ${answer.body()}" }
        return answer.body()
    }

    /** The token endpoint, as your app or backend calls it. */
    fun token(vararg parameters: Pair<String, String>): HttpResponse<String> {
        val body = BodyPublishers.ofString(form("client_id" to CLIENT, *parameters))
        return send("POST", "/oauth2/v1/token", "application/x-www-form-urlencoded", body)
    }

    private fun send(method: String, path: String, type: String, body: HttpRequest.BodyPublisher) =
        http.send(
            HttpRequest.newBuilder(URI.create(base + path))
                .header("Content-Type", type).method(method, body).build(),
            BodyHandlers.ofString(),
        )
}

fun form(vararg parameters: Pair<String, String>) =
    parameters.joinToString("&") { (name, value) -> "$name=${URLEncoder.encode(value, "UTF-8")}" }

fun parameter(url: String, name: String) =
    URI(url).rawQuery.split("&").first { it.startsWith("$name=") }
        .substringAfter("=").let { URLDecoder.decode(it, "UTF-8") }

/** The value of a field. This is enough for this example; use a JSON library in real code. */
fun field(json: String, name: String) = Regex("\"$name\":[\\[\"]*([^\",}]*)").find(json)!!.groupValues[1]

fun base64url(bytes: ByteArray): String = Base64.getUrlEncoder().withoutPadding().encodeToString(bytes)

fun random() = base64url(ByteArray(32).also(SecureRandom()::nextBytes))

fun main(args: Array<String>) {
    val base = args.firstOrNull() ?: error("usage: BASE_URL, such as http://127.0.0.1:8090")
    val sandbox = Sandbox(base)

    // Reset the sandbox. With this seed, codes and tokens are the same in each run.
    sandbox.control("POST", "/reset", """{"seed": "no-findings"}""")

    // Your app makes the authorization URL: state and PKCE verifier are new for each login.
    val (state, verifier) = random() to random()
    val challenge = MessageDigest.getInstance("SHA-256").digest(verifier.toByteArray())
    val link = "$base/oauth2/v1/authorize/login-session?" + form(
        "response_type" to "code", "client_id" to CLIENT, "redirect_uri" to REDIRECT,
        "scope" to "truid.app/data-point/email", "state" to state,
        "code_challenge" to base64url(challenge), "code_challenge_method" to "S256",
    )

    // The phone opens the Truid app with this URL, and the person approves.
    val waiting = sandbox.control("POST", "/app/open", """{"url": "$link"}""")
    val flow = field(waiting, "flow")
    println("${field(waiting, "client_id")} asks for ${field(waiting, "data_points")}")
    val approved = sandbox.control("POST", "/app/waiting/${field(waiting, "id")}/approve")
    val callback = field(approved, "redirect")
    check(parameter(callback, "state") == state) { "this callback belongs to another login" }
    println("The person approves")

    // Your app exchanges the code.
    val tokens = sandbox.token(
        "grant_type" to "authorization_code", "code" to parameter(callback, "code"),
        "redirect_uri" to REDIRECT, "code_verifier" to verifier,
    )
    check(tokens.statusCode() == 200) { tokens.body() }
    println("Logged in for ${field(tokens.body(), "expires_in")} s")

    // Time passes. The response to the next refresh is lost, as in a tunnel.
    sandbox.control("POST", "/clock", """{"advance": 140}""")
    sandbox.control("POST", "/rules", """{"misbehaviour": "dropped-after", "endpoint": "refresh"}""")
    val refresh = arrayOf(
        "grant_type" to "refresh_token",
        "refresh_token" to field(tokens.body(), "refresh_token"),
    )
    val lost = runCatching { sandbox.token(*refresh) }.exceptionOrNull()
    check(lost is IOException && field(sandbox.control("GET", "/counters"), "refreshes") == "1")
    println("The refresh took place, and its answer was lost")

    // Sending the old refresh token again is a reuse: the person must log in again.
    val again = sandbox.token(*refresh)
    println("Once more with the old token: ${again.statusCode()} ${field(again.body(), "error")}")

    // The trace of the flow, step by step.
    val step = Regex("\"from\":\"([^\"]*)\",\"to\":\"([^\"]*)\",\"title\":\"([^\"]*)\"")
    for (said in step.findAll(sandbox.control("GET", "/trace/$flow"))) {
        val (from, to, title) = said.destructured
        println("  $from -> $to: $title")
    }

    // The end of every test: the sandbox has no finding, except the one we provoked.
    val allowed = """{"flow": "$flow", "allow": ["refresh-token-reused"]}"""
    sandbox.control("POST", "/assert/no-findings", allowed)
    println("No findings but the one that was provoked")
}
