package app.switchback

import app.switchback.internal.uniffiEnsureInitialized
import app.switchback.internal.uniffiLibraryName
import com.sun.jna.NativeLibrary
import com.sun.jna.Platform.RESOURCE_PREFIX
import java.io.File

/** Loads the native library. An error says what is missing, and how to give it. */
internal object NativeLibraryLoader {
    private val file: String get() = System.mapLibraryName(uniffiLibraryName)

    /** Why the library cannot be used, with the JVM's error; null if it is loaded. The JVM tries it once. */
    private val problem: Pair<String, LinkageError>? by lazy {
        try {
            val library = NativeLibrary.getInstance(uniffiLibraryName)
            try {
                uniffiEnsureInitialized()
                null
            } catch (error: LinkageError) {
                "Switchback's native library ${library.file} is of another release than this Kotlin code: " +
                    "use both from the same release" to error
            }
        } catch (error: LinkageError) {
            (if (hasJna()) notLoaded() else NO_JNA) to error
        }
    }

    /** Loads the library, if it is not loaded yet. */
    fun load() {
        problem?.let { (message, error) -> throw SwitchbackException.Configuration(message, error) }
    }

    private fun hasJna(): Boolean = try {
        Class.forName("com.sun.jna.NativeLibrary", false, javaClass.classLoader)
        true
    } catch (_: ClassNotFoundException) {
        false
    }

    private const val NO_JNA = "JNA is missing, which Switchback's native library needs: depend on switchback-android " +
        "or switchback-jvm, which bring it, or add net.java.dev.jna:jna (on Android its AAR)"

    private fun notLoaded(): String {
        if (RESOURCE_PREFIX.startsWith("android-")) {
            return "Switchback's native library is not in this app for $RESOURCE_PREFIX: there is no $file in the folder " +
                "jniLibs of the processor, or an app bundle left it out. `cargo xtask android` says how to build it with the NDK"
        }
        val folders = System.getProperty("jna.library.path").orEmpty().split(File.pathSeparator).filter(String::isNotEmpty)
        val damaged = folders.map { File(it, file) }.firstOrNull(File::exists)
        val what = when {
            damaged != null -> "$damaged is damaged, or is not for $RESOURCE_PREFIX"
            folders.isEmpty() -> "there is no $file for $RESOURCE_PREFIX, and jna.library.path is not set"
            else -> "there is no $file for $RESOURCE_PREFIX in jna.library.path ($folders)"
        }
        return "Switchback's native library cannot be loaded: $what. Build it with " +
            "`cargo build --release -p switchback-bindings`; then start Java with -Djna.library.path= and the " +
            "absolute path of its folder, or put it into the class path as $RESOURCE_PREFIX/$file"
    }
}
