package app.switchback

/**
 * Identifies a login attempt, and the session that it may lead to. It is not a secret. Every log contains
 * it unchanged.
 *
 * @property text 32 hexadecimal digits
 */
@JvmInline
public value class AttemptId(public val text: String) {
    override fun toString(): String = text
}

/**
 * Identifies a session. An app can store it and open the session later ([SwitchbackClient.session]). It
 * is not a secret. Its text is that of the [AttemptId] that led to the session.
 *
 * @property text 32 hexadecimal digits
 */
@JvmInline
public value class SessionId(public val text: String) {
    override fun toString(): String = text
}
