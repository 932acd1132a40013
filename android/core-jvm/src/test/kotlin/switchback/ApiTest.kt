package switchback

import java.io.File
import java.nio.file.Files
import org.jetbrains.kotlin.abi.tools.AbiFilters
import org.jetbrains.kotlin.abi.tools.AbiTools
import org.junit.jupiter.api.Assertions.assertTrue
import org.junit.jupiter.api.Test
import switchback.support.property

/**
 * What an app is compiled against, as `api/core-jvm.api`, so that a change to it is seen in a
 * review.
 */
class ApiTest {
    @Test
    fun `the API is what its dump says`() {
        val committed = File(property("switchback.api"))
        val now = dump()
        assertTrue("public final fun begin" in now || "fun begin" in now, "the dump is of something else")
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
        val filters = AbiFilters(emptySet(), inside, emptySet(), emptySet())
        val dump = StringBuilder()
        AbiTools.getInstance().printJvmDump(dump, classes, filters)
        val lines = dump.lines().filter { line -> handling.none { line.contains(it, ignoreCase = true) } }
        return lines.joinToString("\n").replace(emptyCompanion, "").trimEnd() + "\n"
    }

    /** What uniffi needs to be public, and no app uses. */
    private val inside = setOf(
        "switchback.FfiConverter**", "switchback.RustBuffer**", "switchback.Uniffi**", "switchback.*Impl",
        "switchback.*Impl$**", "switchback.Disposable**", "switchback.NoHandle",
        "switchback.ForeignBytes**", "switchback.**ErrorHandler",
    )

    /** The same within a class. */
    private val handling = listOf(
        "Lswitchback/UniffiWithHandle;", "Lswitchback/NoHandle;", "uniffi", "fun destroy ()V",
        "fun getHandle ()J", "fun getCleanable ", "static final field Companion", "static final field ErrorHandler",
    )

    /** uniffi gives one to everything, for extensions. */
    private val emptyCompanion = Regex("public final class \\S+Companion \\{\n}\n\n")
}
