use super::*;
use proptest::prelude::*;
use rusqlite::Connection;

/// What is done to a store.
#[derive(Debug, Clone)]
enum Step {
    Set(u8, u8),
    Delete(u8),
}

fn step() -> impl Strategy<Value = Step> {
    prop_oneof![
        (any::<u8>(), any::<u8>()).prop_map(|(key, value)| Step::Set(key % 24, value)),
        any::<u8>().prop_map(|key| Step::Delete(key % 24)),
    ]
}

fn run(kv: &mut dyn Kv, steps: &[Step]) {
    for step in steps {
        match step {
            Step::Set(key, value) => kv.set(vec![*key], vec![*value]).unwrap(),
            Step::Delete(key) => kv.delete(&[*key]).unwrap(),
        }
    }
}

proptest! {
    /// A store in a file, an overlay over one, and what the overlay writes back are all like a plain map.
    #[test]
    fn every_store_is_a_map(
        first in proptest::collection::vec(step(), 0..40),
        second in proptest::collection::vec(step(), 0..40),
        from in 0u8..26, to in 0u8..26, reverse: bool, limit in 0usize..30,
    ) {
        let connection = Connection::open_in_memory().unwrap();
        connection.execute_batch(STATE_TABLE).unwrap();
        let mut file = SqliteKv::new(&connection);
        let mut plain = MemoryKv::new();
        run(&mut file, &first);
        run(&mut plain, &first);
        let mut overlay = Overlay::new(&file);
        run(&mut overlay, &second);
        run(&mut plain, &second);
        let want = plain.scan(&[from], &[to], reverse, limit).unwrap();
        prop_assert_eq!(&overlay.scan(&[from], &[to], reverse, limit).unwrap(), &want);
        prop_assert_eq!(overlay.get(&[from]).unwrap(), plain.get(&[from]).unwrap());
        overlay.into_changes().apply(&mut file).unwrap();
        prop_assert_eq!(file.scan(&[from], &[to], reverse, limit).unwrap(), want);
    }
}

#[test]
fn a_prefix_ends_where_the_next_begins() {
    assert_eq!(after_prefix(b"ab"), b"ac");
    assert_eq!(after_prefix(&[1, 0xff, 0xff]), [2]);
    assert!(after_prefix(&[0xff]).is_empty());
}
