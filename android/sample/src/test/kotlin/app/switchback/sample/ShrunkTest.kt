package app.switchback.sample

import app.switchback.android.TestApp
import app.switchback.support.property
import java.io.File
import java.lang.management.ManagementFactory
import java.util.concurrent.TimeUnit
import java.util.zip.ZipEntry
import java.util.zip.ZipFile
import java.util.zip.ZipOutputStream
import org.junit.Assert.assertEquals
import org.junit.Assert.assertTrue
import org.junit.Rule
import org.junit.Test
import org.junit.rules.TemporaryFolder

/**
 * The app as R8 shrinks it in full mode, with the rules that Android's build passes: those of the library, and those
 * that aapt2 makes from the manifest. The result has the form of class files, so the JVM and Robolectric run it.
 */
class ShrunkTest {
    @get:Rule
    val compiled = TestApp()

    @get:Rule
    val temporary = TemporaryFolder()

    private val classpath = (System.getProperty("surefire.test.class.path") ?: property("java.class.path"))
        .split(File.pathSeparator).map(::File)

    @Test
    fun `the shrunk app logs in`() {
        val (app, others) = classpath.partition { entry -> APP.any { it in entry.invariantSeparatorsPath } }
        val kotlin = classpath.filter { KOTLIN in it.invariantSeparatorsPath }
        val shrunk = shrink(app + kotlin)
        val names = ZipFile(shrunk).use { zip -> zip.entries().asSequence().map { it.name }.toList() }
        assertTrue("${names.size} classes", "app/switchback/android/RedirectActivity.class" in names)
        assertTrue("R8 renamed nothing", "app/switchback/android/Switchback.class" !in names)
        run(others + shrunk)
    }

    private fun shrink(app: List<File>): File {
        val shrunk = File(temporary.root, "shrunk.jar")
        val manifest = File(property("switchback.sample.app"), "manifest.pro")
        // As in the rules that Android's build has for every app (proguard-android-optimize.txt).
        val android = temporary.newFile("android.pro").apply { writeText("-dontwarn androidx.**\n") }
        val framework = classpath.single { "/android-all/" in it.invariantSeparatorsPath }
        val r8 = classpath.single { it.name.startsWith("r8-") }
        java(
            listOf("-Xmx2g", "-cp", r8.path, "com.android.tools.r8.R8", "--classfile", "--release") +
                listOf("--lib", System.getProperty("java.home"), "--lib", framework.path) +
                listOf("--pg-conf", manifest.path, "--pg-conf", android.path, "--output", shrunk.path) +
                app.mapIndexed { at, entry -> jar(entry, at).path },
        )
        return shrunk
    }

    private fun run(classpath: List<File>) {
        val options = ManagementFactory.getRuntimeMXBean().inputArguments.filter { it.startsWith("-D") || it.startsWith("--") }
        java(
            options + "-Dswitchback.command=${property("switchback.command")}" +
                listOf("-cp", classpath.joinToString(File.pathSeparator), "org.junit.runner.JUnitCore", ShrunkPart::class.java.name),
        )
    }

    private fun java(arguments: List<String>) {
        val output = File(temporary.root, "output")
        val java = File(System.getProperty("java.home"), "bin/java").path
        val process = ProcessBuilder(listOf(java) + arguments).redirectErrorStream(true).redirectOutput(output).start()
        try {
            assertTrue("the process did not end", process.waitFor(MINUTES, TimeUnit.MINUTES))
        } finally {
            process.destroyForcibly()
        }
        assertEquals(output.readText(), 0, process.exitValue())
    }

    /** R8 accepts jars, but no folders. */
    private fun jar(entry: File, at: Int): File {
        if (entry.isFile) return entry
        val jar = File(temporary.root, "$at.jar")
        ZipOutputStream(jar.outputStream()).use { zip ->
            for (file in entry.walk().filter(File::isFile)) {
                zip.putNextEntry(ZipEntry(file.relativeTo(entry).invariantSeparatorsPath))
                file.inputStream().use { it.copyTo(zip) }
            }
        }
        return jar
    }

    private companion object {
        /** The parts of the app, in the class path of the tests. */
        val APP = listOf("/sample/classes", "/android/android/classes", "/core-jvm/classes") +
            listOf("/jna/", "/kotlinx-coroutines-", "/org/jetbrains/annotations/")

        /** The tests use it, too: whole. */
        const val KOTLIN = "/kotlin-stdlib/"

        /** For a busy machine: R8 needs about a minute of one processor. */
        const val MINUTES = 20L
    }
}
