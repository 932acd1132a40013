/// Outcomes of logins that no call of `logIn` waited for: the link came to a new process, or the call
/// was cancelled. They are in ``SwitchbackClient/events``.
///
/// The last one is kept until somebody takes it, and each is given once, to one of those who wait.
/// The sequence ends only where its task is cancelled.
public struct LoginEvents: AsyncSequence, Sendable {
    /// One outcome.
    public typealias Element = LoginOutcome
    let logins: Guarded<Logins>

    /// Gives one outcome after the other.
    public func makeAsyncIterator() -> Iterator {
        Iterator(logins: logins)
    }

    /// Gives one outcome after the other.
    public struct Iterator: AsyncIteratorProtocol {
        let logins: Guarded<Logins>

        /// The next outcome; `nil` where the task is cancelled.
        public mutating func next() async -> LoginOutcome? {
            await logins.first { logins in
                defer { logins.event = nil }
                return logins.event
            }
        }
    }
}

/// The calls that wait for a link, and what nobody waited for.
struct Logins {
    typealias Result = Swift.Result<LoginOutcome, SwitchbackError>

    /// The last outcome that no call waited for, until a listener takes it.
    var event: LoginOutcome?
    /// The links that are being completed.
    private var links: Set<String> = []
    /// What each waiting call is to return.
    private var waiting: [AttemptID: Result?] = [:]
    /// The code of the outcome that each login ended with.
    private var told: [AttemptID: String] = [:]

    mutating func wait(for id: AttemptID) {
        waiting[id] = .some(nil)
    }

    /// What the waiting call is to return, where it is known.
    func result(of id: AttemptID) -> Result? {
        waiting[id] ?? nil
    }

    /// The call waits no more. What it was to return, where that came before.
    mutating func leave(_ id: AttemptID) -> Result? {
        waiting.removeValue(forKey: id) ?? nil
    }

    /// Whether this link is not being completed already.
    mutating func begin(_ link: String) -> Bool {
        links.insert(link).inserted
    }

    mutating func finish(_ link: String) {
        links.remove(link)
    }

    /// Gives a result to the call that waits for it, or to ``LoginEvents``.
    mutating func tell(_ result: Result, of id: AttemptID?) {
        if !tellWaiting(result, of: id) {
            let outcome: LoginOutcome =
                switch result {
                case .success(let outcome): outcome
                case .failure(let error): .failed(LoginFailure(error))
                }
            // The same link twice is one event.
            if let id, told.updateValue(outcome.code, forKey: id) == outcome.code { return }
            event = outcome
        }
    }

    /// Gives a result to the call that waits for it, and says whether one does.
    @discardableResult
    mutating func tellWaiting(_ result: Result, of id: AttemptID?) -> Bool {
        guard let id, case .some(nil) = waiting[id] else { return false }
        waiting[id] = result
        if case .success(let outcome) = result { told[id] = outcome.code }
        return true
    }
}
