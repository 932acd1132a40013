import Foundation
package import SwitchbackBindings

/// Logs people in at one service, and keeps their sessions. Make one when the app starts, and use it
/// from wherever it is needed, from any thread.
///
/// ```swift
/// switch try await client.logIn(.login) {
/// case .loggedIn(let session): greet(try await session.presentation(.name)[.name])
/// case .declined: stay()
/// case .failed(let failure): show(failure.userMessage)
/// }
/// ```
///
/// Give every link that the app is opened with to ``handle(_:)``. A login outlives its process: when
/// the link comes to a new one, its outcome is in ``events``, and ``current`` says who is logged in.
///
/// **Errors.** What throws throws ``SwitchbackError``, or `CancellationError` where its task is cancelled.
/// Every call that reads or writes the store may throw ``SwitchbackError/Code-swift.struct/storeLocked`` and
/// ``SwitchbackError/Code-swift.struct/store``.
public final class SwitchbackClient: Sendable {
    private let engine: any ClientEngine
    private let opener: any URLOpener
    private let timing: Timing
    private let logins = Guarded(Logins())
    private let watch: CurrentSessionWatch

    /// For how long an error of a link's completion is tried again.
    private static let patience: TimeInterval = 30

    /// Checks the configuration; nothing is read, written or sent.
    ///
    /// Throws ``SwitchbackError/Code-swift.struct/configuration``: its
    /// ``SwitchbackError/debugDescription`` says what to change.
    public convenience init(_ config: SwitchbackConfig, platform: Platform) throws {
        try self.init(config, platform: platform, timing: .system) {
            try SwitchbackBindings.Client(config: $0, platform: $1)
        }
    }

    /// A client on a core that the library for tests makes.
    package convenience init(
        _ config: SwitchbackConfig, platform: Platform, timing: Timing,
        make: (SwitchbackBindings.Config, SwitchbackBindings.Platform) throws -> SwitchbackBindings.Client
    ) throws {
        do {
            let generated = try make(config.generated, platform.generated)
            self.init(LiveClient(generated: generated), opener: platform.opener, timing: timing)
        } catch let error as SwitchbackBindings.SwitchbackError {
            throw SwitchbackError(error)
        }
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
    /// Logs a person in: begins a login, opens the identity app, and waits until ``handle(_:)`` was
    /// given the link that comes back.
    ///
    /// The login is stored before anything is opened: whatever happens to this process, the link
    /// that comes back finds it. Several calls may wait at once.
    ///
    /// Cancel the task, and the login goes on: its link still completes it, and the outcome is in
    /// ``events``. ``cancelLogin(_:)`` drops it. A person who comes back without a link has not
    /// declined: the call waits until the login has expired.
    ///
    /// Throws ``SwitchbackError/Code-swift.struct/tryAgain`` where the login could not begin or be completed
    /// without the network or the service, and ``SwitchbackError/Code-swift.struct/configuration`` where
    /// this client cannot log anybody in as it is asked to.
    /// - Parameters:
    ///   - purpose: What for.
    ///   - session: Somebody who is logged in, for a login that the backend begins under that
    ///     session: identity verification, for example. In mediated mode only.
    @discardableResult
    public func logIn(_ purpose: Purpose, under session: Session? = nil) async throws -> LoginOutcome {
        try await logIn(LoginRequest(purpose), under: session)
    }

    /// Logs a person in, as `logIn(_:under:)` with a ``Purpose`` does, with all that can be asked for.
    /// - Parameters:
    ///   - request: What the login is to be.
    ///   - session: Somebody who is logged in, as above.
    @discardableResult
    public func logIn(_ request: LoginRequest, under session: Session? = nil) async throws -> LoginOutcome {
        let login = try await engine.begin(request, under: session)
        logins.update { $0.wait(for: login.id) }
        do {
            try Task.checkCancellation()
            if await !opener.open(login.url) { await giveUp(login.id) }
            return try await outcome(of: login)
        } catch {
            logins.update { _ = $0.leave(login.id) }
            throw error
        }
    }

    /// Nothing was opened. Where the login cannot be dropped now, it expires.
    private func giveUp(_ id: AttemptID) async {
        try? await engine.cancelLogin(id)
        logins.update { $0.tellWaiting(.success(.failed(LoginFailure(.notOpened))), of: id) }
    }

    private func outcome(of login: BegunLogin) async throws -> LoginOutcome {
        let expiry = Task { [logins, timing] in
            try await timing.sleep(until: login.expiresAt)
            logins.update { $0.tellWaiting(.success(.failed(LoginFailure(.expired))), of: login.id) }
        }
        defer { expiry.cancel() }
        let result = await logins.first { $0.result(of: login.id) }
        // It may have come in the moment of the cancellation.
        let last = logins.update { $0.leave(login.id) }
        guard let result = result ?? last else { throw CancellationError() }
        return try result.get()
    }

    /// Takes a link that the app was opened with, for a link handler that must answer at once:
    /// `.onOpenURL { client.handle($0) }`.
    ///
    /// The login is completed in the background. Its outcome goes to the call of `logIn` that waits
    /// for it, or else to ``events``. Where the network, the service or the store is not there, it is tried
    /// again for 30 seconds. Then the waiting call throws that error, or ``events`` has it as a
    /// ``LoginFailure`` with its code.
    /// - Returns: Whether the link leads to this client's redirect URI. One that does not is left
    ///   alone.
    @discardableResult
    public func handle(_ link: URL) -> Bool {
        guard engine.accepts(link) else { return false }
        // A system may give one link twice at once.
        guard logins.update({ $0.begin(link.absoluteString) }) else { return true }
        Task { await finish(link) }
        return true
    }

    private func finish(_ link: URL) async {
        let giveUp = timing.now() + Self.patience
        var pauses = [1, 2, 4].makeIterator()
        var id: AttemptID?
        while true {
            do {
                id = try await engine.attempt(of: link) ?? id
                let outcome = try await engine.complete(link)
                await told(.success(outcome), of: id, link)
                return
            } catch let error as SwitchbackError {
                let pause = error.retryAfter ?? .seconds(pauses.next() ?? 8)
                let next = timing.now() + TimeInterval(pause.components.seconds)
                guard error.isRetryable, next <= giveUp, (try? await timing.sleep(pause)) != nil else {
                    await told(.failure(error), of: id, link)
                    return
                }
            } catch {
                let ours = SwitchbackError(.internalError, "a link ended with \(type(of: error))")
                await told(.failure(ours), of: id, link)
                return
            }
        }
    }

    private func told(_ result: Logins.Result, of id: AttemptID?, _ link: URL) async {
        if case .success(.loggedIn) = result { await watch.changed() }
        logins.update { logins in
            logins.finish(link.absoluteString)
            logins.tell(result, of: id)
        }
    }

    /// Completes a login with the link that came back, for an app that does not want ``handle(_:)``
    /// to do it. May be called again with the same link, also at the same time, and by a later
    /// process, and gives the same session. A call of `logIn` that waits for this link
    /// returns the outcome as well.
    ///
    /// Throws ``SwitchbackError/Code-swift.struct/tryAgain`` where the service was not reached or did
    /// not answer: the same link may be tried again at once, while the code lives (half a minute, with
    /// most services).
    public func complete(_ link: URL) async throws -> LoginOutcome {
        let id = try await engine.attempt(of: link)
        let outcome = try await engine.complete(link)
        if case .loggedIn = outcome { await watch.changed() }
        logins.update { $0.tellWaiting(.success(outcome), of: id) }
        return outcome
    }

    /// Outcomes that no call of `logIn` waited for. The last one is kept until somebody takes it: in
    /// a new process the link comes before there is anything to show it in.
    public var events: LoginEvents { LoginEvents(logins: logins) }
}

// MARK: - Logins that wait

extension SwitchbackClient {
    /// The logins that wait for their link, oldest first, also those of earlier processes.
    public func pendingLogins() async throws -> [PendingLogin] {
        try await engine.pendingLogins()
    }

    /// Opens the identity app once more for a login that waits, for "it did not open".
    /// - Returns: Whether something was opened. False as well where the login does not wait any
    ///   more, or its code is being exchanged at this moment.
    public func reopen(_ id: AttemptID) async throws -> Bool {
        guard let login = try await engine.reopen(id) else { return false }
        return await opener.open(login.url)
    }

    /// Drops a login: a later link of it is ``LoginFailure/Code-swift.struct/unknown``. One that is
    /// not there is no error. A link that is being completed at this moment is completed all the
    /// same, and a call of `logIn` goes on to wait until it has expired or is cancelled.
    public func cancelLogin(_ id: AttemptID) async throws {
        try await engine.cancelLogin(id)
    }

    /// What happened to a login so far, oldest first: for the app to show, or to send to support.
    /// `nil` where there is no such login any more.
    public func timeline(_ id: AttemptID) async throws -> [TimelineEntry]? {
        try await engine.timeline(id)
    }
}

// MARK: - Sessions

extension SwitchbackClient {
    /// Who is logged in, now and whenever it changes: for a screen that shows it.
    public var current: CurrentSessions { CurrentSessions(watch: watch) }

    /// The newest session that is not over; `nil` where nobody is logged in. Reads the store.
    public func currentSession() async throws -> Session? {
        switch await watch.read() {
        case .loggedIn(let session): return session
        case .unavailable(let error): throw error
        case .loggedOut, .loading: return nil
        case nil: throw CancellationError()
        }
    }

    /// The sessions in the store that are not known to be over.
    public func sessions() async throws -> [Session] {
        try await engine.openSessions()
    }

    /// Opens a session, also one that is over: what it is good for, it says itself.
    ///
    /// Throws ``SwitchbackError/Code-swift.struct/loginRequired`` where there is none, or what was
    /// stored of it cannot be read.
    public func session(_ id: SessionID) async throws -> Session {
        try await engine.session(id)
    }

    /// Removes a session from the store, whatever state it is in, and tells the service where it can
    /// be told. One that is not there is no error.
    public func removeSession(_ id: SessionID) async throws {
        try await engine.removeSession(id)
        await watch.changed()
    }

    /// By how much the service's clock is ahead of this device's (behind, where negative), by its
    /// last answer; `nil` before the first.
    public var clockOffset: Duration? { engine.clockOffset }
}

extension SwitchbackClient: CustomStringConvertible, CustomReflectable {
    /// Nothing of what it holds.
    public var description: String { "SwitchbackClient" }

    /// Nothing but ``description``.
    public var customMirror: Mirror { Mirror(closed: self) }
}
