//! How much room the disk of the database has left: what was sent and cannot be recorded would be in doubt.

use std::path::Path;

/// Free bytes for this user on the disk that `path` lies on; `None` when the system does not say.
pub(super) fn free(path: &Path) -> Option<u64> {
    let found = rustix::fs::statvfs(path).ok()?;
    Some(found.f_bavail.saturating_mul(found.f_frsize))
}
