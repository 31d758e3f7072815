//! `check auth` on real servers: probes go out through Postfix, come in by Dovecot, and what stands on them is told, with the
//! settings that make it count.

use crate::servers::{MailHost, SECRET};
use assert_cmd::Command;
use serde_json::Value;
use std::fs;
use std::os::unix::fs::PermissionsExt;
use tempfile::TempDir;

const RESULTS: &str = "mx.reps.test; dkim=pass header.d=corp.test; dmarc=pass header.from=corp.test";

struct House {
    host: MailHost,
    folder: TempDir,
}

impl House {
    fn on(host: MailHost) -> Self {
        let folder = TempDir::new().expect("a folder");
        let secret = folder.path().join("imap-password");
        fs::write(&secret, SECRET).expect("a secret");
        fs::set_permissions(&secret, fs::Permissions::from_mode(0o600)).expect("a private secret");
        let house = Self { host, folder };
        house.trusts("");
        house
    }

    fn trusts(&self, trust: &str) {
        let config = format!(
            r#"
[bot]
address = "cadence@reps.test"
[mailbox]
kind = "imap"
host = "localhost"
port = {imaps}
password_file = "imap-password"
ca_file = "{ca}"
[relay]
kind = "smtp"
host = "127.0.0.1"
port = {smtp}
security = "none"
[trust]
{trust}
[[rep]]
address = "ana@corp.test"
name = "Ana Costa"
zone = "Europe/Berlin"
"#,
            imaps = self.host.imaps_port(),
            smtp = self.host.smtp_port(),
            ca = self.host.ca_file().display(),
        );
        fs::write(self.folder.path().join("cadence.toml"), config).expect("a configuration");
    }

    /// The findings about authenticity: level, evidence, fix.
    fn findings(&self) -> Vec<(String, String, String)> {
        let mut command = Command::new(env!("CARGO_BIN_EXE_cadence"));
        let command = command.current_dir(self.folder.path());
        let output = command
            .args(["check", "auth", "--json", "--wait", "120"])
            .output()
            .expect("it runs");
        let said = String::from_utf8_lossy(&output.stdout).into_owned();
        let complained = String::from_utf8_lossy(&output.stderr).into_owned();
        assert_eq!(output.status.code(), Some(0), "{said}{complained}{}", self.host.log());
        let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
        let findings = said
            .lines()
            .map(|line| serde_json::from_str::<Value>(line).expect("an object"));
        let findings = findings.filter(|finding| finding["what"] == "auth");
        findings
            .map(|finding| {
                (
                    text(&finding["level"]),
                    text(&finding["evidence"]),
                    text(&finding["fix"]),
                )
            })
            .collect()
    }
}

#[test]
fn what_the_border_writes_is_found_and_the_settings_it_names_make_it_count() {
    let house = House::on(MailHost::start_vouching(RESULTS));
    let [seen, genuine, forged] = <[_; 3]>::try_from(house.findings()).expect("three findings");
    assert!(
        seen.1
            .contains("mx.reps.test, above the Received of mx.reps.test: dkim=pass header.d=corp.test; dmarc=pass"),
        "{}",
        seen.1
    );
    assert_eq!(genuine.0, "warn", "{}", genuine.1);
    assert!(genuine.1.contains("takes the genuine probe for L1"), "{}", genuine.1);
    let advice = genuine
        .2
        .split_once(":\n")
        .unwrap_or_else(|| panic!("{genuine:?} {seen:?}"))
        .1
        .to_owned();
    assert_eq!(advice, "authserv_ids = [\"mx.reps.test\"]\nborder = [\"mx.reps.test\"]");
    assert_eq!(forged.0, "ok");

    house.trusts(&advice);
    let findings = house.findings();
    let levels: Vec<&str> = findings.iter().map(|finding| finding.0.as_str()).collect();
    assert_eq!(levels, ["ok", "ok", "ok"], "{findings:?}");
    assert!(findings[1].1.contains("for L2"), "{}", findings[1].1);
    assert!(findings[2].1.contains("were not believed"), "{}", findings[2].1);
    let inbox = house.host.mails("cadence@reps.test", "INBOX");
    assert_eq!(inbox.len(), 0, "the probes are filed away");
    assert_eq!(house.host.mails("cadence@reps.test", "Cadence/Processed").len(), 4);
}

#[test]
fn servers_that_check_nobody_are_told_as_such_and_forgeries_get_nowhere() {
    let house = House::on(MailHost::start());
    house.trusts("authserv_ids = [\"mx.reps.test\"]");
    let findings = house.findings();
    assert!(
        findings[0].1.contains("no server wrote Authentication-Results"),
        "{}",
        findings[0].1
    );
    assert_eq!(findings[1].0, "warn", "{}", findings[1].1);
    assert!(findings[1].2.contains("[trust].dkim = true"), "{}", findings[1].2);
    assert_eq!(findings[2].0, "ok", "{}", findings[2].1);
}
