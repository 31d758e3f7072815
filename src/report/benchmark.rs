//! What teams of each kind reach elsewhere, as data. A company may put in its own.
//!
//! The shipped ranges stand in `data/benchmarks.txt`, with where they come from; they are wide on purpose. Opens are not
//! counted without a listener, and no verdict rests on them.

/// One row: a kind of cadence and its usual ranges; rates in tenths of a percent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Benchmark {
    /// The kind, as in `cadence.toml`.
    pub kind: String,
    /// Touches.
    pub touches: (u32, u32),
    /// Days.
    pub days: (u32, u32),
    /// People who open, of those delivered.
    pub open: (u32, u32),
    /// People who answer, of those delivered.
    pub reply: (u32, u32),
    /// People talked to, of those enrolled.
    pub connect: (u32, u32),
    /// People who meet, of those enrolled.
    pub meeting: (u32, u32),
    /// Where it comes from: `vendors' reports`, `rule of thumb`, `your own`.
    pub source: &'static str,
}

/// The shipped rows, with a company's own in the place of those of the same kind.
#[must_use]
pub fn benchmarks(own: &[Benchmark]) -> Vec<Benchmark> {
    let mut rows: Vec<Benchmark> = shipped();
    for row in own {
        rows.retain(|known| known.kind != row.kind);
        rows.push(row.clone());
    }
    rows
}

/// The shipped rows. A test holds that every line of the file is one.
fn shipped() -> Vec<Benchmark> {
    let lines = include_str!("../../data/benchmarks.txt").lines();
    lines.filter(|line| !line.starts_with('#')).filter_map(row).collect()
}

fn row(line: &str) -> Option<Benchmark> {
    let mut words = line.split_whitespace();
    let kind = words.next()?.to_owned();
    let mut range = |parts: u32| {
        let (low, high) = words.next()?.split_once('-')?;
        Some((low.parse::<u32>().ok()? * parts, high.parse::<u32>().ok()? * parts))
    };
    let (touches, days) = (range(1)?, range(1)?);
    let (open, reply, connect, meeting) = (range(10)?, range(10)?, range(10)?, range(10)?);
    let source = match words.next()? {
        "vendors" => "vendors' reports",
        _ => "rule of thumb",
    };
    Some(Benchmark {
        kind,
        touches,
        days,
        open,
        reply,
        connect,
        meeting,
        source,
    })
}

/// `3–8 %`.
#[must_use]
pub fn range((low, high): (u32, u32)) -> String {
    let percent = |tenths: u32| match tenths % 10 {
        0 => (tenths / 10).to_string(),
        rest => format!("{}.{rest}", tenths / 10),
    };
    format!("{}–{} %", percent(low), percent(high))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_line_of_the_table_is_a_row_and_every_kind_of_the_issue_has_one() {
        let lines = include_str!("../../data/benchmarks.txt").lines();
        let rows = benchmarks(&[]);
        assert_eq!(rows.len(), lines.filter(|line| !line.starts_with('#')).count());
        let kinds: Vec<&str> = rows.iter().map(|row| row.kind.as_str()).collect();
        assert_eq!(kinds, ["cold", "warm", "inbound", "event", "re-engagement"]);
        for row in &rows {
            for (low, high) in [row.touches, row.days, row.open, row.reply, row.connect, row.meeting] {
                assert!(0 < low && low < high, "{row:?}");
            }
        }
        assert_eq!((rows[0].reply, range(rows[0].reply)), ((30, 80), "3–8 %".to_owned()));
    }
}
