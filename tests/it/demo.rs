//! The demo, as a newcomer plays it.

use cadence::world::demo::{DAYS, Options, make_room, play};

#[tokio::test]
async fn weeks_of_a_team_pass_and_leave_everything_to_open() {
    let folder = tempfile::tempdir().unwrap();
    let out = folder.path().join("demo");
    make_room(&out).unwrap();
    let options = Options {
        out: out.clone(),
        seed: 2,
    };
    let mut lines = 0;
    let summary = play(&options, &mut |_| lines += 1).await.unwrap();
    assert_eq!((summary.duplicates, summary.sent_after_stop), (0, 0));
    assert_eq!((summary.days, summary.enrolled), (DAYS, 24));
    let story = std::fs::read_to_string(out.join("timeline.txt")).unwrap();
    assert_eq!(story.lines().count(), lines);
    for told in [
        "by BCC",
        "Not enrolled:",
        "replies",
        "taps",
        "asks why",
        "Bounced:",
        "Away:",
        "Opted out:",
        "ended: met",
    ] {
        assert!(story.contains(told), "{told} is not in the story");
    }
    let digests = std::fs::read_dir(out.join("digests")).unwrap().count();
    assert_eq!(digests, 2 * summary.digests, "each as mail and as page");
    assert!(out.join("summary.json").exists());
    make_room(&out).unwrap();
    assert!(!out.join("digests").exists(), "it may be played again");
}
