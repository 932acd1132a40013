import Foundation
internal import SwitchbackBindings

/// What Switchback needs of the phone.
public struct Platform: Sendable {
    /// Where tokens are kept.
    public var store: any SecureStore
    /// What opens the identity app.
    public var opener: any URLOpener
    /// HTTP.
    public var transport: any HTTPTransport
    /// For an app of several processes: a lock on a file that they share. Not together with
    /// ``processLock``. On iOS together with ``background``: the system ends an app that it
    /// suspends with a lock.
    public var lockFile: LockFile?
    /// For an app of several processes: a lock of its own between them.
    public var processLock: (any ProcessLock)?
    /// Keeps the app running while a refresh or a login is under way, on iOS.
    public var background: (any BackgroundTasks)?
    /// What the first run after an installation does. Without it nothing is asked.
    public var firstRun: FirstRun?

    /// A platform; what is left out an app of one process does not need.
    public init(
        store: any SecureStore, opener: any URLOpener,
        transport: any HTTPTransport = URLSessionTransport(), lockFile: LockFile? = nil,
        processLock: (any ProcessLock)? = nil, background: (any BackgroundTasks)? = nil,
        firstRun: FirstRun? = nil
    ) {
        self.store = store
        self.opener = opener
        self.transport = transport
        self.lockFile = lockFile
        self.processLock = processLock
        self.background = background
        self.firstRun = firstRun
    }

    var generated: SwitchbackBindings.Platform {
        SwitchbackBindings.Platform(
            store: GeneratedStore(store), http: GeneratedTransport(transport),
            lockFile: lockFile.map { SwitchbackBindings.LockFile(folder: $0.folder.path, name: $0.name) },
            processLock: processLock.map { GeneratedProcessLock($0) },
            background: background.map { GeneratedBackgroundTasks($0) },
            firstRun: firstRun.map {
                SwitchbackBindings.FirstRun(
                    markerFolder: $0.markerFolder.path, sessions: $0.sessions.generated)
            })
    }
}

/// Opens the identity app, or a browser, at a URL.
public protocol URLOpener: Sendable {
    /// Opens the URL: as a universal link, or in a browser, never in a web view. It holds secrets:
    /// do not log it.
    /// - Returns: Whether something was opened. The login is given up where nothing was.
    func open(_ url: URL) async -> Bool
}

/// An opener that is a function: `ClosureOpener { await UIApplication.shared.open($0) }`.
public struct ClosureOpener: URLOpener {
    private let work: @Sendable (URL) async -> Bool

    /// An opener that does this, and says whether something was opened.
    public init(_ work: @escaping @Sendable (URL) async -> Bool) {
        self.work = work
    }

    /// Does it.
    public func open(_ url: URL) async -> Bool {
        await work(url)
    }
}

/// A lock on a file, in a folder of this device that all processes of the app share.
public struct LockFile: Hashable, Sendable {
    /// The folder, which must exist.
    public var folder: URL
    /// What the file is called, without an ending: letters, digits, `-`, `_` and `.`.
    public var name: String

    /// A lock on this file.
    public init(folder: URL, name: String) {
        self.folder = folder
        self.name = name
    }
}

/// How the first run after an installation is known, and what it does: iOS keeps the keychain when
/// an app is removed, and a new installation finds the sessions of the old one.
///
/// The first update that brings this to an app is a first run to it: begin with
/// ``Sessions-swift.struct/keep`` where people are logged in already.
public struct FirstRun: Hashable, Sendable {
    /// What is done with the sessions that an earlier installation has left.
    public struct Sessions: Hashable, Sendable {
        let generated: AfterReinstall

        /// They are kept: whoever has the device is still logged in.
        public static let keep = Sessions(generated: .keep)
        /// They are removed: a new installation begins without a session.
        public static let wipe = Sessions(generated: .wipe)
    }

    /// A folder that the system removes with the app, that no backup brings to another device, and
    /// that all who use the store share. It is made where it is missing.
    public var markerFolder: URL
    /// What is done with the sessions that are found.
    public var sessions: Sessions

    /// What the first run does.
    public init(markerFolder: URL, sessions: Sessions) {
        self.markerFolder = markerFolder
        self.sessions = sessions
    }
}
