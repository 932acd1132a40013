package app.switchback

import app.switchback.internal.fingerprint
import app.switchback.support.AppStore
import app.switchback.support.anotherJvm
import com.sun.jna.Platform.RESOURCE_PREFIX
import java.io.File
import java.nio.ByteBuffer
import java.nio.ByteOrder
import java.nio.file.Files
import java.nio.file.Path
import org.junit.jupiter.api.Assertions.assertEquals
import org.junit.jupiter.api.Assertions.assertTrue
import org.junit.jupiter.api.Test
import org.junit.jupiter.api.io.TempDir

/** A native library that is missing, damaged or of another release is one error, and it says what to do. */
class NativeLibraryTest {
    private val name = System.mapLibraryName("switchback_bindings")

    @Test
    fun `without a library the error says what is missing`(@TempDir empty: Path) {
        val said = said(libraries = "$empty")
        for (part in listOf("there is no $name for $RESOURCE_PREFIX in jna.library.path ([$empty])") + WAYS) {
            assertTrue(part in said, "$part\n$said")
        }
        assertTrue("jna.library.path is not set" in said(libraries = ""))
    }

    @Test
    fun `a damaged library is named`(@TempDir folder: Path) {
        val library = Files.writeString(folder.resolve(name), "no library")
        val said = said(libraries = "$folder")
        assertTrue("$library is damaged, or is not for $RESOURCE_PREFIX" in said, said)
    }

    @Test
    fun `a library of another release is named`(@TempDir folder: Path) {
        val library = folder.resolve(System.mapLibraryName("switchback_bindings_testing"))
        Files.write(library, ofAnotherRelease(library.fileName))
        val said = said(libraries = "$folder", library = "switchback_bindings_testing")
        assertTrue("$library is of another release than this Kotlin code: use both from the same release" in said, said)
    }

    @Test
    fun `a library in the class path is used`(@TempDir folder: Path) {
        val place = Files.createDirectory(folder.resolve(RESOURCE_PREFIX))
        Files.copy(Path.of(System.getProperty("jna.library.path"), name), place.resolve(name))
        val classPath = System.getProperty("java.class.path") + File.pathSeparator + folder
        assertEquals("made\nmade\nset\n", run(libraries = "", classPath = classPath))
    }

    /** The error, which is the same at each call. */
    private fun said(libraries: String, library: String? = null): String {
        val said = run(libraries, library).lines()
        assertEquals(listOf(said[0], said[0], said[0], ""), said)
        assertTrue(said[0].startsWith("configuration java.lang."), said[0])
        return said[0]
    }

    private fun run(
        libraries: String,
        library: String? = null,
        classPath: String = System.getProperty("java.class.path"),
    ): String =
        anotherJvm("app.switchback.NativeLibraryTestKt", libraries = libraries, library = library, classPath = classPath) {
            it.inputReader().readText()
        }

    private companion object {
        val WAYS = listOf("cargo build --release -p switchback-bindings", "-Djna.library.path=", "class path as $RESOURCE_PREFIX/")
    }
}

/** The library for tests with another fingerprint. */
internal fun ofAnotherRelease(name: Path): ByteArray {
    val library = Files.readAllBytes(Path.of(System.getProperty("jna.library.path"), "$name"))
    val number = ByteBuffer.allocate(8).order(ByteOrder.LITTLE_ENDIAN).putLong(fingerprint()).array()
    val places = (0..library.size - 8).filter { at -> number.indices.all { library[at + it] == number[it] } }
    assertEquals(1, places.size, "the number is in the library so often")
    return library.also { it[places.single()]++ }
}

/** Runs in a process whose native library the test chose. */
fun main() {
    fun said(call: () -> String) = try {
        call()
    } catch (error: SwitchbackException) {
        "${error.code} ${error.cause?.javaClass?.name}: ${error.message}"
    }
    val config = SwitchbackConfig(Provider.truid(), Mode.direct("client-id"), "https://app.example/callback")
    repeat(2) { println(said { "made".also { SwitchbackClient(config, Platform(AppStore(), { error("no network") })) } }) }
    println(said { "set".also { SwitchbackLog.set(null) } })
}
