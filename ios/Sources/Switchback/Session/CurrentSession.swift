/// The current session of a client: the newest one that has not ended.
public enum CurrentSession: Hashable, Sendable {
    /// The client has not read the store yet.
    case loading
    /// A person is logged in.
    case loggedIn(Session)
    /// No person is logged in. The reason says why the last session ended, if this client observed
    /// the end.
    case loggedOut(reason: SessionEnd?)
    /// The store cannot be read now, for example before the first unlock of the phone. This logs
    /// no person out. ``SwitchbackClient/currentSession()`` reads the store again.
    case unavailable(SwitchbackError)
}

/// The current session: its value now, and each change. A slow listener gets the newest value and
/// may miss older values. The sequence ends only when its task is cancelled.
public struct CurrentSessions: AsyncSequence, Sendable {
    /// The current session.
    public typealias Element = CurrentSession
    let watch: CurrentSessionWatch

    /// Returns an iterator over the current session. This reads the store.
    public func makeAsyncIterator() -> Iterator {
        watch.begin()
        return Iterator(watch: watch)
    }

    /// An iterator over the current session.
    public struct Iterator: AsyncIteratorProtocol {
        let watch: CurrentSessionWatch
        private var seen = 0

        init(watch: CurrentSessionWatch) {
            self.watch = watch
        }

        /// The next value; `nil` if the task is cancelled.
        public mutating func next() async -> CurrentSession? {
            guard let (number, value) = await watch.next(after: seen) else { return nil }
            seen = number
            return value
        }
    }
}

/// The current session. The client reads the store for the first listener, and at the end of each
/// call that changed the sessions.
final class CurrentSessionWatch: Sendable {
    private struct State {
        var value = CurrentSession.loading
        /// Counts the values. The initial value is number 1.
        var number = 1
        /// How many reads of the store have begun.
        var reads = 0
        /// The number of the read that led to the value.
        var publishedRead = 0
        /// The last session that was current.
        var last: Session?
        /// Waits for the end of the current session.
        var listener: (session: SessionID, task: Task<Void, Never>)?
    }

    struct Weak {
        weak var watch: CurrentSessionWatch?
    }

    private let engine: any ClientEngine
    private let state = Guarded(State())

    init(_ engine: any ClientEngine) {
        self.engine = engine
    }

    deinit {
        state.read { $0.listener?.task.cancel() }
    }

    func next(after seen: Int) async -> (Int, CurrentSession)? {
        await state.first { $0.number > seen ? ($0.number, $0.value) : nil }
    }

    /// For a new listener: reads the store if the current session is unknown.
    func begin() {
        let reads = state.read { state in
            switch state.value {
            case .loading, .unavailable: return true
            case .loggedIn, .loggedOut: return false
            }
        }
        if reads { Task { await self.read() } }
    }

    /// Reads the store, and publishes the result. When this returns, the value shows every change
    /// that happened before the call.
    @discardableResult
    func read() async -> CurrentSession? {
        let readNumber = state.read { state in
            state.reads += 1
            return state.reads
        }
        let read: CurrentSession
        do {
            let newest = try await engine.openSessions().last
            if let newest {
                newest.follow(with: self)
                // A session that ended before `follow` did not notify this watch.
                if newest.end != nil { return await self.read() }
            }
            read = newest.map { .loggedIn($0) } ?? .loggedOut(reason: nil)
        } catch let error as SwitchbackError {
            read = .unavailable(error)
        } catch {
            return nil
        }
        return state.update { state in
            // A read that began later has newer data.
            guard readNumber > state.publishedRead else { return state.value }
            state.publishedRead = readNumber
            if case .loggedIn(let session) = read { state.last = session }
            let value = read == .loggedOut(reason: nil) ? .loggedOut(reason: state.last?.end) : read
            listen(to: value, &state)
            guard state.value != value else { return value }
            state.value = value
            state.number += 1
            return value
        }
    }

    /// Reads the store again when this session ends.
    private func listen(to value: CurrentSession, _ state: inout State) {
        let session: Session? = if case .loggedIn(let session) = value { session } else { nil }
        guard state.listener?.session != session?.id else { return }
        state.listener?.task.cancel()
        state.listener = session.map { session in
            let states = session.state
            let task = Task { [weak self] in
                for await state in states where state.isOver {
                    await self?.read()
                }
            }
            return (session.id, task)
        }
    }
}
