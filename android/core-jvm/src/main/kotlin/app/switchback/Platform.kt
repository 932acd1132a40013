package app.switchback

/**
 * What Switchback needs of the phone, or of another machine.
 *
 * @property store where tokens are kept
 * @property transport HTTP; without one it is Switchback's own, in a native library that was built with
 *   it
 * @property opener opens the identity app or a browser; [SwitchbackClient.logIn] can be given another
 * @property lock for an app of several processes: a critical section of its own. Mostly [lockFile] is
 *   enough
 * @property lockFile for an app of several processes: a critical section by a lock on a file. Not
 *   together with [lock]
 * @property background keeps the app running while a refresh or a login is under way
 * @property firstRun what the first run after an installation does; without it nothing is asked
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
     * Opens it, and returns when it is open: nobody waits here for the person.
     *
     * @return false where nothing on this device could open it: the attempt is then cancelled
     */
    public suspend fun open(url: String): Boolean
}

/**
 * What must not happen twice at once between the processes of an app.
 *
 * **Threads.** Calls come from threads where waiting is fine, several at a time, and [leave] from the
 * thread of its [enter]; [withdraw] from any, and it returns at once. None may wait for a call of
 * Switchback's. What is thrown besides [StoreException] becomes [StoreException.Unavailable].
 */
public interface ProcessLock {
    /** Enters the critical section. It gives up after some seconds on another process that does not leave. */
    public fun enter()

    /** Leaves it. */
    public fun leave()

    /** Says to all who use the store that this owner runs, until [withdraw] or the end of the process. */
    public fun announce(owner: String)

    /** The owner does not run any more. */
    public fun withdraw(owner: String)

    /** Whether an owner certainly does not run any more. Where that cannot be known: false. */
    public fun isGone(owner: String): Boolean
}

/**
 * A lock on a file, in a folder of this device that all processes of the app share.
 *
 * @property folder the folder, which must exist
 * @property name what the file is called, without an ending: letters, digits, `-`, `_` and `.`
 */
public class LockFile(public val folder: String, public val name: String)

/**
 * Keeps the app running while a refresh or a login is under way.
 *
 * **Threads.** Calls come from threads where waiting is fine, several at a time. None may wait for a
 * call of Switchback's.
 */
public interface BackgroundTasks {
    /**
     * Asks the system to let this process run. Where this throws, the work is done without.
     *
     * @param onExpired to be called when the system wants this process to stop: what is under way is
     *   then given up and marked within milliseconds
     * @return a number, to end it with
     */
    public fun begin(onExpired: () -> Unit): Long

    /** What was begun is over. */
    public fun end(task: Long)
}

/**
 * How the first run after an installation is known, and what it does with the sessions that an earlier
 * installation has left in the store.
 *
 * The first update that brings this to an app is a first run to it: begin with [AfterReinstall.KEEP]
 * where people are logged in already.
 *
 * @property markerFolder a folder that the system removes with the app, that no backup brings to another
 *   device, and that all who use the store share. It is made where it is missing
 * @property sessions what is done with the sessions that are found
 */
public class FirstRun(public val markerFolder: String, public val sessions: AfterReinstall)

/** What is done with the sessions that an earlier installation has left: [KEEP] or [WIPE]. */
@JvmInline
public value class AfterReinstall private constructor(internal val code: String) {
    override fun toString(): String = code

    public companion object {
        /** They are kept: whoever has the device is still logged in. */
        public val KEEP: AfterReinstall = AfterReinstall("keep")

        /** They are removed: a new installation begins without a session. */
        public val WIPE: AfterReinstall = AfterReinstall("wipe")
    }
}
