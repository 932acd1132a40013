package app.switchback.jvm

import app.switchback.support.Program
import app.switchback.support.Sandbox
import java.io.File
import java.util.concurrent.TimeUnit
import kotlinx.serialization.json.jsonObject
import kotlinx.serialization.json.jsonPrimitive
import org.junit.jupiter.api.Assertions.assertEquals
import org.junit.jupiter.api.Assertions.assertTrue
import org.junit.jupiter.api.Test

/** The programs of docs/examples/kotlin, unchanged, each in a separate process. */
class ExamplesTest {
    @Test
    fun `a public client logs in`() {
        val sandbox = Sandbox.shared.apply { reset() }
        assertEquals("Hello, ", run("direct.DirectKt", listOf(sandbox.url), sandbox::approve).take(7))
        assertEquals("Maybe another time", run("direct.DirectKt", listOf(sandbox.url), sandbox::decline))
        assertTrue("scope-unused" !in sandbox.findings())
    }

    @Test
    fun `an app logs in beside the demo`() {
        Program("serve", "--demo", "--port", "0", "--sandbox-port", "0").use { demo ->
            val sandbox = Sandbox.of(demo)
            val service = demo.ready.getValue("mediated").jsonObject.getValue("base_url").jsonPrimitive.content
            val urls = listOf(service, sandbox.url)
            assertEquals("Hello, ", run("mediated.MediatedKt", urls, sandbox::approve).take(7))
            assertEquals("Maybe another time", run("mediated.MediatedKt", urls, sandbox::decline))
            assertEquals(emptyList<String>(), sandbox.findings())
        }
    }

    @Test
    fun `the example of a login is at most 25 lines`() {
        for (name in listOf("Direct", "Mediated")) {
            val code = File("../../docs/examples/kotlin/$name.kt").readLines().map(String::trim).filter { line ->
                line.isNotEmpty() && listOf("//", "/**", "package ", "import ").none(line::startsWith)
            }
            assertTrue(code.size <= 25, "$name.kt has ${code.size} lines")
        }
    }

    /** The program's last line, after the person acted on the URL in its first line. */
    private fun run(main: String, urls: List<String>, person: (String) -> String): String {
        val java = File(System.getProperty("java.home"), "bin/java").path
        val library = "uniffi.component.switchback.libraryOverride"
        val options = listOf("jna.library.path", library).map { "-D$it=${System.getProperty(it)}" }
        val command = listOf(java, "-cp", System.getProperty("java.class.path")) + options + "app.switchback.examples.$main" + urls
        val process = ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT).start()
        try {
            val says = process.inputReader()
            process.outputWriter().use { it.write(person(says.readLine()) + "\n") }
            return says.readLine().also { process.waitFor(30, TimeUnit.SECONDS) }
        } finally {
            process.destroyForcibly()
        }
    }
}
