//! Apple's list of API for which an app must give a reason:
//! <https://developer.apple.com/documentation/bundleresources/describing-use-of-required-reason-api>.
//! The list has Swift's names and the functions of C. The symbols of Foundation are those that Apple's
//! pages of each name give.

/// A category of the list.
pub(super) struct Category {
    /// The end of its name, after `NSPrivacyAccessedAPICategory`.
    pub(super) name: &'static str,
    /// The symbols of its functions and constants in a library, without the prefix `_`.
    pub(super) symbols: &'static [&'static str],
    /// Its names in Swift code, besides the functions of C.
    pub(super) swift: &'static [&'static str],
    /// Why this library uses it. Without a reason it must not.
    pub(super) reason: Option<Reason>,
}

/// A reason of Apple's list.
pub(super) struct Reason {
    pub(super) code: &'static str,
    /// For what this library needs it.
    pub(super) explanation: &'static str,
}

pub(super) const CATEGORIES: [Category; 5] = [
    Category {
        name: "FileTimestamp",
        symbols: &[
            "fgetattrlist",
            "fstat",
            "fstatat",
            "getattrlist",
            "getattrlistat",
            "getattrlistbulk",
            "lstat",
            "stat",
            "NSFileCreationDate",
            "NSFileModificationDate",
            "NSURLContentModificationDateKey",
            "NSURLCreationDateKey",
        ],
        swift: &[
            "contentModificationDate",
            "contentModificationDateKey",
            "creationDate",
            "creationDateKey",
            "fileCreationDate",
            "fileModificationDate",
            "modificationDate",
        ],
        reason: Some(Reason {
            code: "C617.1",
            explanation: "the size and the kind of the library's own files, in the container of the app or \
                  of its group. Rust's standard library asks for them",
        }),
    },
    Category {
        name: "SystemBootTime",
        symbols: &["mach_absolute_time"],
        swift: &["systemUptime"],
        reason: None,
    },
    Category {
        name: "DiskSpace",
        symbols: &[
            // These three are also in the category of timestamps: what they return depends on their
            // arguments. A library that calls one of them needs a decision here.
            "fgetattrlist",
            "getattrlist",
            "getattrlistat",
            "fstatfs",
            "fstatvfs",
            "statfs",
            "statvfs",
            "NSFileSystemFreeSize",
            "NSFileSystemSize",
            "NSURLVolumeAvailableCapacityForImportantUsageKey",
            "NSURLVolumeAvailableCapacityForOpportunisticUsageKey",
            "NSURLVolumeAvailableCapacityKey",
            "NSURLVolumeTotalCapacityKey",
        ],
        swift: &[
            "systemFreeSize",
            "systemSize",
            "volumeAvailableCapacity",
            "volumeAvailableCapacityForImportantUsage",
            "volumeAvailableCapacityForImportantUsageKey",
            "volumeAvailableCapacityForOpportunisticUsage",
            "volumeAvailableCapacityForOpportunisticUsageKey",
            "volumeAvailableCapacityKey",
            "volumeTotalCapacity",
            "volumeTotalCapacityKey",
        ],
        reason: None,
    },
    Category {
        name: "ActiveKeyboards",
        symbols: &[],
        swift: &["activeInputModes"],
        reason: None,
    },
    Category {
        name: "UserDefaults",
        symbols: &["OBJC_CLASS_$_NSUserDefaults"],
        // SwiftUI stores the values of these two in user defaults.
        swift: &[
            "AppStorage",
            "NSUserDefaults",
            "SceneStorage",
            "UserDefaults",
        ],
        reason: None,
    },
];
