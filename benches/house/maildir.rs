//! Mails laid into a Maildir of a private Dovecot, as its owner.

use std::os::unix::fs::{MetadataExt, chown};
use std::path::Path;

/// Makes the Maildir at `home` and lays `many` mails into it, the nth of which `write` gives.
pub fn lay(home: &Path, many: usize, write: impl Fn(usize) -> String) {
    let owner = std::fs::metadata(home.parent().expect("a folder above")).expect("the folder of all mail");
    let own = |path: &Path| chown(path, Some(owner.uid()), Some(owner.gid())).expect("root may give files away");
    std::fs::create_dir_all(home).expect("a Maildir");
    own(home);
    for part in ["tmp", "new", "cur"] {
        std::fs::create_dir_all(home.join(part)).expect("a part of a Maildir");
        own(&home.join(part));
    }
    for nth in 0..many {
        let name = format!("{}.{nth:07}.bench:2,", 1_700_000_000 + nth);
        let path = home.join("cur").join(name);
        std::fs::write(&path, write(nth)).expect("a mail");
        own(&path);
    }
}
