//! The golden vectors in this repository are the published ones, byte for byte.

use std::collections::BTreeMap;
use std::io::Write as _;
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
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    let ours = files(&root.join("tests/vectors"));
    assert!(ours.contains_key("score.jsonl"), "no vectors found");
    let published = root.join("../shared/vectors");
    if !published.is_dir() {
        let mut stderr = std::io::stderr();
        writeln!(stderr, "NOT COMPARED: no published vectors in {}", published.display())
            .expect("stderr takes a line");
        return;
    }
    let published = files(&published);
    assert!(ours.keys().eq(published.keys()), "{:?} against {:?}", ours.keys(), published.keys());
    for (name, bytes) in &published {
        assert!(ours[name] == *bytes, "tests/vectors/{name} differs from the published file");
    }
}
