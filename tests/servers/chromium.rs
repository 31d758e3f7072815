//! A headless Chromium: opens a page of this machine, and tells what became of it.

use std::path::Path;
use std::process::{Command, Stdio};

const PROGRAMS: [&str; 3] = ["chromium", "chromium-browser", "google-chrome"];

/// The page's document after its scripts ran.
pub fn dom(page: &Path, folder: &Path) -> String {
    String::from_utf8(run(page, folder, &["--dump-dom"])).expect("text")
}

/// A picture of the page, so many pixels wide and high.
pub fn picture(page: &Path, png: &Path, (width, height): (u32, u32), folder: &Path) {
    let shot = format!("--screenshot={}", png.display());
    let size = format!("--window-size={},{height}", width.max(500));
    run(page, folder, &[&shot, &size]);
}

/// Nothing outside this machine is looked up or asked; a clock of its own makes it end when the page has come to rest.
fn run(page: &Path, folder: &Path, wanted: &[&str]) -> Vec<u8> {
    let program = PROGRAMS
        .into_iter()
        .find(|program| {
            let asked = Command::new(program)
                .arg("--version")
                .stdout(Stdio::null())
                .stderr(Stdio::null())
                .status();
            asked.is_ok_and(|status| status.success())
        })
        .expect("Chromium is not installed; tests/servers/install installs it");
    let done = Command::new(program)
        .args([
            "--headless=new",
            "--no-sandbox",
            "--disable-gpu",
            "--disable-dev-shm-usage",
            "--hide-scrollbars",
            "--no-first-run",
            "--disable-extensions",
            "--disable-background-networking",
            "--host-resolver-rules=MAP * ~NOTFOUND",
            "--virtual-time-budget=20000",
        ])
        .arg(format!("--user-data-dir={}", folder.join("profile").display()))
        .args(wanted)
        .arg(format!("file://{}", page.display()))
        .stderr(Stdio::null())
        .output()
        .expect("Chromium runs");
    assert!(done.status.success(), "Chromium ended with {}", done.status);
    done.stdout
}
