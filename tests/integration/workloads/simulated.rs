//! The simulated back end keeps the promises of a real one.

use super::conformance::{Material, suite};
use provider::adapters::Simulated;

#[tokio::test]
async fn the_simulated_back_end_conforms() {
    let material = Material { image: "any", forever: &["x"], ends_with_3: &["x"], impossible: None, real: false };
    suite(&Simulated::new("simulated"), "sim", &material).await;
}
