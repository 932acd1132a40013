package app.switchback.android.store

import android.app.backup.FullBackup.BackupScheme
import android.content.Context
import app.switchback.android.SwitchbackOptions
import app.switchback.android.TestApp
import java.io.File
import javax.xml.parsers.DocumentBuilderFactory
import org.junit.Assert.assertEquals
import org.junit.Assert.assertTrue
import org.junit.Before
import org.junit.Rule
import org.junit.Test
import org.junit.runner.RunWith
import org.robolectric.RobolectricTestRunner
import org.robolectric.RuntimeEnvironment
import org.robolectric.annotation.Config
import org.robolectric.util.ReflectionHelpers
import org.robolectric.util.ReflectionHelpers.ClassParameter
import org.w3c.dom.Element

/** No backup has the files of the store. The app of the tests uses the rules, and Android's own code reads them. */
@RunWith(RobolectricTestRunner::class)
@Config(sdk = [36])
class BackupTest {
    @get:Rule
    val app = TestApp()

    private val context = RuntimeEnvironment.getApplication()

    /** Robolectric has two data folders, where Android has one. */
    private val noBackup = context.createCredentialProtectedStorageContext().noBackupFilesDir.canonicalPath

    @Before
    fun install() = FakeAndroidKeystore.install()

    /** Android leaves this folder out: https://developer.android.com/identity/data/autobackup#Files */
    @Test
    fun `every file is in the folder that Android leaves out of backups`() {
        val before = context.dataDir.files()
        KeystoreStore(context).put("a", byteArrayOf(1))
        SwitchbackOptions().run { platform(context, store(context)) }
        val added = context.dataDir.files() - before
        assertTrue("$added", File(context.noBackupFilesDir, "switchback") in added)
        assertTrue("$added", File(context.noBackupFilesDir, "switchback.state") in added)
        assertEquals(emptyList<File>(), added.filterNot { it.startsWith(context.noBackupFilesDir) })
    }

    private fun File.files() = walk().toSet()

    @Test
    fun `the rules leave out the folder of the store, and nothing else`() {
        val rules = context.resources.getIdentifier("switchback_data_extraction_rules", "xml", context.packageName)
        // Robolectric does not read this attribute of the manifest.
        context.applicationInfo.dataExtractionRulesRes = rules
        for (destination in listOf(CLOUD, DEVICE_TRANSFER)) {
            val scheme = scheme(destination)
            assertEquals(listOf(noBackup), scheme.maybeParseAndGetCanonicalExcludePaths().map { it.path })
            assertEquals(0, scheme.maybeParseAndGetCanonicalIncludePaths().size)
        }
    }

    @Test
    fun `the rules of Android 11 and earlier say the same`() {
        assertEquals(0, context.applicationInfo.dataExtractionRulesRes)
        assertEquals(listOf(noBackup), scheme(CLOUD).maybeParseAndGetCanonicalExcludePaths().map { it.path })
    }

    private fun scheme(destination: Int): BackupScheme = ReflectionHelpers.callConstructor(
        BackupScheme::class.java,
        ClassParameter.from(Context::class.java, context),
        ClassParameter.from(Int::class.javaPrimitiveType, destination),
    )

    /** An attribute here would be a conflict for an app that has its own. */
    @Test
    fun `the manifest of the library sets nothing for the whole app`() {
        val manifest = DocumentBuilderFactory.newInstance().newDocumentBuilder().parse(File("src/main/AndroidManifest.xml"))
        val application = manifest.getElementsByTagName("application").item(0) as Element
        assertEquals(0, application.attributes.length)
    }

    private companion object {
        // android.app.backup.BackupAnnotations.BackupDestination
        const val CLOUD = 0
        const val DEVICE_TRANSFER = 1
    }
}
