//! Names of artifacts with their types, alone and in sets.

use super::content::canonical;
use serde::Serialize;
use serde::de::DeserializeOwned;
use std::any::TypeId;
use std::fmt;
use std::marker::PhantomData;

/// What an artifact can be: a value that is written as JSON and read back.
pub trait ArtifactValue: Serialize + DeserializeOwned + Send + Sync + 'static {}

impl<T: Serialize + DeserializeOwned + Send + Sync + 'static> ArtifactValue for T {}

/// The name of an artifact, and the type of its content.
///
/// ```
/// use baton_runtime::ArtifactKey;
///
/// const PLAN: ArtifactKey<Vec<String>> = ArtifactKey::new("plan");
/// assert_eq!(PLAN.name(), "plan");
/// ```
pub struct ArtifactKey<T> {
    name: &'static str,
    content: PhantomData<fn() -> T>,
}

impl<T> ArtifactKey<T> {
    /// A key of this name: not empty, at most 128 bytes, no control characters and no `/`, which
    /// [`ArtifactGraph`](crate::ArtifactGraph) checks.
    pub const fn new(name: &'static str) -> Self {
        Self { name, content: PhantomData }
    }

    /// The name.
    pub const fn name(&self) -> &'static str {
        self.name
    }
}

impl<T: 'static> ArtifactKey<T> {
    pub(super) fn slot(&self) -> Slot {
        Slot { name: self.name, content: TypeId::of::<T>(), type_name: std::any::type_name::<T>() }
    }
}

impl<T> Clone for ArtifactKey<T> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<T> Copy for ArtifactKey<T> {}

impl<T> fmt::Debug for ArtifactKey<T> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "ArtifactKey({})", self.name)
    }
}

/// A key without its type.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Slot {
    pub(super) name: &'static str,
    pub(super) content: TypeId,
    pub(super) type_name: &'static str,
}

mod sealed {
    /// Only tuples are sets.
    pub trait Sealed {}
}

/// What an agent reads or makes: a tuple of up to eight artifacts, such as `(Plan, Patterns)`, whose keys are a tuple of
/// [`ArtifactKey`]s. A set of one is `(Plan,)`.
pub trait ArtifactSet: sealed::Sealed + Send + Sync + Sized + 'static {
    /// Their keys.
    type Keys: Copy + fmt::Debug + Send + Sync + 'static;

    #[doc(hidden)]
    fn slots(keys: &Self::Keys) -> Vec<Slot>;
    #[doc(hidden)]
    fn encode(&self) -> Result<Vec<Vec<u8>>, serde_json::Error>;
    #[doc(hidden)]
    fn decode(bytes: &[std::sync::Arc<[u8]>]) -> Result<Self, serde_json::Error>;
}

/// Writes a value, and makes sure that it can be read back before anybody relies on it.
pub(super) fn encode<T: ArtifactValue>(value: &T) -> Result<Vec<u8>, serde_json::Error> {
    let bytes = canonical(value)?;
    serde_json::from_slice::<T>(&bytes)?;
    Ok(bytes)
}

macro_rules! set {
    ($($part:ident $at:tt),*) => {
        impl<$($part: ArtifactValue),*> sealed::Sealed for ($($part,)*) {}

        impl<$($part: ArtifactValue),*> ArtifactSet for ($($part,)*) {
            type Keys = ($(ArtifactKey<$part>,)*);

            fn slots(keys: &Self::Keys) -> Vec<Slot> {
                let _ = keys;
                vec![$(keys.$at.slot()),*]
            }

            fn encode(&self) -> Result<Vec<Vec<u8>>, serde_json::Error> {
                Ok(vec![$(encode(&self.$at)?),*])
            }

            fn decode(bytes: &[std::sync::Arc<[u8]>]) -> Result<Self, serde_json::Error> {
                let _ = bytes;
                Ok(($(serde_json::from_slice::<$part>(bytes.get($at).map_or(&[], |bytes| bytes))?,)*))
            }
        }
    };
}

set!();
set!(A 0);
set!(A 0, B 1);
set!(A 0, B 1, C 2);
set!(A 0, B 1, C 2, D 3);
set!(A 0, B 1, C 2, D 3, E 4);
set!(A 0, B 1, C 2, D 3, E 4, F 5);
set!(A 0, B 1, C 2, D 3, E 4, F 5, G 6);
set!(A 0, B 1, C 2, D 3, E 4, F 5, G 6, H 7);
