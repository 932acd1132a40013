package app.switchback.support

import java.io.BufferedReader
import java.io.File
import java.util.concurrent.TimeUnit
import kotlinx.serialization.json.Json
import kotlinx.serialization.json.JsonObject
import kotlinx.serialization.json.jsonObject
import kotlinx.serialization.json.jsonPrimitive

/**
 * The `switchback` command, running: a process of its own, which ends with this one, however this
 * one ends: a shell beside it notices that.
 */
class Program(vararg arguments: String, folder: File? = null) : AutoCloseable {
    private val process: Process =
        ProcessBuilder("sh", "-c", WATCHED, property("switchback.command"), "--json", *arguments)
            .directory(folder)
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start()
    private val lines: BufferedReader = process.inputStream.bufferedReader()

    /** What it says when it is ready. */
    val ready: JsonObject = run {
        val line = lines.readLine() ?: error("`switchback ${arguments.first()}` ended at once")
        Json.parseToJsonElement(line).jsonObject.also {
            check(it["step"]?.jsonPrimitive?.content == "ready") { line }
        }
    }

    val url: String get() = ready.getValue("url").jsonPrimitive.content

    private companion object {
        /** Starts the command, and kills it when the input ends. */
        const val WATCHED = "\"$0\" \"$@\" </dev/null & exec >&-; read -r _; kill -9 $!"
    }

    override fun close() {
        process.outputStream.close()
        process.waitFor(10, TimeUnit.SECONDS)
    }
}

/** A system property that Maven sets: see the pom. */
fun property(name: String): String =
    System.getProperty(name) ?: error("the system property $name is not set: run this by Maven")
