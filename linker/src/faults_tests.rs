//! What handlers read and do, without a signal. Written for Miri, which has no signals: `tests/robustness/sanitize miri`.

use super::*;
use std::io::Read;
use std::os::fd::AsRawFd;

/// Handlers may look while other threads add.
#[test]
fn mappings_are_found_while_others_are_added() {
    let files: Vec<Vec<u8>> = (1..=8).map(|n| vec![0; 16 * n]).collect();
    std::thread::scope(|scope| {
        for (n, bytes) in files.iter().enumerate() {
            scope.spawn(move || {
                remember(bytes, Path::new(&format!("file{n}")));
                let last = &bytes[bytes.len() - 1];
                let found = mapping_of(std::ptr::from_ref(last).addr()).unwrap();
                assert_eq!(found.path.to_bytes(), format!("file{n}").as_bytes());
            });
        }
    });
    let none = 0u8;
    assert!(mapping_of(std::ptr::from_ref(&none).addr()).is_none());
    assert!(mapping_of(0).is_none() && mapping_of(usize::MAX).is_none());
}

#[test]
fn the_temporary_name_goes_once() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("out.tmp");
    std::fs::write(&path, "half").unwrap();
    TEMPORARY.store(c_string(&path).into_raw(), Ordering::Release);
    remove_temporary();
    assert!(!path.exists());
    std::fs::write(&path, "another's").unwrap();
    remove_temporary();
    assert!(path.exists(), "it has no temporary name any more");
}

#[test]
fn clean_ups_have_room_for_two_and_come_once() {
    fn one() {}
    fn two() {}
    fn three() {}
    for f in [one as fn(), two, one, three] {
        set_clean_up(f);
    }
    let kept = || {
        CLEAN_UPS
            .iter()
            .filter(|c| !c.load(Ordering::Acquire).is_null())
    };
    assert_eq!(kept().count(), 2);
    for slot in &CLEAN_UPS {
        slot.store(ptr::null_mut(), Ordering::Release);
    }
}

#[test]
fn tokens_go_back_once() {
    let (mut from, to) = std::io::pipe().unwrap();
    note_tokens(to.as_raw_fd(), b"+-");
    give_tokens();
    give_tokens();
    note_tokens(to.as_raw_fd(), &[b'x'; MAX_TOKENS + 9]);
    give_tokens();
    note_tokens(to.as_raw_fd(), b"lost");
    no_tokens();
    give_tokens();
    drop(to);
    let mut text = Vec::new();
    from.read_to_end(&mut text).unwrap();
    assert_eq!(text, [b"+-".to_vec(), vec![b'x'; MAX_TOKENS]].concat());
}
