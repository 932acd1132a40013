package app.switchback.support

import java.io.BufferedReader
import java.io.File
import java.nio.file.Files
import java.util.concurrent.TimeUnit
import kotlinx.serialization.json.Json
import kotlinx.serialization.json.JsonObject
import kotlinx.serialization.json.jsonObject
import kotlinx.serialization.json.jsonPrimitive

/**
 * The `switchback` command in a separate process. However this process ends, the command ends, too: a shell
 * around it waits for the end of its input.
 */
class Program(vararg arguments: String, folder: File? = null) : AutoCloseable {
    private val temporary = Files.createTempDirectory("program").toFile()
    private val process: Process =
        ProcessBuilder("sh", "-c", WATCHED, property("switchback.command"), "--json", *arguments)
            .directory(folder)
            .apply { environment()["TMPDIR"] = temporary.path }
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start()
    private val lines: BufferedReader = process.inputStream.bufferedReader()

    /** The line that the command prints when it is ready. */
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
        temporary.deleteRecursively()
    }
}

/** A system property that the pom sets. */
fun property(name: String): String =
    System.getProperty(name) ?: error("the system property $name is not set: run this by Maven")
