package app.switchback.android

import org.junit.Assert.assertEquals
import org.junit.Test
import org.junit.runner.RunWith
import org.objectweb.asm.ClassReader
import org.objectweb.asm.tree.ClassNode
import org.robolectric.RobolectricTestRunner
import org.robolectric.annotation.Config

/** The names in our intents are those of `androidx.browser`, which browsers implement. */
@RunWith(RobolectricTestRunner::class)
@Config(sdk = [36], manifest = Config.NONE)
class BrowserIntentsTest {
    /** Reads the class without loading it: that would need more of androidx. */
    private fun constant(type: String, name: String): Any? {
        val file = "androidx/browser/${type.replace('.', '/')}.class"
        val bytes = checkNotNull(javaClass.classLoader!!.getResourceAsStream(file)) { "there is no $file" }.readBytes()
        val read = ClassNode().also { ClassReader(bytes).accept(it, ClassReader.SKIP_CODE) }
        return read.fields.first { it.name == name }.value
    }

    @Test
    fun `the names are those of the library that browsers implement`() {
        val expected = mapOf(
            ("customtabs.CustomTabsIntent" to "EXTRA_SESSION") to BrowserIntents.EXTRA_SESSION,
            ("customtabs.CustomTabsIntent" to "EXTRA_SEND_TO_EXTERNAL_DEFAULT_HANDLER") to BrowserIntents.EXTRA_SEND_TO_APPS,
            ("customtabs.CustomTabsIntent" to "EXTRA_ENABLE_EPHEMERAL_BROWSING") to BrowserIntents.EXTRA_EPHEMERAL,
            ("customtabs.CustomTabsService" to "ACTION_CUSTOM_TABS_CONNECTION") to BrowserIntents.TABS_SERVICE,
            ("customtabs.CustomTabsService" to "CATEGORY_EPHEMERAL_BROWSING") to BrowserIntents.CATEGORY_EPHEMERAL,
            ("customtabs.CustomTabsService" to "CATEGORY_AUTH_TAB") to BrowserIntents.CATEGORY_AUTH_TAB,
            ("auth.AuthTabIntent" to "EXTRA_LAUNCH_AUTH_TAB") to BrowserIntents.EXTRA_AUTH_TAB,
            ("auth.AuthTabIntent" to "EXTRA_REDIRECT_SCHEME") to BrowserIntents.EXTRA_REDIRECT_SCHEME,
            ("auth.AuthTabIntent" to "EXTRA_HTTPS_REDIRECT_HOST") to BrowserIntents.EXTRA_REDIRECT_HOST,
            ("auth.AuthTabIntent" to "EXTRA_HTTPS_REDIRECT_PATH") to BrowserIntents.EXTRA_REDIRECT_PATH,
            ("auth.AuthTabIntent" to "RESULT_VERIFICATION_FAILED") to 2,
            ("auth.AuthTabIntent" to "RESULT_VERIFICATION_TIMED_OUT") to 3,
        )
        assertEquals(expected, expected.mapValues { (name, _) -> constant(name.first, name.second) })
    }
}
