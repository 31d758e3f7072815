//! The page of definitions: what README prints.

use super::measure::{Measure, PLAIN};

/// The page of definitions, as Markdown: what each word of a report means, and what each rate divides by.
#[must_use]
pub fn definitions() -> String {
    let mut page = String::from("People (each once a cadence, on the day they were enrolled):\n\n");
    let mut line = |row: &(i64, Measure, &str, &str)| page.push_str(&format!("- **{}**: {}\n", row.2, row.3));
    PLAIN.iter().filter(|row| row.0 < 20).for_each(&mut line);
    page.push_str("\nTouches (each on the day it was made, and what came of it with it):\n\n");
    let mut line = |row: &(i64, Measure, &str, &str)| page.push_str(&format!("- **{}**: {}\n", row.2, row.3));
    PLAIN.iter().filter(|row| row.0 > 400).for_each(&mut line);
    page.push_str(
        "\nRates: *reply*, *opt-out* and *complaint* divide by delivered people, *bounce* by mailed people, *interested*,\n\
         *connect*, *meeting* and *completed* by enrolled people, *held* and *no-show* by met people; of a step, everything divides by\n\
         its sent mails. Every rate stands beside its counts, with the 95 % interval of its Beta posterior (Jeffreys' prior).\n",
    );
    page
}
