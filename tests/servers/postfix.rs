//! A private Postfix: takes mail for the test domains, hands it to Dovecot's LMTP, and writes genuine bounces.

use super::dovecot::{id, id_of};
use super::ports;
use super::process::{Process, greets, last_lines, program};
use std::os::unix::fs::{PermissionsExt, chown};
use std::path::{Path, PathBuf};
use std::time::Duration;

/// A running Postfix.
pub struct Postfix {
    pub port: u16,
    _process: Process,
}

impl Postfix {
    /// Starts one in `folder`/postfix that delivers to `lmtp_port`; `more` are lines of main.cf.
    pub fn start(folder: &Path, lmtp_port: u16, certificate: &Path, more: &str) -> Self {
        program("postfix");
        assert_eq!(
            id("-u"),
            "0",
            "Postfix runs only when root starts it: run these tests as root"
        );
        let home = folder.join("postfix");
        make_folders(&home);
        let etc = home.join("etc");
        let config = etc.to_str().expect("a plain path");
        for _ in 0..5 {
            let port = ports::free();
            write_aged(
                &etc.join("main.cf"),
                &(main_cf(&home, port, lmtp_port, certificate) + more),
            );
            write_aged(&etc.join("master.cf"), &master_cf(port));
            let master = daemons().join("master");
            let arguments = ["-c", WATCHED, "sh", master.to_str().expect("a plain path"), config];
            let process = Process::start(&program("sh"), &arguments, &[], &home.join("output"));
            if greets(port, "220", Duration::from_secs(10)) {
                return Self {
                    port,
                    _process: process,
                };
            }
        }
        let said = std::fs::read_to_string(home.join("data/maillog")).unwrap_or_default();
        panic!("Postfix does not start:\n{}", last_lines(&said));
    }
}

/// Changing its user makes the system forget to send TERM to Postfix' master when the test dies, so a shell passes it on.
/// The master closes every file it might have inherited, one by one, so there may not be a million of them.
const WATCHED: &str =
    r#"ulimit -n 4096; trap 'kill -TERM $master' TERM; "$1" -c "$2" & master=$!; wait $master; wait $master"#;

/// The folders that `postfix check` would make; doing so it takes seconds to check what is known to be right.
fn make_folders(home: &Path) {
    let owner = id_of("-u", "postfix");
    let group = group_of("postdrop");
    let make = |name: &str, mode: u32, owner: u32, group: u32| {
        let path = home.join(name);
        std::fs::create_dir_all(&path).expect("a folder");
        std::fs::set_permissions(&path, std::fs::Permissions::from_mode(mode)).expect("a folder of ours");
        chown(&path, Some(owner), Some(group)).expect("root may give files away");
    };
    for name in ["etc", "spool", "spool/pid"] {
        make(name, 0o755, 0, 0);
    }
    make("data", 0o700, owner, 0);
    for name in "active bounce corrupt defer deferred flush hold incoming private saved trace".split(' ') {
        make(&format!("spool/{name}"), 0o700, owner, 0);
    }
    make("spool/maildrop", 0o730, owner, group);
    make("spool/public", 0o710, owner, group);
}

/// Postfix waits until its settings are two seconds old, lest somebody is still writing them.
fn write_aged(path: &Path, text: &str) {
    std::fs::write(path, text).expect("a file");
    let file = std::fs::File::options().write(true).open(path).expect("a file");
    let written = file.metadata().and_then(|data| data.modified()).expect("a time");
    file.set_modified(written - Duration::from_secs(60))
        .expect("a file of ours");
}

fn group_of(name: &str) -> u32 {
    let groups = std::fs::read_to_string("/etc/group").expect("a list of groups");
    let mut ids = groups
        .lines()
        .filter_map(|line| line.strip_prefix(name)?.strip_prefix(":x:")?.split(':').next());
    ids.next()
        .and_then(|id| id.parse().ok())
        .expect("the group of Postfix: run tests/servers/install")
}

fn daemons() -> PathBuf {
    let candidates = ["/usr/lib/postfix/sbin", "/usr/libexec/postfix"].map(PathBuf::from);
    let found = candidates.into_iter().find(|folder| folder.join("master").is_file());
    found.expect("Postfix is not where its packages put it: run tests/servers/install")
}

fn main_cf(home: &Path, port: u16, lmtp_port: u16, certificate: &Path) -> String {
    let (home, daemons) = (home.display(), daemons());
    let (certificate, key) = (certificate.display(), certificate.with_file_name("key.pem"));
    let (daemons, key) = (daemons.display(), key.display());
    format!(
        "\
compatibility_level = 3.6
queue_directory = {home}/spool
data_directory = {home}/data
command_directory = /usr/sbin
daemon_directory = {daemons}
mail_owner = postfix
setgid_group = postdrop
# Without a name of its own it would be taken for the machine's Postfix.
multi_instance_enable = yes
multi_instance_name = postfix-cadence-{port}
myhostname = mx.reps.test
mydomain = reps.test
myorigin = reps.test
mydestination =
inet_interfaces = 127.0.0.1
inet_protocols = ipv4
mynetworks = 127.0.0.0/8
local_recipient_maps =
alias_maps =
alias_database =
recipient_delimiter = +
# No list of mailboxes: whoever is unknown is refused by LMTP, after the mail was taken, and so bounces.
virtual_mailbox_domains = reps.test, corp.test, acme.test
virtual_alias_maps = inline:{{ {{cadence-outbound@reps.test = cadence@reps.test}}, {{sales@corp.test = ana@corp.test}} }}
virtual_transport = lmtp:inet:127.0.0.1:{lmtp_port}
default_transport = lmtp:inet:127.0.0.1:{lmtp_port}
lmtp_destination_recipient_limit = 1
smtpd_relay_restrictions = permit_mynetworks, reject
smtpd_tls_security_level = may
smtpd_tls_cert_file = {certificate}
smtpd_tls_key_file = {key}
smtputf8_enable = yes
notify_classes =
maillog_file = {home}/data/maillog
maillog_file_prefixes = {home}
in_flow_delay = 0
smtpd_peername_lookup = no
disable_dns_lookups = yes
smtp_host_lookup = native
"
    )
}

fn master_cf(port: u16) -> String {
    // service, type, private, unprivileged, chroot, wakeup, limit, program
    let services = [
        "pickup unix n - n 60 1 pickup",
        "cleanup unix n - n - 0 cleanup",
        "qmgr unix n - n 300 1 qmgr",
        "tlsmgr unix - - n 1000? 1 tlsmgr",
        "rewrite unix - - n - - trivial-rewrite",
        "bounce unix - - n - 0 bounce",
        "defer unix - - n - 0 bounce",
        "trace unix - - n - 0 bounce",
        "verify unix - - n - 1 verify",
        "flush unix n - n 1000? 0 flush",
        "proxymap unix - - n - - proxymap",
        "proxywrite unix - - n - 1 proxymap",
        "smtp unix - - n - - smtp",
        "relay unix - - n - - smtp",
        "showq unix n - n - - showq",
        "error unix - - n - - error",
        "retry unix - - n - - error",
        "discard unix - - n - - discard",
        "lmtp unix - - n - - lmtp",
        "anvil unix - - n - 1 anvil",
        "scache unix - - n - 1 scache",
        "postlog unix-dgram n - n - 1 postlogd",
    ];
    format!("127.0.0.1:{port} inet n - n - - smtpd\n{}\n", services.join("\n"))
}
