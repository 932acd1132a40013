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

/** Truid, played by a process of its own and steered over HTTP: see docs/sandbox.md. */
class Sandbox(vararg arguments: String) : AutoCloseable {
    private val program = Program("sandbox", "--port", "0", *arguments)
    private val http: HttpClient = HttpClient.newHttpClient()
    val url: String = program.url

    /** What the person's phone does with an authorization URL; the person approves. */
    fun approve(url: String, person: String? = null): String =
        decide(open(url), "approve", buildJsonObject { person?.let { put("person", JsonPrimitive(it)) } })

    fun decline(url: String): String = decide(open(url), "decline", null)

    private fun open(url: String): String {
        val asked = buildJsonObject { put("url", JsonPrimitive(url)) }
        return steer("POST", "app/open", asked).jsonObject.text("id")
    }

    private fun decide(waiting: String, how: String, by: JsonObject?): String =
        steer("POST", "app/waiting/$waiting/$how", by).jsonObject.text("redirect")

    /** The person logs out in the identity app. */
    fun endSessions(client: String = CLIENT) {
        steer("POST", "app/end-sessions", buildJsonObject { put("client_id", JsonPrimitive(client)) })
    }

    /** The next request there goes wrong like this. */
    fun misbehave(how: String, endpoint: String, seconds: Int? = null) {
        steer("POST", "rules", buildJsonObject {
            put("misbehaviour", JsonPrimitive(how))
            put("endpoint", JsonPrimitive(endpoint))
            seconds?.let { put("seconds", JsonPrimitive(it)) }
        })
    }

    fun count(what: String): Int = steer("GET", "counters").jsonObject.getValue(what).jsonPrimitive.int

    fun now(): Long = steer("GET", "clock").jsonObject.getValue("now").jsonPrimitive.long

    /** With the clock of the app, which the test moves as well. */
    fun advance(seconds: Long) {
        steer("POST", "clock", buildJsonObject {
            put("advance", JsonPrimitive(seconds))
            put("with_clients", JsonPrimitive(true))
        })
    }

    /** Nothing has happened here. */
    fun reset() {
        steer("POST", "reset", buildJsonObject { })
    }

    /** What the sandbox, which is strict, has to say about us. */
    fun findings(): List<String> =
        steer("GET", "findings").jsonObject.getValue("findings").jsonArray.map {
            it.jsonObject.text("finding")
        }

    private fun steer(method: String, path: String, json: JsonObject? = null): JsonElement {
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
        const val CLIENT = "demo-app"
        const val REDIRECT_URI = "https://app.example/truid/callback"

        /**
         * One for all tests of a run, which use it one after the other. Its clock stands still, and
         * the first access token of a login lives for a minute.
         */
        val shared: Sandbox by lazy { Sandbox("--config", standingStill().path) }

        private fun standingStill(): File {
            val file = Files.createTempFile("sandbox", ".toml").toFile()
            file.deleteOnExit()
            file.writeText("now = 1800000000\n[lifetimes]\nfirst_login_access_token = 60\n")
            return file
        }
    }
}

fun JsonObject.text(name: String): String = getValue(name).jsonPrimitive.content
