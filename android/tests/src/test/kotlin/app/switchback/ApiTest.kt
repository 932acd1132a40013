package app.switchback

import app.switchback.android.store.KeystoreStore
import app.switchback.jvm.JdkTransport
import app.switchback.ktor.SwitchbackAuthenticationConfig
import app.switchback.okhttp.OkHttpTransport
import app.switchback.support.property
import app.switchback.testing.TestClock
import java.io.File
import org.jetbrains.kotlin.abi.tools.AbiFilters
import org.jetbrains.kotlin.abi.tools.AbiTools
import org.junit.jupiter.api.Assertions.assertTrue
import org.junit.jupiter.api.DynamicTest
import org.junit.jupiter.api.DynamicTest.dynamicTest
import org.junit.jupiter.api.TestFactory

/** Compares the public API of each module with the dump in its `api/MODULE.api`, so that a review shows changes. */
internal class ApiTest {
    @TestFactory
    fun `the API matches its dump`(): List<DynamicTest> = listOf(
        "core-jvm" to SwitchbackClient::class,
        "testing" to TestClock::class,
        "jvm" to JdkTransport::class,
        "android" to KeystoreStore::class,
        "okhttp" to OkHttpTransport::class,
        "ktor" to SwitchbackAuthenticationConfig::class,
    ).map { (module, one) -> dynamicTest(module) { isWhatItsDumpSays(module, one.java.name.replace('.', '/')) } }

    private fun isWhatItsDumpSays(module: String, one: String) {
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
