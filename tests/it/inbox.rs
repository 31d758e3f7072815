//! Mailboxes hold to their word.
use crate::servers::MailHost;

#[test]
fn a_mail_host_delivers_and_bounces() {
    let t = std::time::Instant::now();
    let host = MailHost::mailbox();
    eprintln!("started mailbox {:?}", t.elapsed());
    drop(host);
    eprintln!("dropped {:?}", t.elapsed());
    let host = MailHost::start();
    eprintln!("started {:?}", t.elapsed());
    host.submit(
        "cadence+b.abc@reps.test",
        "jane+x@acme.test",
        b"Subject: Hello\n\n.dot\n",
    );
    host.submit("cadence+b.abc@reps.test", "nobody@acme.test", b"Subject: Void\n\nx\n");
    let m = host.wait_for_mail("jane@acme.test", "INBOX", |m| {
        String::from_utf8_lossy(m).contains("Hello")
    });
    eprintln!("{}", String::from_utf8_lossy(&m));
    let m = host.wait_for_mail("cadence@reps.test", "INBOX", |m| {
        String::from_utf8_lossy(m).contains("Void")
    });
    eprintln!("{}", String::from_utf8_lossy(&m));
    eprintln!("done {:?}", t.elapsed());
    drop(host);
    eprintln!("stopped {:?}", t.elapsed());
}
