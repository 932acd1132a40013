package app.switchback

/**
 * The parts of the phone, or of another machine, that Switchback uses.
 *
 * @property store stores the tokens
 * @property transport sends HTTP requests. Without one, Switchback uses its own transport, if the native
 *   library was built with it
 * @property opener opens the identity app or a browser. An app can also pass an opener to
 *   [SwitchbackClient.logIn]
 * @property lock for an app with several processes: the app's own critical section. Usually [lockFile] is
 *   enough
 * @property lockFile for an app with several processes: a critical section made of a file lock. Do not
 *   set both this and [lock]
 * @property background keeps the app running during a refresh or a login
 * @property firstRun what to do in the first run after an installation. Without it, Switchback does not
 *   check for a first run
 */
public class Platform(
    public val store: SecureStore,
    public val transport: HttpTransport? = null,
    public val opener: UrlOpener? = null,
    public val lock: ProcessLock? = null,
    public val lockFile: LockFile? = null,
    public val background: BackgroundTasks? = null,
    public val firstRun: FirstRun? = null,
)

/** Opens a URL in the identity app or in a browser, and never in a web view. */
public fun interface UrlOpener {
    /**
     * Opens the URL. It returns when the URL is open, and does not wait for the person.
     *
     * @return false if nothing on this device could open it; Switchback then cancels the attempt. It also
     *   does so if this throws an exception
     */
    public suspend fun open(url: String): Boolean
}

/**
 * A critical section that only one process of an app enters at a time.
 *
 * **Threads.** Switchback calls these functions from threads that may block, several at once. It calls
 * [leave] from the thread that called [enter]. It calls [withdraw] from any thread; [withdraw] must
 * return at once. No function may wait for a call of Switchback. Any exception other than
 * [StoreException] becomes [StoreException.Unavailable].
 */
public interface ProcessLock {
    /** Enters the critical section. If another process does not leave it, this gives up after some seconds. */
    public fun enter()

    /** Leaves the critical section. */
    public fun leave()

    /**
     * Makes known to all processes that use the store that this owner runs, until [withdraw] or the end
     * of the process.
     */
    public fun announce(owner: String)

    /** This owner does not run any more. */
    public fun withdraw(owner: String)

    /** Whether this owner certainly does not run any more; false if that is unknown. */
    public fun isGone(owner: String): Boolean
}

/**
 * A lock on a file, in a folder of this device that all processes of the app share.
 *
 * @property folder the folder, which must exist
 * @property name the file name without an ending: letters, digits, `-`, `_` and `.`
 */
public class LockFile(public val folder: String, public val name: String)

/**
 * Keeps the app running during a refresh or a login.
 *
 * **Threads.** Switchback calls these functions from threads that may block, several at once. No function
 * may wait for a call of Switchback.
 */
public interface BackgroundTasks {
    /**
     * Asks the system to let this process run. If this throws, Switchback does the work anyway.
     *
     * @param onExpired call it when the system wants this process to stop: Switchback then gives up the
     *   work, and records that within milliseconds
     * @return a number that is passed to [end]
     */
    public fun begin(onExpired: () -> Unit): Long

    /** The work of this [begin] is done. */
    public fun end(task: Long)
}

/**
 * How Switchback recognizes the first run after an installation, and what it does with the sessions that
 * an earlier installation left in the store.
 *
 * The first update of an app that sets this also counts as a first run: begin with [AfterReinstall.KEEP]
 * if people are already logged in.
 *
 * @property markerFolder a folder that the system removes with the app, that no backup copies to another
 *   device, and that all processes that use the store share. Switchback creates it if it is missing
 * @property sessions what to do with those sessions
 */
public class FirstRun(public val markerFolder: String, public val sessions: AfterReinstall)

/** What to do with the sessions of an earlier installation: [KEEP] or [WIPE]. */
@JvmInline
public value class AfterReinstall private constructor(internal val text: String) {
    override fun toString(): String = text

    public companion object {
        /** Keep them: a person who has the device is still logged in. */
        public val KEEP: AfterReinstall = AfterReinstall("keep")

        /** Remove them: a new installation begins without a session. */
        public val WIPE: AfterReinstall = AfterReinstall("wipe")
    }
}
