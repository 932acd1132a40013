package app.switchback.android.ui

import android.graphics.Bitmap
import android.graphics.BitmapFactory
import android.graphics.Color
import java.io.File
import kotlin.math.abs
import org.junit.Assert.fail

/**
 * Compares what a test has drawn with a picture in the repository. The fonts are Robolectric's, so that the
 * pictures are the same on each machine, except for the rounding of a processor.
 *
 * After a wanted change, run the tests with `-Dswitchback.pictures.write=true`, look at the new pictures, and
 * commit them.
 */
internal object Pictures {
    /** The pictures in the repository. Maven runs the tests in the module's folder. */
    val folder = File("src/test/resources/pictures")

    /** A difference in one channel that is not seen. */
    private const val UNSEEN = 16

    /** The pixels that may differ by more than that. */
    private const val ALLOWED = 20

    private val failed = File("../../target/android/android/pictures")

    fun assertSame(
        name: String,
        drawn: Bitmap,
        folder: File = this.folder,
        isWriting: Boolean = System.getProperty("switchback.pictures.write") == "true",
    ) {
        val file = File(folder, "$name.png")
        if (isWriting) return write(drawn, file)
        val expected = if (file.isFile) read(file) else null
        val difference = expected?.let { difference(it, drawn) }
        if (difference != null && difference.pixels <= ALLOWED) return
        val new = File(failed, "$name.png")
        write(drawn, new)
        val where = File(failed, "$name.difference.png")
        difference?.let { write(it.picture, where) }
        val what = when {
            expected == null -> "there is no such picture"
            difference == null -> "the sizes differ"
            else -> "${difference.pixels} pixels differ: see ${where.canonicalPath}"
        }
        fail(
            "$file: $what. What the test has drawn: ${new.canonicalPath}. If the change is wanted, run the test " +
                "with -Dswitchback.pictures.write=true",
        )
    }

    /** @property picture black where the two are the same, and white where they differ */
    class Difference(val pixels: Int, val picture: Bitmap)

    /** Is null if the sizes differ. */
    fun difference(expected: Bitmap, drawn: Bitmap): Difference? {
        if (expected.width != drawn.width || expected.height != drawn.height) return null
        val pixels = drawn.pixels()
        val differs = expected.pixels().mapIndexed { at, pixel -> differ(pixel, pixels[at]) }
        val colors = IntArray(pixels.size) { if (differs[it]) Color.WHITE else Color.BLACK }
        val picture = Bitmap.createBitmap(colors, drawn.width, drawn.height, Bitmap.Config.ARGB_8888)
        return Difference(differs.count { it }, picture)
    }

    private fun differ(one: Int, other: Int) =
        listOf(Color::red, Color::green, Color::blue).any { abs(it(one) - it(other)) > UNSEEN }

    private fun Bitmap.pixels() = IntArray(width * height).also { getPixels(it, 0, width, 0, 0, width, height) }

    private fun read(file: File) = file.readBytes().let { BitmapFactory.decodeByteArray(it, 0, it.size) }

    /** Without the channel for transparency, which no picture uses. */
    private fun write(picture: Bitmap, file: File) {
        file.parentFile?.mkdirs()
        picture.setHasAlpha(false)
        file.outputStream().use { picture.compress(Bitmap.CompressFormat.PNG, 100, it) }
    }
}
