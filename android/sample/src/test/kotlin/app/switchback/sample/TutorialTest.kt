package app.switchback.sample

import app.switchback.support.codeOnPage
import java.io.File
import org.junit.Assert.assertEquals
import org.junit.Assert.assertTrue
import org.junit.Test

/** The code of `docs/tutorials/android.md` is the code of the sample. */
class TutorialTest {
    private val page = File("../../docs/tutorials/android.md").readText()

    private fun blocks(language: String) = codeOnPage("docs/tutorials/android.md", language)

    @Test
    fun `each block of Kotlin is in the sample`() {
        val sources = File("src/main/kotlin/app/switchback/sample").listFiles()!!.map { it.readText() }
        val blocks = blocks("kotlin")
        assertEquals(4, blocks.size)
        for (block in blocks) assertTrue(block, sources.any { block in it })
    }

    @Test
    fun `the files of the debug build are those of the sample`() {
        val files = listOf("res/xml/network_security_config.xml", "AndroidManifest.xml")
        assertEquals(files.map { File("src/debug", it).readText() }, blocks("xml"))
    }

    @Test
    fun `the page sets each placeholder of the manifests`() {
        val manifests = listOf("src/main", "../android/src/main").map { File(it, "AndroidManifest.xml").readText() }
        val used = manifests.flatMap { Regex("""\$\{(\w+)}""").findAll(it) }.map { it.groupValues[1] }.toSet()
        val set = Regex("""manifestPlaceholders\["(\w+)"]""").findAll(page).map { it.groupValues[1] }.toSet()
        assertEquals(used - "applicationId", set)
    }

    @Test
    fun `http is allowed in the debug build only`() {
        val text = File("src/main").walk().filter { it.isFile }.joinToString { it.readText() }
        assertTrue("networkSecurityConfig" !in text && "cleartext" !in text)
    }

    @Test
    fun `the picture of the page is that of the tests`() {
        val tested = File("src/test/resources/pictures/login.png").readBytes()
        assertTrue(tested.contentEquals(File("../../docs/tutorials/android-sample.png").readBytes()))
    }

    @Test
    fun `the page has the texts of the sample`() {
        val sources = File("src/main").walk().filter { it.isFile }.joinToString { it.readText() }
        for (text in listOf("Will a login come back?", "Hello, ")) assertTrue(text, text in sources && text in page)
    }
}
