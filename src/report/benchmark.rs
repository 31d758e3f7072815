//! What teams of each kind reach elsewhere, as data. A company may put in its own.
//!
//! The ranges are those that vendors and practitioners publish, rounded; they are wide on purpose. Opens are not counted
//! without a listener, and no verdict rests on them.

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
}

type Row = (&'static str, [(u32, u32); 6]);

/// The shipped table: touches, days, then open, reply, connect and meeting in tenths of a percent.
const TABLE: [Row; 5] = [
    ("cold", [(8, 12), (14, 28), (300, 500), (30, 80), (40, 100), (10, 30)]),
    (
        "warm",
        [(6, 10), (14, 21), (400, 600), (100, 200), (100, 200), (40, 100)],
    ),
    (
        "inbound",
        [(6, 10), (5, 10), (500, 700), (200, 400), (200, 400), (150, 300)],
    ),
    ("event", [(5, 8), (7, 14), (400, 600), (80, 200), (80, 180), (40, 120)]),
    (
        "re-engagement",
        [(4, 6), (14, 30), (200, 400), (30, 80), (30, 80), (10, 30)],
    ),
];

/// The shipped rows, with a company's own in the place of those of the same kind.
#[must_use]
pub fn benchmarks(own: &[Benchmark]) -> Vec<Benchmark> {
    let mut rows: Vec<Benchmark> = TABLE.iter().map(shipped).collect();
    for row in own {
        rows.retain(|known| known.kind != row.kind);
        rows.push(row.clone());
    }
    rows
}

fn shipped((kind, [touches, days, open, reply, connect, meeting]): &Row) -> Benchmark {
    Benchmark {
        kind: (*kind).to_owned(),
        touches: *touches,
        days: *days,
        open: *open,
        reply: *reply,
        connect: *connect,
        meeting: *meeting,
    }
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
