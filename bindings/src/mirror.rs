//! Copies of enums of the core, for Kotlin and Swift.

/// Declares an enum with the variants of an enum of the core, and both conversions.
macro_rules! mirror {
    ($(#[$about:meta])* $name:ident of $core:path { $($(#[$doc:meta])* $variant:ident,)* }) => {
        $(#[$about])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, uniffi::Enum)]
        pub enum $name {
            $($(#[$doc])* $variant,)*
        }

        impl From<$name> for $core {
            fn from(ours: $name) -> Self {
                match ours {
                    $($name::$variant => Self::$variant,)*
                }
            }
        }

        impl From<$core> for $name {
            fn from(core: $core) -> Self {
                use $core as Core;
                match core {
                    $(Core::$variant => Self::$variant,)*
                }
            }
        }
    };
}
pub(crate) use mirror;
