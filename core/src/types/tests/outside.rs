//! What is known of the standard library and of well-known crates.

use super::variables;
use expect_test::expect;

#[test]
fn option_and_result() {
    variables(
        "
pub struct User { name: String }
pub struct Error;
fn find() -> Option<User> { None }
fn load() -> Result<User, Error> { Err(Error) }
fn show(slot: &mut Option<User>, nested: Option<Option<u8>>, of: &Option<String>) -> Result<(), Error> {
    let a = find().ok_or(Error)?;
    let b = find().map(|user| user.name).unwrap_or_default();
    let c = load().ok().and_then(|user| Some(user.name.len()));
    let d = load().map_err(|_| 1u8);
    let e = slot.take();
    let f = slot.as_ref().map(|user| &user.name).cloned();
    let g = nested.flatten();
    let h = of.as_deref().unwrap_or(\"none\");
    let i = find().is_some_and(|user| user.name.is_empty());
    let j = load().is_ok();
    let k = find().map(Ok::<_, Error>).transpose();
    let l = find().zip(load().ok());
    let m = load().unwrap_or_else(|error| find().unwrap());
    let n = find().map_or(0, |user| user.name.len());
    let o = load().and_then(|user| Ok(user.name));
    Ok(())
}
",
        &expect![[r#"
            fn show(slot: &mut Option<User>, nested: Option<Option<u8>>, of: &Option<String>) -> Result<(), Error> {
                let a = find().ok_or(Error)?; // a: User
                let b = find().map(|user| user.name).unwrap_or_default(); // b: String, user: User
                let c = load().ok().and_then(|user| Some(user.name.len())); // c: Option<usize>, user: User
                let d = load().map_err(|_| 1u8); // d: Result<User, u8>
                let e = slot.take(); // e: Option<User>
                let f = slot.as_ref().map(|user| &user.name).cloned(); // f: Option<String>, user: &User
                let g = nested.flatten(); // g: Option<u8>
                let h = of.as_deref().unwrap_or("none"); // h: &str
                let i = find().is_some_and(|user| user.name.is_empty()); // i: bool, user: User
                let j = load().is_ok(); // j: bool
                let k = find().map(Ok::<_, Error>).transpose(); // k: Result<Option<User>, Error>
                let l = find().zip(load().ok()); // l: Option<(User, User)>
                let m = load().unwrap_or_else(|error| find().unwrap()); // m: User, error: Error
                let n = find().map_or(0, |user| user.name.len()); // n: usize, user: User
                let o = load().and_then(|user| Ok(user.name)); // o: Result<String, Error>, user: User
                Ok(())
            }
        "#]],
    );
}

const COLLECTIONS: &str = "
use std::collections::{BTreeMap, HashMap, HashSet, VecDeque};
#[derive(Clone)]
pub struct User { id: u64, name: String, score: f64 }
pub struct Error;
fn check(user: &User) -> Result<u8, Error> { Ok(1) }
fn show(users: Vec<User>, by: HashMap<u64, User>, mut queue: VecDeque<User>) -> Result<(), Error> {
    let a = users.iter().map(|user| user.id).collect::<Vec<_>>();
    let b: HashMap<_, _> = users.iter().map(|user| (user.id, user)).collect();
    let c = users.iter().map(check).collect::<Result<Vec<_>, _>>()?;
    let d: HashSet<u64> = a.into_iter().collect();
    let e = users.iter().map(|user| user.score).sum::<f64>();
    let f: f64 = users.iter().map(|user| user.score).sum();
    let g = users.iter().find(|user| user.id == 1).cloned();
    let h = by.get(&1).map(|user| user.name.as_str());
    let i = by.values().cloned().collect::<Vec<User>>();
    let j = users.iter().zip(by.keys()).next();
    let k = queue.pop_front();
    let mut l = Vec::new();
    l.push(users[0].clone());
    let m = l.len();
    let mut n = HashMap::new();
    n.insert(1u8, \"a\");
    let o = n.entry(2).or_insert(\"b\");
    let p = users.chunks(2).flat_map(|chunk| chunk.to_vec()).last();
    let q = users.iter().partition::<Vec<_>, _>(|user| user.id > 1);
    let r = users.iter().map(|user| user.name.clone()).collect::<Vec<_>>().join(\", \");
    let s = users.iter().filter_map(|user| check(user).ok()).max();
    let t = users.iter().peekable().peek().copied();
    let u = users.split_first();
    let v = users.iter().any(|user| user.id == 1);
    let w = users.iter().skip(1).step_by(2).enumerate().map(|(at, user)| at).min();
    let x: BTreeMap<String, Vec<User>> = BTreeMap::new();
    let y = x.iter().map(|(name, list)| list.len()).sum::<usize>();
    let z = users.iter().cloned().map(Into::<Wrapper>::into).collect::<Vec<_>>();
    Ok(())
}
pub struct Wrapper(User);
impl From<User> for Wrapper { fn from(user: User) -> Self { Wrapper(user) } }
";

#[test]
fn collections_and_iterators() {
    variables(
        COLLECTIONS,
        &expect![[r#"
            fn show(users: Vec<User>, by: HashMap<u64, User>, mut queue: VecDeque<User>) -> Result<(), Error> {
                let a = users.iter().map(|user| user.id).collect::<Vec<_>>(); // a: Vec<u64>, user: &User
                let b: HashMap<_, _> = users.iter().map(|user| (user.id, user)).collect(); // b: HashMap<u64, &User>, user: &User
                let c = users.iter().map(check).collect::<Result<Vec<_>, _>>()?; // c: Vec<u8>
                let d: HashSet<u64> = a.into_iter().collect(); // d: HashSet<u64>
                let e = users.iter().map(|user| user.score).sum::<f64>(); // e: f64, user: &User
                let f: f64 = users.iter().map(|user| user.score).sum(); // f: f64, user: &User
                let g = users.iter().find(|user| user.id == 1).cloned(); // g: Option<User>, user: &&User
                let h = by.get(&1).map(|user| user.name.as_str()); // h: Option<&str>, user: &User
                let i = by.values().cloned().collect::<Vec<User>>(); // i: Vec<User>
                let j = users.iter().zip(by.keys()).next(); // j: Option<(&User, &u64)>
                let k = queue.pop_front(); // k: Option<User>
                let mut l = Vec::new(); // l: Vec<User>
                l.push(users[0].clone());
                let m = l.len(); // m: usize
                let mut n = HashMap::new(); // n: HashMap<u8, &str>
                n.insert(1u8, "a");
                let o = n.entry(2).or_insert("b"); // o: &&str
                let p = users.chunks(2).flat_map(|chunk| chunk.to_vec()).last(); // p: Option<User>, chunk: &[User]
                let q = users.iter().partition::<Vec<_>, _>(|user| user.id > 1); // q: (Vec<&User>, Vec<&User>), user: &&User
                let r = users.iter().map(|user| user.name.clone()).collect::<Vec<_>>().join(", "); // r: String, user: &User
                let s = users.iter().filter_map(|user| check(user).ok()).max(); // s: Option<u8>, user: &User
                let t = users.iter().peekable().peek().copied(); // t: Option<&User>
                let u = users.split_first(); // u: Option<(&User, &[User])>
                let v = users.iter().any(|user| user.id == 1); // v: bool, user: &User
                let w = users.iter().skip(1).step_by(2).enumerate().map(|(at, user)| at).min(); // w: Option<usize>, at: usize, user: &User
                let x: BTreeMap<String, Vec<User>> = BTreeMap::new(); // x: BTreeMap<String, Vec<User>>
                let y = x.iter().map(|(name, list)| list.len()).sum::<usize>(); // y: usize, name: &String, list: &Vec<User>
                let z = users.iter().cloned().map(Into::<Wrapper>::into).collect::<Vec<_>>(); // z: Vec<Wrapper>
                Ok(())
            }
        "#]],
    );
}

const STANDARD: &str = "
use std::borrow::Cow;
use std::cell::RefCell;
use std::path::{Path, PathBuf};
use std::rc::Rc;
use std::sync::{Arc, Mutex, RwLock};
use std::time::{Duration, Instant, SystemTime};
pub struct User { name: String }
struct App { users: Arc<Mutex<Vec<User>>>, names: RwLock<Vec<String>>, cell: Rc<RefCell<User>>, other: tokio::sync::Mutex<User>, plain: parking_lot::RwLock<u8> }
async fn show(app: &App, path: &Path, cow: Cow<'_, str>) -> anyhow::Result<()> {
    let a = app.users.lock().unwrap();
    let b = a.len();
    let c = app.names.read().unwrap().first().cloned();
    let d = app.cell.borrow().name.clone();
    let e = app.other.lock().await;
    let f = e.name.trim().to_owned();
    let g = *app.plain.read();
    let h = Arc::clone(&app.users);
    let i = app.users.clone();
    let j = path.exists();
    let k = path.join(\"x\").parent().map(Path::to_path_buf);
    let l = Instant::now().elapsed().as_millis();
    let m = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH)?;
    let n = \"1\".parse::<u32>()?;
    let o: i64 = \"1\".parse()?;
    let p = \"a b\".split_whitespace().map(str::to_string).collect::<Vec<String>>();
    let q = cow.into_owned();
    let r = String::from(\"a\").chars().rev().collect::<String>();
    let s = 5u8.to_string();
    let t: String = \"a\".into();
    let u = std::fs::read_to_string(path)?;
    let v = Box::new(User { name: u }).name;
    let w = tokio::spawn(async { 1u8 }).await?;
    let x = tokio::time::timeout(Duration::from_secs(1), async { 2u16 }).await;
    let y = chrono::Utc::now().timestamp();
    let z: User = serde_json::from_str(\"\")?;
    Ok(())
}
";

#[test]
fn texts_pointers_locks_time_and_paths() {
    variables(
        STANDARD,
        &expect![[r#"
            async fn show(app: &App, path: &Path, cow: Cow<'_, str>) -> anyhow::Result<()> {
                let a = app.users.lock().unwrap(); // a: MutexGuard<Vec<User>>
                let b = a.len(); // b: usize
                let c = app.names.read().unwrap().first().cloned(); // c: Option<String>
                let d = app.cell.borrow().name.clone(); // d: String
                let e = app.other.lock().await; // e: MutexGuard<User>
                let f = e.name.trim().to_owned(); // f: String
                let g = *app.plain.read(); // g: u8
                let h = Arc::clone(&app.users); // h: Arc<Mutex<Vec<User>>>
                let i = app.users.clone(); // i: Arc<Mutex<Vec<User>>>
                let j = path.exists(); // j: bool
                let k = path.join("x").parent().map(Path::to_path_buf); // k: Option<PathBuf>
                let l = Instant::now().elapsed().as_millis(); // l: u128
                let m = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH)?; // m: Duration
                let n = "1".parse::<u32>()?; // n: u32
                let o: i64 = "1".parse()?; // o: i64
                let p = "a b".split_whitespace().map(str::to_string).collect::<Vec<String>>(); // p: Vec<String>
                let q = cow.into_owned(); // q: String
                let r = String::from("a").chars().rev().collect::<String>(); // r: String
                let s = 5u8.to_string(); // s: String
                let t: String = "a".into(); // t: String
                let u = std::fs::read_to_string(path)?; // u: String
                let v = Box::new(User { name: u }).name; // v: String
                let w = tokio::spawn(async { 1u8 }).await?; // w: u8
                let x = tokio::time::timeout(Duration::from_secs(1), async { 2u16 }).await; // x: Result<u16, Elapsed>
                let y = chrono::Utc::now().timestamp(); // y: i64
                let z: User = serde_json::from_str("")?; // z: User
                Ok(())
            }
        "#]],
    );
}
