package app.switchback

import app.switchback.support.property
import java.io.File
import org.jetbrains.kotlin.abi.tools.AbiFilters
import org.jetbrains.kotlin.abi.tools.AbiTools
import org.junit.jupiter.api.Assertions.assertTrue
import org.junit.jupiter.params.ParameterizedTest
import org.junit.jupiter.params.provider.CsvSource

/**
 * What an app is compiled against, module by module, as `api/MODULE.api` in each, so that a change to it is
 * seen in a review.
 */
internal class ApiTest {
    @ParameterizedTest
    @CsvSource(
        "core-jvm, app/switchback/SwitchbackClient",
        "testing, app/switchback/testing/TestClock",
        "jvm, app/switchback/jvm/JdkTransport",
        "okhttp, app/switchback/okhttp/OkHttpTransport",
        "ktor, app/switchback/ktor/SwitchbackAuthenticationConfig",
    )
    fun `the API is what its dump says`(module: String, one: String) {
        val committed = File(property("switchback.sources"), "$module/api/$module.api")
        val now = dump(module)
        assertTrue(" $one " in now, "the dump is of something else")
        if (property("switchback.api.write").toBoolean()) {
            committed.parentFile.mkdirs()
            committed.writeText(now)
            return
        }
        val then = if (committed.exists()) committed.readLines() else emptyList()
        val gone = (then - now.lines().toSet()).map { "- $it" }
        val come = (now.lines() - then.toSet()).map { "+ $it" }
        assertTrue(then.joinToString("\n", postfix = "\n") == now) {
            "The API of android/$module is another than api/$module.api says. If that is meant, do " +
                "`cargo xtask bindings --api`, look at what changed, and commit it.\n" +
                (gone + come).take(20).joinToString("\n")
        }
    }

    private fun dump(module: String): String {
        val folder = File(property("switchback.built"), "$module/classes")
        val classes = folder.walk().filter { it.extension == "class" }.toList()
        return buildString { AbiTools.getInstance().printJvmDump(this, classes, AbiFilters.EMPTY) }
    }
}
