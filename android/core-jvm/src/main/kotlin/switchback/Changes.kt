package switchback

import kotlinx.coroutines.flow.Flow
import kotlinx.coroutines.flow.flow

/**
 * The changes of a session as a flow that never ends: the last one first, where there was one.
 * Whoever collects slowly sees the newest and not each.
 */
public fun Changes.asFlow(): Flow<Change> = flow {
    while (true) emit(next())
}
