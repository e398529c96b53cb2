//! Real programs: shell and Python scripts that answer, hang, shout, flood and fail.

use std::fs;
use std::path::Path;
use std::time::{Duration, Instant};

use super::*;

/// A program that is a script of an interpreter.
fn script(folder: &Path, interpreter: &str, text: &str) -> Program {
    let path = folder.join("script");
    fs::write(&path, text).unwrap();
    Program {
        path: interpreter.into(),
        arguments: vec![path.to_str().unwrap().to_owned()],
        batch: false,
        timeout: Duration::from_secs(20),
        concurrency: 2,
        environment: vec![("MARKUP".to_owned(), "2".to_owned())],
        recheck: Duration::from_mins(5),
    }
}

fn questions(count: usize) -> Vec<Question> {
    let question = |number: usize| Question {
        order: format!("ve1tenant/{number}/1/1"),
        owner: "ve1tenant".to_owned(),
        denomination: "uve".to_owned(),
        json: format!("{{\"order\": \"ve1tenant/{number}/1/1\", \"resources\": [{{\"cpu\": {}}}]}}", number * 1000),
    };
    (1..=count).map(question).collect()
}

async fn prices(program: &Program, count: usize) -> Vec<String> {
    let said = program.ask(&questions(count)).await;
    said.into_iter().map(|one| one.map_or_else(|reason| reason.to_string(), |price| price.to_string())).collect()
}

#[tokio::test]
async fn a_shell_script_prices_an_order() {
    let folder = tempfile::tempdir().unwrap();
    let text = "cpu=$(sed 's/.*\"cpu\": \\([0-9]*\\).*/\\1/')\n\
                echo \"asked about $cpu\" >&2\nawk \"BEGIN { print $cpu * $MARKUP / 1000 }\"\n";
    assert_eq!(prices(&script(folder.path(), "/bin/sh", text), 3).await, ["2", "4", "6"]);
}

#[tokio::test]
async fn the_environment_is_clean() {
    let folder = tempfile::tempdir().unwrap();
    // Whatever is set in this process, a cargo test has more than these.
    let program =
        script(folder.path(), "/bin/sh", "cat > /dev/null; env | cut -d= -f1 | sort | tr '\\n' ' ' >&2; exit 3\n");
    let said = prices(&program, 1).await.concat();
    let names: Vec<&str> = said.rsplit(": ").next().unwrap().split_whitespace().collect();
    // The shell itself sets PWD and its like.
    let names: Vec<&str> = names.into_iter().filter(|name| !["PWD", "SHLVL", "_", "OLDPWD"].contains(name)).collect();
    assert_eq!(names, ["AKASH_DENOM", "AKASH_OWNER", "MARKUP", "PATH"], "{said}");
}

#[tokio::test]
async fn a_python_script_prices_all_orders_in_one_process() {
    let folder = tempfile::tempdir().unwrap();
    let text = "import json, os, sys\nseen = os.path.join(os.path.dirname(__file__), 'started')\n\
                open(seen, 'a').write('x')\n\
                for line in sys.stdin:\n    asked = json.loads(line)\n    cpu = asked['resources'][0]['cpu']\n    \
                if cpu == 2000:\n        print(json.dumps({'order': asked['order'], 'decline': 'even'}))\n    \
                elif cpu != 3000:\n        print(json.dumps({'order': asked['order'], 'price': str(cpu / 1000)}))\n";
    let program = Program { batch: true, ..script(folder.path(), "python3", text) };
    let said = prices(&program, 4).await;
    assert_eq!((said[0].as_str(), said[3].as_str()), ("1", "4"));
    assert!(said[1].ends_with("it declined: even") && said[2].ends_with("it gave no answer"), "{said:?}");
    assert_eq!(fs::read_to_string(folder.path().join("started")).unwrap(), "x");
    assert_eq!(program.ask(&[]).await, []);
}

#[tokio::test]
async fn what_hangs_is_killed_with_its_children_and_the_queue_counts() {
    let folder = tempfile::tempdir().unwrap();
    let text = format!("sleep 300 & echo $! >> {0}/children; wait\n", folder.path().display());
    let program = Program { timeout: Duration::from_millis(700), ..script(folder.path(), "/bin/sh", &text) };
    let begun = Instant::now();
    let said = program.ask(&questions(5)).await;
    assert!(begun.elapsed() < Duration::from_secs(15), "{:?}", begun.elapsed());
    // Two had their turn, three waited for theirs.
    assert_eq!(said.iter().filter(|one| **one == Err(Reason::NoTurn {})).count(), 3, "{said:?}");
    let killed = said.iter().filter(|one| one.as_ref().is_err_and(|reason| reason.to_string().contains("killed")));
    assert_eq!(killed.count(), 2);
    for child in fs::read_to_string(folder.path().join("children")).unwrap().lines() {
        let runs = || {
            let stat = fs::read_to_string(format!("/proc/{child}/stat")).unwrap_or_default();
            !stat.is_empty() && !stat.contains(") Z ")
        };
        // On a busy machine one that is killed takes its time to be gone.
        while runs() && begun.elapsed() < Duration::from_secs(15) {
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
        assert!(!runs(), "a child is still running");
    }
}

#[tokio::test]
async fn whatever_else_it_does_is_no_price() {
    let folder = tempfile::tempdir().unwrap();
    let said = |text: &'static str| {
        let program = script(folder.path(), "/bin/sh", text);
        async move { prices(&program, 1).await.concat() }
    };
    for (text, wanted) in [
        ("cat > /dev/null; echo 5; exit 1", "exit status: 1"),
        ("echo boom >&2; exit 7", "boom"),
        ("cat > /dev/null", "nothing to stdout"),
        ("echo 0", "it wrote 0"),
        ("echo debug; echo 5", "no price"),
        ("head -c 100000 /dev/zero", "more than 4096 bytes"),
        ("printf '\\377'", "not UTF-8"),
        ("kill -9 $$", "signal: 9"),
    ] {
        let found = said(text).await;
        assert!(found.contains(wanted), "{text}: {found}");
    }
    assert_eq!(said("yes x | head -c 1000000 >&2; echo 5").await, "5", "much on stderr blocks nobody");
    let missing = Program { path: "/no/such/program".into(), ..script(folder.path(), "/bin/sh", "") };
    assert!(prices(&missing, 1).await.concat().contains("cannot start /no/such/program"));
    let program = Program { batch: true, ..script(folder.path(), "/bin/sh", "echo not json") };
    assert!(prices(&program, 2).await.iter().all(|said| said.contains("line 1 of its stdout is no answer")));
}

#[tokio::test]
async fn a_program_that_does_not_listen_may_answer() {
    let folder = tempfile::tempdir().unwrap();
    let mut program = script(folder.path(), "/bin/sh", "echo 5");
    program.batch = false;
    let mut many = questions(1);
    many[0].json = "x".repeat(1 << 20);
    assert_eq!(program.ask(&many).await, [Ok("5".parse().unwrap())]);
}
