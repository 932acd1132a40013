package app.switchback.internal

import app.switchback.support.anotherJvm
import java.nio.ByteBuffer
import java.nio.ByteOrder
import java.nio.file.Files
import java.nio.file.Path
import java.util.concurrent.TimeUnit
import org.junit.jupiter.api.Assertions.assertEquals
import org.junit.jupiter.api.Assertions.assertNotEquals
import org.junit.jupiter.api.Assertions.assertTrue
import org.junit.jupiter.api.Test
import org.junit.jupiter.api.io.TempDir

internal class LibraryTest {
    @Test
    fun `a library of another version is not used`(@TempDir folder: Path) {
        val name = System.mapLibraryName(System.getProperty("uniffi.component.switchback.libraryOverride"))
        val library = Files.readAllBytes(Path.of(System.getProperty("jna.library.path"), name))
        val number = ByteBuffer.allocate(8).order(ByteOrder.LITTLE_ENDIAN).putLong(fingerprint()).array()
        val places = (0..library.size - 8).filter { at -> number.indices.all { library[at + it] == number[it] } }
        assertEquals(1, places.size, "the number is in the library so often")
        library[places.single()]++
        Files.write(folder.resolve(name), library)
        anotherJvm("app.switchback.support.BeginsKt", libraries = "$folder", says = folder.resolve("said")) { process ->
            assertTrue(process.waitFor(30, TimeUnit.SECONDS), "it did not end")
            assertNotEquals(0, process.exitValue())
        }
        val said = Files.readString(folder.resolve("said"))
        assertTrue("does not match this Kotlin code" in said, said)
    }
}
