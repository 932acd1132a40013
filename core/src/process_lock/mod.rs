//! Implementations of [`ProcessLock`](crate::ports::ProcessLock).

mod lock_file;
mod within_process;

pub use lock_file::LockFile;
#[cfg(feature = "sealed-file")]
pub(crate) use lock_file::lock;
pub use within_process::WithinProcess;
