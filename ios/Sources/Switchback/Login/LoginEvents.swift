/// The outcomes that no call of `logIn` waits for: the link came to a new process, or the call
/// was cancelled. ``SwitchbackClient/events`` is this sequence.
///
/// Each outcome goes to one listener. The last outcome is stored until a listener takes it. An
/// app can show each of them to the person. The sequence ends only when its task is cancelled.
public struct LoginEvents: AsyncSequence, Sendable {
    /// One outcome.
    public typealias Element = LoginOutcome
    let logins: Guarded<Logins>

    /// Returns an iterator over the outcomes.
    public func makeAsyncIterator() -> Iterator {
        Iterator(logins: logins)
    }

    /// An iterator over the outcomes.
    public struct Iterator: AsyncIteratorProtocol {
        let logins: Guarded<Logins>

        /// The next outcome; `nil` if the task is cancelled.
        public mutating func next() async -> LoginOutcome? {
            await logins.first { logins in
                defer { logins.event = nil }
                return logins.event
            }
        }
    }
}

/// The calls that wait for a link, and the outcomes that no call waits for.
struct Logins {
    typealias Result = Swift.Result<LoginOutcome, SwitchbackError>

    /// The last outcome that no call waits for, until a listener takes it.
    var event: LoginOutcome?
    /// The links that are being completed.
    private var links: Set<String> = []
    /// The calls that wait.
    private var waiting: [Call: Waiting] = [:]
    private var calls = 0
    /// The code of the outcome of each login.
    private var outcomeCodes: [AttemptID: String] = [:]

    /// The number of a waiting call.
    struct Call: Hashable {
        fileprivate let number: Int
    }

    private struct Waiting {
        let id: AttemptID
        var result: Result?
    }

    mutating func wait(for id: AttemptID) -> Call {
        calls += 1
        let call = Call(number: calls)
        waiting[call] = Waiting(id: id)
        return call
    }

    /// The result for the waiting call, if it is known.
    func result(of call: Call) -> Result? {
        waiting[call]?.result
    }

    /// Removes a waiting call. Returns its result, if it is already known.
    mutating func leave(_ call: Call) -> Result? {
        waiting.removeValue(forKey: call)?.result
    }

    /// Marks this link as being completed. Returns false if it already is.
    mutating func begin(_ link: String) -> Bool {
        links.insert(link).inserted
    }

    mutating func finish(_ link: String) {
        links.remove(link)
    }

    /// Delivers a result to the call that waits for it, or to ``LoginEvents``.
    mutating func deliver(_ result: Result, of id: AttemptID?) {
        if !deliverToWaiting(result, of: id) {
            let outcome: LoginOutcome =
                switch result {
                case .success(let outcome): outcome
                case .failure(let error): .failed(LoginFailure(error, attempt: id))
                }
            // Anyone can make a link of no login: an app must not show it to the person.
            if case .failed(let failure) = outcome, failure.isOfNoLogin { return }
            // If the same link comes twice, there is one event.
            if let id, outcomeCodes.updateValue(outcome.code, forKey: id) == outcome.code { return }
            event = outcome
        }
    }

    /// Delivers a result to the call that waits for this login. Returns whether there is one.
    @discardableResult
    mutating func deliverToWaiting(_ result: Result, of id: AttemptID?) -> Bool {
        guard let call = waiting.first(where: { $0.value.id == id && $0.value.result == nil })?.key else {
            return false
        }
        deliver(result, to: call)
        return true
    }

    /// Delivers a result to this call, if it still waits. The first result counts.
    mutating func deliver(_ result: Result, to call: Call) {
        guard var entry = waiting[call], entry.result == nil else { return }
        entry.result = result
        waiting[call] = entry
        if case .success(let outcome) = result { outcomeCodes[entry.id] = outcome.code }
    }
}
