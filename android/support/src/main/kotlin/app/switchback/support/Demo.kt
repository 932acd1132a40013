package app.switchback.support

import app.switchback.Backend
import app.switchback.Mode
import app.switchback.Provider
import app.switchback.SwitchbackConfig
import java.net.URI
import java.net.http.HttpClient
import java.net.http.HttpRequest
import java.net.http.HttpResponse
import kotlinx.serialization.json.Json
import kotlinx.serialization.json.JsonObject
import kotlinx.serialization.json.JsonPrimitive
import kotlinx.serialization.json.jsonObject

/** `switchback serve --demo`: a service for apps, and the sandbox behind it. */
class Demo : AutoCloseable {
    private val program = Program("serve", "--demo", "--port", "0", "--sandbox-port", "0")
    private val service = program.ready.getValue("mediated").jsonObject
    private val http: HttpClient = HttpClient.newHttpClient()
    val sandbox: Sandbox = Sandbox.of(program)

    fun appConfig(): SwitchbackConfig = SwitchbackConfig(
        Provider.truid(baseUrl = sandbox.url),
        Mode.mediated(Backend.switchback(service.text("base_url"))),
        program.ready.text("redirect_uri"),
        testService = true,
    )

    /** The service's own code prepares a document to sign. Returns the id. */
    fun prepareSigning(vararg fields: Pair<String, String>): String {
        val json = JsonObject(fields.associate { (name, value) -> name to JsonPrimitive(value) })
        return Json.parseToJsonElement(ask("POST", "", json)).jsonObject.text("id")
    }

    /** What the service's own code gets about this signing. */
    fun signing(id: String): JsonObject = Json.parseToJsonElement(ask("GET", "/$id")).jsonObject

    fun deleteSigning(id: String) {
        ask("DELETE", "/$id")
    }

    private fun ask(method: String, path: String, json: JsonObject? = null): String {
        val body = json?.let { HttpRequest.BodyPublishers.ofString("$it") } ?: HttpRequest.BodyPublishers.noBody()
        val asked = HttpRequest.newBuilder(URI.create("${service.text("base_url")}/signatures$path")).method(method, body)
            .header("authorization", "Bearer ${service.text("api_key")}").header("content-type", "application/json")
        val answer = http.send(asked.build(), HttpResponse.BodyHandlers.ofString())
        check(answer.statusCode() < 300) { "$method $path: ${answer.body()}" }
        return answer.body()
    }

    override fun close() = program.close()
}
