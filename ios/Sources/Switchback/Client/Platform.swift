import Foundation
internal import SwitchbackBindings

/// The parts of the phone that Switchback uses.
public struct Platform: Sendable {
    /// Stores the tokens.
    public var store: any SecureStore
    /// Opens the identity app or a browser.
    public var opener: any URLOpener
    /// Sends HTTP requests.
    public var transport: any HTTPTransport
    /// For an app with several processes: a critical section made of a file lock. Do not set both
    /// this and ``processLock``. On iOS also set ``background``: Switchback then has a background
    /// task whenever it holds the lock. The system ends an app that it suspends while the app holds
    /// a lock.
    public var lockFile: LockFile?
    /// For an app with several processes: the app's own critical section. Usually ``lockFile`` is
    /// enough.
    public var processLock: (any ProcessLock)?
    /// Keeps the app running during a refresh or a login, on iOS: ``ApplicationBackgroundTasks``, in an
    /// extension ``ExtensionBackgroundTasks``.
    public var background: (any BackgroundTasks)?
    /// What to do in the first run after an installation. Without it, Switchback does not check
    /// for a first run.
    public var firstRun: FirstRun?

    /// A platform. An app with one process needs only the parameters without a default.
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

/// Opens a URL in the identity app or in a browser.
public protocol URLOpener: Sendable {
    /// Opens the URL, as a universal link or in a browser, never in a web view. The URL contains
    /// secrets: do not log it.
    /// - Returns: False if nothing could open it, or if an error happened; Switchback then cancels
    ///   the attempt.
    func open(_ url: URL) async -> Bool
}

/// An opener that calls a closure: `ClosureOpener { await UIApplication.shared.open($0) }`.
public struct ClosureOpener: URLOpener {
    private let work: @Sendable (URL) async -> Bool

    /// An opener that calls this closure. The closure returns whether something was opened.
    public init(_ work: @escaping @Sendable (URL) async -> Bool) {
        self.work = work
    }

    /// Calls the closure.
    public func open(_ url: URL) async -> Bool {
        await work(url)
    }
}

/// A lock on a file, in a folder of this device that all processes of the app share.
public struct LockFile: Hashable, Sendable {
    /// The folder, which must exist.
    public var folder: URL
    /// The file name without an ending: letters, digits, `-`, `_` and `.`.
    public var name: String

    /// A lock on this file.
    public init(folder: URL, name: String) {
        self.folder = folder
        self.name = name
    }
}

/// How Switchback recognizes the first run after an installation, and what it does with the
/// sessions that an earlier installation left in the store. iOS keeps the keychain when the
/// person removes an app, so a new installation finds the old sessions.
///
/// The first update of an app that sets this also counts as a first run: begin with
/// ``Sessions-swift.struct/keep`` if people are already logged in.
public struct FirstRun: Hashable, Sendable {
    /// What to do with the sessions of an earlier installation.
    public struct Sessions: Hashable, Sendable {
        let generated: AfterReinstall

        /// Keep them: a person who has the device is still logged in.
        public static let keep = Sessions(generated: .keep)
        /// Remove them: a new installation begins without a session.
        public static let wipe = Sessions(generated: .wipe)
    }

    /// A folder that the system removes with the app, that no backup copies to another device,
    /// and that all processes that use the store share. Switchback creates it if it is missing.
    public var markerFolder: URL
    /// What to do with the sessions of an earlier installation.
    public var sessions: Sessions

    /// The settings for the first run.
    public init(markerFolder: URL, sessions: Sessions) {
        self.markerFolder = markerFolder
        self.sessions = sessions
    }
}
