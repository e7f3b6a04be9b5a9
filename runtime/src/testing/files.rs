//! A file system in memory that loses what was not synced, and fails when it is told to.

use crate::engine::{FileLayer, LogFile};
use crate::lock;
use std::collections::BTreeMap;
use std::ffi::OsString;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex};

/// What goes wrong at an operation.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Fault {
    /// The power goes: this operation and all after it fail, until [`SimulatedFiles::restart`].
    Power,
    /// The device is full: a write gets half way, and anything that needs a new name fails.
    NoSpace,
    /// A sync fails. As on Linux, what it should have written is never written, though it can be read until a restart.
    LostSync,
}

/// What of the bytes that were written and not synced is there after a restart.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Survival {
    /// Nothing.
    Nothing,
    /// The first half.
    Half,
    /// All of it.
    All,
    /// The length, with zeros for the bytes.
    Zeros,
}

/// A file system in memory. Clones are the same one.
///
/// Names are there after a restart once their folder was synced, and bytes once their file was, as POSIX promises and no
/// more.
#[derive(Clone, Default)]
pub struct SimulatedFiles(Arc<Mutex<World>>);

#[derive(Default)]
struct World {
    folders: BTreeMap<PathBuf, Folder>,
    nodes: Vec<Node>,
    /// How many operations changed something, or failed to.
    operations: usize,
    fault: Option<(usize, Fault)>,
    is_down: bool,
    /// Counted up by each restart: handles from before are dead.
    restarts: usize,
}

#[derive(Clone, Default)]
struct Folder {
    is_durable: bool,
    names: BTreeMap<OsString, usize>,
    durable: BTreeMap<OsString, usize>,
}

#[derive(Default)]
struct Node {
    /// What is read.
    bytes: Vec<u8>,
    /// For each byte that is read, whether the device has it.
    states: Vec<State>,
    /// What the device has.
    device: Vec<u8>,
    is_locked: bool,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum State {
    /// The next sync writes it.
    Dirty,
    /// The device has it.
    Synced,
    /// A failed sync has marked it as written, so no other one writes it.
    Lost,
}

impl Node {
    fn of(bytes: Vec<u8>) -> Self {
        Self { states: vec![State::Synced; bytes.len()], device: bytes.clone(), bytes, is_locked: false }
    }

    /// What is there after a restart.
    fn survivors(&self, survival: Survival) -> Vec<u8> {
        if survival == Survival::Nothing {
            return self.device.clone();
        }
        let dirty = self.states.iter().filter(|state| **state == State::Dirty).count();
        let mut left = if survival == Survival::Half { dirty / 2 } else { dirty };
        let mut bytes = Vec::with_capacity(self.bytes.len());
        for (byte, state) in self.bytes.iter().zip(&self.states) {
            match state {
                State::Synced => bytes.push(*byte),
                State::Lost => bytes.push(0),
                State::Dirty if left == 0 => break,
                State::Dirty => {
                    left -= 1;
                    bytes.push(if survival == Survival::Zeros { 0 } else { *byte });
                }
            }
        }
        bytes
    }
}

impl SimulatedFiles {
    /// An empty file system.
    pub fn new() -> Self {
        Self::default()
    }

    /// How many operations changed something so far.
    pub fn operations(&self) -> usize {
        lock(&self.0).operations
    }

    /// Lets something go wrong once `operations` more operations have gone well.
    pub fn fail_after(&self, operations: usize, fault: Fault) {
        let mut world = lock(&self.0);
        world.fault = Some((world.operations + operations, fault));
    }

    /// Starts the system again, after a loss of power.
    pub fn restart(&self, survival: Survival) {
        let mut world = lock(&self.0);
        let world = &mut *world;
        world.folders.retain(|_, folder| folder.is_durable);
        for folder in world.folders.values_mut() {
            folder.names = folder.durable.clone();
        }
        for node in &mut world.nodes {
            *node = Node::of(node.survivors(survival));
        }
        world.fault = None;
        world.is_down = false;
        world.restarts += 1;
    }

    /// Starts the process again, after a loss of power that was none: what it wrote is there, and not durable yet.
    pub fn restart_process(&self) {
        let mut world = lock(&self.0);
        for node in &mut world.nodes {
            node.is_locked = false;
        }
        world.fault = None;
        world.is_down = false;
        world.restarts += 1;
    }

    /// Changes the bytes of a file, as a fault of the device would.
    ///
    /// # Errors
    /// That of a file that does not exist.
    pub fn damage(&self, path: &Path, change: impl FnOnce(&mut Vec<u8>)) -> io::Result<()> {
        let mut world = lock(&self.0);
        let node = world.node(path)?;
        let node = &mut world.nodes[node];
        change(&mut node.bytes);
        node.states = vec![State::Synced; node.bytes.len()];
        node.device.clone_from(&node.bytes);
        Ok(())
    }

    /// The bytes of a file.
    ///
    /// # Errors
    /// That of a file that does not exist.
    pub fn bytes(&self, path: &Path) -> io::Result<Vec<u8>> {
        let world = lock(&self.0);
        Ok(world.nodes[world.node(path)?].bytes.clone())
    }
}

fn not_found() -> io::Error {
    io::ErrorKind::NotFound.into()
}

fn split(path: &Path) -> io::Result<(&Path, &std::ffi::OsStr)> {
    path.parent().zip(path.file_name()).ok_or_else(not_found)
}

impl World {
    /// Counts an operation that changes something, and says whether it goes wrong.
    fn operate(&mut self) -> io::Result<Option<Fault>> {
        if self.is_down {
            return Err(io::Error::other("the power is off"));
        }
        let fault = self.fault.filter(|(at, _)| *at <= self.operations).map(|(_, fault)| fault);
        self.operations += 1;
        if fault == Some(Fault::Power) {
            self.is_down = true;
            return Err(io::Error::other("the power went off"));
        }
        Ok(fault)
    }

    /// Counts an operation that needs a new name.
    fn operate_on_names(&mut self) -> io::Result<()> {
        match self.operate()? {
            Some(Fault::NoSpace) => Err(io::ErrorKind::StorageFull.into()),
            _ => Ok(()),
        }
    }

    fn node(&self, path: &Path) -> io::Result<usize> {
        let (folder, name) = split(path)?;
        self.folders.get(folder).and_then(|folder| folder.names.get(name)).copied().ok_or_else(not_found)
    }

    fn insert(&mut self, path: &Path, node: usize, may_exist: bool) -> io::Result<()> {
        let (folder, name) = split(path)?;
        let folder = self.folders.get_mut(folder).ok_or_else(not_found)?;
        if !may_exist && folder.names.contains_key(name) {
            return Err(io::ErrorKind::AlreadyExists.into());
        }
        folder.names.insert(name.to_owned(), node);
        Ok(())
    }

    fn take(&mut self, path: &Path) -> io::Result<usize> {
        let (folder, name) = split(path)?;
        self.folders.get_mut(folder).and_then(|folder| folder.names.remove(name)).ok_or_else(not_found)
    }
}

impl FileLayer for SimulatedFiles {
    fn create_folder(&self, path: &Path) -> io::Result<()> {
        let mut world = lock(&self.0);
        world.operate_on_names()?;
        for path in path.ancestors().filter(|path| !path.as_os_str().is_empty()) {
            // What has no folder above it has always been there.
            let is_durable = path.parent().is_none_or(|parent| parent.as_os_str().is_empty());
            world.folders.entry(path.to_owned()).or_insert_with(|| Folder { is_durable, ..Folder::default() });
        }
        Ok(())
    }

    fn create(&self, path: &Path) -> io::Result<Box<dyn LogFile>> {
        let mut world = lock(&self.0);
        world.operate_on_names()?;
        let node = world.nodes.len();
        world.insert(path, node, false)?;
        world.nodes.push(Node::default());
        let restarts = world.restarts;
        Ok(Box::new(SimulatedFile { world: Arc::clone(&self.0), node, restarts, locked: Mutex::new(false) }))
    }

    fn open(&self, path: &Path) -> io::Result<Box<dyn LogFile>> {
        let world = lock(&self.0);
        let (node, restarts) = (world.node(path)?, world.restarts);
        Ok(Box::new(SimulatedFile { world: Arc::clone(&self.0), node, restarts, locked: Mutex::new(false) }))
    }

    fn link(&self, from: &Path, to: &Path) -> io::Result<()> {
        let mut world = lock(&self.0);
        world.operate_on_names()?;
        let node = world.node(from)?;
        world.insert(to, node, false)
    }

    fn rename(&self, from: &Path, to: &Path) -> io::Result<()> {
        let mut world = lock(&self.0);
        world.operate_on_names()?;
        let node = world.take(from)?;
        world.insert(to, node, true)
    }

    fn remove(&self, path: &Path) -> io::Result<()> {
        let mut world = lock(&self.0);
        world.operate()?;
        world.take(path).map(|_| ())
    }

    fn list(&self, path: &Path) -> io::Result<Vec<OsString>> {
        let world = lock(&self.0);
        Ok(world.folders.get(path).ok_or_else(not_found)?.names.keys().cloned().collect())
    }

    fn sync_folder(&self, path: &Path) -> io::Result<()> {
        let mut world = lock(&self.0);
        if world.operate()? == Some(Fault::LostSync) {
            return Err(io::Error::other("the folder could not be synced"));
        }
        let folder = world.folders.get_mut(path).ok_or_else(not_found)?;
        folder.durable = folder.names.clone();
        for (_, below) in world.folders.iter_mut().filter(|(below, _)| below.parent() == Some(path)) {
            below.is_durable = true;
        }
        Ok(())
    }
}

struct SimulatedFile {
    world: Arc<Mutex<World>>,
    node: usize,
    restarts: usize,
    locked: Mutex<bool>,
}

impl SimulatedFile {
    /// Does something with the file, unless it was opened before a restart.
    fn with<T>(&self, work: impl FnOnce(&mut World, usize) -> io::Result<T>) -> io::Result<T> {
        let mut world = lock(&self.world);
        if world.restarts != self.restarts || world.is_down {
            return Err(io::Error::other("the power went off"));
        }
        work(&mut world, self.node)
    }
}

impl Drop for SimulatedFile {
    fn drop(&mut self) {
        if *lock(&self.locked) {
            let _ = self.with(|world, node| {
                world.nodes[node].is_locked = false;
                Ok(())
            });
        }
    }
}

impl LogFile for SimulatedFile {
    fn try_lock(&self) -> io::Result<bool> {
        self.with(|world, node| {
            let is_free = !world.nodes[node].is_locked;
            if is_free {
                world.nodes[node].is_locked = true;
                *lock(&self.locked) = true;
            }
            Ok(is_free)
        })
    }

    fn is_at(&self, path: &Path) -> io::Result<bool> {
        self.with(|world, node| Ok(world.node(path).is_ok_and(|there| there == node)))
    }

    fn read(&self) -> io::Result<Vec<u8>> {
        self.with(|world, node| Ok(world.nodes[node].bytes.clone()))
    }

    fn append(&self, bytes: &[u8]) -> io::Result<()> {
        self.with(|world, node| {
            let fault = world.operate()?;
            let is_full = fault == Some(Fault::NoSpace);
            let fits = if is_full { bytes.len() / 2 } else { bytes.len() };
            let node = &mut world.nodes[node];
            node.bytes.extend_from_slice(&bytes[..fits]);
            node.states.resize(node.bytes.len(), State::Dirty);
            if is_full { Err(io::ErrorKind::StorageFull.into()) } else { Ok(()) }
        })
    }

    fn truncate(&self, length: u64) -> io::Result<()> {
        self.with(|world, node| {
            world.operate()?;
            let length = usize::try_from(length).unwrap_or(usize::MAX);
            let node = &mut world.nodes[node];
            node.bytes.truncate(length);
            node.states.truncate(length);
            Ok(())
        })
    }

    fn sync(&self) -> io::Result<()> {
        self.with(|world, node| {
            let fault = world.operate()?;
            let node = &mut world.nodes[node];
            let done = if fault == Some(Fault::LostSync) { State::Lost } else { State::Synced };
            for state in node.states.iter_mut().filter(|state| **state == State::Dirty) {
                *state = done;
            }
            if fault == Some(Fault::LostSync) {
                return Err(io::Error::other("the file could not be synced"));
            }
            let read = node.bytes.iter().zip(&node.states);
            node.device = read.map(|(byte, state)| if *state == State::Lost { 0 } else { *byte }).collect();
            Ok(())
        })
    }
}
