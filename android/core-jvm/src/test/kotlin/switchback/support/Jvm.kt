package switchback.support

import java.nio.file.Path
import java.util.concurrent.TimeUnit

/** A second JVM with this one's classes and library, for a test that needs a process of its own. */
fun <T> anotherJvm(main: String, vararg arguments: String, during: (Process) -> T): T {
    val java = Path.of(System.getProperty("java.home"), "bin", "java").toString()
    val options = listOf("jna.library.path", "uniffi.component.switchback.libraryOverride")
        .map { "-D$it=${System.getProperty(it)}" }
    val quick = listOf("-XX:TieredStopAtLevel=1", "-Xshare:auto", "-cp", System.getProperty("java.class.path"))
    val process = ProcessBuilder(listOf(java) + quick + options + main + arguments)
        .redirectError(ProcessBuilder.Redirect.INHERIT)
        .start()
    try {
        return during(process)
    } finally {
        process.destroyForcibly()
        process.waitFor(20, TimeUnit.SECONDS)
    }
}
