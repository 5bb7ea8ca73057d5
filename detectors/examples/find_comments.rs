//! Finds the comment tasks of files and says how fast: for profiling, and for looking at what is found.
//!
//! `find_comments [--list] FILE...` or, with paths on standard input, `find_comments [--list] -`. The files are read
//! into memory first; each step is then timed by itself over all of them, best of five rounds.
#![allow(clippy::print_stdout, reason = "an example prints")]

use std::hint::black_box;
use std::io::{BufRead, stdin};
use std::time::{Duration, Instant};

use muster_detectors::MAX_FILE_BYTES;
use muster_detectors::comments::{find, language_of, may_hold_tags, skip_reason};

fn best(mut step: impl FnMut()) -> Duration {
    let round = |_| {
        let start = Instant::now();
        step();
        start.elapsed()
    };
    (0..5).map(round).min().unwrap_or_default()
}

fn main() {
    let mut arguments: Vec<String> = std::env::args().skip(1).collect();
    let list = arguments.first().is_some_and(|first| first == "--list");
    arguments.drain(..usize::from(list));
    if arguments == ["-"] {
        arguments = stdin().lock().lines().map_while(Result::ok).collect();
    }
    let read = |path: String| {
        let language = language_of(&path)?;
        let content = std::fs::read(&path).ok()?;
        (content.len() as u64 <= MAX_FILE_BYTES).then_some((language, content, path))
    };
    let files: Vec<_> = arguments.into_iter().filter_map(read).collect();
    let bytes: usize = files.iter().map(|(_, content, _)| content.len()).sum();
    let kept: Vec<_> = files.iter().filter(|(_, content, _)| skip_reason(content).is_none()).collect();
    let hopeful: Vec<_> = kept.iter().filter(|(_, content, _)| may_hold_tags(content)).collect();
    let lexed: usize = hopeful.iter().map(|(_, content, _)| content.len()).sum();
    let mut tasks = 0;
    for (language, content, path) in &kept {
        for task in find(*language, content) {
            tasks += 1;
            if list {
                println!("{path}:{}:{}:{}", task.line, task.tag.unwrap_or_default(), task.title);
            }
        }
    }
    let speed = |took: Duration| bytes as f64 / 1e6 / took.as_secs_f64();
    let skip = best(|| {
        _ = black_box(files.iter().filter(|(_, text, _)| skip_reason(text).is_some()).count());
    });
    let look = best(|| _ = black_box(kept.iter().filter(|(_, text, _)| may_hold_tags(text)).count()));
    let whole = best(|| {
        _ = black_box(kept.iter().map(|(language, text, _)| find(*language, text).len()).sum::<usize>());
    });
    let parse = best(|| {
        _ = black_box(hopeful.iter().map(|(language, text, _)| find(*language, text).len()).sum::<usize>());
    });
    let skipped = files.len() - kept.len();
    println!("{} files, {:.1} MB, {skipped} skipped, {tasks} tasks", files.len(), bytes as f64 / 1e6);
    println!("{} files, {:.1} MB with a tag", hopeful.len(), lexed as f64 / 1e6);
    println!("skip_reason   {:>8.0} MB/s", speed(skip));
    println!("may_hold_tags {:>8.0} MB/s", speed(look));
    println!("find          {:>8.0} MB/s", speed(whole));
    println!("find, lexing  {:>8.0} MB/s", lexed as f64 / 1e6 / parse.as_secs_f64());
}
