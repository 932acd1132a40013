package app.switchback

import app.switchback.support.property
import java.io.File
import java.nio.file.Files
import org.jetbrains.kotlin.abi.tools.AbiFilters
import org.jetbrains.kotlin.abi.tools.AbiTools
import org.junit.jupiter.api.Assertions.assertTrue
import org.junit.jupiter.api.Test

/**
 * What an app is compiled against, as `api/core-jvm.api`, so that a change to it is seen in a
 * review.
 */
internal class ApiTest {
    @Test
    fun `the API is what its dump says`() {
        val committed = File(property("switchback.api"))
        val now = dump()
        assertTrue("/SwitchbackClient " in now, "the dump is of something else")
        if (property("switchback.api.write").toBoolean()) {
            committed.parentFile.mkdirs()
            committed.writeText(now)
            return
        }
        val then = if (committed.exists()) committed.readLines() else emptyList()
        val gone = (then - now.lines().toSet()).map { "- $it" }
        val come = (now.lines() - then.toSet()).map { "+ $it" }
        assertTrue(then.joinToString("\n", postfix = "\n") == now) {
            "The API of the Kotlin library is another than api/core-jvm.api says. If that is meant, do " +
                "`cargo xtask bindings --api`, look at what changed, and commit it.\n" +
                (gone + come).take(20).joinToString("\n")
        }
    }

    private fun dump(): String {
        val classes = Files.walk(File(property("switchback.classes")).toPath()).use { paths ->
            paths.filter { "$it".endsWith(".class") }.map { it.toFile() }.toList()
        }
        return buildString { AbiTools.getInstance().printJvmDump(this, classes, AbiFilters.EMPTY) }
    }
}
