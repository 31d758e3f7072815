//! A private Dovecot: IMAP with TLS and STARTTLS, LMTP, Maildirs, a fixed list of users.

use super::process::{Process, greets, last_lines, program};
use super::{SECRET, USERS, ports};
use std::path::Path;
use std::time::Duration;

/// A running Dovecot.
pub struct Dovecot {
    pub imap_port: u16,
    pub imaps_port: u16,
    pub lmtp_port: u16,
    _process: Process,
}

/// Whom Dovecot runs as: root may not read mail, so root becomes nobody.
struct Account {
    user: String,
    group: String,
    options: Vec<&'static str>,
}

impl Account {
    fn of_the_test() -> Self {
        if id("-u") == "0" {
            Self {
                user: "nobody".to_owned(),
                group: "nogroup".to_owned(),
                options: vec!["--reuid=nobody", "--regid=nogroup", "--clear-groups"],
            }
        } else {
            Self {
                user: id("-un"),
                group: id("-gn"),
                options: Vec::new(),
            }
        }
    }

    fn own(&self, path: &Path) {
        if !self.options.is_empty() {
            let uid = id_of("-u", &self.user);
            let gid = id_of("-g", &self.user);
            std::os::unix::fs::chown(path, Some(uid), Some(gid)).expect("root may give files away");
        }
    }
}

pub fn id(what: &str) -> String {
    let output = std::process::Command::new(program("id"))
        .arg(what)
        .output()
        .expect("id runs");
    String::from_utf8_lossy(&output.stdout).trim().to_owned()
}

pub fn id_of(what: &str, user: &str) -> u32 {
    let output = std::process::Command::new(program("id"))
        .args([what, user])
        .output()
        .expect("id runs");
    let text = String::from_utf8_lossy(&output.stdout);
    text.trim()
        .parse()
        .unwrap_or_else(|_| panic!("there is no user {user} on this machine"))
}

impl Dovecot {
    /// Starts one in `folder`, which holds the certificate.
    pub fn start(folder: &Path) -> Self {
        for needed in ["/usr/lib/dovecot/imap", "/usr/lib/dovecot/lmtp"] {
            program(needed);
        }
        let dovecot = program("dovecot");
        let account = Account::of_the_test();
        for part in ["run", "state", "mail"] {
            std::fs::create_dir_all(folder.join(part)).expect("a folder");
            account.own(&folder.join(part));
        }
        write_users(folder);
        for file in ["key.pem", "users"] {
            account.own(&folder.join(file));
        }
        let log = folder.join("dovecot.log");
        // Another process may have taken a port meanwhile: then Dovecot ends at once, and other ports are tried.
        for _ in 0..5 {
            let [imap_port, imaps_port, lmtp_port] = [(); 3].map(|()| ports::free());
            let config = folder.join("dovecot.conf");
            let text = config_text(folder, &account, [imap_port, imaps_port, lmtp_port]);
            std::fs::write(&config, text).expect("a file");
            let arguments = ["-F", "-c", config.to_str().expect("a plain path")];
            let process = Process::start(&dovecot, &arguments, &account.options, &log);
            let patience = Duration::from_secs(10);
            if greets(lmtp_port, "220", patience) && greets(imap_port, "* OK", patience) {
                return Self {
                    imap_port,
                    imaps_port,
                    lmtp_port,
                    _process: process,
                };
            }
        }
        let said = std::fs::read_to_string(&log).unwrap_or_default();
        panic!("Dovecot does not start:\n{}", last_lines(&said));
    }
}

fn write_users(folder: &Path) {
    let lines: String = USERS
        .iter()
        .map(|user| format!("{user}:{{PLAIN}}{SECRET}::::::\n"))
        .collect();
    std::fs::write(folder.join("users"), lines).expect("a file");
}

fn config_text(folder: &Path, account: &Account, [imap, imaps, lmtp]: [u16; 3]) -> String {
    let at = folder.display();
    let Account { user, group, .. } = account;
    format!(
        "\
base_dir = {at}/run
state_dir = {at}/state
instance_name = cadence-{imap}
log_path = /dev/stderr
protocols = imap lmtp
listen = 127.0.0.1
default_login_user = {user}
default_internal_user = {user}
default_internal_group = {group}
first_valid_uid = 1
first_valid_gid = 1
ssl = yes
ssl_cert = <{at}/cert.pem
ssl_key = <{at}/key.pem
disable_plaintext_auth = no
auth_mechanisms = plain login
# A wrong password is answered at once: nobody attacks a test.
auth_failure_delay = 0
mail_location = maildir:~
mail_fsync = never
recipient_delimiter = +
lmtp_save_to_detail_mailbox = no
mail_max_userip_connections = 50
postmaster_address = postmaster@reps.test
hostname = mx.reps.test
passdb {{
  driver = passwd-file
  args = username_format=%Lu {at}/users
}}
userdb {{
  driver = passwd-file
  args = username_format=%Lu {at}/users
  default_fields = uid={user} gid={group} home={at}/mail/%Lu
}}
namespace inbox {{
  inbox = yes
  mailbox Junk {{
    auto = create
    special_use = \\Junk
  }}
  mailbox Sent {{
    auto = create
    special_use = \\Sent
  }}
}}
service imap-login {{
  chroot =
  inet_listener imap {{
    port = {imap}
  }}
  inet_listener imaps {{
    port = {imaps}
  }}
}}
service lmtp {{
  inet_listener lmtp {{
    port = {lmtp}
  }}
}}
service anvil {{
  chroot =
  unix_listener anvil-auth-penalty {{
    mode = 0
  }}
}}
service stats {{
  chroot =
}}
"
    )
}
