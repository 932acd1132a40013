package app.switchback.shrunk

import app.switchback.support.Sandbox
import java.io.File
import java.nio.file.Path
import java.util.concurrent.TimeUnit
import java.util.zip.ZipEntry
import java.util.zip.ZipOutputStream
import org.junit.jupiter.api.Assertions.assertEquals
import org.junit.jupiter.api.Assertions.assertTrue
import org.junit.jupiter.api.Test
import org.junit.jupiter.api.Timeout
import org.junit.jupiter.api.io.TempDir

/** A program that R8 shrank in full mode, with only the rules in Switchback's jar. */
class ShrunkTest {
    @TempDir
    lateinit var folder: Path

    @Test
    @Timeout(6, unit = TimeUnit.MINUTES)
    fun `a shrunk program logs in`() {
        val whole = classpath().filter { entry -> TESTS.none(entry.path::contains) }
        val shrunk = folder.resolve("shrunk.jar").toFile()
        val rules = folder.resolve("program.pro").toFile()
        rules.writeText("-keep class $MAIN { public static void main(java.lang.String[]); }\n")
        val r8 = classpath().single { it.name.startsWith("r8-") }
        val log = folder.resolve("r8.log").toFile()
        val shrink = listOf(java, "-Xmx2g", "-cp", r8.path, "com.android.tools.r8.R8", "--classfile", "--release") +
            listOf("--lib", System.getProperty("java.home"), "--pg-conf", rules.path, "--output", shrunk.path) +
            whole.mapIndexed { at, entry -> jar(entry, at).path }
        val process = ProcessBuilder(shrink).redirectErrorStream(true).redirectOutput(log).start()
        try {
            assertTrue(process.waitFor(5, TimeUnit.MINUTES), "R8 takes longer than five minutes")
        } finally {
            process.destroyForcibly()
        }
        assertEquals(0, process.exitValue(), log.readText())

        val before = whole.sumOf { entry -> entry.walk().filter(File::isFile).sumOf(File::length) }
        assertTrue(shrunk.length() < before, "nothing was shrunk")
        val sandbox = Sandbox.shared.apply { reset() }
        assertEquals("Hello, ", run(shrunk, sandbox).take(7))
    }

    /** The program's last line, after the person approved. */
    private fun run(program: File, sandbox: Sandbox): String {
        val library = "uniffi.component.switchback.libraryOverride"
        val options = listOf("jna.library.path", library).map { "-D$it=${System.getProperty(it)}" }
        val process = ProcessBuilder(listOf(java, "-cp", program.path) + options + MAIN + sandbox.url)
            .redirectError(ProcessBuilder.Redirect.INHERIT).start()
        try {
            val says = process.inputReader()
            process.outputWriter().use { it.write(sandbox.approve(says.readLine()) + "\n") }
            return says.readLine().orEmpty()
        } finally {
            process.destroyForcibly()
        }
    }

    /** R8 accepts jars, but no folders. */
    private fun jar(entry: File, at: Int): File {
        if (entry.isFile) return entry
        val jar = folder.resolve("$at.jar").toFile()
        ZipOutputStream(jar.outputStream()).use { zip ->
            for (file in entry.walk().filter(File::isFile)) {
                zip.putNextEntry(ZipEntry(file.relativeTo(entry).invariantSeparatorsPath))
                file.inputStream().use { it.copyTo(zip) }
            }
        }
        return jar
    }

    private fun classpath() = System.getProperty("java.class.path").split(File.pathSeparator).map(::File)

    private companion object {
        const val MAIN = "app.switchback.examples.direct.DirectKt"
        val java: String = File(System.getProperty("java.home"), "bin/java").path

        /** Jars that only the tests need. */
        val TESTS = listOf("test-classes", "tests.jar", "/com/android/tools/", "/org/junit/") +
            listOf("/opentest4j/", "/apiguardian/", "serialization", "/surefire")
    }
}
