//! The stored row equals the fold of its journal, whatever happens and in whatever pieces it is committed.
use super::cast::*;
use cadence::model::*;
use cadence::store::Store;
use proptest::prelude::*;

fn any_fact() -> impl Strategy<Value = Fact> {
    let step = (1_u16..9).prop_map(StepNo);
    prop_oneof![
        4 => (1_u16..9, 0_i64..9_999).prop_map(|(step, minute)| scheduled(step, minute)),
        3 => (1_u16..9).prop_map(|step| rendered(id(0), step)),
        3 => (step, 0_u16..40).prop_map(|(step, mail)| Fact::Sent {
            step,
            message_id: message_id(&format!("mail{mail}")),
        }),
        2 => (proptest::option::of(0_i64..9_999), proptest::sample::select(pauses().to_vec()))
            .prop_map(|(until, why)| Fact::Paused { why, until: until.map(at) }),
        2 => Just(Fact::Resumed { by: None }),
        5 => proptest::sample::select(every_fact()[4..15].to_vec()),
        1 => proptest::sample::select(every_fact()[18..19].to_vec()),
        1 => proptest::sample::select(endings().to_vec()).prop_map(|outcome| Fact::Ended { outcome }),
    ]
}

/// Only what fits: the store refuses the rest, which another test shows.
fn legal(start: &Enrollment, facts: Vec<Fact>) -> Vec<Fact> {
    let mut trial = start.clone();
    facts
        .into_iter()
        .filter(|fact| trial.apply(at(1), fact).is_ok())
        .collect()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]
    #[test]
    fn a_row_is_the_fold_of_its_journal(pieces in proptest::collection::vec(
        proptest::collection::vec(any_fact(), 1..6), 1..9,
    )) {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        runtime.block_on(async {
            let store = Store::in_memory().await.unwrap();
            store.commit(hand_over(0)).await.unwrap();
            for (minute, piece) in pieces.into_iter().enumerate() {
                let row = store.enrollment(id(0)).await.unwrap().unwrap();
                let minute = i64::try_from(minute).unwrap();
                let piece = legal(&row, piece);
                store.commit(facts(&row, minute, piece)).await.unwrap();
                let row = store.enrollment(id(0)).await.unwrap().unwrap();
                let journal = store.journal(id(0)).await.unwrap();
                assert_eq!(Enrollment::fold(id(0), &journal).unwrap(), row);
            }
        });
    }
}
