package app.switchback.support

import java.nio.file.Path
import java.util.concurrent.TimeUnit

/**
 * A second JVM with the same classes, and the same library unless another folder is given, for a test that needs
 * a separate process. Its standard error is shown, or goes to a file. Options are for the JVM.
 */
fun <T> anotherJvm(
    main: String,
    vararg arguments: String,
    libraries: String = System.getProperty("jna.library.path"),
    library: String? = System.getProperty(OVERRIDE),
    classPath: String = System.getProperty("java.class.path"),
    says: Path? = null,
    options: List<String> = emptyList(),
    during: (Process) -> T,
): T {
    val java = Path.of(System.getProperty("java.home"), "bin", "java").toString()
    val all = options + listOf(
        "-XX:TieredStopAtLevel=1", "-Xshare:auto", "-cp", classPath,
        "-Djna.library.path=$libraries",
    ) + listOfNotNull(library?.let { "-D$OVERRIDE=$it" })
    val process = ProcessBuilder(listOf(java) + all + main + arguments)
        .redirectError(says?.let { ProcessBuilder.Redirect.to(it.toFile()) } ?: ProcessBuilder.Redirect.INHERIT)
        // Cargo writes the folder of the library into this variable, and JNA would look there too.
        .apply { environment().remove("LD_LIBRARY_PATH") }
        .start()
    try {
        return during(process)
    } finally {
        process.destroyForcibly()
        process.waitFor(20, TimeUnit.SECONDS)
    }
}

private const val OVERRIDE = "uniffi.component.switchback.libraryOverride"
