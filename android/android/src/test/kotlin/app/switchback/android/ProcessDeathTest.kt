package app.switchback.android

import app.switchback.support.Program
import app.switchback.support.Sandbox
import java.io.File
import java.lang.management.ManagementFactory
import java.util.concurrent.TimeUnit
import kotlinx.serialization.json.jsonPrimitive
import org.junit.Assert.assertEquals
import org.junit.Assert.assertTrue
import org.junit.Rule
import org.junit.Test
import org.junit.rules.TemporaryFolder

/** The system ends the process of the app while the person approves. Each process is a JVM of its own. */
class ProcessDeathTest {
    @get:Rule
    val app = TestApp()

    @get:Rule
    val temporary = TemporaryFolder()

    private val folder: File get() = temporary.root

    @Test
    fun `the link starts a new process, in direct mode`() {
        // On a busy machine the second JVM starts so slowly that a code of 30 seconds is over.
        val config = temporary.newFile("sandbox.toml").apply { writeText("[lifetimes]\ncode = 300\n") }
        Sandbox("--config", config.path, "--redirect-uri", Phone.REDIRECT_URI).use { sandbox ->
            dies(sandbox, backend = "", Phone.REDIRECT_URI)
        }
    }

    @Test
    fun `the link starts a new process, with a backend`() {
        Program("serve", "--demo", "--port", "0", "--sandbox-port", "0", "--scheme", Phone.APP).use { demo ->
            dies(Sandbox.of(demo), "${demo.url}truid", demo.ready.getValue("redirect_uri").jsonPrimitive.content)
        }
    }

    /** Prints the time from the constructor of [Switchback] to the first URL, in `-Dswitchback.starts` processes. */
    @Test
    fun `each new process begins a login`() {
        val starts = Integer.getInteger("switchback.starts", 1)
        Sandbox("--redirect-uri", Phone.REDIRECT_URI).use { sandbox ->
            write(sandbox, backend = "", Phone.REDIRECT_URI)
            val begun = List(starts) {
                File(folder, "no_backup").deleteRecursively()
                assertEquals(ProcessPart.KILLED, process())
                File(folder, "url").readText() to File(folder, "first-url").readText().toInt()
            }
            assertEquals(starts, begun.map { (url, _) -> url }.distinct().size)
            val times = begun.map { (_, time) -> time }.sorted()
            println("first-url: least ${times.first()} ms, median ${times[times.size / 2]} ms, most ${times.last()} ms")
        }
    }

    private fun write(sandbox: Sandbox, backend: String, redirectUri: String) {
        File(folder, "provider").writeText(sandbox.url)
        File(folder, "backend").writeText(backend)
        File(folder, "redirect_uri").writeText(redirectUri)
    }

    private fun dies(sandbox: Sandbox, backend: String, redirectUri: String) {
        write(sandbox, backend, redirectUri)
        assertEquals(ProcessPart.KILLED, process())
        File(folder, "link").writeText(sandbox.approve(File(folder, "url").readText()))
        assertEquals(0, process())
        assertTrue(File(folder, "subject").readText().isNotEmpty())
        assertEquals(1, sandbox.count("code_exchanges"))
        // On a busy machine the second JVM starts so slowly that the code is old.
        assertEquals(emptyList<String>(), sandbox.findings() - "code-late")
    }

    /** Runs one process to its end, and returns its exit code. */
    private fun process(): Int {
        val java = File(System.getProperty("java.home"), "bin/java").path
        val options = ManagementFactory.getRuntimeMXBean().inputArguments.filter { it.startsWith("-D") || it.startsWith("--") }
        val output = File(folder, "output")
        val classPath = System.getProperty("surefire.test.class.path") ?: System.getProperty("java.class.path")
        val part = listOf("-cp", classPath, "org.junit.runner.JUnitCore", ProcessPart::class.java.name)
        val process = ProcessBuilder(listOf(java) + options + "-Dswitchback.folder=$folder" + part)
            .redirectErrorStream(true).redirectOutput(output).start()
        try {
            assertTrue("the process did not end", process.waitFor(120, TimeUnit.SECONDS))
        } finally {
            process.destroyForcibly()
        }
        val code = process.exitValue()
        if (code != 0 && code != ProcessPart.KILLED) println(output.readText())
        return code
    }
}
