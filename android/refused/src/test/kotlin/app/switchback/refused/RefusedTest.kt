package app.switchback.refused

import java.io.ByteArrayOutputStream
import java.io.File
import java.io.PrintStream
import java.nio.file.Files
import java.nio.file.Path
import org.jetbrains.kotlin.cli.jvm.K2JVMCompiler
import org.junit.jupiter.api.Assertions.assertEquals
import org.junit.jupiter.api.Assertions.assertTrue
import org.junit.jupiter.api.DynamicTest
import org.junit.jupiter.api.DynamicTest.dynamicTest
import org.junit.jupiter.api.Test
import org.junit.jupiter.api.TestFactory
import org.junit.jupiter.api.io.TempDir

/** Compiles each paragraph of `Refused.kt` alone, as the code of an app. */
internal class RefusedTest {
    @TempDir
    lateinit var folder: Path

    @TestFactory
    fun `the compiler reports the expected errors`(): List<DynamicTest> = PARAGRAPHS.map { paragraph ->
        val code = paragraph.filterNot { it.startsWith("//") }
        val expected = paragraph.filter { it.startsWith(ERROR) }.map { it.removePrefix(ERROR) }
        dynamicTest(code.first()) { assertEquals(expected, errors(code.joinToString("\n"))) }
    }

    @Test
    fun `most paragraphs are refused, and some compile`() {
        val (refused, taken) = PARAGRAPHS.partition { paragraph -> paragraph.any { it.startsWith(ERROR) } }
        assertTrue(refused.size > 25 && taken.size > 2, "${refused.size} are refused, ${taken.size} are not")
    }

    private fun errors(code: String): List<String> {
        val file = Files.writeString(folder.resolve("App.kt"), "import app.switchback.*\n\n$code\n")
        val said = ByteArrayOutputStream()
        K2JVMCompiler().exec(
            PrintStream(said), "-no-stdlib", "-no-reflect", "-nowarn", "-classpath", CLASSPATH,
            "-d", "${folder.resolve("classes")}", "$file",
        )
        return said.toString().lines().mapNotNull { SAID.find(it)?.groupValues?.get(1) }
    }

    private companion object {
        const val ERROR = "// error: "
        val SAID = Regex("""App\.kt:\d+:\d+: error: (.*)""")
        val CLASSPATH: String = System.getProperty("java.class.path")

        /** The paragraphs that contain code. */
        val PARAGRAPHS: List<List<String>> = File(System.getProperty("switchback.refused")).readText().split("\n\n")
            .map { paragraph -> paragraph.lines().filter(String::isNotBlank) }
            .filter { paragraph -> paragraph.any { !it.startsWith("//") } }
    }
}
