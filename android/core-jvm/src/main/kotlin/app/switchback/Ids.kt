package app.switchback

/**
 * Names a login attempt, and the session that may come of it. It is no secret, and it is the same in
 * every log.
 *
 * @property text 32 hexadecimal digits
 */
@JvmInline
public value class AttemptId(public val text: String) {
    override fun toString(): String = text
}

/**
 * Names a session, to keep and to open it with later ([SwitchbackClient.session]). It is no secret,
 * and it has the text of the [AttemptId] that the session came from.
 *
 * @property text 32 hexadecimal digits
 */
@JvmInline
public value class SessionId(public val text: String) {
    override fun toString(): String = text
}
