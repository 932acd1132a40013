/// Who is logged in, for a screen that shows it.
public enum CurrentSession: Hashable, Sendable {
    /// The store was not read yet.
    case loading
    /// Somebody is logged in: the newest session that is not over.
    case loggedIn(Session)
    /// Nobody is logged in; with the reason where a session ended while the app was looking.
    case loggedOut(reason: SessionEnd?)
    /// The store cannot be read, for example before the first unlock of the phone. That does not
    /// mean that nobody is logged in. ``SwitchbackClient/currentSession()`` reads it again.
    case unavailable(SwitchbackError)
}

/// Who is logged in, now and whenever it changes. Whoever is slow sees the newest and not each. The
/// sequence ends only where its task is cancelled.
public struct CurrentSessions: AsyncSequence, Sendable {
    /// Who is logged in.
    public typealias Element = CurrentSession
    let watch: CurrentSessionWatch

    /// Gives who is logged in, now and whenever it changes. The store is read for it.
    public func makeAsyncIterator() -> Iterator {
        watch.begin()
        return Iterator(watch: watch)
    }

    /// Gives who is logged in, now and whenever it changes.
    public struct Iterator: AsyncIteratorProtocol {
        let watch: CurrentSessionWatch
        private var seen = 0

        init(watch: CurrentSessionWatch) {
            self.watch = watch
        }

        /// Who is logged in; `nil` where the task is cancelled.
        public mutating func next() async -> CurrentSession? {
            guard let (number, value) = await watch.next(after: seen) else { return nil }
            seen = number
            return value
        }
    }
}

/// Who is logged in, read from the store when the first listener comes, and after each change.
final class CurrentSessionWatch: Sendable {
    private struct Shown {
        var value = CurrentSession.loading
        /// Counts the values: the first one is there from the beginning.
        var number = 1
        /// How often the store was read, and which of these readings gave the value.
        var readings = 0
        var shown = 0
        /// Whether there ever was a listener.
        var isWatched = false
        /// Waits for the end of the session that is the value.
        var listener: (session: SessionID, task: Task<Void, Never>)?
    }

    private let engine: any ClientEngine
    private let shown = Guarded(Shown())

    init(_ engine: any ClientEngine) {
        self.engine = engine
    }

    deinit {
        shown.read { $0.listener?.task.cancel() }
    }

    func next(after seen: Int) async -> (Int, CurrentSession)? {
        await shown.first { $0.number > seen ? ($0.number, $0.value) : nil }
    }

    /// A listener comes: the store is read where its value is not known.
    func begin() {
        let reads = shown.read { shown in
            shown.isWatched = true
            switch shown.value {
            case .loading, .unavailable: return true
            case .loggedIn, .loggedOut: return false
            }
        }
        if reads { Task { await self.read() } }
    }

    /// Reads the store again, where somebody listens: a session came or went.
    func changed() async {
        guard shown.read({ $0.isWatched }) else { return }
        await read()
    }

    /// Reads the store, and shows what was read.
    @discardableResult
    func read() async -> CurrentSession? {
        let reading = shown.read { shown in
            shown.readings += 1
            return shown.readings
        }
        let read: CurrentSession
        do {
            let newest = try await engine.openSessions().max { $0.loggedInAt < $1.loggedInAt }
            read = newest.map { .loggedIn($0) } ?? .loggedOut(reason: nil)
        } catch let error as SwitchbackError {
            read = .unavailable(error)
        } catch {
            return nil
        }
        return shown.update { shown in
            // A reading that began later knows more.
            guard reading > shown.shown else { return shown.value }
            shown.shown = reading
            let value = read == .loggedOut(reason: nil) ? .loggedOut(reason: reason(shown.value)) : read
            listen(to: value, &shown)
            guard shown.value != value else { return value }
            shown.value = value
            shown.number += 1
            return value
        }
    }

    /// Why nobody is logged in any more, behind what was shown.
    private func reason(_ before: CurrentSession) -> SessionEnd? {
        switch before {
        case .loggedIn(let session): session.end
        case .loggedOut(let reason): reason
        case .loading, .unavailable: nil
        }
    }

    /// Reads the store again when this session is over.
    private func listen(to value: CurrentSession, _ shown: inout Shown) {
        let session: Session? = if case .loggedIn(let session) = value { session } else { nil }
        guard shown.listener?.session != session?.id else { return }
        shown.listener?.task.cancel()
        shown.listener = session.map { session in
            let states = session.state
            let task = Task { [weak self] in
                for await state in states where state.isOver {
                    await self?.changed()
                }
            }
            return (session.id, task)
        }
    }
}
