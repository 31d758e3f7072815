//! The machine below: how much room the disk of the database has left (what was sent and cannot be recorded would be in
//! doubt), and what the host is called.

use std::path::Path;

/// Free bytes for this user on the disk that `path` lies on, and how many it has; `None` when the system does not say.
pub(super) fn room(path: &Path) -> Option<(u64, u64)> {
    let found = rustix::fs::statvfs(path).ok()?;
    let bytes = |blocks: u64| blocks.saturating_mul(found.f_frsize);
    Some((bytes(found.f_bavail), bytes(found.f_blocks)))
}

/// What this host calls itself.
#[must_use]
pub fn host_name() -> String {
    rustix::system::uname().nodename().to_string_lossy().into_owned()
}
