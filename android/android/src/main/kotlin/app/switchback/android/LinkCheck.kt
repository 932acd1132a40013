package app.switchback.android

import app.switchback.internal.LinkCheck as RustCheck

/**
 * Whether a login will come back to this app on this device. Its text is for developers: each way to open the
 * login, what happens to the link, and what is wrong.
 *
 * The command `switchback doctor android` gives the same warnings for facts in a file, and also checks the
 * `assetlinks.json` of the host.
 *
 * @property returns what happens when the provider redirects to the redirect URI
 * @property steps every way to open the login, in order. The first one that is not left out is tried first
 * @property warnings what is wrong, the worst first
 */
public class LinkCheck internal constructor(
    public val returns: Returns,
    public val steps: List<Step>,
    public val warnings: List<Warning>,
) {
    /** Whether nothing is known that stops the login. */
    public val isGood: Boolean get() = warnings.none { it.severity == Severity.STOPS }

    /** For a person who uses the identity app of another device. */
    internal fun withoutIdentityApp(): LinkCheck = LinkCheck(
        returns,
        steps.map { if (it.opens == Opens.IDENTITY_APP) it.leftOut("the person uses another device") else it },
        warnings,
    )

    override fun toString(): String = (steps + "the link: ${returns.message}" + warnings).joinToString("\n")

    /**
     * What happens to the link.
     *
     * @property message the same, in English, for a developer
     */
    public enum class Returns(public val message: String) {
        /** The link opens this app. */
        THIS_APP("it opens this app"),

        /** The system asks the person which app to open. */
        ASKS("Android asks the person which app opens it"),

        /** The link opens another app. */
        OTHER_APP("it opens another app"),

        /** The browser shows the redirect URI as a page. */
        BROWSER("it stays in the browser"),

        /** Nothing opens the link. */
        NOTHING("nothing opens it"),
    }

    /** What a step opens. */
    public enum class Opens {
        /** The identity app, directly. */
        IDENTITY_APP,

        /** A tab of the browser that gives the redirect to this app as a result. */
        AUTH_TAB,

        /** A tab of the browser, within the task of this app. */
        CUSTOM_TAB,

        /** The browser itself. */
        BROWSER,
    }

    /**
     * One way to open a login.
     *
     * @property opens what it opens
     * @property target the package that it opens, if one is chosen
     * @property isEphemeral whether the tab keeps no cookies after it is closed
     * @property needsTap whether the person must tap something on the page before the browser opens an app
     * @property isLeftOut whether this way is not used
     * @property reason why it is used or left out, for a developer
     */
    public class Step internal constructor(
        public val opens: Opens,
        public val target: String?,
        public val isEphemeral: Boolean,
        public val needsTap: Boolean,
        public val isLeftOut: Boolean,
        public val reason: String,
    ) {
        internal fun leftOut(reason: String) = Step(opens, null, isEphemeral, needsTap, true, reason)

        internal val name: String get() = listOfNotNull(opens.name.lowercase(), target).joinToString(" ")

        override fun toString(): String = "$name: ${if (isLeftOut) "left out: " else ""}$reason"
    }

    /** How bad a warning is. */
    public enum class Severity {
        /** The login does not come back. */
        STOPS,

        /** The login may not come back on this device, or on another one. */
        MAY_STOP,

        /** The login comes back, with a disadvantage. */
        NOTICE,
    }

    /**
     * One thing that is wrong.
     *
     * @property code a stable text, for example `not_verified`
     * @property severity how bad it is
     * @property message what is wrong, for a developer
     * @property fix what to do about it, for a developer
     */
    public class Warning internal constructor(
        public val code: String,
        public val severity: Severity,
        public val message: String,
        public val fix: String,
    ) {
        override fun toString(): String = "${severity.name.lowercase()}: $message; to fix it: $fix"
    }
}

internal fun RustCheck.forApps(): LinkCheck = LinkCheck(
    returns = LinkCheck.Returns.valueOf(returns.name),
    steps = steps.map {
        LinkCheck.Step(
            LinkCheck.Opens.valueOf(it.opens.name), it.`package`, it.isEphemeral, it.needsTap, it.leftOut != null, it.reason,
        )
    },
    warnings = warnings.map {
        LinkCheck.Warning(it.code, LinkCheck.Severity.valueOf(it.severity.name), it.message, it.fix)
    },
)
