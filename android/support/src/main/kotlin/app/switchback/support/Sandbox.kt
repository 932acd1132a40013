package app.switchback.support

import java.io.File
import java.net.URI
import java.net.http.HttpClient
import java.net.http.HttpRequest
import java.net.http.HttpResponse
import java.nio.file.Files
import kotlinx.serialization.json.Json
import kotlinx.serialization.json.JsonElement
import kotlinx.serialization.json.JsonObject
import kotlinx.serialization.json.JsonPrimitive
import kotlinx.serialization.json.buildJsonObject
import kotlinx.serialization.json.int
import kotlinx.serialization.json.jsonArray
import kotlinx.serialization.json.jsonObject
import kotlinx.serialization.json.jsonPrimitive
import kotlinx.serialization.json.long

/** The sandbox, in a separate process and controlled over HTTP: see docs/how-to/sandbox.md. */
class Sandbox private constructor(private val program: Program, val url: String) : AutoCloseable {
    constructor(vararg arguments: String) : this(Program("sandbox", "--port", "0", *arguments))

    private constructor(program: Program) : this(program, program.url)

    private val http: HttpClient = HttpClient.newHttpClient()

    /** Opens the authorization URL on the person's phone, approves, and returns the link. */
    fun approve(url: String, person: String? = null): String =
        decide(open(url), "approve", buildJsonObject { person?.let { put("person", JsonPrimitive(it)) } })

    fun decline(url: String): String = decide(open(url), "decline", null)

    private fun open(url: String): String {
        val asked = buildJsonObject { put("url", JsonPrimitive(url)) }
        return control("POST", "app/open", asked).jsonObject.text("id")
    }

    private fun decide(waiting: String, how: String, by: JsonObject?): String =
        control("POST", "app/waiting/$waiting/$how", by).jsonObject.text("redirect")

    /** The certificate of the authority for signatures, as a file. */
    fun root(): ByteArray = file("/certs/root-ca-v1.pem")

    /** The revocation list of that authority, valid for a day by the sandbox's clock. */
    fun revocationList(): ByteArray = file("/crl/root-ca-v1.crl")

    private fun file(path: String): ByteArray {
        val answer = http.send(HttpRequest.newBuilder(URI.create(url + path)).build(), HttpResponse.BodyHandlers.ofByteArray())
        check(answer.statusCode() == 200) { "$path: ${answer.statusCode()}" }
        return answer.body()
    }

    /** The person logs out in the identity app. */
    fun endSessions(client: String = CLIENT) {
        control("POST", "app/end-sessions", buildJsonObject { put("client_id", JsonPrimitive(client)) })
    }

    /** Makes the next request to this endpoint misbehave. */
    fun misbehave(how: String, endpoint: String, seconds: Int? = null) {
        control("POST", "rules", buildJsonObject {
            put("misbehaviour", JsonPrimitive(how))
            put("endpoint", JsonPrimitive(endpoint))
            seconds?.let { put("seconds", JsonPrimitive(it)) }
        })
    }

    fun count(what: String): Int = control("GET", "counters").jsonObject.getValue(what).jsonPrimitive.int

    fun now(): Long = control("GET", "clock").jsonObject.getValue("now").jsonPrimitive.long

    /** Advances the sandbox's clock. The test also advances the app's clock. */
    fun advance(seconds: Long) {
        control("POST", "clock", buildJsonObject {
            put("advance", JsonPrimitive(seconds))
            put("with_clients", JsonPrimitive(true))
        })
    }

    /** Sets the sandbox back to its initial state. */
    fun reset() {
        control("POST", "reset", buildJsonObject { })
    }

    /** The findings of the sandbox about the app's requests. */
    fun findings(): List<String> =
        control("GET", "findings").jsonObject.getValue("findings").jsonArray.map {
            it.jsonObject.text("finding")
        }

    private fun control(method: String, path: String, json: JsonObject? = null): JsonElement {
        val body = json?.let { HttpRequest.BodyPublishers.ofString(it.toString()) }
            ?: HttpRequest.BodyPublishers.noBody()
        val asked = HttpRequest.newBuilder(URI.create("$url/sandbox/v1/$path")).method(method, body)
        if (json != null) asked.header("content-type", "application/json")
        val answer = http.send(asked.build(), HttpResponse.BodyHandlers.ofString())
        check(answer.statusCode() < 300) { "$method $path: ${answer.body()}" }
        return answer.body().ifEmpty { "null" }.let(Json::parseToJsonElement)
    }

    override fun close() = program.close()

    companion object {
        /** The sandbox of `switchback serve --demo`. */
        fun of(demo: Program): Sandbox =
            Sandbox(demo, demo.ready.getValue("provider").jsonObject.text("base_url"))

        const val CLIENT = "demo-app"
        const val REDIRECT_URI = "https://app.example/truid/callback"

        /**
         * The sandbox for all tests of a run, which use it one after the other. Only a test moves its clock.
         * The first access token of a login lives for one minute.
         */
        val shared: Sandbox by lazy { Sandbox("--config", frozenClock().path) }

        private fun frozenClock(): File {
            val file = Files.createTempFile("sandbox", ".toml").toFile()
            file.deleteOnExit()
            file.writeText("now = 1800000000\n[lifetimes]\nfirst_login_access_token = 60\n")
            return file
        }
    }
}

fun JsonObject.text(name: String): String = getValue(name).jsonPrimitive.content
