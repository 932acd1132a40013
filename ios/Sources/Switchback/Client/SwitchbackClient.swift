import Foundation
package import SwitchbackBindings

/// Logs people in at one service, and stores their sessions. Make one client when the app starts,
/// and use it from any thread.
///
/// ```swift
/// switch try await client.logIn(.login) {
/// case .loggedIn(let session): greet(try await session.presentation(.name)[.name])
/// case .declined: stay()
/// case let other: show(other.userMessage)
/// }
/// ```
///
/// Pass every link that the app is opened with to `handle(_:)`. If the system ended the process
/// during the login, ``events`` has the outcome in the new process, and ``current`` the session.
///
/// **Errors.** All throwing calls throw ``SwitchbackError``, or `CancellationError` if the task
/// is cancelled. Every call that reads or writes the store may throw
/// ``SwitchbackError/Code-swift.struct/storeLocked`` and
/// ``SwitchbackError/Code-swift.struct/store``.
public final class SwitchbackClient: Sendable {
    private let engine: any ClientEngine
    let opener: any URLOpener
    let timing: Timing
    private let logins = Guarded(Logins())
    /// What the logins have opened.
    private let openers = Guarded<[AttemptID: (call: Logins.Call, opener: any AttemptOpener)]>([:])
    private let watch: CurrentSessionWatch

    /// How long the completion of a link is retried, in seconds.
    private static let retryDuration: TimeInterval = 30

    /// Checks the configuration. It reads, writes and sends nothing.
    ///
    /// Throws ``SwitchbackError/Code-swift.struct/configuration`` if the configuration is wrong:
    /// ``SwitchbackError/message`` says what to change.
    public convenience init(_ config: SwitchbackConfig, platform: Platform) throws {
        try self.init(config, platform: platform, timing: .system) {
            try SwitchbackBindings.Client(config: $0, platform: $1)
        }
    }

    /// A client of a core that the library for tests makes.
    package convenience init(
        _ config: SwitchbackConfig, platform: Platform, timing: Timing,
        make: (SwitchbackBindings.Config, SwitchbackBindings.Platform) throws -> SwitchbackBindings.Client
    ) throws {
        let generated = try translatedAtOnce { try make(config.generated, platform.generated) }
        self.init(LiveClient(generated: generated), opener: platform.opener, timing: timing)
    }

    init(_ engine: any ClientEngine, opener: any URLOpener, timing: Timing) {
        self.engine = engine
        self.opener = opener
        self.timing = timing
        watch = CurrentSessionWatch(engine)
    }
}

// MARK: - Logging in

extension SwitchbackClient {
    /// Logs a person in: begins an attempt, opens its URL, and waits until the link that comes
    /// back reaches `handle(_:)`, or until the attempt expires.
    ///
    /// The client stores the login before it opens the URL. If the process ends, a new process
    /// completes the login. Several calls may wait at the same time.
    ///
    /// If a person comes back to the app without the link, that is no refusal: the login still
    /// waits. The library's own opener on iOS notices it, and the outcome is then
    /// ``LoginOutcome/pending(_:)``. To stop waiting, cancel the task. The attempt stays, and its link still completes
    /// it; the outcome is then in ``events``. ``cancelLogin(_:)`` drops the attempt.
    ///
    /// Throws ``SwitchbackError/Code-swift.struct/tryAgain`` if the network or the service was
    /// not available, and ``SwitchbackError/Code-swift.struct/configuration`` if the
    /// configuration does not allow this login.
    /// - Parameters:
    ///   - purpose: The purpose of the login.
    ///   - session: In mediated mode, a session of the same person under which the backend begins
    ///     the login, for example for identity verification.
    @discardableResult
    public func logIn(_ purpose: Purpose, under session: Session? = nil) async throws -> LoginOutcome {
        try await logIn(LoginRequest(purpose), under: session)
    }

    /// Logs a person in, as `logIn(_:under:)` with a ``Purpose`` does, with all parameters of a
    /// login.
    /// - Parameters:
    ///   - request: The parameters of the login.
    ///   - session: The session under which the login begins, as above.
    @discardableResult
    public func logIn(_ request: LoginRequest, under session: Session? = nil) async throws -> LoginOutcome {
        try await logIn(request, under: session, opener: try opener.forAttempt(request.purpose, of: self))
    }

    /// `logIn(_:under:)` with an opener that may notice that the person comes
    /// back without the link.
    func logIn(
        _ request: LoginRequest, under session: Session?, opener: any AttemptOpener
    ) async throws -> LoginOutcome {
        let login = try await begin(request, under: session)
        return try await outcome(of: login, opener) { await self.giveUp(login.id) }
    }

    /// Opens a pending login again, and waits for its outcome. A call that already waits for it
    /// returns ``LoginOutcome/pending(_:)``. `nil` if the login is not pending any more.
    func reopen(_ login: PendingLogin, opener: any AttemptOpener) async throws -> LoginOutcome? {
        guard let begun = try await engine.reopen(login.id) else { return nil }
        logins.update { $0.deliverToWaiting(.success(.pending(login)), of: login.id) }
        return try await outcome(of: begun, opener) {}
    }

    private func begin(_ request: LoginRequest, under session: Session?) async throws -> BegunLogin {
        guard let session else { return try await engine.begin(request, under: nil) }
        return try await session.calling { _ in try await engine.begin(request, under: session) }
    }

    /// Cancels a login whose URL was not opened. If that fails, the login expires later.
    private func giveUp(_ id: AttemptID) async {
        try? await engine.cancelLogin(id)
    }

    private func outcome(
        of login: BegunLogin, _ opener: any AttemptOpener, ifNotOpened: () async -> Void
    ) async throws -> LoginOutcome {
        let call = logins.update { $0.wait(for: login.id) }
        do {
            try Task.checkCancellation()
            openers.update { $0[login.id] = (call, opener) }
            if let failure = await opener.open(login) {
                await ifNotOpened()
                logins.update { $0.deliver(.success(.failed(failure)), to: call) }
            }
            let outcome = try await outcome(of: login, call, opener)
            await close(login.id, call, opener)
            return outcome
        } catch {
            if error is CancellationError {
                // The link still completes the login, so what is open stays open until it expires.
                Task { [timing] in
                    try await timing.sleep(until: login.expiresAt)
                    await close(login.id, call, opener)
                }
            } else {
                await close(login.id, call, opener)
            }
            logins.update { _ = $0.leave(call) }
            throw error
        }
    }

    private func outcome(
        of login: BegunLogin, _ call: Logins.Call, _ opener: any AttemptOpener
    ) async throws -> LoginOutcome {
        let expiry = Task { [logins, timing] in
            try await timing.sleep(until: login.expiresAt)
            let expired = LoginFailure(.expired, attempt: login.id)
            logins.update { $0.deliver(.success(.failed(expired)), to: call) }
        }
        let returning = Task { [logins] in
            await opener.awaitReturn()
            guard !Task.isCancelled, let pending = try await pending(login.id) else { return }
            logins.update { $0.deliver(pending, to: call) }
        }
        defer {
            expiry.cancel()
            returning.cancel()
        }
        let result = await logins.first { $0.result(of: call) }
        // The link may have come during the cancellation.
        let last = logins.update { $0.leave(call) }
        guard let result = result ?? last else { throw CancellationError() }
        return try result.get()
    }

    private func pending(_ id: AttemptID) async throws -> Logins.Result? {
        let login = try await engine.pendingLogins().first { $0.id == id }
        return login.map { .success(.pending($0)) }
    }

    /// Takes what the login has opened off the screen.
    private func close(_ id: AttemptID) async {
        await openers.update { $0.removeValue(forKey: id) }?.opener.close()
    }

    /// Takes what this call has opened off the screen. Another call may have opened the login again.
    private func close(_ id: AttemptID, _ call: Logins.Call, _ opener: any AttemptOpener) async {
        openers.update { if $0[id]?.call == call { $0[id] = nil } }
        await opener.close()
    }

    /// Another URL of a pending login, after its first one is used; `nil` if the login is not
    /// pending any more.
    func freshURL(_ id: AttemptID) async -> URL? {
        try? await engine.reopen(id)?.url
    }

    /// Whether this link belongs to this login.
    func leads(_ link: URL, to id: AttemptID) async -> Bool {
        await (try? engine.attempt(of: link)) == id
    }

    /// Adds entries to the timeline of a login. If that fails, the timeline is shorter.
    func record(_ entries: [TimelineEntry], of id: AttemptID) async {
        try? await engine.record(entries, of: id)
    }

    /// What a login opens, and where it comes back to; `nil` if the provider does not have this
    /// purpose.
    func links(_ purpose: Purpose) -> Links? {
        engine.links(purpose)
    }

    /// Takes a link that the app was opened with, and returns at once:
    /// `.onOpenURL { client.handle($0) }`.
    ///
    /// If the link leads to this client, the client completes the login in the background. The
    /// outcome goes to the call of `logIn` that waits for it, or else to ``events``.
    ///
    /// If the network, the service or the store is not available, the client retries for 30
    /// seconds. After that the waiting call throws the error, or the event is a ``LoginFailure``
    /// with the error's code, for example `try_again`. The login still waits: as soon as the
    /// network is back, call this again with the same link. That logs the person in if the code in
    /// the link still lives, about 30 seconds at most services. If not, the outcome is
    /// ``LoginFailure/Code-swift.struct/refused``: begin a new login.
    ///
    /// A link that cannot be read (``LoginFailure/Code-swift.struct/malformed``), and a link of no
    /// login in this store (``LoginFailure/Code-swift.struct/unknown``), are not events. Anyone
    /// can make such a link, so it is not for the person. ``complete(_:)`` returns these outcomes,
    /// too.
    /// - Returns: Whether the link leads to this client's redirect URI. The client ignores any
    ///   other link.
    @discardableResult
    public func handle(_ link: URL) -> Bool {
        guard engine.accepts(link) else { return false }
        // The system may pass the same link twice at the same time.
        guard logins.update({ $0.begin(link.absoluteString) }) else { return true }
        Task { await finish(link) }
        return true
    }

    private func finish(_ link: URL) async {
        let giveUp = timing.now() + Self.retryDuration
        var pauses: [TimeInterval].Iterator = [1, 2, 4].makeIterator()
        var id: AttemptID?
        while true {
            do {
                id = try await engine.attempt(of: link) ?? id
                if let id { await close(id) }
                let outcome = try await engine.complete(link, of: id)
                await deliver(.success(outcome), of: id, link)
                return
            } catch let error as SwitchbackError {
                let pause = error.retryAfter ?? pauses.next() ?? 8
                let next = timing.now() + pause
                guard error.isRetryable, next <= giveUp, (try? await timing.sleep(pause)) != nil else {
                    await deliver(.failure(error), of: id, link)
                    return
                }
            } catch {
                let ours = SwitchbackError(.internalError, "a link ended with \(type(of: error))")
                await deliver(.failure(ours), of: id, link)
                return
            }
        }
    }

    private func deliver(_ result: Logins.Result, of id: AttemptID?, _ link: URL) async {
        if case .success(.loggedIn) = result { await watch.read() }
        logins.update { logins in
            logins.finish(link.absoluteString)
            logins.deliver(result, of: id)
        }
    }

    /// Completes a login with the link that came back, for an app that waits for the completion
    /// itself; `handle(_:)` does the same in the background. The app may call this again with
    /// the same link, also at the same time or in a later process, and gets the same session. A
    /// call of `logIn` that waits for this login returns the outcome, too.
    ///
    /// Throws ``SwitchbackError/Code-swift.struct/tryAgain`` if the service was not reached or
    /// did not answer: the same link may be tried again while its code lives, about 30 seconds at
    /// most services.
    public func complete(_ link: URL) async throws -> LoginOutcome {
        let id = try await engine.attempt(of: link)
        let outcome = try await engine.complete(link, of: id)
        if case .loggedIn = outcome { await watch.read() }
        logins.update { $0.deliverToWaiting(.success(outcome), of: id) }
        return outcome
    }

    /// The outcomes that no call of `logIn` waits for. The last outcome is stored until a
    /// listener takes it, because in a new process the link arrives before there is a screen for
    /// the outcome. An app can show each of them to the person. `handle(_:)` says which links
    /// lead to an event, and what to do after a failure with the code `try_again`.
    public var events: LoginEvents { LoginEvents(logins: logins) }
}

// MARK: - Logins that wait

extension SwitchbackClient {
    /// The logins that wait for their link, oldest first, also those of earlier processes.
    public func pendingLogins() async throws -> [PendingLogin] {
        try await engine.pendingLogins()
    }

    /// Opens the URL of a pending login again, for example if the identity app did not open.
    /// - Returns: False if the login is not pending any more, its code is being exchanged, or
    ///   nothing could open the URL.
    public func reopen(_ id: AttemptID) async throws -> Bool {
        guard let login = try await engine.reopen(id) else { return false }
        return await opener.open(login.url)
    }

    /// Drops a login: a later link for it results in ``LoginFailure/Code-swift.struct/unknown``.
    /// It is not an error if there is no such login. A completion that has already begun is not
    /// stopped. A call of `logIn` continues to wait until the login expires or the call is
    /// cancelled.
    public func cancelLogin(_ id: AttemptID) async throws {
        try await engine.cancelLogin(id)
    }

    /// The events of a login so far, oldest first; `nil` if there is no such login any more. The
    /// store has them for a day after the deadline of the login, also if the person declined or
    /// the login failed. It removes them at once if the login is cancelled or nothing could open
    /// it (``LoginFailure/Code-swift.struct/notOpened``).
    public func timeline(_ id: AttemptID) async throws -> [TimelineEntry]? {
        try await engine.timeline(id)
    }

    /// The events of the login that led to this session, as above.
    public func timeline(_ id: SessionID) async throws -> [TimelineEntry]? {
        try await timeline(AttemptID(rawValue: id.rawValue))
    }
}

// MARK: - Sessions

extension SwitchbackClient {
    /// The newest session that has not ended: the current value, and each change. When a call of
    /// this client or of one of its sessions returns or throws, the current value already shows
    /// what the call changed.
    public var current: CurrentSessions { CurrentSessions(watch: watch) }

    /// The newest session that has not ended; `nil` if no person is logged in. Reads the store.
    public func currentSession() async throws -> Session? {
        switch await watch.read() {
        case .loggedIn(let session): return session
        case .unavailable(let error): throw error
        case .loggedOut, .loading: return nil
        case nil: throw CancellationError()
        }
    }

    /// The sessions in the store that have not ended, as far as is known: by their login, the
    /// oldest first. Logins of the same second are in the order of their ids, so the order is the
    /// same in each call.
    public func sessions() async throws -> [Session] {
        try await engine.openSessions()
    }

    /// Opens a session, also one that has ended: see ``Session/end``.
    ///
    /// Throws ``SwitchbackError/Code-swift.struct/loginRequired`` if there is no such session, or
    /// its entry cannot be read.
    public func session(_ id: SessionID) async throws -> Session {
        try await engine.session(id)
    }

    /// Removes a session from the store in any state, and revokes it at the service, if the
    /// service supports that. It is not an error if there is no such session.
    public func removeSession(_ id: SessionID) async throws {
        try await engine.removeSession(id)
        await watch.read()
    }

    /// How far the service's clock is ahead of this device's clock (negative: behind), in
    /// seconds, from the last response; `nil` before the first response. A difference of more than
    /// a day is taken for a mistake of the service, and ignored.
    public var clockOffset: TimeInterval? { engine.clockOffset }
}

extension SwitchbackClient: CustomStringConvertible, CustomReflectable {
    /// A fixed text that shows nothing of the client.
    public var description: String { "SwitchbackClient" }

    /// A mirror that shows only ``description``, and no property.
    public var customMirror: Mirror { Mirror(closed: self) }
}
