package app.switchback.internal

import kotlinx.coroutines.flow.Flow
import kotlinx.coroutines.flow.flow

/**
 * The events of a session as a flow that never ends. It begins with the last event, if there was one. A
 * slow collector gets the newest event and may miss others.
 */
internal fun SessionEvents.asFlow(): Flow<SessionEvent> = flow {
    var number = 0L
    while (true) {
        val changed = next(after = number)
        number = changed.number
        emit(changed.event)
    }
}
