//! UID sets of bounded length (RFC 3501 9, `sequence-set`; RFC 2683 3.2.1.5 on long lines).

use crate::model::limits;

/// The UIDs as sets like `1:4,7`, each short enough for a command line.
pub(super) fn sets(uids: &[u32]) -> Vec<String> {
    let mut sets: Vec<String> = Vec::new();
    for (first, last) in ranges(uids) {
        let range = if first == last {
            first.to_string()
        } else {
            format!("{first}:{last}")
        };
        match sets.last_mut() {
            Some(set) if set.len() + range.len() < limits::IMAP_SET => {
                set.push(',');
                set.push_str(&range);
            }
            _ => sets.push(range),
        }
    }
    sets
}

fn ranges(uids: &[u32]) -> Vec<(u32, u32)> {
    let mut ranges: Vec<(u32, u32)> = Vec::new();
    for &uid in uids {
        match ranges.last_mut() {
            Some((_, last)) if last.checked_add(1) == Some(uid) => *last = uid,
            _ => ranges.push((uid, uid)),
        }
    }
    ranges
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn neighbours_are_written_as_ranges() {
        assert_eq!(sets(&[1, 2, 3, 7, 9, 10]), ["1:3,7,9:10"]);
        assert!(sets(&[]).is_empty());
        assert_eq!(sets(&[u32::MAX]), ["4294967295"]);
    }

    #[test]
    fn long_sets_are_split() {
        let uids: Vec<u32> = (0..400).map(|n| n * 2 + 1_000_000).collect();
        let sets = sets(&uids);
        assert!(sets.len() > 1 && sets.iter().all(|set| set.len() <= limits::IMAP_SET));
        assert_eq!(sets.join(",").split(',').count(), 400);
    }
}
