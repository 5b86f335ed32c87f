//! The golden vectors in this repository are the published ones, byte for byte.

use std::collections::BTreeMap;
use std::path::Path;

fn files(folder: &Path) -> BTreeMap<String, Vec<u8>> {
    std::fs::read_dir(folder)
        .expect("a folder of vectors")
        .map(|entry| {
            let entry = entry.expect("a readable entry");
            let name = entry.file_name().into_string().expect("a plain name");
            (name, std::fs::read(entry.path()).expect("a readable file"))
        })
        .collect()
}

#[test]
fn the_vectors_are_the_published_ones() {
    let ours = files(&hunter_tests::root().join("tests/vectors"));
    assert!(ours.contains_key("score.jsonl"), "no vectors found");
    let Some(published) = hunter_tests::shared("vectors") else { return };
    let published = files(&published);
    assert!(ours.keys().eq(published.keys()), "{:?} against {:?}", ours.keys(), published.keys());
    for (name, bytes) in &published {
        assert!(ours[name] == *bytes, "tests/vectors/{name} differs from the published file");
    }
}
